package fingerprints

import (
	"math"
	"slices"
	"time"
)

// Sketch is what an [Index] keeps of an article, and what it needs once to take
// it in. Sketches of many texts can be made at the same time.
type Sketch struct {
	ID          string
	PublishedAt time.Time // zero where it is not known
	Grams       []uint64  // the selected grams of the text, sorted and distinct
	Headline    uint64    // a hash of the folded headline; 0 where it is too short to be found
	Simhash     uint64
	Skeleton    []uint64 // hashes of its numbers, words in Latin letters and pairs of uncommon characters
	Text        Text     // for the ledger; may be empty
}

// NewSketch is the sketch of an article.
func NewSketch(a Article) Sketch {
	text := Fold(a.Text)
	return Sketch{
		ID: a.ID, PublishedAt: a.PublishedAt, Text: text,
		Grams: selected(nil, hashes(nil, text.Folded)), Headline: headline(Fold(a.Title).Folded),
		Simhash: Simhash(text), Skeleton: skeletonOf(nil, text.Folded),
	}
}

// selected appends to an empty list those of a text's grams that are kept of
// it, each once and in order.
func selected(list, hashes []uint64) []uint64 {
	list = winnow(list, hashes)
	slices.Sort(list)
	return slices.Compact(list)
}

// headline is the hash of a folded headline.
func headline(folded []rune) uint64 {
	if len(folded) < headlineMin {
		return 0
	}
	h := uint64(headlineMin)
	for _, r := range folded {
		h = mix(h*0x9FB21C651E98DF25 + uint64(r))
	}
	return max(1, h)
}

// An entry is an article of an index, or a text that was known before.
type entry struct {
	id        string
	published int64 // microseconds of Unix time, or noDate
	simhash   uint64
	added     uint8 // how often a text of this ID was added to the ledger, up to 255
	state     state
}

const noDate = math.MinInt64

type state uint8

const (
	known     state = 1 << iota // text that is nobody's article
	withdrawn                   // and nothing came in its place
	replaced                    // by a later entry of the same ID
)

func (e *entry) known() bool { return e.state&known != 0 }
func (e *entry) gone() bool  { return e.state&(withdrawn|replaced) != 0 }

func instant(t time.Time) int64 {
	if t.IsZero() {
		return noDate
	}
	return t.UnixMicro()
}
