package store

import (
	"context"

	"rightsdesk/internal/rights"
)

// Source returns the source with this ID.
func (t *Tx) Source(ctx context.Context, id string) (*rights.Source, error) {
	return one[rights.Source](ctx, t, missing("没有编号为 %s 的监测来源", id), `SELECT doc FROM sources WHERE id = $1`, id)
}

// Sources returns every source in the order of their IDs.
func (t *Tx) Sources(ctx context.Context) ([]rights.Source, error) {
	return many[rights.Source](ctx, t, `SELECT doc FROM sources ORDER BY id`)
}

// PutSource inserts or replaces a source.
func (t *Tx) PutSource(ctx context.Context, s *rights.Source) error {
	if s.CreatedAt.IsZero() {
		s.CreatedAt = t.Now
	}
	doc, err := encode(s)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `INSERT INTO sources (id, origin, doc) VALUES ($1, $2, $3)
		ON CONFLICT (id) DO UPDATE SET origin = excluded.origin, doc = excluded.doc`, s.ID, string(s.Origin), doc)
	return err
}

// DeleteSource stops watching a source. Its pages, matches and cases stay.
func (t *Tx) DeleteSource(ctx context.Context, id string) error {
	n, err := t.exec(ctx, `DELETE FROM sources WHERE id = $1`, id)
	if err == nil && n == 0 {
		return missing("没有编号为 %s 的监测来源", id)
	}
	return err
}

// PutSweep inserts a sweep, giving it an ID, or replaces it.
func (t *Tx) PutSweep(ctx context.Context, s *rights.Sweep) error {
	if s.ID == 0 {
		id, err := t.next(ctx, "sweep")
		if err != nil {
			return err
		}
		s.ID = id
	}
	doc, err := encode(s)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `INSERT INTO sweeps (id, source_id, started_at, doc) VALUES ($1, $2, $3, $4)
		ON CONFLICT (id) DO UPDATE SET doc = excluded.doc`, s.ID, s.SourceID, micros(s.StartedAt), doc)
	return err
}

// Sweeps returns the newest sweeps of a source, or of all where it is empty.
func (t *Tx) Sweeps(ctx context.Context, sourceID string, limit int) ([]rights.Sweep, error) {
	return many[rights.Sweep](ctx, t, `SELECT doc FROM sweeps WHERE $1 = '' OR source_id = $1 ORDER BY started_at DESC, id DESC LIMIT $2`, sourceID, limit)
}

// SweepList returns a part of the sweeps of a source, newest first, and how many
// there are.
func (t *Tx) SweepList(ctx context.Context, sourceID string, limit, offset int) ([]rights.Sweep, int, error) {
	n, err := t.count(ctx, `SELECT COUNT(*) FROM sweeps WHERE source_id = $1`, sourceID)
	if err != nil {
		return nil, 0, err
	}
	list, err := many[rights.Sweep](ctx, t, `SELECT doc FROM sweeps WHERE source_id = $1 ORDER BY started_at DESC, id DESC LIMIT $2 OFFSET $3`, sourceID, limit, offset)
	return list, n, err
}

// Page returns what is known of a canonical URL.
func (t *Tx) Page(ctx context.Context, url string) (*rights.Page, error) {
	return one[rights.Page](ctx, t, missing("没有该网址的记录：%s", url), `SELECT doc FROM pages WHERE url = $1`, url)
}

// PutPage inserts or replaces a page.
func (t *Tx) PutPage(ctx context.Context, p *rights.Page) error {
	doc, err := encode(p)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `INSERT INTO pages (url, source_id, fetched_at, doc) VALUES ($1, $2, $3, $4)
		ON CONFLICT (url) DO UPDATE SET source_id = excluded.source_id, fetched_at = excluded.fetched_at, doc = excluded.doc`,
		p.URL, p.SourceID, micros(p.FetchedAt), doc)
	return err
}

// Pages returns the pages of a source in the order of their URLs.
func (t *Tx) Pages(ctx context.Context, sourceID string) ([]rights.Page, error) {
	return many[rights.Page](ctx, t, `SELECT doc FROM pages WHERE source_id = $1 ORDER BY url`, sourceID)
}

// PageList returns a part of the pages of a source in the order of their URLs,
// and how many there are.
func (t *Tx) PageList(ctx context.Context, sourceID string, limit, offset int) ([]rights.Page, int, error) {
	n, err := t.count(ctx, `SELECT COUNT(*) FROM pages WHERE source_id = $1`, sourceID)
	if err != nil {
		return nil, 0, err
	}
	list, err := many[rights.Page](ctx, t, `SELECT doc FROM pages WHERE source_id = $1 ORDER BY url LIMIT $2 OFFSET $3`, sourceID, limit, offset)
	return list, n, err
}
