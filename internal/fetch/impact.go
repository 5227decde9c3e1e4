package fetch

import (
	"net/http"
	"sync"
	"time"

	"rightsdesk/internal/rights"
)

// impact counts what our requests are to the hosts.
type impact struct {
	mu   sync.Mutex
	days map[hostDay]*rights.Impact
}

type hostDay struct{ host, day string }

func newImpact() *impact { return &impact{days: map[hostDay]*rights.Impact{}} }

// Impacts returns what came together since the last call, a host and day each.
func (f *Fetcher) Impacts() []rights.Impact {
	f.impact.mu.Lock()
	defer f.impact.mu.Unlock()
	list := make([]rights.Impact, 0, len(f.impact.days))
	for _, i := range f.impact.days {
		list = append(list, *i)
	}
	clear(f.impact.days)
	return list
}

func (c *impact) add(i rights.Impact) {
	i.Day = time.Now().In(rights.China).Format(time.DateOnly)
	c.mu.Lock()
	defer c.mu.Unlock()
	key := hostDay{i.Host, i.Day}
	if have, ok := c.days[key]; ok {
		have.Add(i)
		return
	}
	c.days[key] = &i
}

func (c *impact) forbidden(host string) { c.add(rights.Impact{Host: host, Forbidden: 1}) }

// request counts one exchange; ex is nil where there was no answer.
func (c *impact) request(host string, rested time.Duration, a answer, ex *Exchange) {
	i := rights.Impact{Host: host, Requests: 1, Busy: a.took, Slowest: a.took, ShortestRest: max(rested, 0)}
	if ex != nil {
		i.Bytes = int64(len(ex.RequestRaw) + len(ex.ResponseRaw))
	}
	switch {
	case a.status == http.StatusForbidden || a.status == http.StatusTooManyRequests:
		i.Refused = 1
	case a.overburdened():
		i.Failed = 1
	}
	c.add(i)
}
