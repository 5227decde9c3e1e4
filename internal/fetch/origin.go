package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"
)

const (
	originTTL       = 24 * time.Hour
	originFaultTTL  = 5 * time.Minute
	robotsRedirects = 5
	maxOrigins      = 4096
)

// origins keeps what every scheme, host and port lets a crawler do.
type origins struct {
	mu    sync.Mutex
	sites map[string]*origin
}

// origin is looked at only by whoever holds its one-place channel, so that ten
// requests to a new host fetch its robots.txt once.
type origin struct {
	hold chan struct{}

	robots  *Robots // nil: nothing may be fetched
	fault   error
	expires time.Time

	mining        []miningRule
	miningExpires time.Time
}

func newOrigins() *origins { return &origins{sites: map[string]*origin{}} }

// enter waits for the origin of u. The caller calls leave.
func (c *origins) enter(ctx context.Context, u *url.URL) (o *origin, leave func(), err error) {
	c.mu.Lock()
	site := u.Scheme + "://" + u.Host
	o, ok := c.sites[site]
	if !ok {
		if len(c.sites) >= maxOrigins {
			clear(c.sites)
		}
		o = &origin{hold: make(chan struct{}, 1)}
		c.sites[site] = o
	}
	c.mu.Unlock()
	select {
	case o.hold <- struct{}{}:
		return o, func() { <-o.hold }, nil
	case <-ctx.Done():
		return nil, nil, wireError(ctx, u.String(), ctx.Err())
	}
}

// permit asks robots.txt about u, and returns the file where it allows it.
func (f *Fetcher) permit(ctx context.Context, u *url.URL) (*Robots, error) {
	o, leave, err := f.origins.enter(ctx, u)
	if err != nil {
		return nil, err
	}
	defer leave()
	if time.Now().After(o.expires) {
		robots, err := f.fetchRobots(ctx, u, f.wish(o.robots))
		if ctx.Err() != nil || errors.Is(err, ErrBlocked) {
			return nil, err
		}
		o.robots, o.fault, o.expires = robots, err, time.Now().Add(originTTL)
		if err != nil {
			o.expires = time.Now().Add(originFaultTTL)
		}
	}
	if o.fault != nil {
		return nil, robotsUnknown(u.String(), o.fault)
	}
	if !o.robots.Allowed(u.String()) {
		f.impact.forbidden(u.Hostname())
		return nil, robotsError(u.String(), errors.New("a rule forbids it"))
	}
	return o.robots, nil
}

// wish is the rest that a host is to have at least.
func (f *Fetcher) wish(r *Robots) time.Duration {
	if r == nil {
		return f.opt.Delay
	}
	return max(f.opt.Delay, r.delay)
}

// fetchRobots follows RFC 9309, section 2.3.1: a file that is not there allows
// everything, one that cannot be had forbids everything.
func (f *Fetcher) fetchRobots(ctx context.Context, site *url.URL, wish time.Duration) (*Robots, error) {
	u := &url.URL{Scheme: site.Scheme, Host: site.Host, Path: "/robots.txt"}
	var hops []*Exchange
	for {
		ex, err := f.hop(ctx, u, hopOptions{delay: wish, limit: robotsMaxBytes})
		if err != nil {
			if errors.Is(err, ErrBlocked) && u.Host != site.Host {
				// The site itself may be reached, its robots.txt points elsewhere.
				return nil, fmt.Errorf("robots.txt of %s leads to a forbidden address", site.Host)
			}
			return nil, err
		}
		ex.URL, ex.Redirects = site.Scheme+"://"+site.Host+"/robots.txt", hops
		next, err := redirect(u, ex)
		switch {
		case err == nil && next != nil && len(hops) < robotsRedirects:
			u, hops = next, append(hops, ex)
			continue
		case ex.Status >= 500 || ex.Status == http.StatusTooManyRequests || ex.Cut == "time" || ex.Cut == "disconnect":
			return nil, fmt.Errorf("robots.txt answered %d %s", ex.Status, ex.Cut)
		}
		var rules []byte // of any other status: none, so that everything is allowed
		if ex.Status >= 200 && ex.Status < 300 {
			rules = ex.Body
		}
		robots := ParseRobots(rules, f.token)
		robots.Exchange = ex
		return robots, nil
	}
}
