package monitor

import (
	"context"
	"crypto/sha256"
	"encoding/binary"

	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

// kept is what was found on a page, for its row.
type kept struct {
	fault   string
	matches int
}

// putPages writes the rows of an article's pages: the one under which it is
// judged, the one that was asked for, and the parts.
func (v *visit) putPages(ctx context.Context, tx *store.Tx, chain []*sheet, k kept) error {
	first := chain[0]
	var parts []string
	for _, s := range chain[1:] {
		parts = append(parts, s.asked)
	}
	for i, s := range chain {
		keys := []string{s.asked}
		if i == 0 && s.asked != s.url {
			keys = append(keys, s.url)
		}
		for _, key := range keys {
			page, err := tx.Page(ctx, key)
			if rights.KindOf(err) == rights.NotFound {
				page, err = &rights.Page{URL: key}, nil
			}
			if err != nil {
				return err
			}
			v.fill(page, s, first.url)
			if i == 0 {
				page.Parts, page.Matches, page.Fault = parts, k.matches, k.fault
			}
			if err := tx.PutPage(ctx, page); err != nil {
				return err
			}
		}
	}
	return nil
}

func (v *visit) fill(page *rights.Page, s *sheet, of string) {
	v.looked(page, s.exchange)
	page.Of, page.Parts, page.Judged, page.Fault = "", nil, v.judged(of), ""
	if page.URL != of {
		page.Of = of
	}
	page.Status, page.Digest, page.Chars, page.Candidates = s.exchange.Status, s.exchange.Digest, s.chars, s.candidates
	page.ETag, page.LastModified = "", ""
	if page.URL == s.asked {
		page.ETag, page.LastModified = s.exchange.ETag, s.exchange.LastModified
	}
}

// file keeps one match: a case where the verdict opens one and the page is not
// in quarantine, the match, and its seal in the record. A match of the same bytes
// that was judged alike is left as it is.
func (v *visit) file(ctx context.Context, tx *store.Tx, l *look, m *rights.Match) (added, opened bool, err error) {
	known, err := tx.MatchOf(ctx, m.URL, m.ArticleID, m.Capture.Digest)
	if err != nil && rights.KindOf(err) != rights.NotFound {
		return false, false, err
	}
	if m.Quarantine, err = v.quarantine(ctx, tx, m, l); err != nil {
		return false, false, err
	}
	if m.Quarantine == "" {
		if opened, err = v.opt.Cases.Open(ctx, tx, m, v.source.Operator); err != nil {
			return false, false, err
		}
	}
	switch {
	case known == nil:
		if added, err = tx.AddMatch(ctx, m); err != nil || !added {
			return added, opened, err
		}
	case known.Verdict.Rule == m.Verdict.Rule && known.Verdict.PolicyVersion == m.Verdict.PolicyVersion && known.Quarantined() == m.Quarantined():
		m.ID = known.ID
		return false, opened, nil
	default: // the same bytes under another licence, or other rules or owners
		m.ID = known.ID
		if known.ReleasedAt != nil {
			m.Quarantine, m.ReleasedBy, m.ReleasedAt = known.Quarantine, known.ReleasedBy, known.ReleasedAt
		}
		if m.CaseID == "" {
			m.CaseID = known.CaseID
		}
		if err := tx.PutMatch(ctx, m); err != nil {
			return false, false, err
		}
	}
	if v.opt.Pictures && m.CaseID != "" {
		for _, e := range m.Evidence {
			if e.Drawn != nil { // its picture is there
				continue
			}
			if err := tx.EnqueuePicture(ctx, v.machine, m.CaseID, e); err != nil {
				return false, false, err
			}
		}
	}
	seal, err := m.Seal()
	if err != nil {
		return false, false, err
	}
	system := rights.SystemActor()
	return added, opened, tx.AddEvent(ctx, &rights.Event{
		Subject: m.Subject(), Action: "match.found", Actor: system.Login, Name: system.Name, To: m.CaseID, Reason: seal,
	})
}

// sampled picks one in twenty of the automatic closures, always the same.
func sampled(url, articleID string) bool {
	sum := sha256.Sum256([]byte(url + "\x00" + articleID))
	return binary.BigEndian.Uint64(sum[:8])%20 == 0
}
