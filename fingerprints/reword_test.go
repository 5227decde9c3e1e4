package fingerprints_test

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rightsdesk/fingerprints"
)

// evenly gives every character of a text the same surprise.
func evenly(text []rune, bits float64) []float64 {
	return slices.Repeat([]float64{bits}, len(text))
}

func reword(article, page string, bits float64) fingerprints.Rewording {
	folded := fingerprints.Fold(article).Folded
	return fingerprints.NewRetold(fingerprints.Fold(page).Folded).Rewording(folded, evenly(folded, bits))
}

func TestRewording(t *testing.T) {
	long := strings.Repeat("春雨绵绵不绝的日子里巷口茶馆照旧开门迎客", 100)
	tests := []struct {
		name, article, page string
		want                bool
	}{
		{"retold", dike, dikeRetold, true},
		{"retold in a long page", dike, long + dikeRetold + long, true},
		{"the text itself", dike, dike, true},
		{"another report of the kind", dike, dikeOther, false},
		{"another text", market, dikeRetold, false},
		{"one sentence of it", dike, "老船工冯守义说今年可以睡个囫囵觉了", false},
		{"an empty page", dike, "", false},
		{"an empty article", "", dike, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := reword(tt.article, tt.page, 5); got.Found() != tt.want {
				t.Errorf("gain %.0f, share %.2f: found is %v", got.Gain, got.Share, got.Found())
			}
		})
	}
}

// TestRewordingOrder: the same pieces prove more in the article's order.
func TestRewordingOrder(t *testing.T) {
	pieces := strings.SplitAfter(dike, "，")
	backwards := slices.Clone(pieces)
	slices.Reverse(backwards)
	inOrder, reversed := reword(dike, strings.Join(pieces, "——却说当日——"), 5), reword(dike, strings.Join(backwards, "——却说当日——"), 5)
	if inOrder.Gain <= reversed.Gain || reversed.Gain <= 0 {
		t.Errorf("gain %.0f in order, %.0f backwards", inOrder.Gain, reversed.Gain)
	}
}

// TestRewordingPrice: a piece that any text may have is worth nothing.
func TestRewordingPrice(t *testing.T) {
	if got := reword(dike, dikeRetold, 0.5); got.Found() {
		t.Errorf("common words: gain %.0f, share %.2f", got.Gain, got.Share)
	}
	if got := reword(dike, dike, 0); got.Gain != 0 || got.Share != 0 || got.Passages != nil {
		t.Errorf("no bits: %+v", got)
	}
}

func FuzzRewording(f *testing.F) {
	f.Add(dike, dikeRetold, 5.0)
	f.Add(strings.Repeat("啊", 300), strings.Repeat("啊", 300), 1.0)
	f.Fuzz(func(t *testing.T, article, page string, bits float64) {
		if math.IsNaN(bits) || bits < 0 || bits > 100 {
			t.Skip("no surprise")
		}
		ours, theirs := fingerprints.Fold(article).Folded, fingerprints.Fold(page).Folded
		got := fingerprints.NewRetold(theirs).Rewording(ours, evenly(ours, bits))
		if got.Gain < 0 || got.Share < 0 || got.Share > 1 {
			t.Fatalf("gain %v, share %v", got.Gain, got.Share)
		}
		at := 0
		for _, p := range got.Passages {
			if p.Article[0] < at || !slices.Equal(ours[p.Article[0]:p.Article[1]], theirs[p.Page[0]:p.Page[1]]) {
				t.Fatalf("passage %v after %d", p, at)
			}
			at = p.Article[1]
		}
	})
}

// TestRealRewordings holds the rule to what was measured: all light and medium
// rewordings and at least half of the heavy ones are found, and nothing on the
// pages that only tell of like events.
func TestRealRewordings(t *testing.T) {
	rewordings := realTexts(t, "reuse", "reworded.jsonl")
	sources := map[string]bool{}
	for _, r := range rewordings {
		sources[r.Source] = true
	}
	var register, pages []realText
	for i, a := range slices.Concat(realTexts(t, "articles", "xwlb-2022-2023.jsonl.gz"), realTexts(t, "articles", "cnews-1000.jsonl.gz")) {
		switch {
		case sources[a.ID] || i%8 == 0:
			register = append(register, a)
		case i%8 == 1:
			pages = append(pages, a)
		}
	}
	known := counts{}
	set := fingerprints.NewSkeletons(fingerprints.RewordedAmong)
	for i, a := range register {
		known.add(a.folded)
		set.Add(int32(i), fingerprints.Skeleton(nil, a.folded))
	}
	look := func(page realText) (found []string) {
		retold := fingerprints.NewRetold(page.folded)
		for _, n := range set.Candidates(fingerprints.Skeleton(nil, page.folded)) {
			a := register[n]
			if retold.Rewording(a.folded, known.bits(a.folded, len(register))).Found() {
				found = append(found, a.ID)
			}
		}
		return found
	}
	found, all := map[string]int{}, map[string]int{}
	for _, r := range rewordings {
		all[r.Grade]++
		for _, id := range look(r) {
			found[r.Grade]++
			if r.Grade == "negative" || id != r.Source {
				t.Errorf("%s (%s of %s): found %s", r.ID, r.Grade, r.Source, id)
			}
		}
	}
	alarms := 0
	for _, p := range pages {
		alarms += len(look(p))
	}
	pairs := len(register) * len(pages)
	t.Logf("found %v of %v; among %d other pairs, those that share text included, %d (%.1f per million)", found, all, pairs, alarms, 1e6*float64(alarms)/float64(pairs))
	if found["light"] < all["light"] || found["medium"] < all["medium"] || 2*found["heavy"] < all["heavy"] {
		t.Errorf("found %v of %v", found, all)
	}
	if most := 20 * pairs / 1_000_000; alarms > most {
		t.Errorf("%d alarms, want at most %d", alarms, most)
	}
}

type realText struct {
	ID, Source, Grade, Text string
	folded                  []rune
}

func realTexts(t *testing.T, name ...string) []realText {
	t.Helper()
	f, err := os.Open(filepath.Join(append([]string{"..", "..", "shared", "data"}, name...)...))
	if err != nil {
		t.Skip("no real texts here: ", err)
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(f.Name(), ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			t.Fatal(err)
		}
	}
	var list []realText
	for d := json.NewDecoder(r); d.More(); {
		var a realText
		if err := d.Decode(&a); err != nil {
			t.Fatal(err)
		}
		a.folded = fingerprints.Fold(a.Text).Folded
		list = append(list, a)
	}
	return list
}

// counts knows in how many texts each run of up to five characters stands.
type counts map[string]float64

func (c counts) add(text []rune) {
	seen := map[string]bool{}
	for i := range text {
		for n := i + 1; n <= min(i+5, len(text)); n++ {
			seen[string(text[i:n])] = true
		}
	}
	for gram := range seen {
		c[gram]++
	}
}

// bits are the surprise of each character of one of so many texts, by the others.
func (c counts) bits(text []rune, texts int) []float64 {
	bits := make([]float64, len(text))
	for i := range text {
		p := (c[string(text[i:i+1])] - 0.5) / float64(60*texts)
		for n := 2; n <= min(5, i+1); n++ {
			before := c[string(text[i+1-n:i])] - 1
			if before == 0 {
				break
			}
			p = (c[string(text[i+1-n:i+1])] - 1 + min(0.5, p)) / (before + 1)
		}
		bits[i] = max(0, -math.Log2(p))
	}
	return bits
}

func BenchmarkRewording(b *testing.B) {
	article, page := fingerprints.Fold(dike+market+dikeOther).Folded, fingerprints.Fold(strings.Repeat(market, 2)+dikeRetold+market).Folded
	bits := evenly(article, 4)
	for b.Loop() {
		fingerprints.NewRetold(page).Rewording(article, bits)
	}
}

// TestIndexFindsRewordings: told in other words, an article is found where no
// text stands at length, by the screen too, until it is removed; it is not
// where the words are those of another article on the page.
func TestIndexFindsRewordings(t *testing.T) {
	x := fingerprints.NewIndex()
	x.Add(fingerprints.Article{ID: "market", Text: market})
	x.Add(fingerprints.Article{ID: "dike", Text: dike})
	page := fingerprints.Page{Text: dikeRetold}
	matches := match(t, x, page)
	if len(matches) != 1 || matches[0].Article != "dike" || !matches[0].Reworded || matches[0].Score < 1 {
		t.Fatalf("got %+v", matches)
	}
	ours, theirs, after := []rune(dike), []rune(dikeRetold), 0
	for _, p := range matches[0].Passages {
		a, b := fingerprints.Fold(string(ours[p.Article[0]:p.Article[1]])), fingerprints.Fold(string(theirs[p.Page[0]:p.Page[1]]))
		if len(a.Folded) < 2 || !slices.Equal(a.Folded, b.Folded) || p.Page[0] < after {
			t.Errorf("passage %v after %d: %q, %q", p, after, string(a.Folded), string(b.Folded))
		}
		after = p.Page[1]
	}
	if got := candidates(t, x, page); !slices.Equal(got, []string{"dike"}) {
		t.Errorf("candidates %v", got)
	}
	if got := match(t, x, fingerprints.Page{Text: dike}); len(got) != 1 || got[0].Reworded {
		t.Errorf("of the text itself: %+v", got)
	}
	x.Add(fingerprints.Article{ID: "retold", Text: dikeRetold})
	if got := match(t, x, page); len(got) != 1 || got[0].Article != "retold" {
		t.Errorf("beside the article it is a copy of: %+v", got)
	}
	x.Remove("retold")
	x.Remove("dike")
	if got, ids := match(t, x, page), candidates(t, x, page); len(got) != 0 || len(ids) != 0 {
		t.Errorf("after its removal: %+v, %v", got, ids)
	}
}
