package main

import (
	"context"

	"github.com/mfonda/simhash"

	"rightsdesk/fingerprints"
)

func peers() []peer {
	return []peer{
		{
			name: "rightsdesk", how: "with the background texts in its ledger; texts in memory",
			open: openOurs,
		},
		{
			name: "mfonda simhash", how: "of the 3-grams, every article compared; the score is less one for each bit that differs",
			documented: []float64{-3, -10}, tuned: true, open: openSimhash,
		},
		{
			name: "MinHash LSH", how: "ekzhu/minhash-lsh, 128 hashes of the 3-grams; the articles of its buckets by the equal part of the signature",
			documented: []float64{0.5}, tuned: true, open: openMinhash,
		},
		{
			name: "PostgreSQL pg_trgm", how: "GIN, locale C.UTF-8; articles that are 0.1 similar by the greater word_similarity of both directions",
			documented: []float64{0.6}, tuned: true, open: openPostgres,
		},
		{
			name: "SQLite FTS5", how: "trigram tokenizer; all trigrams of the page joined by OR, the ten best by bm25",
			tuned: true, open: openSQLite,
		},
		{
			name: "Bleve", how: "CJK analyser (pairs of characters); a match query of the page, the ten best by BM25",
			tuned: true, open: openBleve,
		},
	}
}

// bestOf is how many articles are asked of a peer that ranks all.
const bestOf = 10

func openOurs(ctx context.Context, s *set) (*opened, error) {
	x, number := fingerprints.NewIndex(), map[string]int{}
	for i, a := range s.registered {
		x.Add(a)
		number[a.ID] = i
	}
	for _, a := range s.background {
		x.AddKnown(a)
	}
	return &opened{
		look: func(ctx context.Context, page string) ([]answer, error) {
			matches, err := x.Match(ctx, fingerprints.Page{Text: page})
			var list []answer
			for _, m := range matches {
				list = append(list, answer{number[m.Article], m.Score})
			}
			return list, err
		},
		close: func() error { return nil },
	}, nil
}

func openSimhash(_ context.Context, s *set) (*opened, error) {
	hash := func(text string) uint64 {
		var list features
		for _, g := range grams(fold(text)) {
			list = append(list, simhash.NewFeature([]byte(g)))
		}
		return simhash.Simhash(list)
	}
	hashes := make([]uint64, len(s.registered))
	for i, a := range s.registered {
		hashes[i] = hash(a.Text)
	}
	const farthest = 24 // of 64 bits; unrelated texts are 32 apart
	return &opened{
		look: func(_ context.Context, page string) ([]answer, error) {
			h := hash(page)
			var list []answer
			for i, o := range hashes {
				if d := simhash.Compare(h, o); d <= farthest {
					list = append(list, answer{i, -float64(d)})
				}
			}
			return list, nil
		},
		close: func() error { return nil },
	}, nil
}

// features are what the library hashes.
type features []simhash.Feature

// GetFeatures gives them to it.
func (f features) GetFeatures() []simhash.Feature { return f }

// grams are the runs of three characters of a folded text, in its order.
func grams(text string) []string {
	const size = 3
	var list []string
	starts := make([]int, 0, len(text))
	for i := range text {
		starts = append(starts, i)
	}
	starts = append(starts, len(text))
	for i := size; i < len(starts); i++ {
		list = append(list, text[starts[i-size]:starts[i]])
	}
	return list
}
