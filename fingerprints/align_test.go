package fingerprints_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"rightsdesk/fingerprints"
)

// FuzzAlign: the runs of a segment are equal in both texts and in the order of
// both, and no character of the page is in two runs.
func FuzzAlign(f *testing.F) {
	f.Add(dike, market+dike)
	f.Add(dike, dikeRetold)
	f.Add("abcdefghijklmnopqrstuvwxyz", "abcdefghXjklmnopqYYrstuvwxyzabcdefgh")
	f.Add(strings.Repeat("啊", 40), strings.Repeat("啊", 30)+"哦"+strings.Repeat("啊", 20))
	f.Fuzz(func(t *testing.T, ours, theirs string) {
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
