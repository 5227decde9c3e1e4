package fingerprints_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"rightsdesk/fingerprints"
)

// put puts pieces of one text into another: of three bytes, from where, how long,
// to where. So drawn texts share more than chance gives them.
func put(into, of string, pieces []byte) string {
	from, to := []rune(of), []rune(into)
	for ; len(pieces) >= 3 && len(from) > 0 && len(to) < 1<<14; pieces = pieces[3:] {
		piece := from[int(pieces[0])%len(from):]
		to = slices.Insert(to, int(pieces[2])%(len(to)+1), piece[:min(int(pieces[1]), len(piece))]...)
	}
	return string(to)
}

// FuzzAlign: the runs of a segment are equal in both texts and in the order of
// both, and no character of the page is in two runs.
func FuzzAlign(f *testing.F) {
	f.Add(dike, market+dike, []byte{})
	f.Add(dike, dikeRetold, []byte{10, 20, 40, 31, 30, 50, 90, 12, 0})
	f.Add("abcdefghijklmnopqrstuvwxyz", "abcdefghXjklmnopqYYrstuvwxyzabcdefgh", []byte{0, 9, 3, 8, 9, 5})
	f.Add(strings.Repeat("啊", 40), strings.Repeat("啊", 30)+"哦"+strings.Repeat("啊", 20), []byte{1, 30, 7})
	f.Fuzz(func(t *testing.T, ours, theirs string, pieces []byte) {
		theirs = put(theirs, ours, pieces)
		article, page := fingerprints.Fold(ours), fingerprints.Fold(theirs)
		used := make([]bool, len(page.Folded))
		for _, runs := range fingerprints.Segments(page.Folded, article.Folded) {
			onPage, inArticle := 0, 0
			for _, r := range runs {
				i, j, n := r[0], r[1], r[2]
				if n <= 0 || i < onPage || j < inArticle || i+n > len(page.Folded) || j+n > len(article.Folded) {
					t.Fatalf("run %v after %d and %d", r, onPage, inArticle)
				}
				if !slices.Equal(page.Folded[i:i+n], article.Folded[j:j+n]) {
					t.Fatalf("run %v: %q is not %q", r, string(page.Folded[i:i+n]), string(article.Folded[j:j+n]))
				}
				if slices.Contains(used[i:i+n], true) {
					t.Fatalf("run %v lies in another", r)
				}
				for k := range n {
					used[i+k] = true
				}
				onPage, inArticle = i+n, j+n
			}
		}
		checkPassages(t, fingerprints.Align(page, article), ours, theirs)
	})
}

// BenchmarkAlign aligns an article of 800 characters, of which a tenth was
// replaced, with a page of 1,600 that has it.
func BenchmarkAlign(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 2))
	article, page := randomText(random, 800, 3000).Folded, randomText(random, 1600, 3000).Folded
	copy(page[400:], article)
	for range 80 {
		page[400+random.IntN(800)] = '江'
	}
	b.ReportAllocs()
	for b.Loop() {
		fingerprints.Segments(page, article)
	}
}
