package evaluation

import (
	"cmp"
	"slices"
	"sync"
)

// Negatives is what was reported on unrelated pages.
type Negatives struct {
	Alarms []Alarm
	Kinds  []Kind
	// Common counts the pages on which an article is named as common source, Quoted
	// those of them on which one is of which no other holder is known.
	Common, Quoted   int
	pages            int
	pairs            float64
	ranked, baseline []Alarm // for the curve
}

// Alarm is a report on an unrelated page.
type Alarm struct {
	Page, Article string
	Score         float64
	Shared        bool   // known to share text of its own
	Reworded      bool   // reported as told in other words
	Kind          string // of what is shared, where the pair was judged
}

func (d *Data) negatives(k *bench, parts Parts) Negatives {
	n := Negatives{pages: len(parts.Pages), pairs: float64(len(parts.Pages)) * float64(len(parts.Registered))}
	var mu sync.Mutex
	each(len(parts.Pages), func(i int) {
		p := parts.Pages[i]
		alarm := func(article string, score float64) Alarm {
			return Alarm{p.ID, article, score, d.Shared(p.ID, article), false, d.judged[pairOf(p.ID, article)].Kind}
		}
		matches, sources := k.find(p.Text)
		var ours, ranked, theirs []Alarm
		ranks := map[string]float64{}
		for _, m := range k.loosely.matches(p.Text) {
			ranks[m.Article] = min(belowOne, m.Score)
		}
		for _, m := range matches {
			a := alarm(m.Article, m.Score)
			a.Reworded = m.Reworded
			ours, ranks[m.Article] = append(ours, a), m.Score
		}
		quoted := false
		for _, s := range sources {
			ranks[s.Article] = max(ranks[s.Article], rank(s))
			quoted = quoted || len(s.Holders) == 0
		}
		for article, score := range ranks {
			ranked = append(ranked, alarm(article, score))
		}
		for number, count := range k.base.scores(p.Text) {
			theirs = append(theirs, alarm(parts.Registered[number].ID, float64(count)))
		}
		mu.Lock()
		defer mu.Unlock()
		n.Common, n.Quoted = n.Common+indicator(len(sources) > 0), n.Quoted+indicator(quoted)
		n.Alarms, n.ranked, n.baseline = append(n.Alarms, ours...), append(n.ranked, ranked...), append(n.baseline, theirs...)
	})
	slices.SortFunc(n.Alarms, func(a, b Alarm) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Page, b.Page), cmp.Compare(a.Article, b.Article))
	})
	n.Kinds = d.byKind(parts, n.Alarms)
	return n
}
