package monitor

import (
	"context"
	"net/url"
	"strings"
	"time"

	"rightsdesk/fingerprints"
	"rightsdesk/internal/extract"
	"rightsdesk/internal/fetch"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/trace"
	"rightsdesk/policies"
)

const (
	maxParts = 20
	maxBack  = 100 // pages of one host in one sweep
	// sameTitle is how alike the titles of two parts of one article are at least.
	// Some sites link the next article as the next page.
	sameTitle = 0.5
)

// sheet is one fetched page whose exchange is kept as evidence.
type sheet struct {
	asked    string // canonical URL that was asked for
	url      string // canonical URL under which it is judged
	final    string // canonical URL at the end of redirects
	evidence rights.Evidence
	exchange *fetch.Exchange // without its bytes
	robots   *rights.Robots
	doc      *extract.Document
	visible  string // all text of the page
	trace    string // the ID of its lines in the log

	chars, candidates int
	later             bool // an article goes on here that begins elsewhere
}

// sheet keeps an exchange and reads its page.
func (m *Monitor) sheet(ctx context.Context, asked string, ex *fetch.Exchange) (*sheet, error) {
	ref, err := m.opt.Evidence.Put(ctx, ex)
	if err != nil {
		return nil, err
	}
	robots, err := m.robots(ctx, ex)
	if err != nil {
		return nil, err
	}
	final, err := fetch.Canonical(ex.FinalURL)
	if err != nil {
		return nil, err
	}
	doc, err := extract.HTML(ex.Body, ex.Header.Get("Content-Type"), ex.FinalURL)
	if doc == nil || err != nil && rights.KindOf(err) != rights.Invalid {
		return nil, err
	}
	slim := *ex
	slim.Body, slim.RequestRaw, slim.ResponseRaw, slim.Redirects = nil, nil, nil, nil
	if ex.View != nil {
		slim.View = &fetch.View{Browser: ex.View.Browser, At: ex.View.At, Cut: ex.View.Cut}
	}
	m.opt.Log.DebugContext(ctx, "kept as evidence", "url", final, "record", ref.RecordID)
	return &sheet{
		asked: asked, url: final, final: final, evidence: rights.Evidence(ref), exchange: &slim, robots: robots, doc: doc, trace: trace.ID(ctx),
	}, nil
}

// identity is the URL under which a page is judged: what it names as canonical
// on its own host, or else where its redirects ended. Templates that name one
// URL on every page are not believed: neither the front page, nor the list, nor
// a URL that a page of another title has named.
func (v *visit) identity(s *sheet) string {
	named, err := fetch.Canonical(s.doc.Canonical)
	if err != nil || named == s.final || hostOf(named) != hostOf(s.final) {
		return s.final
	}
	if u, err := url.Parse(named); err != nil || u.Path == "/" && u.RawQuery == "" {
		return s.final
	}
	if list, err := fetch.Canonical(v.source.URL); err == nil && named == list {
		return s.final
	}
	if title, ok := v.titles[named]; ok && title != s.doc.Title {
		return s.final
	}
	v.titles[named] = s.doc.Title
	return named
}

// previous is the canonical URL of the page before this one, or empty.
func previous(s *sheet) string {
	for _, l := range s.doc.Links {
		switch strings.Trim(l.Text, " <«‹←[]【】()（）.…") {
		case "上一页", "上页", "前一页", "上一頁", "上頁":
			key, err := fetch.Canonical(l.URL)
			if err == nil && key != s.final && hostOf(key) == hostOf(s.final) {
				return key
			}
		}
	}
	return ""
}

// parts is how the parts of an article are had: have gives a page that was read
// already, and says whether it is taken; get fetches one.
type parts struct {
	get  getter
	have func(key string) (s *sheet, taken bool)
}

// follow reads the parts on which an article goes on, the first included. fault
// says in Chinese why the article could not be read to its end.
func (m *Monitor) follow(ctx context.Context, first *sheet, p parts) (chain []*sheet, fault string, err error) {
	chain = []*sheet{first}
	in := map[string]bool{first.url: true, first.final: true, first.asked: true}
	for last := first; last.doc.Next != ""; {
		key, err := fetch.Canonical(last.doc.Next)
		if err != nil || in[key] || hostOf(key) != hostOf(first.final) {
			break
		}
		if len(chain) == maxParts {
			return chain, "后续分页过多，只看了前面的部分", nil
		}
		next, taken := p.have(key)
		if taken {
			break
		}
		if next == nil {
			if next, fault, err = m.part(ctx, p, key, last.doc.Next); err != nil || fault != "" {
				return chain, fault, err
			}
		}
		if in[next.url] || !continues(first.doc, next.doc) {
			break
		}
		in[key], in[next.url], in[next.final] = true, true, true
		chain = append(chain, next)
		last = next
	}
	return chain, "", nil //nolint:nilerr // an address that is none leads nowhere
}

func (m *Monitor) part(ctx context.Context, p parts, key, address string) (s *sheet, fault string, err error) {
	ex, err := p.get(ctx, fetch.Request{URL: address})
	switch {
	case ctx.Err() != nil:
		return nil, "", ctx.Err()
	case err != nil:
		return nil, "后续分页无法读取：" + faultText(err), nil
	case ex.Status < 200 || ex.Status > 299:
		return nil, "后续分页无法读取：" + statusText(ex.Status), nil
	}
	if s, err = m.sheet(ctx, key, ex); err != nil {
		return nil, "", err
	}
	_, s.visible, _ = screen(ex)
	return s, "", nil
}

// continues reports whether a page can go on with the article of another.
func continues(first, next *extract.Document) bool {
	if first.Kind == extract.KindList {
		return false // the next page of a list
	}
	return first.Title == "" || next.Title == "" || policies.TitleSimilarity(folded(first.Title), folded(next.Title)) >= sameTitle
}

func folded(s string) string { return string(fingerprints.Fold(s).Folded) }

func seenAt(chain []*sheet) time.Time { return chain[0].exchange.FetchedAt }
