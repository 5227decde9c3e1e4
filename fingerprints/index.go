package fingerprints

import (
	"cmp"
	"slices"
	"sync"
)

// Index holds the registered articles by their grams. It is safe for
// concurrent use.
type Index struct {
	mu       sync.RWMutex
	ids      map[string]int32
	articles []entry // a removed article leaves an empty entry
	grams    map[uint64][]posting
	titles   map[string][]int32 // by folded headline
	live     int
}

type entry struct {
	Article
	text    Text
	simhash uint64
	title   string // folded
}

type posting struct{ article, at int32 }

// NewIndex returns an empty index.
func NewIndex() *Index {
	return &Index{ids: map[string]int32{}, grams: map[uint64][]posting{}, titles: map[string][]int32{}}
}

// Len is the number of articles.
func (x *Index) Len() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.live
}

// Add registers an article, in the place of one with the same ID.
func (x *Index) Add(a Article) {
	text := Fold(a.Text)
	e := entry{Article: a, text: text, simhash: Simhash(text), title: string(Fold(a.Title).Folded)}
	e.Text = "" // the folded text is what is compared
	x.mu.Lock()
	defer x.mu.Unlock()
	x.remove(a.ID)
	n := int32(len(x.articles))
	x.articles = append(x.articles, e)
	x.ids[a.ID] = n
	x.live++
	for at, g := range hashes(text.Folded) {
		x.grams[g] = append(x.grams[g], posting{n, int32(at)})
	}
	if len([]rune(e.title)) >= headlineMin {
		x.titles[e.title] = append(x.titles[e.title], n)
	}
}

// Remove forgets an article; an ID that is not there changes nothing.
func (x *Index) Remove(id string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.remove(id)
}

func (x *Index) remove(id string) {
	n, ok := x.ids[id]
	if !ok {
		return
	}
	e := x.articles[n]
	for _, g := range hashes(e.text.Folded) {
		left := slices.DeleteFunc(x.grams[g], func(p posting) bool { return p.article == n })
		if len(left) == 0 {
			delete(x.grams, g)
		} else {
			x.grams[g] = left
		}
	}
	left := slices.DeleteFunc(x.titles[e.title], func(i int32) bool { return i == n })
	if len(left) == 0 {
		delete(x.titles, e.title)
	} else {
		x.titles[e.title] = left
	}
	x.articles[n] = entry{}
	delete(x.ids, id)
	x.live--
}

// Candidates is the cheap screen: the IDs of the articles that [Index.Match]
// would look at, best first. Most pages have none.
func (x *Index) Candidates(p Page) []string {
	x.mu.RLock()
	defer x.mu.RUnlock()
	seeds := x.seeds(Fold(p.Text))
	ids := []string{}
	for _, n := range x.bySeeds(seeds) {
		ids = append(ids, x.articles[n].ID)
	}
	for _, n := range x.linked(p) {
		if _, ok := seeds[n]; !ok {
			ids = append(ids, x.articles[n].ID)
		}
	}
	return ids
}

type seed struct{ page, article int32 }

// seeds are the places where a rare gram of an article stands on the page, of
// the articles that have enough of them.
func (x *Index) seeds(page Text) map[int32][]seed {
	seeds := map[int32][]seed{}
	for at, g := range hashes(page.Folded) {
		postings := x.grams[g]
		if common(postings) {
			continue
		}
		for _, p := range postings {
			seeds[p.article] = append(seeds[p.article], seed{int32(at), p.at})
		}
	}
	for n, list := range seeds {
		if len(list) < screenHits {
			delete(seeds, n)
		}
	}
	return seeds
}

// common reports whether the postings are of commonGram articles or more.
func common(postings []posting) bool {
	distinct := 0
	for i, p := range postings {
		// Postings of one article stand together: they were added at once.
		if i == 0 || p.article != postings[i-1].article {
			distinct++
		}
	}
	return distinct >= commonGram
}

// bySeeds orders articles by what they share with the page; among equals the
// earlier published one is the likelier origin.
func (x *Index) bySeeds(seeds map[int32][]seed) []int32 {
	order := make([]int32, 0, len(seeds))
	for n := range seeds {
		order = append(order, n)
	}
	slices.SortFunc(order, func(a, b int32) int {
		return cmp.Or(cmp.Compare(len(seeds[b]), len(seeds[a])),
			x.articles[a].PublishedAt.Compare(x.articles[b].PublishedAt),
			cmp.Compare(x.articles[a].ID, x.articles[b].ID))
	})
	return order
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

// hashes returns the hash of the gram at every position of a folded text.
func hashes(folded []rune) []uint64 {
	if len(folded) < gramSize {
		return nil
	}
	// A polynomial over the 64-bit ring, rolled along the text, and mixed at the
	// end so that the high bits count too.
	const base = 0x9E3779B97F4A7C15
	var top uint64 = 1
	for range gramSize - 1 {
		top *= base
	}
	list := make([]uint64, 0, len(folded)-gramSize+1)
	var h uint64
	for i, r := range folded {
		if i >= gramSize {
			h -= uint64(folded[i-gramSize]) * top
		}
		h = h*base + uint64(r)
		if i >= gramSize-1 {
			m := h ^ h>>32
			m *= 0xD6E8FEB86659FD93
			list = append(list, m^m>>32)
		}
	}
	return list
}
