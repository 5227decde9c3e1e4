package monitor

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"rightsdesk/internal/fetch"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

// What becomes of a page that is not judged. Each is one transaction.

// fault keeps why a page could not be read. What was known of it stays.
func (v *visit) fault(ctx context.Context, page *rights.Page, cause error) error {
	v.also(page.Of)
	v.failed(failure(cause))
	page.Fault = faultText(cause)
	return v.opt.DB.Update(ctx, func(tx *store.Tx) error {
		v.tried(page, tx.Now)
		return tx.PutPage(ctx, page)
	})
}

// refused keeps that the server gave no page. Where it says that there is none,
// the case on the URL learns it.
func (v *visit) refused(ctx context.Context, page *rights.Page, ex *fetch.Exchange) error {
	v.also(page.Of)
	v.opt.Log.InfoContext(ctx, "refused", "source", v.source.ID, "url", page.URL, "status", ex.Status)
	v.failed(failedStatus(ex.Status))
	page.Fault, page.Status = statusText(ex.Status), ex.Status
	var gone *absence
	if ex.Status == http.StatusNotFound || ex.Status == http.StatusGone {
		var err error
		if gone, err = v.absence(ctx, page.URL, ex, page.Fault); err != nil {
			return err
		}
	}
	return v.opt.DB.Update(ctx, func(tx *store.Tx) error {
		v.looked(page, ex)
		if err := errors.Join(tx.PutPage(ctx, page), v.blank(ctx, tx, cmp.Or(page.Of, page.URL))); err != nil {
			return err
		}
		return gone.note(ctx, tx)
	})
}

// unchanged keeps that a page is as it was at the last look.
func (v *visit) unchanged(ctx context.Context, page *rights.Page, ex *fetch.Exchange) error {
	v.opt.Log.DebugContext(ctx, "unchanged", "source", v.source.ID, "url", page.URL)
	v.count(func(row *rights.Sweep) { row.Unchanged++ })
	v.same[page.URL] = true
	if ex.NotModified {
		page.ETag, page.LastModified = cmp.Or(ex.ETag, page.ETag), cmp.Or(ex.LastModified, page.LastModified)
	} else {
		page.ETag, page.LastModified = ex.ETag, ex.LastModified
	}
	if page.Of != "" {
		whole, err := v.known(ctx, page.Of)
		if err != nil {
			return err
		}
		if slices.Contains(whole.Parts, page.URL) {
			v.also(page.Of) // the article that goes on here
		} else {
			v.seen[page.Of] = true
		}
	}
	return v.opt.DB.Update(ctx, func(tx *store.Tx) error {
		v.looked(page, ex)
		if err := tx.PutPage(ctx, page); err != nil {
			return err
		}
		return stillThere(ctx, tx, cmp.Or(page.Of, page.URL), ex.FetchedAt)
	})
}

// stillThere keeps when the text of a case was last seen.
func stillThere(ctx context.Context, tx *store.Tx, url string, at time.Time) error {
	seen, err := tx.CaseByURL(ctx, url)
	if rights.KindOf(err) == rights.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	c, err := tx.Case(ctx, seen.ID)
	if err != nil || c.GoneAt != nil || !at.After(c.LastSeen) {
		return err
	}
	c.LastSeen = at
	return tx.TouchCase(ctx, c)
}

// nothing keeps a page on which no article of ours is.
func (v *visit) nothing(ctx context.Context, prev *rights.Page, ex *fetch.Exchange, text string) error {
	final, err := fetch.Canonical(ex.FinalURL)
	if err != nil {
		return err
	}
	v.opt.Log.DebugContext(ctx, "nothing of ours", "source", v.source.ID, "url", final)
	if err := v.take(ctx, reading{url: final, visible: text, at: ex.FetchedAt}); err != nil {
		return err
	}
	v.seen[final] = true
	if prev.Of != final {
		v.also(prev.Of)
	}
	var gone *absence
	cut := cutText(ex.Cut)
	if cut == "" {
		if gone, err = v.absence(ctx, final, ex, "页面正文已不含涉案文字"); err != nil {
			return err
		}
	} else {
		v.failed(rights.FailedCut)
	}
	s := &sheet{asked: prev.URL, url: final, final: final, exchange: ex, chars: utf8.RuneCountInString(text)}
	return v.opt.DB.Update(ctx, func(tx *store.Tx) error {
		if err := v.putPages(ctx, tx, []*sheet{s}, kept{fault: cut}); err != nil {
			return err
		}
		return gone.note(ctx, tx)
	})
}

// absence is what a case is told when its text is gone.
type absence struct {
	url    string
	at     time.Time
	reason string
}

// absence keeps the exchange that shows that the text of a case is gone. It is
// nil where there is no case on the URL, or it knows already.
func (m *Monitor) absence(ctx context.Context, url string, ex *fetch.Exchange, why string) (*absence, error) {
	known, err := m.openCase(ctx, url)
	if err != nil || !known {
		return nil, err
	}
	ref, err := m.opt.Evidence.Put(ctx, ex)
	if err != nil {
		return nil, err
	}
	return &absence{url, ex.FetchedAt, onRecord(why, ref.RecordID)}, nil
}

// openCase reports whether there is a case on a URL whose text was there at the
// last look.
func (m *Monitor) openCase(ctx context.Context, url string) (known bool, err error) {
	err = m.opt.DB.View(ctx, func(tx *store.Tx) error {
		c, err := tx.CaseByURL(ctx, url)
		known = err == nil && c.GoneAt == nil
		return err
	})
	if rights.KindOf(err) == rights.NotFound {
		return false, nil
	}
	return known, err
}

// hasCase reports whether there is a case on a URL.
func (m *Monitor) hasCase(ctx context.Context, url string) (bool, error) {
	err := m.opt.DB.View(ctx, func(tx *store.Tx) error {
		_, err := tx.CaseByURL(ctx, url)
		return err
	})
	if rights.KindOf(err) == rights.NotFound {
		return false, nil
	}
	return err == nil, err
}

// note marks the case, once.
func (a *absence) note(ctx context.Context, tx *store.Tx) error {
	if a == nil {
		return nil
	}
	seen, err := tx.CaseByURL(ctx, a.url)
	if rights.KindOf(err) == rights.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	c, err := tx.Case(ctx, seen.ID)
	if err != nil || c.GoneAt != nil {
		return err
	}
	c.GoneAt = &a.at
	if err := tx.PutCase(ctx, c); err != nil {
		return err
	}
	system := rights.SystemActor()
	return tx.AddEvent(ctx, &rights.Event{Subject: c.ID, Action: "case.gone", Actor: system.Login, Name: system.Name, Reason: a.reason})
}

// looked notes that there was a look at a page, and what the site allowed.
func (s *sweep) looked(page *rights.Page, ex *fetch.Exchange) {
	s.tried(page, ex.FetchedAt)
	if ex.Status >= 200 && ex.Status < 300 && ex.Digest != page.Digest {
		page.Differs(ex.FetchedAt)
	} else {
		page.Same(ex.FetchedAt)
	}
	if !ex.NotModified {
		page.Mining, page.Drawn = ex.Mining, ex.View != nil
	}
	if ex.Robots != nil && ex.Robots.Exchange != nil {
		page.Robots = ex.Robots.Exchange.Digest
	}
}

// tried notes that a look at a page was tried.
func (s *sweep) tried(page *rights.Page, at time.Time) {
	page.SourceID, page.FetchedAt = s.source.ID, at
	page.Looks++
	if page.FirstSeen.IsZero() {
		page.FirstSeen = at
	}
}

func statusText(status int) string { return rights.Note("对方服务器返回 %d", status) }

// onRecord says what was seen, and in which records of the evidence that lies.
func onRecord(seen string, ids ...string) string {
	return rights.Note("%s，取证记录 %s", seen, strings.Join(ids, "、"))
}

// cutText says why a page was not seen to its end, by the words of WARC.
func cutText(cut string) string {
	switch cut {
	case "":
		return ""
	case "length":
		return "截断：页面过大，只取到前面的部分"
	case "time":
		return "截断：传输超时，只取到前面的部分"
	}
	return "截断：传输中断，只取到前面的部分"
}
