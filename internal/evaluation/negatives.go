package evaluation

import (
	"slices"
	"sync"
)

// Negatives is what was reported on unrelated pages.
type Negatives struct {
	Alarms   []Alarm
	Kinds    []Kind
	pages    int
	pairs    float64
	baseline []Alarm
}

// Alarm is a report on an unrelated page.
type Alarm struct {
	Page, Article string
	Score         float64
	Shared        bool   // known to share text of its own
	Reworded      bool   // reported as told in other words
	Kind          string // of what is shared, where the pair was judged
}

func (d *Data) negatives(find search, base *counting, parts Parts) Negatives {
	n := Negatives{pages: len(parts.Pages), pairs: float64(len(parts.Pages)) * float64(len(parts.Registered))}
	var mu sync.Mutex
	each(len(parts.Pages), func(i int) {
		p := parts.Pages[i]
		var ours, theirs []Alarm
		for _, m := range find.matches(p.Text) {
			ours = append(ours, Alarm{p.ID, m.Article, m.Score, d.Shared(p.ID, m.Article), m.Reworded, d.judged[pairOf(p.ID, m.Article)].Kind})
		}
		for k, count := range base.scores(p.Text) {
			id := parts.Registered[k].ID
			theirs = append(theirs, Alarm{p.ID, id, float64(count), d.Shared(p.ID, id), false, ""})
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
	n.Kinds = d.byKind(parts, n.Alarms)
	return n
}
