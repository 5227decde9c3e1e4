package rights

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
)

// Source is what is watched, and how.
type Source struct {
	ID   string     `json:"id"`
	Name string     `json:"name"`
	Kind SourceKind `json:"kind"`
	// URL is that of the list page, feed or sitemap. For an e-paper it is the first
	// page of an issue, with {yyyy}, {mm} and {dd} for its day; for a search the page
	// of results, with {query}, or where the site reads another charset than UTF-8
	// {query:gbk}, {query:big5} and so on.
	URL      string   `json:"url,omitempty"`
	URLs     []string `json:"urls,omitempty"`     // for kind urls
	Selector string   `json:"selector,omitempty"` // CSS: where on a list, page of results or layout page links count
	Cron     string   `json:"cron"`               // five fields; empty means only on demand
	// Zone is the time zone of Cron by its IANA name; empty means China.
	Zone string `json:"zone,omitempty"`
	// Render has a browser draw every page, for a site whose pages are made by scripts.
	Render   bool     `json:"render,omitempty"`
	Rules    Rules    `json:"rules,omitzero"`
	Paused   bool     `json:"paused,omitempty"` // swept only when a person asks for it
	Operator Operator `json:"operator"`
	Origin   Origin   `json:"origin"`
	// LastSwept is when the last sweep ended, in UTC.
	LastSwept *time.Time `json:"last_swept,omitempty"`
	CreatedAt time.Time  `json:"created_at,omitzero"`
}

// SourceKind says how the pages of a source are found.
type SourceKind string

// The kinds of source.
const (
	SourceURLs    SourceKind = "urls"
	SourceList    SourceKind = "list"
	SourceFeed    SourceKind = "feed"
	SourceSitemap SourceKind = "sitemap"
	SourceSearch  SourceKind = "search" // the site's own, for the articles of the last days
	SourceEPaper  SourceKind = "epaper" // another paper's issue of the day
	SourceOwn     SourceKind = "own"    // our own issue of the day, whose articles are registered
)

// Rules bound what a sweep of a source may ask for. Zero values mean the bounds
// that hold for all.
type Rules struct {
	MaxPages  int   `json:"max_pages,omitempty"`  // that one sweep fetches
	MaxBytes  int64 `json:"max_bytes,omitempty"`  // on the wire, of one sweep
	WatchDays int   `json:"watch_days,omitempty"` // for how long a page is looked at again
	// RestSeconds is the least rest of a host between two requests, where it is
	// longer than the one that holds for all.
	RestSeconds int `json:"rest_seconds,omitempty"`
}

// The bounds that hold where a source sets none.
const (
	DefaultMaxPages  = 5000
	DefaultWatchDays = 180
)

// Origin says where a source was declared.
type Origin string

// The origins. A source of the configuration is changed there only.
const (
	OriginConfig Origin = "config"
	OriginAPI    Origin = "api"
)

// Operator is who runs a site.
type Operator struct {
	Name string       `json:"name"`
	Role OperatorRole `json:"role"`
	// Media marks a newspaper, broadcaster or news site: only media may rely on
	// the exception for topical articles.
	Media   bool   `json:"media,omitempty"`
	ICP     string `json:"icp,omitempty"`
	Contact string `json:"contact,omitempty"`
	Address string `json:"address,omitempty"`
	Email   string `json:"email,omitempty"`
}

// OperatorRole decides which letter an operator gets: a publisher chose the
// text itself, a host or search service answers under the notice rules of the
// Civil Code art. 1195.
type OperatorRole string

// The roles of operators.
const (
	RolePublisher OperatorRole = "publisher"
	RoleHost      OperatorRole = "host"
	RoleSearch    OperatorRole = "search"
)

// Validate names every fault of the source. The cron expression is checked by
// the scheduler.
func (s *Source) Validate() error {
	var fields []Field
	fault := func(name, detail string) { fields = append(fields, Field{Name: name, Detail: detail}) }
	if s.ID == "" || len(s.ID) > 64 {
		fault("id", "应为 1 至 64 个字符")
	}
	for _, r := range s.ID {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' && r != '_' && r != '.' {
			fault("id", "只能含 a-z、0-9、“-”、“_”和“.”")
			break
		}
	}
	if s.Name == "" {
		fault("name", "缺少此项")
	}
	switch s.Kind {
	case SourceURLs:
		if len(s.URLs) == 0 {
			fault("urls", "没有网址")
		}
		for i, u := range s.URLs {
			if err := webURL(u); err != "" {
				fault(fmt.Sprintf("urls[%d]", i), err)
			}
		}
	case SourceList, SourceFeed, SourceSitemap, SourceSearch, SourceEPaper, SourceOwn:
		if err := s.checkURL(); err != "" {
			fault("url", err)
		}
	default:
		fault("kind", "应为 urls、list、feed、sitemap、search、epaper 或 own")
	}
	if s.Selector != "" && s.Kind != SourceList && s.Kind != SourceSearch && s.Kind != SourceEPaper {
		fault("selector", "只用于 list、search 和 epaper")
	}
	s.Rules.validate(fault)
	switch s.Operator.Role {
	case RolePublisher, RoleHost, RoleSearch:
	default:
		fault("operator.role", "应为 publisher、host 或 search")
	}
	if fields != nil {
		return &Error{Kind: Invalid, Detail: "监测来源信息有误", Fields: fields}
	}
	return nil
}

// checkURL also wants the places that a sweep fills in.
func (s *Source) checkURL() string {
	switch s.Kind {
	case SourceSearch:
		if _, fault := s.queryPlace(); fault != "" {
			return fault
		}
	case SourceEPaper, SourceOwn:
		for _, place := range []string{"{yyyy}", "{mm}", "{dd}"} {
			if !strings.Contains(s.URL, place) {
				return "缺少日期的位置 {yyyy}、{mm} 或 {dd}"
			}
		}
	case SourceURLs, SourceList, SourceFeed, SourceSitemap:
	}
	return webURL(strings.NewReplacer("{", "", "}", "").Replace(s.URL))
}

// SearchURL is the URL of a search's page of results. What the charset of the site
// lacks is written as a browser would, as a reference of HTML.
func (s *Source) SearchURL(query string) (string, error) {
	place, fault := s.queryPlace()
	if fault != "" {
		return "", &Error{Kind: Invalid, Detail: fault}
	}
	query, err := encoding.HTMLEscapeUnsupported(place.charset.NewEncoder()).String(query)
	if err != nil {
		return "", fmt.Errorf("the query %q: %w", query, err)
	}
	return place.before + url.QueryEscape(query) + place.after, nil
}

// queryPlace is where the URL of a search takes the query.
type queryPlace struct {
	before, after string
	charset       encoding.Encoding
}

func (s *Source) queryPlace() (p queryPlace, fault string) {
	before, rest, open := strings.Cut(s.URL, "{query")
	name, after, closed := strings.Cut(rest, "}")
	name, named := strings.CutPrefix(name, ":")
	if !open || !closed || !named && name != "" {
		return p, "缺少检索词的位置 {query}"
	}
	if name == "" {
		name = "utf-8"
	}
	charset, err := htmlindex.Get(name)
	if err != nil {
		return p, "没有这种字符集"
	}
	return queryPlace{before, after, charset}, ""
}

// IssueURL is the URL of an e-paper's issue of a day.
func (s *Source) IssueURL(day time.Time) string {
	return strings.NewReplacer("{yyyy}", day.Format("2006"), "{mm}", day.Format("01"), "{dd}", day.Format("02")).Replace(s.URL)
}

func (r *Rules) validate(fault func(name, detail string)) {
	if r.MaxPages < 0 || r.MaxBytes < 0 || r.WatchDays < 0 || r.RestSeconds < 0 {
		fault("rules", "不得为负数")
	}
	if r.MaxPages > DefaultMaxPages {
		fault("rules.max_pages", "不得超过 5000")
	}
}

func webURL(s string) string {
	u, err := url.Parse(s)
	switch {
	case s == "":
		return "缺少此项"
	case err != nil || u.Host == "":
		return "不是完整的网址"
	case u.Scheme != "http" && u.Scheme != "https":
		return "应以 http:// 或 https:// 开头"
	case u.User != nil:
		return "不得带用户名"
	}
	return ""
}
