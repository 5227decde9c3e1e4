package store

import (
	"context"
	"fmt"
	"time"

	"rightsdesk/internal/rights"
)

// Lines returns the lines of a host that stand on so many pages or more, those
// on most pages first.
func (t *Tx) Lines(ctx context.Context, host string, pages int) ([]rights.Line, error) {
	rows, err := t.tx.QueryContext(ctx, `SELECT hash, pages, beside, inside, since, first_seen, last_seen, first_url, second_url, text
		FROM lines WHERE host = $1 AND pages >= $2 ORDER BY pages DESC, first_seen, hash`, host, pages)
	if err != nil {
		return nil, fmt.Errorf("read the lines of a host: %w", err)
	}
	defer rows.Close()
	var list []rights.Line
	for rows.Next() {
		l := rights.Line{Host: host, URLs: []string{""}}
		var first, last int64
		var second string
		if err := rows.Scan(&l.Hash, &l.Pages, &l.Beside, &l.Inside, &l.Since, &first, &last, &l.URLs[0], &second, &l.Text); err != nil {
			return nil, fmt.Errorf("read the lines of a host: %w", err)
		}
		if second != "" {
			l.URLs = append(l.URLs, second)
		}
		l.FirstSeen, l.LastSeen = time.UnixMicro(first).UTC(), time.UnixMicro(last).UTC()
		list = append(list, l)
	}
	return list, rows.Err()
}

// CountLine adds the pages on which a line was seen to what is known of it: what
// l counts is added, the rest of a line that is known stays.
func (t *Tx) CountLine(ctx context.Context, l *rights.Line) error {
	urls := append(append([]string{}, l.URLs...), "", "")
	_, err := t.exec(ctx, `INSERT INTO lines (host, hash, pages, beside, inside, since, first_seen, last_seen, first_url, second_url, text)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		ON CONFLICT (host, hash) DO UPDATE SET pages = lines.pages + excluded.pages, beside = lines.beside + excluded.beside,
			inside = lines.inside + excluded.inside, last_seen = excluded.last_seen,
			second_url = CASE WHEN lines.second_url = '' AND lines.first_url <> excluded.first_url THEN excluded.first_url ELSE lines.second_url END`,
		l.Host, l.Hash, l.Pages, l.Beside, l.Inside, l.Since, micros(l.FirstSeen), micros(l.LastSeen), urls[0], urls[1], l.Text)
	return err
}

// TrimLines forgets the counts of the rarest lines of a host, of these the ones
// that were not seen for longest, until most are left. Lines on keep pages or
// more stay.
func (t *Tx) TrimLines(ctx context.Context, host string, keep, most int) error {
	n, err := t.count(ctx, `SELECT COUNT(*) FROM lines WHERE host = $1`, host)
	if err != nil || n <= most {
		return err
	}
	_, err = t.exec(ctx, `DELETE FROM lines WHERE host = $1 AND hash IN
		(SELECT hash FROM lines WHERE host = $1 AND pages < $2 ORDER BY pages, last_seen LIMIT $3)`, host, keep, n-most)
	return err
}
