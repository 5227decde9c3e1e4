package monitor

import (
	"context"
	"log/slog"
	"mime"
	"net/http"
	"slices"

	"rightsdesk/internal/browser"
	"rightsdesk/internal/extract"
	"rightsdesk/internal/fetch"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

// draw has a browser draw a page that was received, and gives it as it was drawn.
func (m *Monitor) draw(ctx context.Context, ex *fetch.Exchange) (*fetch.Exchange, error) {
	if m.opt.Browser == nil {
		return nil, rights.Errorf(rights.Unavailable, "网页要由浏览器渲染，而本机没有可用的浏览器：%s", ex.FinalURL).Because(browser.ErrNotDrawn)
	}
	view, err := m.opt.Browser.Draw(ctx, browser.Page{URL: ex.FinalURL, Status: ex.Status, Header: ex.Header, Body: ex.Body})
	if e := m.keepImpact(context.WithoutCancel(ctx)); e != nil {
		return nil, e
	}
	if err != nil {
		return nil, err
	}
	return view.Exchange(ex), nil
}

// drawable reports whether what was received is a whole page that a browser can draw.
func drawable(ex *fetch.Exchange) bool {
	if ex.Status < http.StatusOK || ex.Status >= http.StatusMultipleChoices || ex.Truncated || ex.NotModified {
		return false
	}
	kind, _, err := mime.ParseMediaType(ex.Header.Get("Content-Type"))
	return err == nil && (kind == "text/html" || kind == "application/xhtml+xml")
}

// needsScripts reports whether a page has nothing to read before its scripts have run.
func needsScripts(ex *fetch.Exchange) bool {
	return extract.NeedsScripts(ex.Body, ex.Header.Get("Content-Type"), ex.FinalURL)
}

// drawn is a page that was received as the source wants it: drawn by a browser where
// it asks for that, or there is nothing to read otherwise. Without a browser it stays
// as it was received.
func (s *sweep) drawn(ctx context.Context, ex *fetch.Exchange) (*fetch.Exchange, error) {
	if !drawable(ex) || !s.source.Render && !needsScripts(ex) {
		return ex, nil
	}
	if s.opt.Browser == nil {
		s.opt.Log.LogAttrs(ctx, slog.LevelWarn, "a page that needs a browser is read without one", slog.String("source", s.source.ID), slog.String("url", ex.FinalURL))
		s.count(func(row *rights.Sweep) {
			row.Fault = "有的网页要由浏览器渲染，而本机没有可用的浏览器，只按收到的原样读取"
		})
		return ex, nil
	}
	shown, err := s.draw(ctx, ex)
	if err != nil {
		return nil, err
	}
	s.count(func(row *rights.Sweep) {
		row.Drawn++
		for _, asked := range shown.View.Exchanges {
			row.Fetched++
			row.Bytes += wire(asked)
		}
	})
	return shown, nil
}

// wire is how many bytes an exchange and its redirects were.
func wire(ex *fetch.Exchange) (n int64) {
	for _, hop := range slices.Concat(ex.Redirects, []*fetch.Exchange{ex}) {
		n += int64(len(hop.RequestRaw) + len(hop.ResponseRaw))
	}
	return n
}

// screen is the cheap look at a page; of one that was drawn, its text is what can be
// seen of it.
func screen(ex *fetch.Exchange) (title, text string, links []extract.Link) {
	title, text, links = extract.Screen(ex.Body, ex.Header.Get("Content-Type"), ex.FinalURL)
	if ex.View != nil {
		text = ex.View.Text
	}
	return title, text, links
}

// browsed reports whether the page of a case was judged as a browser drew it, or its
// source asks for that.
func (m *Monitor) browsed(ctx context.Context, c *rights.Case) (yes bool, err error) {
	err = m.opt.DB.View(ctx, func(tx *store.Tx) error {
		source, err := tx.Source(ctx, c.SourceID)
		switch {
		case err == nil && source.Render:
			yes = true
			return nil
		case err != nil && rights.KindOf(err) != rights.NotFound:
			return err
		}
		matches, err := tx.Matches(ctx, store.MatchFilter{CaseID: c.ID})
		yes = slices.ContainsFunc(matches, func(m rights.Match) bool {
			return slices.ContainsFunc(m.Evidence, func(e rights.Evidence) bool { return e.Drawn != nil })
		})
		return err
	})
	return yes, err
}
