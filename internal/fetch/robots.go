package fetch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/jimsmart/grobotstxt"
)

const (
	robotsTTL       = 24 * time.Hour
	robotsFaultTTL  = 5 * time.Minute
	robotsMaxBytes  = 500 << 10
	robotsRedirects = 5
	robotsMaxHosts  = 4096
)

// Robots is a robots.txt as one crawler reads it.
type Robots struct {
	rules string
	token string
	delay time.Duration
}

// ParseRobots reads a robots.txt for the crawler with the given product token.
// Anything can be parsed: what is not a rule is passed over.
func ParseRobots(body []byte, token string) *Robots {
	body = bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
	if len(body) > robotsMaxBytes {
		body = body[:robotsMaxBytes]
		body = body[:bytes.LastIndexByte(body, '\n')+1] // half a rule could forbid too much
	}
	// RFC 9309 compares after decoding what needs no escape; the matcher does
	// not, and stumbles over lower-case escapes.
	keep := func(c byte) bool { return c < 0x80 && c != '%' }
	rules := normalEscapes(string(body), keep)
	wanted := &crawlDelay{token: strings.ToLower(token), general: -1, own: -1}
	grobotstxt.Parse(rules, wanted)
	return &Robots{rules: rules, token: token, delay: wanted.value()}
}

// Allowed says whether the crawler may fetch the URL.
func (r *Robots) Allowed(rawURL string) bool {
	u, err := parseTarget(rawURL)
	if err != nil {
		return false
	}
	return u.EscapedPath() == "/robots.txt" || grobotstxt.AgentAllowed(r.rules, r.token, u.String())
}

// CrawlDelay returns the delay that the file asks this crawler to keep, or zero.
func (r *Robots) CrawlDelay() time.Duration { return r.delay }

// productToken is the part of a User-Agent that robots.txt names: letters, "_"
// and "-", before the version.
func productToken(userAgent string) string {
	end := strings.IndexFunc(userAgent, func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && c != '_' && c != '-'
	})
	if end < 0 {
		return userAgent
	}
	return userAgent[:end]
}

// crawlDelay finds Crawl-delay, which RFC 9309 leaves out, with that RFC's
// grouping: lines of our own group win over those of "*".
type crawlDelay struct {
	token            string
	inRules          bool
	isOwn, isGeneral bool
	sawOwn           bool
	own, general     float64 // seconds; negative: not given
}

// HandleRobotsStart is part of the parser's handler.
func (c *crawlDelay) HandleRobotsStart() {}

// HandleRobotsEnd is part of the parser's handler.
func (c *crawlDelay) HandleRobotsEnd() {}

// HandleSitemap is part of the parser's handler.
func (c *crawlDelay) HandleSitemap(int, string) {}

// HandleAllow ends the list of names of a group.
func (c *crawlDelay) HandleAllow(int, string) { c.inRules = true }

// HandleDisallow ends the list of names of a group.
func (c *crawlDelay) HandleDisallow(int, string) { c.inRules = true }

// HandleUserAgent begins a group, or adds a name to the one that has begun.
func (c *crawlDelay) HandleUserAgent(_ int, value string) {
	if c.inRules {
		c.inRules, c.isOwn, c.isGeneral = false, false, false
	}
	if value == "*" || strings.HasPrefix(value, "* ") {
		c.isGeneral = true
	} else if strings.ToLower(productToken(value)) == c.token {
		c.isOwn, c.sawOwn = true, true
	}
}

// HandleUnknownAction takes the delay of a group that concerns us.
func (c *crawlDelay) HandleUnknownAction(_ int, action, value string) {
	if !strings.EqualFold(action, "crawl-delay") {
		return
	}
	seconds, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	if err != nil || math.IsNaN(seconds) || seconds < 0 {
		return
	}
	seconds = min(seconds, 86400)
	if c.isOwn {
		c.own = max(c.own, seconds)
	}
	if c.isGeneral {
		c.general = max(c.general, seconds)
	}
}

func (c *crawlDelay) value() time.Duration {
	seconds := c.general
	if c.sawOwn {
		seconds = c.own
	}
	return time.Duration(max(seconds, 0) * float64(time.Second))
}

// robotsCache keeps the verdict of every scheme, host and port.
type robotsCache struct {
	mu    sync.Mutex
	sites map[string]*robotsEntry
}

// robotsEntry is looked at only by whoever holds its one-place channel, so that
// ten requests to a new host fetch its robots.txt once.
type robotsEntry struct {
	hold    chan struct{}
	robots  *Robots // nil: nothing may be fetched
	fault   error
	expires time.Time
}

func newRobotsCache() *robotsCache { return &robotsCache{sites: map[string]*robotsEntry{}} }

func (c *robotsCache) entry(site string) *robotsEntry {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.sites[site]
	if !ok {
		if len(c.sites) >= robotsMaxHosts {
			clear(c.sites)
		}
		e = &robotsEntry{hold: make(chan struct{}, 1)}
		c.sites[site] = e
	}
	return e
}

// permit asks robots.txt about u and returns the delay to keep to its host.
func (f *Fetcher) permit(ctx context.Context, u *url.URL) (time.Duration, error) {
	e := f.robots.entry(u.Scheme + "://" + u.Host)
	select {
	case e.hold <- struct{}{}:
	case <-ctx.Done():
		return 0, wireError(ctx, u.String(), ctx.Err())
	}
	defer func() { <-e.hold }()
	if time.Now().After(e.expires) {
		robots, err := f.fetchRobots(ctx, u)
		if ctx.Err() != nil || errors.Is(err, ErrBlocked) {
			return 0, err
		}
		e.robots, e.fault, e.expires = robots, err, time.Now().Add(robotsTTL)
		if err != nil {
			e.expires = time.Now().Add(robotsFaultTTL)
		}
	}
	if e.fault != nil {
		return 0, robotsUnknown(u.String(), e.fault)
	}
	if !e.robots.Allowed(u.String()) {
		return 0, robotsError(u.String(), errors.New("a rule forbids it"))
	}
	return max(f.opt.Delay, min(e.robots.CrawlDelay(), f.opt.MaxDelay)), nil
}

// fetchRobots follows RFC 9309, section 2.3.1: a file that is not there allows
// everything, one that cannot be had forbids everything.
func (f *Fetcher) fetchRobots(ctx context.Context, site *url.URL) (*Robots, error) {
	u := &url.URL{Scheme: site.Scheme, Host: site.Host, Path: "/robots.txt"}
	everything := ParseRobots(nil, f.token)
	for range robotsRedirects + 1 {
		ex, err := f.hop(ctx, u, hopOptions{delay: f.opt.Delay, limit: robotsMaxBytes})
		if err != nil {
			if errors.Is(err, ErrBlocked) && u.Host != site.Host {
				// The site itself may be reached, its robots.txt points elsewhere.
				return nil, fmt.Errorf("robots.txt of %s leads to a forbidden address", site.Host)
			}
			return nil, err
		}
		next, err := redirect(u, ex)
		switch {
		case err != nil:
			return everything, nil //nolint:nilerr // a redirect to nowhere is a file that is not there
		case next != nil:
			u = next
		case ex.Status >= 500 || ex.Status == http.StatusTooManyRequests || ex.Cut == "time" || ex.Cut == "disconnect":
			return nil, fmt.Errorf("robots.txt answered %d %s", ex.Status, ex.Cut)
		case ex.Status >= 200 && ex.Status < 300:
			return ParseRobots(ex.Body, f.token), nil
		default:
			return everything, nil
		}
	}
	return everything, nil
}
