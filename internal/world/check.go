package world

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Manners are what the servers' log says of our requests.
type Manners struct {
	Requests     int           `json:"requests"`
	ShortestRest time.Duration `json:"-"` // of any host between two requests
	Faults       []string      `json:"faults"`
}

// manners judges the log, a host at a time. timeout is when we give an answer up.
func (s *server) manners(rest, timeout time.Duration) Manners {
	s.mu.Lock()
	defer s.mu.Unlock()
	byHost := map[string][]hit{}
	for _, h := range s.hits {
		byHost[h.host] = append(byHost[h.host], h)
	}
	m := Manners{Requests: len(s.hits), Faults: []string{}}
	for host, hits := range byHost {
		slices.SortFunc(hits, func(a, b hit) int { return a.start.Compare(b.start) })
		wish := rest
		for i, h := range hits {
			if strings.HasPrefix(h.path, "/secret/") {
				m.Faults = append(m.Faults, host+h.path+" was asked for, which robots.txt forbids")
			}
			if i == 0 {
				continue
			}
			// The server learns late, or never, that nobody reads on.
			if hits[i-1].end.Sub(hits[i-1].start) >= timeout {
				hits[i-1].misdeed.endless = true
			}
			if before := hits[i-1]; before.path == "/robots.txt" {
				if site, ok := s.sites[host]; ok {
					wish = max(rest, site.crawlDelay())
				}
			}
			m.between(hits[i-1], h, wish)
		}
	}
	return m
}

// between judges the rest between two requests to one host.
func (m *Manners) between(before, h hit, wish time.Duration) {
	from := before.end
	want := max(wish, 5*before.end.Sub(before.start))
	switch {
	case before.misdeed.endless:
		from, want = before.start, wish
	case before.status == http.StatusForbidden || before.status == http.StatusTooManyRequests || before.status >= 500:
		want = max(want, 2*wish, before.misdeed.retry)
	}
	had := h.start.Sub(from)
	if m.ShortestRest == 0 || had < m.ShortestRest {
		m.ShortestRest = had
	}
	if had < want {
		m.Faults = append(m.Faults, fmt.Sprintf("%s rested %v before %s and %v were due after %s (%d)", h.host, had, h.path, want, before.path, before.status))
	}
}
