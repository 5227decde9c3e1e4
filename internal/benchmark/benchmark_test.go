package benchmark_test

import (
	"math"
	"testing"

	"rightsdesk/fingerprints"
	"rightsdesk/internal/benchmark"
)

// TestFrequencies holds the articles that are made to how often the grams of
// real ones recur.
func TestFrequencies(t *testing.T) {
	const articles = 7413
	list, err := benchmark.MakeArticles(articles)
	if err != nil {
		t.Fatal(err)
	}
	holders, all := map[uint64]int{}, 0
	for _, a := range list {
		s := fingerprints.NewSketch(a)
		if n := len(s.Text.Folded); n < 500 || n > 1100 {
			t.Errorf("article %s has %d folded characters", a.ID, n)
		}
		all += len(s.Grams)
		for _, g := range s.Grams {
			holders[g]++
		}
	}
	for _, c := range []struct {
		from, to int
		real     float64
	}{{1, 1, 0.849}, {2, 2, 0.059}, {3, 4, 0.033}, {5, 8, 0.023}, {9, 32, 0.022}, {33, articles, 0.015}} {
		n := 0
		for _, k := range holders {
			if k >= c.from && k <= c.to {
				n += k
			}
		}
		if got := float64(n) / float64(all); math.Abs(got-c.real) > 0.04 {
			t.Errorf("%.3f of the grams stand in %d to %d articles, of real ones %.3f", got, c.from, c.to, c.real)
		}
	}
}

func TestRunNeedsNumbers(t *testing.T) {
	for _, o := range []benchmark.Options{{}, {Articles: []int{0}, Hashes: 1, Pages: 1}, {Articles: []int{1}, Pages: 1}, {Articles: []int{1}, Hashes: 1}} {
		if err := benchmark.Run(t.Context(), o, func(benchmark.Figure) error { return nil }); err == nil {
			t.Errorf("%+v was accepted", o)
		}
	}
}
