package store

import (
	"context"
	"fmt"
	"time"

	"rightsdesk/internal/rights"
)

// AddImpact adds to what is counted of a host and day.
func (t *Tx) AddImpact(ctx context.Context, i *rights.Impact) error {
	_, err := t.exec(ctx, `INSERT INTO impacts (host, day, requests, bytes, forbidden, refused, failed, busy, slowest, shortest_rest)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (host, day) DO UPDATE SET requests = impacts.requests + excluded.requests, bytes = impacts.bytes + excluded.bytes,
		forbidden = impacts.forbidden + excluded.forbidden, refused = impacts.refused + excluded.refused,
		failed = impacts.failed + excluded.failed, busy = impacts.busy + excluded.busy,
		slowest = CASE WHEN excluded.slowest > impacts.slowest THEN excluded.slowest ELSE impacts.slowest END,
		shortest_rest = CASE WHEN impacts.shortest_rest = 0 OR excluded.shortest_rest > 0 AND excluded.shortest_rest < impacts.shortest_rest
			THEN excluded.shortest_rest ELSE impacts.shortest_rest END`,
		i.Host, i.Day, i.Requests, i.Bytes, i.Forbidden, i.Refused, i.Failed, int64(i.Busy), int64(i.Slowest), int64(i.ShortestRest))
	return err
}

// Impacts returns the days of a host, newest first.
func (t *Tx) Impacts(ctx context.Context, host string, limit int) ([]rights.Impact, error) {
	const query = `SELECT host, day, requests, bytes, forbidden, refused, failed, busy, slowest, shortest_rest FROM impacts WHERE host = $1 ORDER BY day DESC LIMIT $2`
	rows, err := t.tx.QueryContext(ctx, query, host, limit)
	if err != nil {
		return nil, fmt.Errorf("read the impact on a host: %w", err)
	}
	defer rows.Close()
	var list []rights.Impact
	for rows.Next() {
		var i rights.Impact
		var busy, slowest, rest int64
		if err := rows.Scan(&i.Host, &i.Day, &i.Requests, &i.Bytes, &i.Forbidden, &i.Refused, &i.Failed, &busy, &slowest, &rest); err != nil {
			return nil, fmt.Errorf("read the impact on a host: %w", err)
		}
		i.Busy, i.Slowest, i.ShortestRest = time.Duration(busy), time.Duration(slowest), time.Duration(rest)
		list = append(list, i)
	}
	return list, rows.Err()
}

// PutRobots keeps a robots.txt in the state in which it was first seen.
func (t *Tx) PutRobots(ctx context.Context, r *rights.Robots) error {
	doc, err := encode(r)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `INSERT INTO robots (url, status, sha256, doc) VALUES ($1, $2, $3, $4) ON CONFLICT (url, status, sha256) DO NOTHING`,
		r.URL, r.Status, r.SHA256, doc)
	return err
}

// Robots returns the robots.txt of a URL in the state with this answer and hash.
func (t *Tx) Robots(ctx context.Context, url string, status int, sha256 string) (*rights.Robots, error) {
	return one[rights.Robots](ctx, t, missing("没有该 robots.txt 的记录：%s", url),
		`SELECT doc FROM robots WHERE url = $1 AND status = $2 AND sha256 = $3`, url, status, sha256)
}
