package monitor

import (
	"context"
	"errors"
	"time"

	"rightsdesk/internal/fetch"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

// get fetches a page by the rules of the source, and has it drawn where it is to be.
func (s *sweep) get(ctx context.Context, r fetch.Request) (*fetch.Exchange, error) {
	r.Rest = time.Duration(s.source.Rules.RestSeconds) * time.Second
	ex, err := s.Monitor.get(ctx, r)
	if err != nil {
		return nil, err
	}
	s.count(func(row *rights.Sweep) {
		row.Fetched++
		row.Bytes += wire(ex)
	})
	return s.drawn(ctx, ex)
}

// get fetches a page and keeps what that was to the host.
func (m *Monitor) get(ctx context.Context, r fetch.Request) (*fetch.Exchange, error) {
	ex, err := m.opt.Fetcher.Get(ctx, r)
	if e := m.keepImpact(context.WithoutCancel(ctx)); e != nil {
		return nil, errors.Join(err, e)
	}
	return ex, err
}

func (m *Monitor) keepImpact(ctx context.Context) error {
	list := m.opt.Fetcher.Impacts()
	if len(list) == 0 {
		return nil
	}
	return m.opt.DB.Update(ctx, func(tx *store.Tx) error {
		for i := range list {
			if err := tx.AddImpact(ctx, &list[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

// robots is the robots.txt that allowed an exchange. One in a state that was not
// seen before becomes evidence.
func (m *Monitor) robots(ctx context.Context, ex *fetch.Exchange) (*rights.Robots, error) {
	if ex.Robots == nil || ex.Robots.Exchange == nil {
		return nil, nil
	}
	file := ex.Robots.Exchange
	var known *rights.Robots
	err := m.opt.DB.View(ctx, func(tx *store.Tx) (err error) {
		known, err = tx.Robots(ctx, file.URL, file.Status, file.Digest)
		return err
	})
	if rights.KindOf(err) != rights.NotFound {
		return known, err
	}
	ref, err := m.opt.Evidence.Put(ctx, file)
	if err != nil {
		return nil, err
	}
	r := &rights.Robots{URL: file.URL, Status: file.Status, SHA256: file.Digest, Evidence: rights.Evidence(ref)}
	return r, m.opt.DB.Update(ctx, func(tx *store.Tx) error { return tx.PutRobots(ctx, r) })
}
