package fetch

import (
	"bytes"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/jimsmart/grobotstxt"
)

const robotsMaxBytes = 500 << 10

// Robots is a robots.txt as one crawler reads it.
type Robots struct {
	// Exchange is how the file, or that there is none, was learnt; nil where it was
	// only parsed. Its Digest is the hash of the file.
	Exchange *Exchange

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
