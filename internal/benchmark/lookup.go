package benchmark

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"rightsdesk/fingerprints"
)

// looked is what looking pages up gave.
type looked struct {
	screen  time.Duration // a page, by the screen alone
	whole   time.Duration // a page, by the screen and, where it passed, by comparison
	kept    float64       // share of the pages that pass the screen
	matched float64       // share of the pages that have an article after all
}

// lookUp has the index say of pages that they have nothing.
func (r *register) lookUp(ctx context.Context, pages []string) (looked, error) {
	count := func(found func(p fingerprints.Page) (int, error)) (each time.Duration, share float64, err error) {
		n := 0
		d, err := r.afterTexts(func(i int) error {
			for _, p := range pages[i*r.pages : (i+1)*r.pages] {
				some, err := found(fingerprints.Page{Text: p})
				if err != nil {
					return err
				}
				n += min(1, some)
			}
			return nil
		})
		return d / time.Duration(r.pages), float64(n) / float64(2*len(pages)), err
	}
	var l looked
	var err error
	l.screen, l.kept, err = count(func(p fingerprints.Page) (int, error) {
		ids, err := r.index.Candidates(ctx, p)
		return len(ids), err
	})
	if err != nil {
		return l, err
	}
	l.whole, l.matched, err = count(func(p fingerprints.Page) (int, error) {
		matches, err := r.index.Match(ctx, p)
		return len(matches), err
	})
	return l, err
}

// afterTexts measures rounds when the texts that they read are in memory.
func (r *register) afterTexts(round func(i int) error) (time.Duration, error) {
	for i := range rounds {
		if err := round(i); err != nil {
			return 0, err
		}
	}
	return best(round)
}

// match is how many pages a second are compared that have a part of an article
// beside other text.
func (r *register) match(ctx context.Context) (Figure, error) {
	random := rand.New(rand.NewPCG(5, 5))
	pages, from := make([]string, rounds*r.pages), make([]string, rounds*r.pages)
	for i := range pages {
		a := r.paper.article(random.Uint64N(uint64(r.index.Len())))
		article := []rune(a.Text)
		other := []rune(r.paper.page(len(pages) + i))
		pages[i] = string(other[:len(other)/3]) + string(article[:2*len(article)/3])
		from[i] = a.ID
	}
	found := 0
	look := func(i int) error {
		for k := i * r.pages; k < (i+1)*r.pages; k++ {
			matches, err := r.index.Match(ctx, fingerprints.Page{Text: pages[k]})
			if err != nil {
				return err
			}
			if len(matches) > 0 && matches[0].Article == from[k] {
				found++
			}
		}
		return nil
	}
	d, err := r.afterTexts(look)
	f := atLeast("pages with a match, aligned, among "+grouped(r.index.Len())+" articles", float64(r.pages)/d.Seconds(), "pages/s", 2000)
	f.Peer = fmt.Sprintf("%.1f %% had their article named first", 100*float64(found)/float64(2*len(pages)))
	return f, err
}

// ready is the time in which the index is opened from its file, which is in the
// system's cache, and has looked at a page.
func (r *register) ready(ctx context.Context) (Figure, error) {
	page := fingerprints.Page{Text: r.paper.page(0)}
	least := time.Duration(math.MaxInt64)
	for range rounds {
		start := time.Now()
		x, err := fingerprints.OpenIndex(r.mapped, r.source)
		if err == nil {
			_, err = x.Candidates(ctx, page)
		}
		if err != nil {
			return Figure{}, err
		}
		least = min(least, time.Since(start))
	}
	target := 3 * max(1, float64(r.index.Len())/million)
	return atMost("snapshot of "+grouped(r.index.Len())+" articles ready", least.Seconds(), "s", target), nil
}
