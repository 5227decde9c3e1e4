// Package index keeps the live index in step with the store.
package index

import (
	"context"
	"fmt"
	"sync"
	"time"

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

// Index is the register's articles, ready to be looked for. It is safe for
// concurrent use.
type Index struct {
	db    *store.DB
	found *fingerprints.Index

	mu     sync.Mutex           // one writer at a time; guards what follows
	seen   map[string]time.Time // Article.UpdatedAt of what is in, by ID
	newest time.Time            // the last change that was read from the store
}

// Load builds the index from the store.
func Load(ctx context.Context, db *store.DB) (*Index, error) {
	x := &Index{db: db, found: fingerprints.NewIndex(), seen: map[string]time.Time{}}
	if err := x.Refresh(ctx); err != nil {
		return nil, err
	}
	return x, nil
}

// Refresh takes in what changed in the store since the last time, by whichever
// process.
func (x *Index) Refresh(ctx context.Context) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	at, after := x.newest.Add(-overlap), ""
	for {
		var articles []rights.Article
		err := x.db.View(ctx, func(tx *store.Tx) (err error) {
			articles, err = tx.ArticlesSince(ctx, at, after, batch)
			return err
		})
		if err != nil {
			return fmt.Errorf("refresh the index: %w", err)
		}
		for i := range articles {
			a := &articles[i]
			if !a.UpdatedAt.Equal(x.seen[a.ID]) {
				x.put(a)
			}
			at, after = a.UpdatedAt, a.ID
		}
		if at.After(x.newest) {
			x.newest = at
		}
		if len(articles) < batch {
			return nil
		}
	}
}

// Add takes in an article that was just written to the store, without reading
// it again. An article that is older than what is in changes nothing.
func (x *Index) Add(a *rights.Article) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if a.UpdatedAt.After(x.seen[a.ID]) {
		x.put(a)
	}
}

func (x *Index) put(a *rights.Article) {
	published, _ := a.FirstPublished()
	x.found.Add(fingerprints.Article{ID: a.ID, Title: a.Headline, Text: a.Text(), PublishedAt: published})
	x.seen[a.ID] = a.UpdatedAt
}

// Len is the number of articles.
func (x *Index) Len() int { return x.found.Len() }

// Candidates is the cheap screen: see [fingerprints.Index.Candidates].
func (x *Index) Candidates(p fingerprints.Page) []string { return x.found.Candidates(p) }

// Match finds the articles on a page: see [fingerprints.Index.Match].
func (x *Index) Match(p fingerprints.Page) []fingerprints.Match { return x.found.Match(p) }
