package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"rightsdesk/internal/rights"
)

// OwnPages counts the pages of a host that count for their lines.
func (t *Tx) OwnPages(ctx context.Context, host string) (int, error) {
	return t.count(ctx, `SELECT COUNT(*) FROM page_texts WHERE host = $1 AND own`, host)
}

// PageText returns what is kept of the text of a canonical URL.
func (t *Tx) PageText(ctx context.Context, url string) (*rights.PageText, error) {
	p := rights.PageText{URL: url}
	err := t.tx.QueryRowContext(ctx, `SELECT host, own, body_read, body, screen FROM page_texts WHERE url = $1`, url).Scan(&p.Host, &p.Own, &p.Read, &p.Body, &p.Screen)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, missing("没有该网址的记录：%s", url)
	}
	if err != nil {
		return nil, fmt.Errorf("read the text of a page: %w", err)
	}
	return &p, nil
}

// PutPageText inserts or replaces what is kept of the text of a page.
func (t *Tx) PutPageText(ctx context.Context, p *rights.PageText) error {
	_, err := t.exec(ctx, `INSERT INTO page_texts (url, host, own, body_read, body, screen) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (url) DO UPDATE SET host = excluded.host, own = excluded.own, body_read = excluded.body_read, body = excluded.body, screen = excluded.screen`,
		p.URL, p.Host, p.Own, p.Read, p.Body, p.Screen)
	return err
}

// SameBody returns the URLs of the host's pages whose body has a digest, in
// order.
func (t *Tx) SameBody(ctx context.Context, host, digest string) ([]string, error) {
	return t.urls(ctx, `SELECT url FROM page_texts WHERE host = $1 AND body = $2 ORDER BY url`, host, digest)
}

// SameScreen is the same of the digest of all visible text.
func (t *Tx) SameScreen(ctx context.Context, host, digest string) ([]string, error) {
	return t.urls(ctx, `SELECT url FROM page_texts WHERE host = $1 AND screen = $2 ORDER BY url`, host, digest)
}

func (t *Tx) urls(ctx context.Context, query string, args ...any) ([]string, error) {
	rows, err := t.tx.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", verb(query), err)
	}
	defer rows.Close()
	var list []string
	for rows.Next() {
		var url string
		if err := rows.Scan(&url); err != nil {
			return nil, fmt.Errorf("%s: %w", verb(query), err)
		}
		list = append(list, url)
	}
	return list, rows.Err()
}
