package monitor

import (
	"context"
	"net/http"
	"slices"

	"rightsdesk/internal/casework"
	"rightsdesk/internal/fetch"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

// Look looks at the page of a case now, keeps the evidence, and says whether
// the text is still there. A page that cannot be had or not to its end is an
// error of kind Unavailable: what nobody knows is not gone.
func (m *Monitor) Look(ctx context.Context, c *rights.Case) (casework.Sight, error) {
	ex, err := m.get(ctx, fetch.Request{URL: c.URL})
	if err != nil {
		if ctx.Err() != nil {
			return casework.Sight{}, err
		}
		return casework.Sight{}, rights.Errorf(rights.Unavailable, "无法复查涉案页面：%s", faultText(err)).Because(err)
	}
	switch {
	case ex.Status == http.StatusNotFound || ex.Status == http.StatusGone:
		ref, err := m.opt.Evidence.Put(ctx, ex)
		if err != nil {
			return casework.Sight{}, err
		}
		return casework.Sight{Detail: onRecord(statusText(ex.Status), ref.RecordID)}, nil
	case ex.Status < 200 || ex.Status > 299:
		ref, err := m.opt.Evidence.Put(ctx, ex)
		if err != nil {
			return casework.Sight{}, err
		}
		return casework.Sight{}, rights.Errorf(rights.Unavailable, "无法复查涉案页面：%s", onRecord(statusText(ex.Status), ref.RecordID))
	}
	return m.lookThrough(ctx, c, ex)
}

// lookThrough looks at a page that was received, through a browser where the page of
// the case needed one or there is nothing to read without. What the page shows without
// one is there; that it is not there takes a browser to say.
func (m *Monitor) lookThrough(ctx context.Context, c *rights.Case, ex *fetch.Exchange) (casework.Sight, error) {
	through, err := m.browsed(ctx, c)
	if err != nil {
		return casework.Sight{}, err
	}
	if !drawable(ex) || !through && !needsScripts(ex) {
		return m.lookAt(ctx, c, ex, m.get)
	}
	get := func(ctx context.Context, r fetch.Request) (*fetch.Exchange, error) {
		ex, err := m.get(ctx, r)
		if err != nil || !drawable(ex) {
			return ex, err
		}
		return m.draw(ctx, ex)
	}
	drawn, unseen := m.draw(ctx, ex)
	switch {
	case ctx.Err() != nil || unseen != nil && rights.KindOf(unseen) == rights.Internal:
		return casework.Sight{}, unseen
	case unseen == nil:
		return m.lookAt(ctx, c, drawn, get)
	}
	sight, err := m.lookAt(ctx, c, ex, m.get)
	if err == nil && !sight.Shown {
		return casework.Sight{}, rights.Errorf(rights.Unavailable, "无法复查涉案页面：%s", faultText(unseen)).Because(unseen)
	}
	return sight, err
}

// getter fetches a page.
type getter func(ctx context.Context, r fetch.Request) (*fetch.Exchange, error)

func (m *Monitor) lookAt(ctx context.Context, c *rights.Case, ex *fetch.Exchange, get getter) (casework.Sight, error) {
	first, err := m.sheet(ctx, c.URL, ex)
	if err != nil {
		return casework.Sight{}, err
	}
	_, first.visible, _ = screen(ex)
	chain, fault, err := m.follow(ctx, first, parts{get: get, have: func(string) (*sheet, bool) { return nil, false }})
	if err != nil {
		return casework.Sight{}, err
	}
	if err := m.opt.Index.Refresh(ctx); err != nil {
		return casework.Sight{}, err
	}
	l := newLook(chain)
	ids := make([]string, len(l.evidence))
	for i, e := range l.evidence {
		ids[i] = e.RecordID
	}
	found, err := m.findings(ctx, l, nil)
	if err != nil {
		return casework.Sight{}, err
	}
	for _, f := range found {
		if !f.LinkOnly && slices.Contains(c.Articles, f.Article) {
			return casework.Sight{Shown: true, Detail: onRecord("页面仍载有涉案文字", ids...), Digest: l.capture.Digest}, nil
		}
	}
	if fault == "" {
		fault = cutText(l.capture.Truncated)
	}
	if fault != "" {
		return casework.Sight{}, rights.Errorf(rights.Unavailable, "无法复查涉案页面：%s", fault)
	}
	return casework.Sight{Detail: onRecord("页面正文已不含涉案文字", ids...), Digest: l.capture.Digest}, nil
}

// Recheck looks at the page of a case with a notice out, and takes what it saw
// into the case. Where nobody could see, that is an outcome too.
func (m *Monitor) Recheck(ctx context.Context, caseID, step string) (rights.Outcome, error) {
	var c *rights.Case
	err := m.opt.DB.View(ctx, func(tx *store.Tx) (err error) {
		c, err = tx.Case(ctx, caseID)
		return err
	})
	if err != nil || c.State != rights.CaseSent && c.State != rights.CaseClosed {
		return "", err
	}
	sight, unseen := m.Look(ctx, c)
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	if unseen != nil && rights.KindOf(unseen) == rights.Internal {
		return "", unseen
	}
	return m.opt.Cases.Recheck(ctx, caseID, step, sight, unseen)
}
