package store

import (
	"context"

	"rightsdesk/internal/rights"
)

// AddRoot keeps a root, once, and reports whether this call was the one.
func (t *Tx) AddRoot(ctx context.Context, r *rights.Root) (bool, error) {
	doc, err := encode(r)
	if err != nil {
		return false, err
	}
	n, err := t.exec(ctx, `INSERT INTO roots (size, doc) VALUES ($1, $2) ON CONFLICT (size) DO NOTHING`, r.Size, doc)
	return n > 0, err
}

// LastRoot returns the root over the most entries.
func (t *Tx) LastRoot(ctx context.Context) (*rights.Root, error) {
	return one[rights.Root](ctx, t, missing("操作记录尚未签名"), `SELECT doc FROM roots ORDER BY size DESC LIMIT 1`)
}

// Root returns the root over so many entries.
func (t *Tx) Root(ctx context.Context, size int64) (*rights.Root, error) {
	return one[rights.Root](ctx, t, missing("没有前 %d 条操作记录的签名", size), `SELECT doc FROM roots WHERE size = $1`, size)
}

// Roots returns all roots in the order of their sizes.
func (t *Tx) Roots(ctx context.Context) ([]rights.Root, error) {
	return many[rights.Root](ctx, t, `SELECT doc FROM roots ORDER BY size`)
}
