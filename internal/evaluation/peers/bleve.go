package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/lang/cjk"
	index "github.com/blevesearch/bleve_index_api"
)

func openBleve(_ context.Context, s *set) (*opened, error) {
	dir, err := os.MkdirTemp("", "peers")
	if err != nil {
		return nil, err
	}
	mapping := bleve.NewIndexMapping()
	mapping.DefaultAnalyzer = cjk.AnalyzerName
	mapping.ScoringModel = index.BM25Scoring
	x, err := bleve.New(filepath.Join(dir, "bleve"), mapping)
	if err != nil {
		return nil, err
	}
	o := &opened{close: func() error {
		return errors.Join(x.Close(), os.RemoveAll(dir))
	}}
	const batch = 100
	for i := 0; i < len(s.registered); i += batch {
		b := x.NewBatch()
		for k, text := range folded(s.registered[i:min(i+batch, len(s.registered))]) {
			if err := b.Index(strconv.Itoa(i+k), map[string]string{"body": text}); err != nil {
				return nil, errors.Join(err, o.close())
			}
		}
		if err := x.Batch(b); err != nil {
			return nil, errors.Join(err, o.close())
		}
	}
	o.look = func(ctx context.Context, page string) ([]answer, error) {
		q := bleve.NewMatchQuery(fold(page))
		q.SetField("body")
		r, err := x.SearchInContext(ctx, bleve.NewSearchRequestOptions(q, bestOf, 0, false))
		if err != nil {
			return nil, err
		}
		var list []answer
		for _, hit := range r.Hits {
			n, err := strconv.Atoi(hit.ID)
			if err != nil {
				return nil, err
			}
			list = append(list, answer{n, hit.Score})
		}
		return list, nil
	}
	return o, nil
}
