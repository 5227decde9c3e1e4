package world

import "time"

// Hit is a request of a log for a test: its start and length after the begin of
// the log, and what it was.
type Hit struct {
	Start, Length time.Duration
	Path          string
	Status        int
	Endless       bool
	Retry         time.Duration
}

// MannersOf judges a log of one host that asks for no delay.
func MannersOf(rest time.Duration, hits ...Hit) Manners {
	s := &server{sites: map[string]*site{"a.example": {host: "a.example"}}}
	begin := time.Now()
	for _, h := range hits {
		s.hits = append(s.hits, hit{
			host: "a.example", path: h.Path, start: begin.Add(h.Start), end: begin.Add(h.Start + h.Length), status: h.Status,
			misdeed: misdeed{endless: h.Endless, retry: h.Retry},
		})
	}
	return s.manners(rest, 8*time.Second)
}
