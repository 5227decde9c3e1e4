package bundle

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"time"

	"rightsdesk/fingerprints"
	"rightsdesk/internal/letters"
	"rightsdesk/internal/rights"
)

//go:embed templates/*.html
var templates embed.FS

// side is the two texts of a match, for showing them side by side.
type side struct {
	Match   *rights.Match
	Article *rights.Article
	Scheme  int
	Text    letters.Passage
}

// compared is the page that shows both texts.
func compared(m *rights.Match, a *rights.Article) ([]byte, error) {
	return page("comparison.html", side{m, a, fingerprints.Scheme, letters.Compare(a.Text(), m.Capture.Text)})
}

// found is a row of the page that explains the bundle.
type found struct {
	Name             string
	Headline, Issue  string
	URL              string
	Seen             time.Time
	Coverage         int // percent
	Longest          int
	Title, Rule, Doc string
}

// readme is the page that explains the bundle.
func (c *content) readme() ([]byte, error) {
	view := struct {
		Manifest
		Found  []found
		Events []rights.Event
		Root   string
	}{Manifest: c.manifest, Events: c.events, Root: c.root.Note}
	for i, m := range c.matches {
		view.Found = append(view.Found, found{
			Name: m.Subject(), Headline: c.articles[i].Headline, Issue: c.articles[i].IssueDate + " " + c.articles[i].PageNo, URL: m.URL,
			Seen: m.SeenAt, Coverage: int(m.Found.Coverage*100 + 0.5), Longest: m.Found.LongestRun, Title: m.Capture.Title, Rule: m.Verdict.Rule,
		})
	}
	return page("readme.html", view)
}

func page(name string, data any) ([]byte, error) {
	t, err := template.New(name).Funcs(template.FuncMap{
		"day":   func(t time.Time) string { return t.In(rights.China).Format("2006-01-02 15:04:05 -07:00") },
		"class": func(m letters.Mark) string { return [...]string{"", "changed", "missing", "added"}[m] },
	}).ParseFS(templates, "templates/"+name)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, name, data); err != nil {
		return nil, fmt.Errorf("the page %s: %w", name, err)
	}
	return b.Bytes(), nil
}
