package fingerprints_test

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

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

// TestHostilePages are long and made to cost much.
func TestHostilePages(t *testing.T) {
	const size = 10 << 20
	r := rand.New(rand.NewPCG(1, 2))
	var few strings.Builder
	for few.Len() < size {
		few.WriteRune(rune('一' + r.IntN(2)))
	}
	pages := map[string]string{
		"one letter":    strings.Repeat("a", size),
		"one sentence":  strings.Repeat("家住渡口边的老船工冯守义说今年可以睡个囫囵觉了", size/69),
		"the article":   strings.Repeat(dike, size/len(dike)),
		"two letters":   few.String(),
		"combining":     strings.Repeat("e\u0301\u0302", size/5),
		"invalid bytes": strings.Repeat("\xff\xe4\xb8", size/3),
	}
	x := index(fingerprints.Article{ID: "dike", Text: dike}, fingerprints.Article{ID: "a", Text: strings.Repeat("a", 20000)},
		fingerprints.Article{ID: "two", Text: few.String()[:60000]})
	for name, text := range pages {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			match(t, x, fingerprints.Page{Text: text})
			if took := time.Since(start); took > 20*time.Second {
				t.Errorf("took %v", took)
			} else {
				t.Log(took)
			}
		})
	}
}
