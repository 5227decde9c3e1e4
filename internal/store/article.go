package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"rightsdesk/internal/rights"
)

// Article returns the article with this ID.
func (t *Tx) Article(ctx context.Context, id string) (*rights.Article, error) {
	return one[rights.Article](ctx, t, missing("没有编号为 %s 的稿件", id), `SELECT doc FROM articles WHERE id = $1`, id)
}

// ArticleAt returns the article with this ID as it stood at an instant, or as it
// was first registered where that was later.
func (t *Tx) ArticleAt(ctx context.Context, id string, at time.Time) (*rights.Article, error) {
	a, err := one[rights.Article](ctx, t, missing("没有编号为 %s 的稿件", id),
		`SELECT doc FROM article_versions WHERE article_id = $1 AND replaced_at > $2 ORDER BY replaced_at LIMIT 1`, id, micros(at))
	if rights.KindOf(err) == rights.NotFound {
		return t.Article(ctx, id)
	}
	return a, err
}

// ArticleDigest returns the digest that was given with the article, or "" where
// there is no such article.
func (t *Tx) ArticleDigest(ctx context.Context, id string) (string, error) {
	var digest string
	err := t.tx.QueryRowContext(ctx, `SELECT digest FROM articles WHERE id = $1`+t.lock, id).Scan(&digest)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("read a digest: %w", err)
	}
	return digest, nil
}

// PutArticle inserts or replaces an article, sets its times, and keeps what it
// replaced. The digest says what was imported, so that the same import can be
// recognised later.
func (t *Tx) PutArticle(ctx context.Context, a *rights.Article, digest string) error {
	if a.CreatedAt.IsZero() {
		a.CreatedAt = t.Now
	}
	a.UpdatedAt = t.Now
	doc, err := encode(a)
	if err != nil {
		return err
	}
	if _, err := t.exec(ctx, `INSERT INTO article_versions (article_id, replaced_at, doc)
		SELECT id, $2, doc FROM articles WHERE id = $1 ON CONFLICT (article_id, replaced_at) DO NOTHING`, a.ID, micros(t.Now)); err != nil {
		return err
	}
	search := strings.ToLower(strings.Join(append([]string{a.Headline, a.Kicker, a.Subtitle, a.CreditLine, a.PageName, a.URL, a.ID}, a.Bylines...), "\n"))
	_, err = t.exec(ctx, `INSERT INTO articles (id, paper, issue_date, page_no, url, search, digest, updated_at, doc)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (id) DO UPDATE SET paper = excluded.paper, issue_date = excluded.issue_date, page_no = excluded.page_no,
			url = excluded.url, search = excluded.search, digest = excluded.digest, updated_at = excluded.updated_at, doc = excluded.doc`,
		a.ID, a.Paper, a.IssueDate, a.PageNo, a.URL, search, digest, micros(t.Now), doc)
	return err
}

// ArticleFilter selects articles; zero fields do not filter.
type ArticleFilter struct {
	Query         string // found anywhere in headline, subtitle, byline, credit line, page name, URL or ID
	IssueDate     string
	Limit, Offset int
}

// Articles returns the articles of a filter, newest issue first, and how many
// there are without limit and offset.
func (t *Tx) Articles(ctx context.Context, f ArticleFilter) ([]rights.Article, int, error) {
	const where = ` FROM articles WHERE search LIKE $1 ESCAPE '\' AND ($2 = '' OR issue_date = $2)`
	n, err := t.count(ctx, `SELECT COUNT(*)`+where, like(f.Query), f.IssueDate)
	if err != nil {
		return nil, 0, err
	}
	list, err := many[rights.Article](ctx, t, `SELECT doc`+where+`
		ORDER BY issue_date DESC, page_no, id LIMIT $3 OFFSET $4`, like(f.Query), f.IssueDate, f.Limit, f.Offset)
	return list, n, err
}

// ArticlesSince returns up to limit articles that changed at or after an
// instant, in the order of change, after the ID where the instant is the same.
func (t *Tx) ArticlesSince(ctx context.Context, since time.Time, after string, limit int) ([]rights.Article, error) {
	return many[rights.Article](ctx, t, `SELECT doc FROM articles WHERE updated_at > $1 OR (updated_at = $1 AND id > $2)
		ORDER BY updated_at, id LIMIT $3`, micros(since), after, limit)
}

// ArticlesByID returns those of the articles that there are, by ID.
func (t *Tx) ArticlesByID(ctx context.Context, ids []string) (map[string]rights.Article, error) {
	if len(ids) == 0 {
		return map[string]rights.Article{}, nil
	}
	args, places := make([]any, len(ids)), make([]string, len(ids))
	for i, id := range ids {
		args[i], places[i] = id, fmt.Sprintf("$%d", i+1)
	}
	list, err := many[rights.Article](ctx, t, `SELECT doc FROM articles WHERE id IN (`+strings.Join(places, ", ")+`)`, args...)
	if err != nil {
		return nil, err
	}
	found := make(map[string]rights.Article, len(list))
	for _, a := range list {
		found[a.ID] = a
	}
	return found, nil
}

// CountArticles is how many articles there are.
func (t *Tx) CountArticles(ctx context.Context) (int, error) {
	return t.count(ctx, `SELECT COUNT(*) FROM articles`)
}

// ArticlesByURL returns the articles that stand at a URL.
func (t *Tx) ArticlesByURL(ctx context.Context, url string) ([]rights.Article, error) {
	return many[rights.Article](ctx, t, `SELECT doc FROM articles WHERE url = $1 ORDER BY id`, url)
}

// ArticlesChangedAt is the instant of the newest change of any article, or zero.
func (t *Tx) ArticlesChangedAt(ctx context.Context) (time.Time, error) {
	var at sql.NullInt64
	if err := t.tx.QueryRowContext(ctx, `SELECT MAX(updated_at) FROM articles`).Scan(&at); err != nil {
		return time.Time{}, fmt.Errorf("newest change of the register: %w", err)
	}
	if !at.Valid {
		return time.Time{}, nil
	}
	return time.UnixMicro(at.Int64).UTC(), nil
}

// ArticleVersions returns what an article was before, newest first.
func (t *Tx) ArticleVersions(ctx context.Context, id string) ([]rights.Article, error) {
	return many[rights.Article](ctx, t, `SELECT doc FROM article_versions WHERE article_id = $1 ORDER BY replaced_at DESC`, id)
}
