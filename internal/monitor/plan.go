package monitor

import (
	"cmp"
	"context"
	"slices"
	"time"

	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

const sampleShown = 20 // pages of a dry run that are named

// plan leaves of the targets those that the sweep looks at: what is due, and of
// that no more than the budget, new pages first, then those whose last look is
// longest ago.
func (s *sweep) plan(ctx context.Context, targets []target) ([]target, error) {
	known := map[string]*rights.Page{}
	err := s.opt.DB.View(ctx, func(tx *store.Tx) error {
		pages, err := tx.Pages(ctx, s.source.ID)
		for i := range pages {
			known[pages[i].URL] = &pages[i]
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	now, days := time.Now(), cmp.Or(s.source.Rules.WatchDays, rights.DefaultWatchDays)
	var due []target
	for _, t := range targets {
		if page, ok := known[t.key]; s.row.Mode == rights.SweepAll || !ok || page.Due(now, days) {
			due = append(due, t)
		}
	}
	resting := len(targets) - len(due)
	if limit := s.maxPages(); len(due) > limit {
		slices.SortStableFunc(due, func(a, b target) int { return last(known[a.key]).Compare(last(known[b.key])) })
		s.count(func(row *rights.Sweep) { row.Left = len(due) - limit })
		due = due[:limit]
	}
	s.count(func(row *rights.Sweep) { row.Named, row.Resting = len(targets), resting })
	return due, nil
}

func last(page *rights.Page) time.Time {
	if page == nil {
		return time.Time{}
	}
	return page.FetchedAt
}

func (s *sweep) maxPages() int { return cmp.Or(s.source.Rules.MaxPages, rights.DefaultMaxPages) }

// spent reports whether the budget of the sweep is used up.
func (s *sweep) spent() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	limit := s.source.Rules.MaxBytes
	return s.row.Pages >= s.maxPages() || limit > 0 && s.row.Bytes >= limit
}

// tell names the first pages that a dry run would look at.
func (s *sweep) tell(targets []target) {
	s.count(func(row *rights.Sweep) {
		for _, t := range targets[:min(len(targets), sampleShown)] {
			row.Sample = append(row.Sample, t.url)
		}
	})
}
