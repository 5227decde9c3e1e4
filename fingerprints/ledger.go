package fingerprints

import (
	"math"
	"math/bits"
	"slices"
	"sync"
)

// ledger knows how common short stretches of text are. It counts in how many of
// the texts that were added each run of one to six folded characters stands, in
// a table of bounded size whose counts may be too high and are never too low,
// up to the step of a cell. It is not safe for concurrent use.
type ledger struct {
	cells    []uint8 // a power of two of them, each a logarithm
	texts    int
	distinct int    // cells that were not zero when their grams came, about
	random   uint64 // decides which of many additions moves a cell
}

const (
	longestGram   = 6
	smallestTable = 1 << 24
	largestTable  = 1 << 26
	// mostLedgerTexts is how many texts a ledger takes in; what is common is known
	// by then.
	mostLedgerTexts = 1 << 16

	lineBits = 6 // of the number of a cell in its line
	cellLine = 1 << lineBits

	exactCells = 64   // cells up to here hold their count
	cellGrowth = 1.04 // above, one step is four in the hundred
)

// newLedger returns an empty ledger.
func newLedger() *ledger { return &ledger{cells: make([]uint8, smallestTable), random: 1} }

// Texts is the number of texts that were added.
func (l *ledger) Texts() int { return l.texts }

// Add counts a text, and reports whether it did: a full ledger takes no more.
func (l *ledger) Add(t Text) bool {
	if l.texts >= mostLedgerTexts {
		return false
	}
	l.texts++
	l.grow(longestGram * len(t.Folded))
	l.forget(longestGram * len(t.Folded))
	grams := make([]uint64, 0, longestGram*len(t.Folded))
	for i := range t.Folded {
		h := uint64(0)
		for _, r := range t.Folded[i:min(i+longestGram, len(t.Folded))] {
			h = extend(h, r)
			grams = append(grams, h)
		}
	}
	slices.Sort(grams)
	for _, h := range slices.Compact(grams) {
		l.count(h)
	}
	return true
}

// extend is the hash of a gram with one more character.
func extend(h uint64, r rune) uint64 { return mix(h + (uint64(r)+1)*0x9E3779B97F4A7C15) }

// grow doubles the table while the grams that came would fill more than a sixth.
// A line's doubles start with its counts, so that no count gets too low.
func (l *ledger) grow(more int) {
	for len(l.cells) < largestTable && 6*(l.distinct+more) > len(l.cells) {
		cells := make([]uint8, 0, 2*len(l.cells))
		for line := range slices.Chunk(l.cells, cellLine) {
			cells = append(append(cells, line...), line...)
		}
		l.cells = cells
	}
}

// forget makes room in a table that grows no more: it drops what stands in one
// text only, or in the fewest, until not more than a twelfth is taken. Without it,
// the cells of all texts run into each other, and nothing is rare.
func (l *ledger) forget(more int) {
	if len(l.cells) < largestTable || 6*(l.distinct+more) <= len(l.cells) {
		return
	}
	for few := uint8(1); 12*l.distinct > len(l.cells); few++ {
		taken := 0
		for i, c := range l.cells {
			if c <= few {
				l.cells[i] = 0
			} else {
				taken++
			}
		}
		l.distinct = taken / 2
	}
}

// places are the two cells of a gram, in one line of memory.
func (l *ledger) places(h uint64) (a, b uint64) {
	return placesBy(h, 64+lineBits-bits.TrailingZeros(uint(len(l.cells))))
}

func placesBy(h uint64, shift int) (a, b uint64) {
	line := h >> shift << lineBits
	in := h * 0x9FB21C651E98DF25
	return line | in>>(64-lineBits), line | in>>(64-2*lineBits)&(cellLine-1)
}

func (l *ledger) count(h uint64) {
	a, b := l.places(h)
	least, values := min(l.cells[a], l.cells[b]), cellValues()
	if least == 0 {
		l.distinct++
	}
	if least == math.MaxUint8 || least >= exactCells && !l.chance(values[least+1]-values[least]) {
		return
	}
	l.cells[a], l.cells[b] = max(l.cells[a], least+1), max(l.cells[b], least+1)
}

// chance is true once in so many times.
func (l *ledger) chance(of float64) bool {
	l.random ^= l.random << 13
	l.random ^= l.random >> 7
	l.random ^= l.random << 17
	return float64(l.random>>11)*of < 1<<53
}

// valueOf is the count that a cell stands for.
func valueOf(cell uint8) float64 {
	if cell <= exactCells {
		return float64(cell)
	}
	return exactCells * math.Pow(cellGrowth, float64(cell-exactCells))
}

//nolint:gochecknoglobals // computed once, never changed
var cellValues = sync.OnceValue(func() *[math.MaxUint8 + 1]float64 {
	values := new([math.MaxUint8 + 1]float64)
	for c := range values {
		values[c] = valueOf(uint8(c))
	}
	return values
})
