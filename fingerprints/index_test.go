package fingerprints_test

import (
	"math/rand/v2"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"

	"rightsdesk/fingerprints"
)

// TestReplacedTextIsItsOwn: what an article said before does not make what it
// says now common.
func TestReplacedTextIsItsOwn(t *testing.T) {
	x := fingerprints.NewIndex()
	for range 5 {
		x.Add(fingerprints.Article{ID: "dike", Text: dike})
		x.Remove("dike")
	}
	x.Add(fingerprints.Article{ID: "dike", Text: dike})
	excerpt := string([]rune(dike)[30:140])
	if got := match(t, x, fingerprints.Page{Text: strings.Repeat("各地的消息汇集在这里。", 90) + excerpt}); len(got) != 1 || x.Len() != 1 {
		t.Errorf("got %+v of %d articles", got, x.Len())
	}
}

// TestConcurrentUse has writers and readers at once; the race detector judges.
func TestConcurrentUse(t *testing.T) {
	x := index(fingerprints.Article{ID: "dike", Text: dike})
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Go(func() {
			for i := range 50 {
				id := strconv.Itoa(w) + "/" + strconv.Itoa(i)
				x.Add(fingerprints.Article{ID: id, Title: "南门菜市场改造记", Text: market[:len(market)/3*2] + id})
				if i%2 == 0 {
					x.Remove(id)
				}
				if len(match(t, x, fingerprints.Page{Text: dike})) != 1 || len(candidates(t, x, fingerprints.Page{Text: dike})) != 1 {
					t.Error("the article is not found")
				}
			}
		})
	}
	wg.Wait()
	if x.Len() != 101 {
		t.Errorf("%d articles, want 101", x.Len())
	}
}

// TestHostilePages are long and made to cost much: what they cost in memory grows
// with them and no faster, and no article is aligned in more steps than are allowed.
func TestHostilePages(t *testing.T) {
	const short, mostGrowth = 1 << 18, 1.5
	for name, page := range hostilePages() {
		t.Run(name, func(t *testing.T) {
			cost := func(size int) float64 {
				x := hostileIndex()
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				match(t, x, fingerprints.Page{Text: page(size)})
				runtime.ReadMemStats(&after)
				return float64(after.TotalAlloc - before.TotalAlloc)
			}
			little, much := cost(short), cost(8*short)
			if much > 8*mostGrowth*little {
				t.Errorf("8 times the page takes %.1f times the memory", much/little)
			}
			folded := fingerprints.Fold(page(8 * short)).Folded
			for _, article := range []string{dike, hostilePages()["two letters"](60000), strings.Repeat("a", 20000)} {
				if used, allowed := fingerprints.Steps(folded, fingerprints.Fold(article).Folded); used > allowed {
					t.Errorf("an article took %d steps of %d", used, allowed)
				}
			}
		})
	}
}

// BenchmarkHostilePages matches pages of 10 MB.
func BenchmarkHostilePages(b *testing.B) {
	x := hostileIndex()
	for name, page := range hostilePages() {
		b.Run(name, func(b *testing.B) {
			text := page(10 << 20)
			for b.Loop() {
				match(b, x, fingerprints.Page{Text: text})
			}
		})
	}
}

func hostileIndex() *fingerprints.Index {
	return index(fingerprints.Article{ID: "dike", Text: dike}, fingerprints.Article{ID: "a", Text: strings.Repeat("a", 20000)},
		fingerprints.Article{ID: "two", Text: hostilePages()["two letters"](60000)})
}

// hostilePages are texts of about so many bytes.
func hostilePages() map[string]func(size int) string {
	again := func(s string) func(int) string {
		return func(size int) string { return strings.Repeat(s, size/len(s)) }
	}
	return map[string]func(int) string{
		"one letter":   again("a"),
		"one sentence": again("家住渡口边的老船工冯守义说今年可以睡个囫囵觉了"),
		"the article":  again(dike),
		"two letters": func(size int) string {
			r := rand.New(rand.NewPCG(1, 2))
			var few strings.Builder
			for few.Len() < size {
				few.WriteRune(rune('一' + r.IntN(2)))
			}
			return few.String()
		},
		"combining":     again("e\u0301\u0302"),
		"invalid bytes": again("\xff\xe4\xb8"),
	}
}
