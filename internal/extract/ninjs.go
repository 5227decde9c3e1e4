package extract

import (
	"encoding/json"
	"strings"
	"time"

	"rightsdesk/internal/rights"
)

// ninjs holds the properties of IPTC ninjs 3.1 that an article has a place for;
// the standard lets providers add others, so unknown ones are passed over.
type ninjs struct {
	URI             string      `json:"uri"`
	By              string      `json:"by"`
	Byline          string      `json:"byline"`
	Bylines         []ninjsName `json:"bylines"`
	Headline        string      `json:"headline"`
	Headlines       []ninjsText `json:"headlines"`
	Bodies          []ninjsText `json:"bodies"`
	People          []ninjsName `json:"people"`
	InfoSources     []ninjsName `json:"infosources"`
	UsageTerms      string      `json:"usageTerms"`
	EdNote          string      `json:"edNote"`
	CopyrightNotice string      `json:"copyrightNotice"`
	FirstCreated    string      `json:"firstCreated"`
	VersionCreated  string      `json:"versionCreated"`
	ContentCreated  string      `json:"contentCreated"`
	RightsInfo      ninjsRights `json:"rightsInfo"`
}

type ninjsRights struct {
	UsageTerms string `json:"usageTerms"`
	Encoded    string `json:"encodedRights"`
}

type ninjsText struct {
	Role        string `json:"role"`
	ContentType string `json:"contentType"`
	Value       string `json:"value"`
}

type ninjsName struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	Rel   string `json:"rel"`
}

// UnmarshalJSON takes a name alone as well as an object.
func (n *ninjsName) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, &n.Name)
	}
	type plainName ninjsName
	return json.Unmarshal(b, (*plainName)(n))
}

// isNinjs reports whether a JSON object is an item of ninjs rather than an
// article of ours.
func isNinjs(keys map[string]json.RawMessage) bool {
	for _, k := range []string{"uri", "headlines", "bodies", "infosources", "standard"} {
		if _, ok := keys[k]; ok {
			return true
		}
	}
	return false
}

func ninjsArticle(raw []byte, opt Options) (*rights.Article, error) {
	var n ninjs
	if err := json.Unmarshal(raw, &n); err != nil {
		return nil, jsonFault(err)
	}
	a := &rights.Article{Headline: n.Headline, URL: opt.BaseURL}
	if strings.HasPrefix(n.URI, "http") {
		a.URL = n.URI
	}
	for _, h := range n.Headlines {
		switch strings.ToLower(h.Role) {
		case "sub", "subtitle", "subheadline", "secondary":
			a.Subtitle = firstOf(a.Subtitle, h.Value)
		case "kicker", "overline", "intro":
			a.Kicker = firstOf(a.Kicker, h.Value)
		default:
			if a.Headline == "" || h.Role == "main" {
				a.Headline = tidy(h.Value)
			}
		}
	}
	a.Paragraphs = n.paragraphs()
	n.credit(a)
	n.dates(a, opt)
	n.reserve(a)
	dropCredit(a)
	takeReservation(a)
	complete(a, opt)
	return a, nil
}

// paragraphs prefers the main body in markup, whose paragraphs are certain.
func (n *ninjs) paragraphs() []string {
	best, rank := ninjsText{}, -1
	for _, b := range n.Bodies {
		r := 0
		if b.Role == "main" || b.Role == "" {
			r += 2
		}
		if strings.Contains(b.ContentType, "html") {
			r++
		}
		if strings.TrimSpace(b.Value) != "" && r > rank {
			best, rank = b, r
		}
	}
	if strings.Contains(best.ContentType, "html") {
		return lines(parse(best.Value))
	}
	var out []string
	for line := range strings.Lines(best.Value) {
		if line = tidy(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

func (n *ninjs) credit(a *rights.Article) {
	by := firstOf(n.By, n.Byline)
	for _, b := range n.Bylines {
		by = firstOf(by, b.Name, b.Value)
	}
	if credit, names, ok := creditLine(by); ok {
		a.CreditLine, a.Bylines = credit, names
	} else if by != "" {
		a.Bylines = creditNames(by)
	}
	for _, p := range n.People {
		if rel := strings.ToLower(p.Rel); len(a.Bylines) == 0 && (rel == "author" || rel == "creator" || rel == "by") {
			a.Bylines = append(a.Bylines, p.Name)
		}
	}
	for _, s := range n.InfoSources {
		name := firstOf(s.Name, s.Value)
		switch {
		case wire(name) != "" && a.CreditLine == "":
			a.CreditLine = name + "供稿"
		case wire(name) != "" && !strings.Contains(a.CreditLine, name):
			a.CreditLine += "；" + name + "供稿"
		}
	}
}

func (n *ninjs) dates(a *rights.Article, opt Options) {
	for _, s := range []string{n.FirstCreated, n.VersionCreated, n.ContentCreated} {
		if at, err := time.Parse(time.RFC3339, s); err == nil {
			utc := at.UTC()
			a.WebAt = &utc
			if opt.IssueDate == "" {
				a.IssueDate = at.In(rights.China).Format(time.DateOnly)
			}
			return
		}
	}
}

// reserve keeps terms that travel with the item: they are printed with it.
func (n *ninjs) reserve(a *rights.Article) {
	for _, s := range []string{n.UsageTerms, n.RightsInfo.UsageTerms, n.EdNote, n.CopyrightNotice} {
		if s = tidy(s); s != "" && reserves(s) {
			a.Reservations = append(a.Reservations, rights.Reservation{Text: s, Strength: rights.StrengthStrong})
		}
	}
}
