package rights

import (
	"fmt"
	"net/url"
	"time"
)

// Source is what is watched: a list of URLs, a list page, a feed or a sitemap.
type Source struct {
	ID       string     `json:"id"`
	Name     string     `json:"name"`
	Kind     SourceKind `json:"kind"`
	URL      string     `json:"url,omitempty"`  // of the list page, feed or sitemap
	URLs     []string   `json:"urls,omitempty"` // for kind urls
	Cron     string     `json:"cron"`           // five fields, China time; empty means only on demand
	Operator Operator   `json:"operator"`
	Origin   Origin     `json:"origin"`
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
	case SourceList, SourceFeed, SourceSitemap:
		if err := webURL(s.URL); err != "" {
			fault("url", err)
		}
	default:
		fault("kind", "应为 urls、list、feed 或 sitemap")
	}
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
