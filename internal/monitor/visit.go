package monitor

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"
	"unicode/utf8"

	"rightsdesk/fingerprints"
	"rightsdesk/internal/extract"
	"rightsdesk/internal/fetch"
	"rightsdesk/internal/licensing"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
	"rightsdesk/internal/trace"
)

// visit is the pages of one host in one sweep. It belongs to one goroutine.
type visit struct {
	*sweep
	queue  []target
	seen   map[string]bool   // canonical URLs that were looked at
	same   map[string]bool   // of these, the ones that were as at the last look
	titles map[string]string // of the pages that named a canonical URL, by that URL
	found  []*sheet          // pages with candidates, in the order of the queue
	back   int               // pages that were looked for behind a link back

	learned *learner // of the host
}

func (v *visit) run(ctx context.Context) (err error) {
	if v.learned, err = v.learner(ctx, hostOf(v.queue[0].key)); err != nil {
		return err
	}
	if err := errors.Join(v.pages(ctx), v.save(ctx)); err != nil {
		return err
	}
	return v.judge(ctx)
}

// pages goes through the queue, which grows on the way.
func (v *visit) pages(ctx context.Context) error {
	for len(v.queue) > 0 {
		if v.spent() {
			v.count(func(row *rights.Sweep) { row.Left += len(v.queue) })
			return nil
		}
		t := v.queue[0]
		v.queue = v.queue[1:]
		before := len(v.queue)
		switch {
		case !v.seen[t.key]:
			v.seen[t.key] = true
			if err := v.page(trace.Start(ctx), t); err != nil {
				return err
			}
		case v.same[t.key]: // seen as a part of an article
			v.count(func(row *rights.Sweep) { row.Pages, row.Unchanged = row.Pages+1, row.Unchanged+1 })
		}
		v.step(t.url, len(v.queue)-before)
	}
	return nil
}

// also puts a page that the source does not name into the queue.
func (v *visit) also(key string) {
	if key != "" && !v.seen[key] && !slices.ContainsFunc(v.queue, func(t target) bool { return t.key == key }) {
		v.queue = append(v.queue, target{url: key, key: key})
	}
}

// page takes the steps up to the evidence.
func (v *visit) page(ctx context.Context, t target) error {
	prev, err := v.known(ctx, t.key)
	if err != nil {
		return err
	}
	v.count(func(row *rights.Sweep) { row.Pages++ })
	ex, same, err := v.fetch(ctx, t, prev)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		v.unread(ctx, t.url, err)
		return v.fault(ctx, prev, err)
	case same:
		return v.unchanged(ctx, prev, ex)
	case ex.Status < 200 || ex.Status > 299:
		return v.refused(ctx, prev, ex)
	}
	title, text, links := screen(ex)
	candidates, err := v.opt.Index.Candidates(ctx, fingerprints.Page{Title: title, Text: text, Links: anchors(links)})
	if err != nil {
		return err
	}
	if len(candidates) == 0 {
		return v.nothing(ctx, prev, ex, text)
	}
	v.count(func(row *rights.Sweep) { row.Candidates++ })
	v.opt.Log.DebugContext(ctx, "may be of ours", "url", t.url, "candidates", len(candidates))
	s, err := v.sheet(ctx, t.key, ex)
	if err != nil {
		return err
	}
	s.chars, s.candidates, s.visible = utf8.RuneCountInString(text), len(candidates), text
	if s, err = v.twin(ctx, s); err != nil {
		return err
	}
	s.url = v.identity(s)
	if err := v.take(ctx, reading{url: s.url, visible: s.visible, body: s.doc.Text, read: true, at: ex.FetchedAt}); err != nil {
		return err
	}
	v.seen[s.url] = true
	v.found = append(v.found, s)
	if prev.Of != s.url {
		v.also(prev.Of)
	}
	return v.goBack(ctx, prev, s)
}

// goBack notes that an article does not begin on a page, and looks for the page
// where it does.
func (v *visit) goBack(ctx context.Context, prev *rights.Page, s *sheet) error {
	if prev.Of != "" {
		whole, err := v.known(ctx, prev.Of)
		if err != nil {
			return err
		}
		s.later = slices.Contains(whole.Parts, prev.URL)
	}
	if key := previous(s); key != "" {
		s.later = true
		if v.back < maxBack {
			v.back++
			v.also(key)
		}
	}
	return nil
}

// known is what is kept of a page; of a new one its URL.
func (m *Monitor) known(ctx context.Context, key string) (*rights.Page, error) {
	page := &rights.Page{URL: key}
	err := m.opt.DB.View(ctx, func(tx *store.Tx) error {
		p, err := tx.Page(ctx, key)
		if err == nil {
			page = p
		}
		return err
	})
	if rights.KindOf(err) == rights.NotFound {
		err = nil
	}
	return page, err
}

// judged is by what pages under a URL are judged now: see rights.Page.Judged.
func (v *visit) judged(key string) string {
	basis := v.register + " " + v.opt.Policy.Version
	host := hostOf(key)
	if licensing.Within(v.opt.Config.OwnHosts, host) {
		basis += " own"
	}
	if l, ok := licensing.Covers(v.opt.Config.Licences, host, time.Now()); ok {
		basis += " " + l.ID
	}
	return basis
}

// fetch gets a page. The request is conditional, and same bytes count as such,
// only where the last look judged them by what holds now.
func (v *visit) fetch(ctx context.Context, t target, prev *rights.Page) (ex *fetch.Exchange, same bool, err error) {
	key := t.key
	if prev.Of != "" {
		key = prev.Of
	}
	if prev.Fault != "" || prev.Judged != v.judged(key) {
		ex, err = v.get(ctx, fetch.Request{URL: t.url})
		return ex, false, err
	}
	ex, err = v.get(ctx, fetch.Request{URL: t.url, ETag: prev.ETag, LastModified: prev.LastModified})
	if err != nil || !sameBytes(ex, prev) {
		return ex, false, err
	}
	for _, part := range prev.Parts {
		switch same, err := v.samePart(ctx, part); {
		case ctx.Err() != nil:
			return nil, false, ctx.Err()
		case err != nil:
			return nil, false, err
		case !same && ex.NotModified:
			ex, err = v.get(ctx, fetch.Request{URL: t.url})
			return ex, false, err
		case !same:
			return ex, false, nil
		}
	}
	return ex, true, nil
}

func sameBytes(ex *fetch.Exchange, prev *rights.Page) bool {
	return ex.NotModified || ex.Status == http.StatusOK && !ex.Truncated && ex.Digest == prev.Digest
}

// samePart reports whether the later part of an article is as it was. A part
// that cannot be had is not.
func (v *visit) samePart(ctx context.Context, key string) (bool, error) {
	if v.seen[key] {
		return v.same[key], nil
	}
	page, err := v.known(ctx, key)
	if err != nil {
		return false, err
	}
	ex, err := v.get(ctx, fetch.Request{URL: key, ETag: page.ETag, LastModified: page.LastModified})
	if err != nil || page.Fault != "" || !sameBytes(ex, page) {
		return false, nil //nolint:nilerr // the article is read anew, and says what is wrong
	}
	v.seen[key], v.same[key] = true, true
	return true, v.opt.DB.Update(ctx, func(tx *store.Tx) error {
		v.looked(page, ex)
		return tx.PutPage(ctx, page)
	})
}

// anchors are the links of a page as the index takes them.
func anchors(links []extract.Link) []fingerprints.Link {
	list := make([]fingerprints.Link, len(links))
	for i, l := range links {
		list[i] = fingerprints.Link(l)
	}
	return list
}
