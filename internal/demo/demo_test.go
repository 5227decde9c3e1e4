package demo_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rightsdesk/fingerprints"
	"rightsdesk/internal/demo"
	"rightsdesk/internal/extract"
	"rightsdesk/internal/rights"
)

func load(t *testing.T) *demo.Sample {
	t.Helper()
	s, err := demo.Load()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// issue writes the issue and reads it with the readers of the import.
func issue(t *testing.T, s *demo.Sample) map[string]*rights.Article {
	t.Helper()
	dir := t.TempDir()
	if err := s.WriteIssue(dir); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "epaper/html/2026-01/07/content_*.htm"))
	if err != nil {
		t.Fatal(err)
	}
	read := map[string]*rights.Article{}
	for _, file := range append(files, filepath.Join(dir, "online.jsonl")) {
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, err := range extract.Articles(f, extract.Options{File: file}, func(a *rights.Article) error {
			read[a.ID] = a
			return nil
		}) {
			t.Error(err)
		}
		f.Close()
	}
	return read
}

func TestIssue(t *testing.T) {
	s := load(t)
	read := issue(t, s)
	if len(read) != len(s.Articles) {
		t.Errorf("%d articles were read of %d", len(read), len(s.Articles))
	}
	owners := map[string][]rights.Owner{
		"02-heating": {rights.OwnerUnknown}, "02-letter": {rights.OwnerReader}, "04-market": {rights.OwnerFreelance},
		"04-solar": {rights.OwnerWire}, "02-holiday": {rights.OwnerStaff, rights.OwnerWire},
	}
	for _, want := range s.Articles {
		a := read[want.ID()]
		if a == nil {
			t.Errorf("%s was not read", want.Name)
			continue
		}
		if a.Headline != want.Headline || a.Subtitle != want.Subtitle || a.Kicker != want.Kicker || a.URL != want.URL() ||
			a.PageNo != want.Page || a.PageName != want.Section() || a.IssueDate != demo.IssueDate || !slices.Equal(a.Paragraphs, want.Paragraphs) {
			t.Errorf("%s: read as %+v", want.Name, a)
		}
		wantOwners := owners[want.Name]
		if wantOwners == nil {
			wantOwners = []rights.Owner{rights.OwnerStaff}
		}
		var got []rights.Owner
		for _, seg := range a.Segments {
			got = append(got, seg.Owner)
		}
		if !slices.Equal(got, wantOwners) {
			t.Errorf("%s: owners %v, want %v", want.Name, got, wantOwners)
		}
		strength := rights.StrengthWeak
		if want.Strong != "" {
			strength = rights.StrengthStrong
		}
		if r := a.Reservation(); r.Strength != strength {
			t.Errorf("%s: reservation %+v, want %s", want.Name, r, strength)
		}
		if len(a.Bylines) == 0 && want.Name != "04-solar" {
			t.Errorf("%s: no author was read from %q", want.Name, a.CreditLine)
		}
	}
}

func get(t *testing.T, h http.Handler, url string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, url, nil))
	return w
}

// TestSites reads every page as a sweep does and looks for the articles that its
// head expects.
func TestSites(t *testing.T) {
	s := load(t)
	h, err := s.Handler()
	if err != nil {
		t.Fatal(err)
	}
	x := fingerprints.NewIndex()
	for id, a := range issue(t, s) {
		x.Add(fingerprints.Article{ID: id, Title: a.Headline, Text: a.Text()})
	}
	names := map[string]string{}
	for _, a := range s.Articles {
		names[a.ID()] = a.Name
	}
	for _, p := range s.Pages {
		t.Run(p.Name, func(t *testing.T) {
			doc := read(t, h, p)
			var got []string
			matches, err := x.Match(t.Context(), fingerprints.Page{Title: doc.Title, Text: doc.Text, Links: links(doc)})
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range matches {
				got = append(got, names[m.Article])
				t.Logf("%s: coverage %.3f, of the page %.3f, longest %d", names[m.Article], m.Coverage, m.PageCoverage, m.LongestRun)
			}
			var want []string
			for name := range p.Expect {
				want = append(want, name)
			}
			if p.Refused {
				want = got
			}
			if !slices.Equal(got, want) {
				t.Errorf("found %v, want %v", got, want)
			}
		})
	}
}

// read gets a page with all its parts.
func read(t *testing.T, h http.Handler, p *demo.Page) *extract.Document {
	t.Helper()
	var doc *extract.Document
	parts := 0
	for url := p.URL(); url != ""; parts++ {
		w := get(t, h, url)
		d, err := extract.HTML(w.Body.Bytes(), w.Header().Get("Content-Type"), url)
		if err != nil || w.Code != http.StatusOK {
			t.Fatalf("%s: %d, %v", url, w.Code, err)
		}
		url = d.Next
		if doc == nil {
			doc = d
			continue
		}
		doc.Text += "\n" + d.Text
	}
	var body []string
	for _, part := range p.Parts {
		for _, b := range part {
			body = append(body, b.Text)
		}
	}
	// Above a forum post stand the poster's name and the time; they may stay.
	rest, whole := strings.CutSuffix(doc.Text, strings.Join(body, "\n"))
	if p.Site.Layout != "index" && (!whole || len(rest) > 0 && p.Site.Layout != "forum") {
		t.Errorf("read the text as\n%s\nnot\n%s", doc.Text, strings.Join(body, "\n"))
	}
	if parts != len(p.Parts) {
		t.Errorf("%d parts were read of %d", parts, len(p.Parts))
	}
	date := strings.Replace(p.Date, " ", "T", 1) + ":00+08:00"
	if doc.Title != p.Title || doc.PublishedAt != date {
		t.Errorf("title %q, date %q, want %q, %q", doc.Title, doc.PublishedAt, p.Title, date)
	}
	if p.Source != "" && doc.Source != p.Source || p.Author != "" && p.Site.Layout != "forum" && doc.Byline != p.Author {
		t.Errorf("source %q, byline %q, want %q, %q", doc.Source, doc.Byline, p.Source, p.Author)
	}
	if p.Site.Charset != "" && (doc.Charset != p.Site.Charset || doc.Declared != "utf-8") {
		t.Errorf("charset %q, declared %q", doc.Charset, doc.Declared)
	}
	return doc
}

func links(d *extract.Document) []fingerprints.Link {
	var out []fingerprints.Link
	for _, l := range d.Links {
		out = append(out, fingerprints.Link{Text: l.Text, URL: l.URL})
	}
	return out
}

func TestLayoutPages(t *testing.T) {
	s := load(t)
	h, err := s.Handler()
	if err != nil {
		t.Fatal(err)
	}
	listed := 0
	for _, name := range []string{"01", "02", "03", "04"} {
		url := "http://" + demo.EPaperHost + "/html/2026-01/07/node_" + name + ".htm"
		l, err := extract.Layout(get(t, h, url).Body.Bytes(), "", url)
		if err != nil || l.PageNo != name || l.PageName == "" || l.IssueDate != demo.IssueDate || len(l.Pages) != 4 {
			t.Errorf("page %s: %+v, %v", name, l, err)
			continue
		}
		listed += len(l.Articles)
		for _, link := range l.Articles {
			if w := get(t, h, link.URL); w.Code != http.StatusOK {
				t.Errorf("%s: %d", link.URL, w.Code)
			}
		}
	}
	if listed != 13 {
		t.Errorf("%d articles are listed, want 13", listed)
	}
}

// TestConfig holds the demo to what the configuration demands.
func TestConfig(t *testing.T) {
	s := load(t)
	c := s.Config(t.TempDir(), "127.0.0.1:1")
	if err := c.Validate(); err != nil {
		t.Error(err)
	}
	kinds := map[string]bool{}
	for _, src := range c.Sources {
		kinds[src.Kind] = true
		if src.Operator.Name == "" || src.Operator.Role == "" || src.Operator.Email == "" {
			t.Errorf("source %s: operator %+v", src.ID, src.Operator)
		}
	}
	if len(kinds) != 4 || len(c.Sources) != len(s.Sites) {
		t.Errorf("%d sources of the kinds %v", len(c.Sources), kinds)
	}
}

func TestDeviations(t *testing.T) {
	s := load(t)
	var matches []rights.Match
	var pages []rights.Page
	ids := map[string]string{}
	for _, a := range s.Articles {
		ids[a.Name] = a.ID()
	}
	for _, p := range s.Pages {
		page := rights.Page{URL: p.URL()}
		if p.Refused {
			page.Fault = "robots.txt"
		}
		pages = append(pages, page)
		for name, rule := range p.Expect {
			m := rights.Match{URL: p.URL(), ArticleID: ids[name]}
			m.Verdict.Name = rule
			matches = append(matches, m)
		}
	}
	if faults := s.Deviations(matches, pages); len(faults) > 0 {
		t.Fatalf("what is expected deviates: %q", faults)
	}
	for _, tt := range []struct {
		name   string
		change func(m []rights.Match, p []rights.Page) ([]rights.Match, []rights.Page)
		want   string
	}{
		{"lost", func(m []rights.Match, p []rights.Page) ([]rights.Match, []rights.Page) { return m[1:], p }, "was not found on it"},
		{"judged otherwise", func(m []rights.Match, p []rights.Page) ([]rights.Match, []rights.Page) {
			m[0].Verdict.Name = "no_such_rule"
			return m, p
		}, "was judged no_such_rule, expected"},
		{"found elsewhere", func(m []rights.Match, p []rights.Page) ([]rights.Match, []rights.Page) {
			m[0].URL = "http://www.yuncheng.example/news/2026/0107/88252.html"
			return m, p
		}, "where nothing was expected"},
		{"not looked at", func(m []rights.Match, p []rights.Page) ([]rights.Match, []rights.Page) { return m, p[1:] }, "was not looked at"},
		{"not read", func(m []rights.Match, p []rights.Page) ([]rights.Match, []rights.Page) {
			p[0].Fault = "对方服务器返回 500"
			return m, p
		}, "对方服务器返回 500"},
	} {
		faults := s.Deviations(tt.change(slices.Clone(matches), slices.Clone(pages)))
		if !strings.Contains(strings.Join(faults, "\n"), tt.want) {
			t.Errorf("%s: %q, want %q", tt.name, faults, tt.want)
		}
	}
}
