package fingerprints

import (
	"cmp"
	"slices"
	"sync"
	"time"
)

// Index holds the registered articles by their grams. It is safe for
// concurrent use.
type Index struct {
	mu       sync.RWMutex
	ids      map[string]int32
	articles []entry // a removed article leaves an entry without grams
	grams    map[uint64][]int32
	titles   map[string][]int32 // by folded headline
	ledger   *Ledger
	live     int

	skeletons *Skeletons
	least     float64 // score that is reported
}

type entry struct {
	id        string
	text      string
	published time.Time
	title     string // folded
	simhash   uint64
	added     int  // how often a text of this ID was added to the ledger
	known     bool // text that was known before, and nobody's article
	gone      bool
}

// NewIndex returns an empty index.
func NewIndex() *Index {
	return &Index{ids: map[string]int32{}, grams: map[uint64][]int32{}, titles: map[string][]int32{}, ledger: NewLedger(), least: 1, skeletons: NewSkeletons(RewordedAmong)}
}

// ReportFrom sets the least score that is reported, which is 1 otherwise: more
// is surer, less finds more. It is set before the index is used.
func (x *Index) ReportFrom(score float64) { x.least = score }

// Len is the number of articles; known texts do not count.
func (x *Index) Len() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.live
}

// Has reports whether an article or a known text of that ID is there.
func (x *Index) Has(id string) bool {
	x.mu.RLock()
	defer x.mu.RUnlock()
	n, ok := x.ids[id]
	return ok && !x.articles[n].gone
}

// Add registers an article, in the place of one with the same ID.
func (x *Index) Add(a Article) { x.add(a, entry{}) }

// AddKnown takes in text that is no article of ours and that was known before
// them: what stands in it is common source. One that gives a date is older than
// the articles after that date; one without is older than all. Its ID must not
// be an article's.
func (x *Index) AddKnown(a Article) { x.add(a, entry{known: true}) }

func (x *Index) add(a Article, e entry) {
	text := Fold(a.Text)
	grams := selected(text.Folded)
	e.id, e.text, e.published = a.ID, a.Text, a.PublishedAt
	if !e.known {
		e.simhash, e.title = Simhash(text), string(Fold(a.Title).Folded)
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if before := x.remove(a.ID); before != nil {
		e.added = before.added
	}
	if x.ledger.Add(text) {
		e.added++
	}
	n := int32(len(x.articles))
	x.articles = append(x.articles, e)
	x.ids[a.ID] = n
	for _, g := range grams {
		x.grams[g] = append(x.grams[g], n)
	}
	if e.known {
		return
	}
	x.live++
	x.skeletons.Add(n, Skeleton(nil, text.Folded))
	if len([]rune(e.title)) >= headlineMin {
		x.titles[e.title] = append(x.titles[e.title], n)
	}
}

// selected are the grams of a text that are kept of it, each once.
func selected(folded []rune) []uint64 {
	grams := winnow(nil, hashes(nil, folded))
	slices.Sort(grams)
	return slices.Compact(grams)
}

// Remove forgets an article; an ID that is not there changes nothing.
func (x *Index) Remove(id string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.remove(id)
}

// remove returns what it removed; of an ID that was removed before, what is left
// of it.
func (x *Index) remove(id string) *entry {
	n, ok := x.ids[id]
	if !ok {
		return nil
	}
	e := &x.articles[n]
	if e.gone {
		return e
	}
	for _, g := range selected(Fold(e.text).Folded) {
		if left := without(x.grams[g], n); len(left) > 0 {
			x.grams[g] = left
		} else {
			delete(x.grams, g)
		}
	}
	if left := without(x.titles[e.title], n); len(left) > 0 {
		x.titles[e.title] = left
	} else {
		delete(x.titles, e.title)
	}
	if !e.known {
		x.live--
		x.skeletons.Remove(n)
	}
	e.text, e.title, e.gone = "", "", true
	return e
}

func without(list []int32, n int32) []int32 {
	return slices.DeleteFunc(list, func(i int32) bool { return i == n })
}

const (
	commonGram   = 32  // a gram of more texts finds nothing
	screenHits   = 2   // selected grams that make a candidate
	screenWeight = 0.5 // and the weight that they must have: 1 for a gram of one text, 1/n of n
	mostAligned  = 32  // candidates that are looked at
	headlineMin  = 6   // folded characters of a headline that can be found
)

// Candidates is the cheap screen: the IDs of the articles that [Index.Match]
// would look at, best first. Most pages have none.
func (x *Index) Candidates(p Page) []string {
	page := Fold(p.Text)
	grams := selected(page.Folded)
	x.mu.RLock()
	defer x.mu.RUnlock()
	ids := []string{}
	found := x.screen(grams)
	for _, n := range found {
		if e := &x.articles[n]; !e.known {
			ids = append(ids, e.id)
		}
	}
	for _, n := range append(x.retold(page), x.linked(p)...) {
		if !slices.Contains(found, n) {
			found, ids = append(found, n), append(ids, x.articles[n].id)
		}
	}
	return ids
}

// screen finds the texts that share enough selected grams, the rarest first.
func (x *Index) screen(grams []uint64) []int32 {
	type tally struct {
		hits   int
		weight float64
	}
	tallies := map[int32]tally{}
	for _, g := range grams {
		holders := x.grams[g]
		if len(holders) > commonGram {
			continue
		}
		for _, n := range holders {
			t := tallies[n]
			tallies[n] = tally{t.hits + 1, t.weight + 1/float64(len(holders))}
		}
	}
	var order []int32
	for n, t := range tallies {
		if t.hits >= screenHits && t.weight >= screenWeight {
			order = append(order, n)
		}
	}
	slices.SortFunc(order, func(a, b int32) int {
		return cmp.Or(cmp.Compare(tallies[b].weight, tallies[a].weight), cmp.Compare(a, b))
	})
	return order[:min(len(order), mostAligned)]
}

// linked are the articles whose exact headline is a link of the page, or the
// headline of a page that links somewhere.
func (x *Index) linked(p Page) []int32 {
	var found []int32
	look := func(text string) {
		for _, n := range x.titles[string(Fold(text).Folded)] {
			if !slices.Contains(found, n) {
				found = append(found, n)
			}
		}
	}
	for _, l := range p.Links {
		look(l.Text)
	}
	if len(p.Links) > 0 {
		look(p.Title)
	}
	return found
}
