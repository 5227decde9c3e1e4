package notary

import (
	"context"
	"fmt"
	"strings"
	"time"

	"rightsdesk/internal/evidence"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

// Discard has a sealed file of evidence removed, from this machine's folder and from
// the storage, by a person's decision, which is entered into the record of events
// first. Its seal, its time stamps and its lines of the manifest stay, and so can be
// shown what was removed and by whom. Where it was cut off it is to be called again,
// and removes what is left.
//
// A file is refused as long as a case that stands on it, or on a page of which it has a
// look, did not end [rights.KeepEvidenceYears] years ago: until then the paper may sue
// (Civil Code of China, article 188).
func (n *Notary) Discard(ctx context.Context, by rights.Actor, file, reason string) (*evidence.Decision, error) {
	if by.Role != rights.RoleCounsel {
		return nil, rights.Errorf(rights.Forbidden, "只有法务可以决定销毁证据")
	}
	if reason = strings.TrimSpace(reason); reason == "" {
		return nil, rights.Errorf(rights.Invalid, "请写明销毁证据的理由")
	}
	if !n.opt.Evidence.Has(file) && !n.opt.Evidence.Has(evidence.DecisionName(file)) {
		return nil, rights.Errorf(rights.NotFound, "证据文件不存在：%s", file)
	}
	urls, err := n.opt.Evidence.URLs(file)
	if err != nil {
		return nil, err
	}
	var d *evidence.Decision
	err = n.opt.DB.Update(ctx, func(tx *store.Tx) error {
		if d, err = decided(ctx, tx, file); err != nil || d != nil {
			return err
		}
		if err := unneeded(ctx, tx, file, urls); err != nil {
			return err
		}
		seal, err := tx.Seal(ctx, evidenceSubject+file)
		if err != nil {
			return err
		}
		d = &evidence.Decision{File: file, SHA256: seal.SHA256, By: by.Login, Name: by.Name, At: tx.Now.UTC(), Reason: reason}
		return tx.AddEvent(ctx, &rights.Event{
			Subject: evidenceSubject + file, Action: rights.ActionDiscarded, Actor: d.By, Name: d.Name, To: d.SHA256, Reason: d.Reason,
		})
	})
	if err != nil {
		return nil, err
	}
	if err := n.opt.Evidence.Discard(*d); err != nil || n.opt.Vault == nil {
		return d, err
	}
	return d, n.opt.Vault.Remove(ctx, file)
}

// decided is the decision on a file in the record of events, nil where there is none.
func decided(ctx context.Context, tx *store.Tx, file string) (*evidence.Decision, error) {
	e, err := tx.Discarded(ctx, file)
	if err != nil || e == nil {
		return nil, err
	}
	return &evidence.Decision{File: file, SHA256: e.To, By: e.Actor, Name: e.Name, At: e.At.UTC(), Reason: e.Reason}, nil
}

// unneeded refuses a file as long as a case may need it.
func unneeded(ctx context.Context, tx *store.Tx, file string, urls map[string]bool) error {
	const page = 500
	for at := 0; ; at += page {
		cases, _, err := tx.Cases(ctx, store.CaseFilter{Limit: page, Offset: at})
		if err != nil {
			return err
		}
		for i := range cases {
			if ended(&cases[i], tx.Now) {
				continue
			}
			needed, err := stands(ctx, tx, &cases[i], file, urls)
			if err != nil {
				return err
			}
			if needed {
				return rights.Errorf(rights.Conflict, "案件 %s 还没有办结满 %d 年，证据文件 %s 不能销毁", cases[i].ID, rights.KeepEvidenceYears, file)
			}
		}
		if len(cases) < page {
			return nil
		}
	}
}

// ended reports whether a case ended long enough ago.
func ended(c *rights.Case, now time.Time) bool {
	var last *rights.Act
	switch c.State { //nolint:exhaustive // the others go on
	case rights.CaseClosed:
		last = c.Closed
	case rights.CaseCleared:
		last = c.Cleared
	default:
		return false
	}
	return last != nil && last.At.AddDate(rights.KeepEvidenceYears, 0, 0).Before(now)
}

// stands reports whether a case stands on a file, or on a page that it has.
func stands(ctx context.Context, tx *store.Tx, c *rights.Case, file string, urls map[string]bool) (bool, error) {
	if urls[c.URL] {
		return true, nil
	}
	matches, err := tx.Matches(ctx, store.MatchFilter{CaseID: c.ID})
	for _, m := range matches {
		if urls[m.URL] {
			return true, nil
		}
		for _, e := range m.Evidence {
			if e.File == file || urls[e.URL] {
				return true, nil
			}
		}
	}
	return false, err
}

// verifyDecisions holds the decisions beside the evidence to those in the record of
// events.
func (v *verifier) verifyDecisions(ctx context.Context, tx *store.Tx) error {
	list, err := evidence.Decisions(v.Dir)
	if err != nil {
		return err
	}
	for _, have := range list {
		d, err := decided(ctx, tx, have.File)
		if err != nil {
			return err
		}
		if d != nil && d.At.Equal(have.At) {
			d.At = have.At
		}
		if d == nil || *d != have {
			v.report(evidenceSubject+have.File, fmt.Sprintf("a decision of %s to remove it lies there, and no such decision is in the record of events", have.By))
		}
	}
	return nil
}
