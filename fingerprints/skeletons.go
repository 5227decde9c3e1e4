package fingerprints

import (
	"cmp"
	"math"
	"slices"
	"sync"
)

// skeletons finds the articles that a page may reword, by the items of their
// skeleton. It holds the newest articles only: a text is reworded while it is
// news, and the more articles there are, the less an item proves. It takes some
// 1 KB an article. Several Candidates may run at the same time, Add and Remove
// only alone.
type skeletons struct {
	slots    []skeleton // a ring
	next     int        // the slot that the next article takes
	at       map[int32]int32
	postings map[uint64][]int32 // slots, by item
	version  int                // counts changes
	shares   sync.Pool
}

type skeleton struct {
	article int32
	items   []uint64
}

const (
	// rewordedAmong is how many of the newest articles are worth holding. Reckoned
	// from the frequencies of a small set, among 100 thousand one in five of the
	// rewordings found here would be missed, among a million half.
	rewordedAmong = 16_384

	mostItems      = 40   // of an article; the smallest hashes, which the page has too
	mostHolders    = 512  // an item that more articles have proves nothing
	leastItems     = 3    // that a candidate shares with the page
	leastItemBits  = 20.0 // that they prove, beyond naming one article of all
	leastItemShare = 0.35 // of what all the article's items prove
	mostRetold     = 4    // candidates of a page
	fewestTexts    = 1024
)

// newSkeletons returns an empty set that holds so many articles, at least one.
func newSkeletons(articles int) *skeletons {
	s := &skeletons{slots: make([]skeleton, 0, max(1, articles)), at: map[int32]int32{}, postings: map[uint64][]int32{}}
	s.shares.New = func() any {
		return &shares{parts: make([]uint16, cap(s.slots)), wholes: make([]float64, cap(s.slots))}
	}
	return s
}

// Add takes in an article by its number, in the place of one with the same
// number or, if the set is full, of the oldest.
func (s *skeletons) Add(article int32, items []uint64) {
	slot, ok := s.at[article]
	if !ok {
		slot = int32(s.next)
		s.next = (s.next + 1) % cap(s.slots)
		if len(s.slots) < cap(s.slots) {
			s.slots = append(s.slots, skeleton{})
		}
	}
	s.clear(slot)
	s.slots[slot] = skeleton{article, slices.Clone(items[:min(len(items), mostItems)])}
	slices.Sort(s.slots[slot].items)
	s.at[article] = slot
	for _, item := range s.slots[slot].items {
		s.postings[item] = append(s.postings[item], slot)
	}
}

// Remove forgets an article; a number that is not there changes nothing. Its
// place stays empty until it is the oldest.
func (s *skeletons) Remove(article int32) {
	if slot, ok := s.at[article]; ok {
		s.clear(slot)
	}
}

func (s *skeletons) clear(slot int32) {
	s.version++
	old := &s.slots[slot]
	if s.at[old.article] == slot {
		delete(s.at, old.article)
	}
	for _, item := range old.items {
		left := slices.DeleteFunc(s.postings[item], func(n int32) bool { return n == slot })
		if len(left) == 0 {
			delete(s.postings, item)
		} else {
			s.postings[item] = left
		}
	}
	*old = skeleton{}
}

// proves is how many bits an item proves that a page and an article share, where
// so many of the articles, a binary logarithm, have it or not.
func proves(holders int, texts float64) float64 {
	if holders == 0 || holders > mostHolders {
		return 0
	}
	return texts - logarithms()[holders]
}

//nolint:gochecknoglobals // computed once, never changed
var logarithms = sync.OnceValue(func() *[mostHolders + 1]float64 {
	logs := new([mostHolders + 1]float64)
	for n := range logs {
		logs[n] = math.Log2(float64(n))
	}
	return logs
})

// texts is the logarithm of the number of articles that frequencies are taken of:
// what the first few have may be rare among all.
func (s *skeletons) texts() float64 { return math.Log2(float64(max(fewestTexts, len(s.at)))) }

// shares is what the articles share with one page.
type shares struct {
	items []uint64  // of the page, that prove something
	bits  []float64 // that each proves
	parts []uint16  // by slot: about what all prove, in parts of a bit and never too little
	over  []int32   // slots that may share enough

	wholes  []float64 // by slot: what all the items of the article prove; 0 where not known
	version int       // of the set that this was reckoned of
}

// partsOfBit is so few that the items of an article, however rare, have fewer
// than 1<<16 together.
const partsOfBit = 16

// Candidates are the numbers of the articles worth a comparison with a page of
// these items, see retold, the likeliest first and at most four. The items are
// sorted and distinct. What an article shares is added up roughly for all at once,
// and exactly for the few that come near.
func (s *skeletons) Candidates(page []uint64) []int32 {
	t, _ := s.shares.Get().(*shares)
	defer s.shares.Put(t)
	texts := s.texts()
	least := leastItemBits + texts
	s.tally(t, page, uint16(least*partsOfBit))
	type scored struct {
		article int32
		bits    float64
	}
	var found []scored
	for _, slot := range t.over {
		bits, items := t.with(s.slots[slot].items)
		if items >= leastItems && bits >= least && bits >= leastItemShare*s.whole(t, slot, texts) {
			found = append(found, scored{s.slots[slot].article, bits})
		}
	}
	slices.SortFunc(found, func(a, b scored) int {
		return cmp.Or(cmp.Compare(b.bits, a.bits), cmp.Compare(a.article, b.article))
	})
	var list []int32
	for _, f := range found[:min(len(found), mostRetold)] {
		list = append(list, f.article)
	}
	return list
}

// tally adds up what the articles share with a page, and notes those that reach
// so much.
func (s *skeletons) tally(t *shares, page []uint64, least uint16) {
	t.items, t.bits, t.over = t.items[:0], t.bits[:0], t.over[:0]
	clear(t.parts)
	texts := s.texts()
	for _, item := range page {
		slots := s.postings[item]
		bits := proves(len(slots), texts)
		if bits == 0 {
			continue
		}
		t.items, t.bits = append(t.items, item), append(t.bits, bits)
		more := uint16(math.Ceil(partsOfBit * bits))
		for _, slot := range slots {
			before := t.parts[slot]
			t.parts[slot] = before + more
			if before < least && before+more >= least {
				t.over = append(t.over, slot)
			}
		}
	}
}

// with is what an article's items prove that the page has too, and how many they
// are.
func (t *shares) with(article []uint64) (bits float64, items int) {
	for _, item := range article {
		if i, ok := slices.BinarySearch(t.items, item); ok {
			bits, items = bits+t.bits[i], items+1
		}
	}
	return bits, items
}

// whole is what all the items of an article prove.
func (s *skeletons) whole(t *shares, slot int32, texts float64) float64 {
	if t.version != s.version {
		clear(t.wholes)
		t.version = s.version
	}
	if t.wholes[slot] == 0 {
		for _, item := range s.slots[slot].items {
			t.wholes[slot] += proves(len(s.postings[item]), texts)
		}
	}
	return t.wholes[slot]
}
