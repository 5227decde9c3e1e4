package store

import (
	"context"

	"rightsdesk/internal/rights"
)

// AddMatch gives the match an ID and inserts it. Where the same article was
// already seen on the same bytes of the same page, it reports false and
// changes nothing.
func (t *Tx) AddMatch(ctx context.Context, m *rights.Match) (bool, error) {
	n, err := t.count(ctx, `SELECT COUNT(*) FROM matches WHERE url = $1 AND article_id = $2 AND digest = $3`, m.URL, m.ArticleID, m.Capture.Digest)
	if err != nil || n > 0 {
		return false, err
	}
	if m.ID, err = t.next(ctx, "match"); err != nil {
		return false, err
	}
	doc, err := encode(m)
	if err != nil {
		return false, err
	}
	rows, err := t.exec(ctx, `INSERT INTO matches (id, url, article_id, digest, case_id, sampled, quarantined_in, seen_at, doc)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (url, article_id, digest) DO NOTHING`,
		m.ID, m.URL, m.ArticleID, m.Capture.Digest, m.CaseID, m.Sampled, quarantinedIn(m), micros(m.SeenAt), doc)
	return rows == 1, err
}

// PutMatch replaces a match.
func (t *Tx) PutMatch(ctx context.Context, m *rights.Match) error {
	doc, err := encode(m)
	if err != nil {
		return err
	}
	n, err := t.exec(ctx, `UPDATE matches SET case_id = $2, sampled = $3, quarantined_in = $4, doc = $5 WHERE id = $1`, m.ID, m.CaseID, m.Sampled, quarantinedIn(m), doc)
	if err == nil && n == 0 {
		return missing("没有编号为 %d 的比对结果", m.ID)
	}
	return err
}

// quarantinedIn is the source on whose page a match waits for a person, or
// empty.
func quarantinedIn(m *rights.Match) string {
	if m.Quarantined() {
		return m.SourceID
	}
	return ""
}

// Quarantined returns the matches on pages of a source that wait for a person to
// release them, on one URL or where it is empty on all, by URL, the newest first.
func (t *Tx) Quarantined(ctx context.Context, sourceID, url string, limit int) ([]rights.Match, error) {
	return many[rights.Match](ctx, t, `SELECT doc FROM matches WHERE quarantined_in = $1 AND ($2 = '' OR url = $2) ORDER BY url, seen_at DESC, id DESC LIMIT $3`+t.lock, sourceID, url, limit)
}

// CountQuarantined counts the pages of a source with such matches.
func (t *Tx) CountQuarantined(ctx context.Context, sourceID string) (int, error) {
	return t.count(ctx, `SELECT COUNT(DISTINCT url) FROM matches WHERE quarantined_in = $1`, sourceID)
}

// Match returns the match with this ID.
func (t *Tx) Match(ctx context.Context, id int64) (*rights.Match, error) {
	return one[rights.Match](ctx, t, missing("没有编号为 %d 的比对结果", id), `SELECT doc FROM matches WHERE id = $1`, id)
}

// MatchOf returns the match of an article on the bytes of a page.
func (t *Tx) MatchOf(ctx context.Context, url, articleID, digest string) (*rights.Match, error) {
	return one[rights.Match](ctx, t, missing("该网址没有稿件 %s 的比对结果", articleID),
		`SELECT doc FROM matches WHERE url = $1 AND article_id = $2 AND digest = $3`, url, articleID, digest)
}

// MatchFilter selects matches; zero fields do not filter.
type MatchFilter struct {
	CaseID, URL, ArticleID string
	Limit, Offset          int
}

// Matches returns the matches of a filter, newest first.
func (t *Tx) Matches(ctx context.Context, f MatchFilter) ([]rights.Match, error) {
	if f.Limit == 0 {
		f.Limit = 1000
	}
	return many[rights.Match](ctx, t, `SELECT doc FROM matches WHERE ($1 = '' OR case_id = $1) AND ($2 = '' OR url = $2)
		AND ($3 = '' OR article_id = $3) ORDER BY seen_at DESC, id DESC LIMIT $4 OFFSET $5`, f.CaseID, f.URL, f.ArticleID, f.Limit, f.Offset)
}

// CountMatches returns how many matches a filter selects without its limit and
// offset.
func (t *Tx) CountMatches(ctx context.Context, f MatchFilter) (int, error) {
	return t.count(ctx, `SELECT COUNT(*) FROM matches WHERE ($1 = '' OR case_id = $1) AND ($2 = '' OR url = $2)
		AND ($3 = '' OR article_id = $3)`, f.CaseID, f.URL, f.ArticleID)
}

// Samples returns the sampled automatic closures that nobody has looked at.
func (t *Tx) Samples(ctx context.Context, limit int) ([]rights.Match, error) {
	return many[rights.Match](ctx, t, `SELECT doc FROM matches WHERE sampled ORDER BY seen_at DESC, id DESC LIMIT $1`, limit)
}

// CaseMatches returns of every article the newest match of a case that was seen
// with this digest, or else the newest there is.
func (t *Tx) CaseMatches(ctx context.Context, caseID, digest string) ([]rights.Match, error) {
	const newest = `SELECT MAX(n.id) FROM matches n WHERE n.case_id = $1 AND n.article_id = m.article_id`
	return many[rights.Match](ctx, t, `SELECT doc FROM matches m WHERE m.case_id = $1
		AND m.id = COALESCE((`+newest+` AND n.digest = $2), (`+newest+`)) ORDER BY m.id`, caseID, digest)
}
