package fingerprints_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rightsdesk/fingerprints"
)

// TestMatchAllIsMatchOfEach, and the source is asked less often.
func TestMatchAllIsMatchOfEach(t *testing.T) {
	r := newRegister(5)
	x := fingerprints.NewIndex()
	asked := 0
	x.TextsFrom(func(ctx context.Context, ids []string) ([]fingerprints.Article, error) {
		asked++
		return r.source(ctx, ids)
	})
	texts := make([][]rune, 60)
	for n := range texts {
		a := r.article(n)
		texts[n] = []rune(a.Text)
		x.Add(a)
	}
	var pages []fingerprints.Page
	var want [][]fingerprints.Match
	for n := range 20 {
		p := fingerprints.Page{Text: r.pieces(texts)}
		if n%5 == 0 {
			p.Text = r.words(400)
		}
		pages, want = append(pages, p), append(want, match(t, x, p))
	}
	each := asked
	asked = 0
	got, err := x.MatchAll(t.Context(), pages)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if asked > each/2 {
		t.Errorf("the source was asked %d times for all, %d for each", asked, each)
	}
	if got, err := x.MatchAll(t.Context(), nil); err != nil || len(got) > 0 {
		t.Errorf("no pages give %v, %v", got, err)
	}
}
