package fingerprints

import (
	"context"
	"sync"
)

// Index holds the registered articles by their grams. It is safe for concurrent
// use. What is added or removed counts for the next page; one writer goes at a
// time, and now and then waits for the index to be written anew, while look-ups go
// on.
type Index struct {
	writer sync.Mutex // held through a change, which mu guards the last step of

	mu        sync.RWMutex
	base      *base
	delta     *delta
	gone      map[int32]state // what of the base is gone
	live      int
	ledger    *ledger
	skeletons *skeletons
	kept      map[string]Article // the texts, where no source gives them

	source Source
	least  float64 // score that is reported
	looks  sync.Pool
}

// Source gives the articles of IDs, in their order: the headline and the text
// that a page is compared with. One that there is no more is empty.
type Source func(ctx context.Context, ids []string) ([]Article, error)

// NewIndex returns an empty index, which keeps the texts itself.
func NewIndex() *Index {
	return newIndex(&base{}, newLedger(), newSkeletons(rewordedAmong))
}

func newIndex(b *base, l *ledger, s *skeletons) *Index {
	x := &Index{
		base: b, delta: newDelta(), gone: map[int32]state{}, ledger: l, skeletons: s,
		kept: map[string]Article{}, least: 1,
	}
	x.looks.New = func() any { return new(look) }
	return x
}

// ReportFrom sets the least score that is reported, which is 1 otherwise: more
// is surer, less finds more. It is set before the index is used.
func (x *Index) ReportFrom(score float64) { x.least = score }

// TextsFrom has the index read the texts from a source when it compares them,
// and keep none. It is set before the index is used.
func (x *Index) TextsFrom(s Source) { x.source, x.kept = s, nil }

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
	n, ok := x.number(id)
	if !ok {
		return false
	}
	e := x.entry(n)
	return !e.gone()
}

// Add registers an article, in the place of one with the same ID.
func (x *Index) Add(a Article) { x.take(NewSketch(a), &a, 0) }

// AddKnown takes in text that is no article of ours and that was known before
// them: what stands in it is common source. One that gives a date is older than
// the articles after that date; one without is older than all. Its ID must not
// be an article's.
func (x *Index) AddKnown(a Article) { x.take(NewSketch(a), &a, known) }

// AddSketch is [Index.Add] of an index that has a [Source].
func (x *Index) AddSketch(s Sketch) { x.take(s, nil, 0) }

func (x *Index) take(s Sketch, a *Article, as state) {
	x.writer.Lock()
	defer x.writer.Unlock()
	x.add(&s, a, as)
	if x.full() {
		x.rewrite()
	}
}

func (x *Index) add(s *Sketch, a *Article, as state) {
	x.mu.Lock()
	defer x.mu.Unlock()
	e := entry{id: s.ID, published: instant(s.PublishedAt), simhash: s.Simhash, state: as}
	if n, ok := x.number(s.ID); ok {
		e.added = x.entry(n).added
		x.end(n, replaced)
	}
	if len(s.Text.Folded) > 0 && x.ledger.Add(s.Text) {
		e.added += min(1, ^e.added)
	}
	if x.kept != nil && a != nil {
		x.kept[s.ID] = *a
	}
	n := int32(len(x.delta.entries))
	x.delta.entries, x.delta.latest[s.ID] = append(x.delta.entries, e), n
	for _, g := range s.Grams {
		x.delta.put(keyOf(g), n)
	}
	if as&known != 0 {
		return
	}
	x.live++
	x.skeletons.Add(int32(x.base.texts)+n, s.Skeleton)
	if s.Headline != 0 {
		x.delta.put(keyOf(s.Headline), n)
	}
}

// Remove forgets an article; an ID that is not there changes nothing.
func (x *Index) Remove(id string) {
	x.writer.Lock()
	defer x.writer.Unlock()
	x.mu.Lock()
	defer x.mu.Unlock()
	if n, ok := x.number(id); ok {
		x.end(n, withdrawn)
	}
}

// end takes an entry out.
func (x *Index) end(n int32, as state) {
	e := x.entry(n)
	if !e.gone() {
		delete(x.kept, e.id)
		if !e.known() {
			x.live--
			x.skeletons.Remove(n)
		}
	}
	e.state |= as
	if n >= int32(x.base.texts) {
		x.delta.entries[n-int32(x.base.texts)].state = e.state
	} else {
		x.gone[n] = e.state
	}
}

// number is the last entry of an ID.
func (x *Index) number(id string) (int32, bool) {
	if n, ok := x.delta.latest[id]; ok {
		return int32(x.base.texts) + n, true
	}
	return x.base.number(id)
}

// entry is what the index knows of a number.
func (x *Index) entry(n int32) entry {
	if n >= int32(x.base.texts) {
		return x.delta.entries[n-int32(x.base.texts)]
	}
	e := x.base.record(n)
	e.id = string(x.base.id(n))
	if s, ok := x.gone[n]; ok {
		e.state = s
	}
	return e
}

// texts are the articles of entries; one that is gone is empty.
func (x *Index) texts(ctx context.Context, ids []string) ([]Article, error) {
	if x.source != nil {
		return x.source(ctx, ids)
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	list := make([]Article, len(ids))
	for i, id := range ids {
		list[i] = x.kept[id]
	}
	return list, nil
}
