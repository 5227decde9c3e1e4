package demo

import (
	"fmt"
	"slices"
	"strings"

	"rightsdesk/internal/fetch"
	"rightsdesk/internal/rights"
)

// Deviations compares what a sweep of every site kept with what the pages'
// heads expect, and says each difference in a line.
func (s *Sample) Deviations(matches []rights.Match, pages []rights.Page) []string {
	var faults []string
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	looks := map[string]rights.Page{}
	for _, p := range pages {
		looks[p.URL] = p
	}
	expected := map[string]bool{}
	for _, p := range s.Pages {
		url, err := fetch.Canonical(p.URL())
		if err != nil {
			fault("%s: %v", p.Name, err)
			continue
		}
		look, seen := looks[url]
		switch {
		case !seen:
			fault("%s (%s) was not looked at", p.Name, url)
		case p.Refused != (look.Fault != ""):
			fault("%s (%s): forbidden by robots.txt: %v, fault: %q", p.Name, url, p.Refused, look.Fault)
		}
		for name, rule := range p.Expect {
			id := s.articles[name].ID()
			expected[url+" "+id] = true
			i := slices.IndexFunc(matches, func(m rights.Match) bool { return m.URL == url && m.ArticleID == id })
			switch {
			case i < 0:
				fault("%s (%s): %s was not found on it", p.Name, url, name)
			case matches[i].Verdict.Name != rule:
				fault("%s (%s): %s was judged %s, expected %s", p.Name, url, name, matches[i].Verdict.Name, rule)
			}
		}
	}
	for _, m := range matches {
		if !expected[m.URL+" "+m.ArticleID] {
			fault("%s: found %s there, judged %s, where nothing was expected", m.URL, m.ArticleID, m.Verdict.Name)
		}
	}
	slices.SortFunc(faults, strings.Compare)
	return faults
}
