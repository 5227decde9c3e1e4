package fingerprints

import (
	"cmp"
	"context"
	"fmt"
	"slices"
)

const (
	commonGram   = 32  // a gram of more texts finds nothing
	screenHits   = 2   // selected grams that make a candidate
	screenWeight = 0.5 // and the weight that they must have: 1 for a gram of one text, 1/n of n
	mostAligned  = 32  // candidates that are looked at
	headlineMin  = 6   // folded characters of a headline that can be found
)

// look is what a look-up uses again and again.
type look struct {
	page     Text
	hashes   []uint64
	grams    []uint64
	skeleton []uint64
	buckets  [][2]int
	holders  []int32
	hits     []hit
	order    []hit
	touched  byte
	folded   []Text // of the candidates
	aligner  aligner
	ledger   reader
}

// hit is a gram that a text has too, or what all of them make of the text.
type hit struct {
	n      int32
	hits   int32
	weight float64
}

func (x *Index) look() *look {
	l, _ := x.looks.Get().(*look)
	return l
}

// fold reads a page.
func (l *look) fold(text string) {
	l.page.Fold(text)
	l.hashes = hashes(l.hashes[:0], l.page.Folded)
	l.grams = selected(l.grams[:0], l.hashes)
	l.skeleton = skeletonOf(l.skeleton[:0], l.page.Folded)
}

// Candidates is the cheap screen: the IDs of the articles that [Index.Match]
// would look at, best first, and where there are none, of those that the page
// tells again in other words. Most pages have none. It fails if the source of
// the texts does.
func (x *Index) Candidates(ctx context.Context, p Page) ([]string, error) {
	l := x.look()
	defer x.looks.Put(l)
	l.fold(p.Text)
	x.mu.RLock()
	x.screen(l)
	var ids []string
	for _, h := range l.order {
		if e := x.entry(h.n); !e.known() {
			ids = append(ids, e.id)
		}
	}
	x.mu.RUnlock()
	linked, err := x.linked(ctx, p)
	if err != nil {
		return nil, err
	}
	var retold []entry
	if len(ids) == 0 {
		if retold, err = x.retold(ctx, l); err != nil {
			return nil, err
		}
	}
	for _, e := range append(linked, retold...) {
		if !slices.Contains(ids, e.id) {
			ids = append(ids, e.id)
		}
	}
	return ids, nil
}

// screen finds the texts that share enough selected grams, the rarest first. It
// reads all buckets at once before it looks into them, so that the processor waits
// for memory once and not for each.
func (x *Index) screen(l *look) {
	b, split := x.base, layoutOf(x.base.texts)
	l.buckets, l.hits, l.order = l.buckets[:0], l.hits[:0], l.order[:0]
	for _, g := range l.grams {
		from, to := b.bucket(split, keyOf(g))
		l.buckets = append(l.buckets, [2]int{from, to})
	}
	for i, at := range l.buckets {
		if at[0] < at[1] {
			l.touched += b.entries[at[0]]
		}
		l.touched += byte(x.delta.slots[x.delta.home(keyOf(l.grams[i]))])
	}
	for i, g := range l.grams {
		if !x.holders(l, split, keyOf(g), l.buckets[i]) {
			continue
		}
		for _, n := range l.holders {
			l.hits = append(l.hits, hit{n, 1, 1 / float64(len(l.holders))})
		}
	}
	slices.SortFunc(l.hits, func(a, b hit) int { return cmp.Or(cmp.Compare(a.n, b.n), cmp.Compare(a.weight, b.weight)) })
	for i := 0; i < len(l.hits); {
		sum := l.hits[i]
		for i++; i < len(l.hits) && l.hits[i].n == sum.n; i++ {
			sum.hits, sum.weight = sum.hits+1, sum.weight+l.hits[i].weight
		}
		if sum.hits >= screenHits && sum.weight >= screenWeight {
			l.order = append(l.order, sum)
		}
	}
	slices.SortFunc(l.order, func(a, b hit) int { return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.n, b.n)) })
	l.order = l.order[:min(len(l.order), mostAligned)]
}

// holders puts into l.holders the texts under a key whose bucket is at; false
// where there are none, or more than prove anything.
func (x *Index) holders(l *look, split layout, key uint64, at [2]int) bool {
	l.holders = l.holders[:0]
	rest := split.restOf(key)
	for i := at[0]; i < at[1]; i += entrySize {
		e := readEntry(x.base.entries[i : i+entrySize])
		switch {
		case e>>split.number < rest:
			continue
		case e>>split.number > rest:
			i = at[1]
			continue
		case e&split.many() == split.many():
			return false
		}
		n := int32(e & split.many())
		if _, gone := x.gone[n]; !gone && int(n) < x.base.texts {
			l.holders = append(l.holders, n)
		}
	}
	l.holders = x.delta.holders(l.holders, key, int32(x.base.texts))
	return len(l.holders) > 0 && len(l.holders) <= commonGram
}

// linked are the articles whose exact headline is a link of the page, or the
// headline of a page that links somewhere.
func (x *Index) linked(ctx context.Context, p Page) ([]entry, error) {
	if len(p.Links) == 0 {
		return nil, nil
	}
	texts := make([]string, 0, len(p.Links)+1)
	for _, l := range p.Links {
		texts = append(texts, l.Text)
	}
	l := x.look()
	defer x.looks.Put(l)
	var found []entry
	var folded []string
	x.mu.RLock()
	split := layoutOf(x.base.texts)
	for _, text := range append(texts, p.Title) {
		l.page.Fold(text)
		h := headline(l.page.Folded)
		if h == 0 {
			continue
		}
		from, to := x.base.bucket(split, keyOf(h))
		if !x.holders(l, split, keyOf(h), [2]int{from, to}) {
			continue
		}
		slices.Sort(l.holders)
		for _, n := range l.holders {
			e := x.entry(n)
			if !slices.ContainsFunc(found, func(f entry) bool { return f.id == e.id }) {
				found, folded = append(found, e), append(folded, string(l.page.Folded))
			}
		}
	}
	x.mu.RUnlock()
	// The hash of a headline may be another's, or a gram's.
	articles, err := x.read(ctx, found)
	if err != nil {
		return nil, err
	}
	list := found[:0]
	for i, a := range articles {
		if string(Fold(a.Title).Folded) == folded[i] {
			list = append(list, found[i])
		}
	}
	return list, nil
}

// read gets the articles of entries.
func (x *Index) read(ctx context.Context, list []entry) ([]Article, error) {
	if len(list) == 0 {
		return nil, nil
	}
	ids := make([]string, len(list))
	for i := range list {
		ids[i] = list[i].id
	}
	articles, err := x.texts(ctx, ids)
	if err == nil && len(articles) != len(ids) {
		err = fmt.Errorf("%d for %d IDs", len(articles), len(ids))
	}
	if err != nil {
		return nil, fmt.Errorf("texts of the articles that a page may have: %w", err)
	}
	return articles, nil
}
