package fingerprints_test

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"testing"

	"rightsdesk/fingerprints"
)

// TestHopeLosesNothing: an index that reports everything weighs every candidate.
// Of these, the other reports all that reach its least score, and alike.
func TestHopeLosesNothing(t *testing.T) {
	r := newRegister(11)
	picky, all := fingerprints.NewIndex(), fingerprints.NewIndex()
	all.ReportFrom(0)
	texts := make([][]rune, 120)
	for n := range texts {
		a := r.article(n)
		texts[n] = []rune(a.Text)
		picky.Add(a)
		all.Add(a)
	}
	const least, rounding = 1, 0.01
	reported, weak := 0, 0
	for range 1000 {
		page := fingerprints.Page{Text: r.pieces(texts)}
		want, unsure := []fingerprints.Match{}, false
		for _, m := range match(t, all, page) {
			unsure = unsure || m.Score > least-rounding && m.Score < least+rounding
			if m.Score >= least && !m.Reworded {
				want = append(want, m)
			} else {
				weak++
			}
		}
		if unsure {
			continue
		}
		got := slices.DeleteFunc(match(t, picky, page), func(m fingerprints.Match) bool { return m.Reworded })
		g, _ := json.Marshal(got)
		w, _ := json.Marshal(want)
		if string(g) != string(w) {
			t.Fatalf("of %q\ngot  %s\nwant %s", page.Text, g, w)
		}
		reported += len(got)
	}
	if reported < 100 || weak < 100 {
		t.Errorf("%d reported and %d too weak are too few to tell", reported, weak)
	}
}

// pieces is a page of parts of texts, some with characters replaced, between words
// of its own.
func (r *register) pieces(texts [][]rune) string {
	var page []rune
	for range 1 + r.IntN(6) {
		text := texts[r.IntN(len(texts))]
		n := min(len(text), 15+r.IntN(1+r.IntN(200)))
		from := r.IntN(len(text) - n + 1)
		piece := slices.Clone(text[from : from+n])
		if r.IntN(2) == 0 {
			replace(r.Rand, piece, n/12)
		}
		page = append(append(page, piece...), []rune(r.words(r.IntN(120)))...)
	}
	return string(page)
}

func replace(r *rand.Rand, text []rune, times int) {
	for range times {
		text[r.IntN(len(text))] = rune('一' + r.IntN(3000))
	}
}
