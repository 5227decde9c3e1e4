// Package index keeps the live index in step with the store.
package index

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"rightsdesk/fingerprints"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

const (
	// overlap is how far back a refresh reads again. A transaction takes its
	// instant when it begins and is seen when it commits, and the clocks of
	// machines on one database differ.
	overlap = time.Minute
	batch   = 500
)

// Options say where an index comes from.
type Options struct {
	DB *store.DB
	// File is the snapshot that the index starts from and that it writes, by its
	// path; none is kept where it is empty. Several processes may have the same.
	File string
	Log  *slog.Logger
}

// Index is the register's articles, ready to be looked for. It is safe for
// concurrent use.
type Index struct {
	opt    Options
	found  *fingerprints.Index
	mapped mapping

	mu     sync.Mutex           // one writer at a time; guards what follows
	seen   map[string]time.Time // Article.UpdatedAt of what came lately, by ID
	newest time.Time            // the last change that was read from the store
}

// Load reads the index from its snapshot, where there is a good one, and the rest
// from the store.
func Load(ctx context.Context, opt Options) (*Index, error) {
	x := &Index{opt: opt}
	start := time.Now()
	if err := x.open(); err != nil {
		x.opt.Log.WarnContext(ctx, "the snapshot of the index is not used", "file", opt.File, "error", err)
	}
	if x.found != nil {
		switch same, err := x.current(ctx); {
		case err != nil:
			return nil, err
		case same:
			x.opt.Log.InfoContext(ctx, "index opened", "articles", x.Len(), "took", time.Since(start))
			return x, nil
		}
		x.opt.Log.WarnContext(ctx, "the snapshot of the index is of other articles, and is not used", "file", opt.File)
	}
	x.clear()
	if err := x.Refresh(ctx); err != nil {
		return nil, err
	}
	x.opt.Log.InfoContext(ctx, "index built", "articles", x.Len(), "took", time.Since(start))
	return x, nil
}

func (x *Index) clear() {
	x.found, x.seen, x.newest = fingerprints.NewIndex(), map[string]time.Time{}, time.Time{}
	x.found.TextsFrom(x.texts)
}

// current takes in what is newer than the snapshot, and reports whether the
// index then has all articles of the store and no others.
func (x *Index) current(ctx context.Context) (bool, error) {
	var changed time.Time
	var count int
	for range 2 { // between the two readings, another process may register one
		err := x.opt.DB.View(ctx, func(tx *store.Tx) (err error) {
			if changed, err = tx.ArticlesChangedAt(ctx); err == nil {
				count, err = tx.CountArticles(ctx)
			}
			return err
		})
		if err != nil || changed.Before(x.newest) {
			return false, err
		}
		if err := x.Refresh(ctx); err != nil {
			return false, err
		}
		if x.Len() == count {
			return true, nil
		}
	}
	return false, nil
}

// Refresh takes in what changed in the store since the last time, by whichever
// process.
func (x *Index) Refresh(ctx context.Context) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	at, after := x.newest.Add(-overlap), ""
	for {
		var articles []rights.Article
		err := x.opt.DB.View(ctx, func(tx *store.Tx) (err error) {
			articles, err = tx.ArticlesSince(ctx, at, after, batch)
			return err
		})
		if err != nil {
			return fmt.Errorf("refresh the index: %w", err)
		}
		x.put(articles)
		if n := len(articles); n > 0 {
			at, after = articles[n-1].UpdatedAt, articles[n-1].ID
		}
		if at.After(x.newest) {
			x.newest = at
		}
		if len(articles) < batch {
			break
		}
	}
	for id, t := range x.seen {
		if t.Before(x.newest.Add(-2 * overlap)) {
			delete(x.seen, id)
		}
	}
	x.settle(ctx)
	return nil
}

// Add takes in an article that was just written to the store, without reading
// it again. An article that is older than what is in changes nothing.
func (x *Index) Add(a *rights.Article) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.put([]rights.Article{*a})
}

// put takes in those articles that are newer than what is in, sketched on all
// cores.
func (x *Index) put(articles []rights.Article) {
	sketches := make([]fingerprints.Sketch, len(articles))
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i := range articles {
		if a := &articles[i]; a.UpdatedAt.After(x.seen[a.ID]) {
			g.Go(func() error {
				sketches[i] = fingerprints.NewSketch(text(a))
				return nil
			})
		}
	}
	_ = g.Wait() // none fails
	for i, s := range sketches {
		if s.ID != "" {
			x.found.AddSketch(s)
			x.seen[s.ID] = articles[i].UpdatedAt
		}
	}
}

// text is an article as it is compared.
func text(a *rights.Article) fingerprints.Article {
	published, _ := a.FirstPublished()
	return fingerprints.Article{ID: a.ID, Title: a.Headline, Text: a.Text(), PublishedAt: published}
}

// texts is the [fingerprints.Source].
func (x *Index) texts(ctx context.Context, ids []string) ([]fingerprints.Article, error) {
	list := make([]fingerprints.Article, len(ids))
	err := x.opt.DB.View(ctx, func(tx *store.Tx) error {
		found, err := tx.ArticlesByID(ctx, ids)
		for i, id := range ids {
			if a, ok := found[id]; ok {
				list[i] = text(&a)
			}
		}
		return err
	})
	return list, err
}

// Len is the number of articles.
func (x *Index) Len() int { return x.found.Len() }

// Candidates is the cheap screen: see [fingerprints.Index.Candidates].
func (x *Index) Candidates(ctx context.Context, p fingerprints.Page) ([]string, error) {
	return x.found.Candidates(ctx, p)
}

// Match finds the articles on a page: see [fingerprints.Index.Match].
func (x *Index) Match(ctx context.Context, p fingerprints.Page) ([]fingerprints.Match, error) {
	return x.found.Match(ctx, p)
}

// MatchAll is Match of many pages: see [fingerprints.Index.MatchAll].
func (x *Index) MatchAll(ctx context.Context, pages []fingerprints.Page) ([][]fingerprints.Match, error) {
	return x.found.MatchAll(ctx, pages)
}

// Rarest chooses a sentence to search by: see [fingerprints.Index.Rarest].
func (x *Index) Rarest(sentences []string, least int) int { return x.found.Rarest(sentences, least) }
