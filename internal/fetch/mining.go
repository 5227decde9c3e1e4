package fetch

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/jimsmart/grobotstxt"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"rightsdesk/internal/rights"
)

const (
	miningPath     = "/.well-known/tdmrep.json"
	miningMaxBytes = 256 << 10
	miningMaxRules = 1000
	miningHead     = 256 << 10 // of a page, in which its meta elements are looked for
	reservation    = "tdm-reservation"
	policy         = "tdm-policy"
)

// miningRule is an entry of tdmrep.json.
type miningRule struct {
	Location string `json:"location"`
	Reserved int    `json:"tdm-reservation"`
	Policy   string `json:"tdm-policy"`
}

// mining is what the site says of mining a page: the page itself, the header of
// its answer, or the file of the site, in this order.
func (f *Fetcher) mining(ctx context.Context, u *url.URL, ex *Exchange) (*rights.Mining, error) {
	if ex.Status != http.StatusOK {
		return nil, nil
	}
	if m := pageMining(ex.Body[:min(len(ex.Body), miningHead)]); m != nil {
		return m, nil
	}
	if m := newMining(ex.Header.Get(reservation), ex.Header.Get(policy), rights.MiningHeader); m != nil {
		return m, nil
	}
	o, leave, err := f.origins.enter(ctx, u)
	if err != nil {
		return nil, err
	}
	defer leave()
	if time.Now().After(o.miningExpires) {
		if o.mining, err = f.fetchMining(ctx, u, o.robots); ctx.Err() != nil {
			return nil, err
		}
		o.miningExpires = time.Now().Add(originTTL)
	}
	return fileMining(o.mining, u), nil
}

// fetchMining reads the site's file. One that is not there or cannot be had says
// nothing.
func (f *Fetcher) fetchMining(ctx context.Context, site *url.URL, robots *Robots) ([]miningRule, error) {
	u := &url.URL{Scheme: site.Scheme, Host: site.Host, Path: miningPath}
	if robots == nil || !robots.Allowed(u.String()) {
		return nil, nil
	}
	ex, err := f.hop(ctx, u, hopOptions{delay: f.wish(robots), limit: miningMaxBytes})
	if err != nil || ex.Status != http.StatusOK || ex.Truncated {
		return nil, err
	}
	return parseMining(ex.Body), nil
}

func parseMining(body []byte) []miningRule {
	var rules []miningRule
	if err := json.Unmarshal(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")), &rules); err != nil {
		return nil
	}
	return rules[:min(len(rules), miningMaxRules)]
}

// fileMining takes the rule with the longest pattern that matches, as robots.txt
// does.
func fileMining(rules []miningRule, u *url.URL) *rights.Mining {
	var best *miningRule
	for i := range rules {
		r := &rules[i]
		pattern := cmp.Or(r.Location, "/")
		if !strings.ContainsAny(pattern, "\r\n#") && (best == nil || len(pattern) > len(best.Location)) &&
			!grobotstxt.AgentAllowed("User-agent: *\nDisallow: "+pattern+"\n", "x", u.String()) {
			best = r
		}
	}
	if best == nil {
		return nil
	}
	return &rights.Mining{Reserved: best.Reserved == 1, Policy: webPolicy(best.Policy), By: rights.MiningFile}
}

// pageMining reads the meta elements of a page.
func pageMining(head []byte) *rights.Mining {
	if !bytes.Contains(bytes.ToLower(head), []byte(reservation)) {
		return nil
	}
	z := html.NewTokenizer(bytes.NewReader(head))
	z.SetMaxBuf(miningHead)
	var reserved, terms string
	for kind := z.Next(); kind != html.ErrorToken; kind = z.Next() {
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
			continue
		}
		token := z.Token()
		if token.DataAtom != atom.Meta {
			continue
		}
		switch strings.ToLower(attr(token.Attr, "name")) {
		case reservation:
			reserved = cmp.Or(reserved, attr(token.Attr, "content"))
		case policy:
			terms = cmp.Or(terms, attr(token.Attr, "content"))
		}
	}
	return newMining(reserved, terms, rights.MiningPage)
}

// newMining reads the values of a header or of meta elements: "1" or "0".
func newMining(reserved, terms string, by rights.MiningSignal) *rights.Mining {
	switch strings.TrimSpace(reserved) {
	case "1":
		return &rights.Mining{Reserved: true, Policy: webPolicy(terms), By: by}
	case "0":
		return &rights.Mining{By: by}
	}
	return nil
}

// webPolicy keeps a URL of terms, and nothing else.
func webPolicy(s string) string {
	u, err := parseTarget(s)
	if err != nil {
		return ""
	}
	return u.String()
}
