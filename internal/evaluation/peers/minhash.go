package main

import (
	"context"
	"errors"
	"math"

	lsh "github.com/ekzhu/minhash-lsh"
)

const (
	minhashes = 128
	// minhashFrom is the Jaccard similarity that the buckets are made for. The
	// lower, the more is found and the more must be compared.
	minhashFrom = 0.1
)

func openMinhash(_ context.Context, s *set) (*opened, error) {
	index := lsh.NewMinhashLSH64(minhashes, minhashFrom)
	signatures := make([][]uint64, len(s.registered))
	for i, a := range s.registered {
		signatures[i] = signature(a.Text)
		index.Add(i, signatures[i])
	}
	index.Index()
	return &opened{
		look: func(_ context.Context, page string) ([]answer, error) {
			sig := signature(page)
			var list []answer
			for _, key := range index.Query(sig) {
				i, ok := key.(int)
				if !ok {
					return nil, errors.New("a key that was not put in")
				}
				equal := 0
				for k, v := range signatures[i] {
					if v == sig[k] {
						equal++
					}
				}
				list = append(list, answer{i, float64(equal) / minhashes})
			}
			return list, nil
		},
		close: func() error { return nil },
	}, nil
}

func signature(text string) []uint64 {
	m := lsh.NewMinhash(math.MaxInt32, minhashes)
	for _, g := range grams(fold(text)) {
		m.Push([]byte(g))
	}
	return m.Signature()
}
