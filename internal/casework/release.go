package casework

import (
	"context"
	"strings"

	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

// mostQuarantined is how many matches of one page are released at once.
const mostQuarantined = 1000

// Release lets a page out of quarantine because a person says so, and returns
// its case: what the newest look found there is filed as it would have been at
// once; older looks join.
func (c *Cases) Release(ctx context.Context, by rights.Actor, sourceID, url, reason string) (*rights.Case, error) {
	if err := staff(by); err != nil {
		return nil, err
	}
	var opened *rights.Case
	err := c.opt.DB.Update(ctx, func(tx *store.Tx) error {
		list, err := tx.Quarantined(ctx, sourceID, url, mostQuarantined)
		if err != nil {
			return err
		}
		if url == "" || len(list) == 0 {
			return rights.Errorf(rights.Conflict, "该页面不在暂不立案之列，或者已经有人放行")
		}
		said := rights.Note("放行：%s。%s", url, list[0].Quarantine)
		if reason = strings.TrimSpace(reason); reason != "" {
			said = rights.Note("放行：%s。%s。理由：%s", url, list[0].Quarantine, reason)
		}
		if opened, err = c.release(ctx, tx, list, filing{actor: by, reason: said}); err != nil {
			return err
		}
		return tx.AddEvent(ctx, &rights.Event{Subject: sourceID, Action: "page.released", Actor: by.Login, Name: by.Name, To: opened.ID, Reason: said})
	})
	return opened, err
}

// release files matches of one page, the newest first.
func (c *Cases) release(ctx context.Context, tx *store.Tx, list []rights.Match, f filing) (*rights.Case, error) {
	source, err := tx.Source(ctx, list[0].SourceID)
	switch {
	case err == nil:
		f.operator = source.Operator
	case rights.KindOf(err) != rights.NotFound:
		return nil, err
	}
	for i := range list {
		m := &list[i]
		if err := c.fileReleased(ctx, tx, m, list[0].Capture.Digest, f); err != nil {
			return nil, err
		}
		m.ReleasedBy, m.ReleasedAt = f.actor.Name, &tx.Now
		if err := tx.PutMatch(ctx, m); err != nil {
			return nil, err
		}
	}
	return tx.CaseByURL(ctx, list[0].URL)
}

// fileReleased opens the case of a page with its first match; others of the
// newest look, which has the digest, join it as they would have; those of older
// looks are only put on file.
func (c *Cases) fileReleased(ctx context.Context, tx *store.Tx, m *rights.Match, newest string, f filing) error {
	k, err := tx.CaseByURL(ctx, m.URL)
	switch {
	case rights.KindOf(err) == rights.NotFound:
		return c.add(ctx, tx, m, f)
	case err != nil:
		return err
	case m.Capture.Digest != newest:
		m.CaseID = k.ID
		return nil
	}
	if k, err = tx.Case(ctx, k.ID); err != nil {
		return err
	}
	return join(ctx, tx, k, m, f.operator)
}
