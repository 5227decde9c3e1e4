package evaluation

import (
	"fmt"
	"slices"
	"strings"
)

// rates are false alarms: pairs per million and per cent of the pages.
func (n Negatives) rates(list []Alarm, from float64, without bool) (million, percent float64) {
	pages, pairs := map[string]bool{}, 0
	for _, a := range list {
		if a.Score >= from && !(without && a.Shared) {
			pairs++
			pages[a.Page] = true
		}
	}
	return float64(pairs) * 1e6 / n.pairs, 100 * float64(len(pages)) / float64(n.pages)
}

// share is the part of sorted scores that is not under a bound, in per cent.
func share(sorted []float64, from float64) float64 {
	k, _ := slices.BinarySearch(sorted, from)
	return 100 * float64(len(sorted)-k) / float64(max(1, len(sorted)))
}

// Text is the report for reading.
func (r *Report) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "seed %d: %d registered, %d unrelated pages, %d background\n", r.Seed, r.Registered, r.Pages, r.Background)
	for _, v := range r.Variants {
		fmt.Fprintf(&b, "%6.1f%% %5.1f%% common  precision %.3f recall %.3f  counting %5.1f%%  %s\n", 100*float64(v.Found)/float64(v.Pages),
			100*float64(v.Common)/float64(v.Pages), v.Precision, v.Recall, 100*float64(v.Baseline)/float64(v.Pages), v.Name)
	}
	n := r.Negatives
	line := func(list []Alarm, from float64, scores func(Variant) []float64) {
		m, p := n.rates(list, from, false)
		mo, po := n.rates(list, from, true)
		fmt.Fprintf(&b, "%6.2f %7.1f %6.2f %7.1f %6.2f ", from, m, p, mo, po)
		for _, v := range r.Variants {
			if s := share(scores(v), from); s < 99.95 {
				fmt.Fprintf(&b, " %5.1f", s)
			} else {
				fmt.Fprintf(&b, "   100")
			}
		}
		b.WriteByte('\n')
	}
	fmt.Fprintf(&b, "score, false alarms per million pairs, %% of pages, the same without known sharers, recall of each variant\n")
	for _, t := range []float64{0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.4, 1.6, 1.8, 2, 2.5, 3, 4} {
		line(n.Alarms, t, func(v Variant) []float64 { return v.scores })
	}
	fmt.Fprintf(&b, "counting: characters, the same\n")
	for _, t := range []float64{24, 40, 60, 80, 100, 120, 160, 200} {
		line(n.baseline, t, func(v Variant) []float64 { return v.counts })
	}
	return b.String()
}
