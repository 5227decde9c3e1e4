package evaluation

import (
	"context"
	"runtime"
	"slices"
	"sync"

	"rightsdesk/fingerprints"
)

// Report is what was measured with one seed.
type Report struct {
	Seed                          uint64
	Registered, Pages, Background int
	Variants                      []Variant
	Negatives                     Negatives
	Curve                         []Point
	Pairs                         Pairs
	Reworded                      []Grade
	Alignments                    []Alignment
}

// Variant is what became of one way of copying.
type Variant struct {
	Name  string
	Pages int
	// Found counts the pages on which the article was reported, or another
	// article that has the same words.
	Found int
	// Common counts the pages on which it was named as common source.
	Common int
	// Precision and Recall are of the characters in passages.
	Precision, Recall float64
	Baseline          int

	scores, counts []float64 // of each page, by our rule and by the baseline's
}

// Negatives is what was reported on unrelated pages.
type Negatives struct {
	Alarms   []Alarm
	pages    int
	pairs    float64
	baseline []Alarm
}

// Alarm is a report on an unrelated page.
type Alarm struct {
	Page, Article string
	Score         float64
	Shared        bool // known to share text of its own
	Reworded      bool // reported as told in other words
}

// lowest is the score from which pairs are kept for the curve.
const lowest = 0.3

// Run measures with one seed, and so many pages of each variant.
func (d *Data) Run(ctx context.Context, seed uint64, each int) (*Report, error) {
	parts := d.Deal(seed)
	x := fingerprints.NewIndex()
	x.ReportFrom(lowest)
	for _, a := range parts.Registered {
		x.Add(a)
	}
	for _, a := range parts.Background {
		x.AddKnown(a)
	}
	find := searchIn(ctx, x)
	m := newMaker(d, parts, seed)
	base := newCounting(parts.Registered)
	r := &Report{Seed: seed, Registered: len(parts.Registered), Pages: len(parts.Pages), Background: len(parts.Background)}
	r.Negatives = d.negatives(find, base, parts)
	for _, v := range variants() {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		r.Variants = append(r.Variants, measure(find, base, m, v, each))
	}
	r.Curve = r.curve()
	r.Pairs, r.Reworded = d.pairs(ctx), d.reworded(ctx)
	var err error
	r.Alignments, err = d.alignments(ctx)
	return r, err
}

// each calls f for 0 to n-1 on all cores.
func each(n int, f func(i int)) {
	var wg sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		wg.Go(func() {
			for i := w; i < n; i += workers {
				f(i)
			}
		})
	}
	wg.Wait()
}

func (d *Data) negatives(find search, base *counting, parts Parts) Negatives {
	n := Negatives{pages: len(parts.Pages), pairs: float64(len(parts.Pages)) * float64(len(parts.Registered))}
	var mu sync.Mutex
	each(len(parts.Pages), func(i int) {
		p := parts.Pages[i]
		var ours, theirs []Alarm
		for _, m := range find.matches(p.Text) {
			ours = append(ours, Alarm{p.ID, m.Article, m.Score, d.Shared[[2]string{p.ID, m.Article}], m.Reworded})
		}
		for k, count := range base.scores(p.Text) {
			id := parts.Registered[k].ID
			theirs = append(theirs, Alarm{p.ID, id, float64(count), d.Shared[[2]string{p.ID, id}], false})
		}
		mu.Lock()
		defer mu.Unlock()
		n.Alarms, n.baseline = append(n.Alarms, ours...), append(n.baseline, theirs...)
	})
	order := func(a, b Alarm) int {
		switch {
		case a.Score != b.Score:
			return int(1e6 * (b.Score - a.Score))
		case a.Page < b.Page:
			return -1
		}
		return 1
	}
	slices.SortFunc(n.Alarms, order)
	slices.SortFunc(n.baseline, order)
	return n
}

func measure(find search, base *counting, m *maker, v variant, n int) Variant {
	tries := m.tries(v, n)
	r := Variant{Name: v.name, Pages: n, scores: make([]float64, n), counts: make([]float64, n)}
	var mu sync.Mutex
	var hit, shown, planted int
	each(n, func(i int) {
		t := tries[i]
		page := string(t.page.text)
		matches, sources := find(page)
		score, passages := credit(matches, m.articles[t.article].ID, t.page.spans)
		common := slices.ContainsFunc(sources, func(s fingerprints.CommonSource) bool { return s.Article == m.articles[t.article].ID })
		count := base.scores(page)[int32(t.article)]
		a, b, c := compare(t.page.spans, passages)
		mu.Lock()
		defer mu.Unlock()
		r.scores[i], r.counts[i] = score, float64(count)
		if score >= 1 {
			r.Found++
			hit, shown, planted = hit+a, shown+b, planted+c
		} else if common {
			r.Common++
		}
		if count >= countingChars {
			r.Baseline++
		}
	})
	r.Precision, r.Recall = float64(hit)/float64(max(1, shown)), float64(hit)/float64(max(1, planted))
	slices.Sort(r.scores)
	slices.Sort(r.counts)
	return r
}

// credit is the score of the match of an article, or of another that has half of
// the copied text or more: it has the same words.
func credit(matches []fingerprints.Match, id string, spans [][2]int) (float64, []fingerprints.Passage) {
	score, passages := 0.0, []fingerprints.Passage(nil)
	for _, m := range matches {
		if m.Article == id {
			return m.Score, m.Passages
		}
		if hit, _, planted := compare(spans, m.Passages); 2*hit > planted && m.Score > score {
			score, passages = m.Score, m.Passages
		}
	}
	return score, passages
}

// joined is how far passages may stand apart, in code points, and be one.
const joined = 30

// compare counts code points of the page: in both, in the passages joined where
// they follow each other closely, in what was copied.
func compare(spans [][2]int, passages []fingerprints.Passage) (hit, shown, planted int) {
	var found [][2]int
	for _, p := range passages {
		if n := len(found) - 1; n >= 0 && p.Page[0]-found[n][1] <= joined {
			found[n][1] = max(found[n][1], p.Page[1])
			continue
		}
		found = append(found, p.Page)
	}
	for _, f := range found {
		shown += f[1] - f[0]
		for _, s := range spans {
			hit += max(0, min(f[1], s[1])-max(f[0], s[0]))
		}
	}
	for _, s := range spans {
		planted += s[1] - s[0]
	}
	return hit, shown, planted
}
