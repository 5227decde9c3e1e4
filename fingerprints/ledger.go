package fingerprints

import (
	"math"
	"math/bits"
)

// Ledger knows how common short stretches of text are. It counts in how many of
// the texts that were added each run of one to six folded characters stands, in
// a table of bounded size whose counts may be too high and are never too low,
// up to the step of a cell. It is not safe for concurrent use.
type Ledger struct {
	cells    []uint8 // a power of two of them, each a logarithm
	texts    int
	distinct int    // cells that were not zero when their grams came, about
	random   uint64 // decides which of many additions moves a cell
}

const (
	longestGram   = 6
	smallestTable = 1 << 24
	largestTable  = 1 << 26
	// MaxLedgerTexts is how many texts a Ledger takes in; what is common is known
	// by then.
	MaxLedgerTexts = 1 << 16

	exactCells = 64   // cells up to here hold their count
	cellGrowth = 1.04 // above, one step is four in the hundred
)

// NewLedger returns an empty ledger.
func NewLedger() *Ledger { return &Ledger{cells: make([]uint8, smallestTable), random: 1} }

// Texts is the number of texts that were added.
func (l *Ledger) Texts() int { return l.texts }

// Add counts a text, and reports whether it did: a full ledger takes no more.
func (l *Ledger) Add(t Text) bool {
	if l.texts >= MaxLedgerTexts {
		return false
	}
	l.texts++
	l.grow(longestGram * len(t.Folded))
	seen := make(map[uint64]struct{}, longestGram*len(t.Folded))
	for i := range t.Folded {
		h := uint64(0)
		for _, r := range t.Folded[i:min(i+longestGram, len(t.Folded))] {
			h = extend(h, r)
			if _, ok := seen[h]; !ok {
				seen[h] = struct{}{}
				l.count(h)
			}
		}
	}
	return true
}

// extend is the hash of a gram with one more character.
func extend(h uint64, r rune) uint64 { return mix(h + (uint64(r)+1)*0x9E3779B97F4A7C15) }

// grow doubles the table while the grams that came would fill more than a sixth.
// A cell's doubles start with its count, so that no count gets too low.
func (l *Ledger) grow(more int) {
	for len(l.cells) < largestTable && 6*(l.distinct+more) > len(l.cells) {
		cells := make([]uint8, 2*len(l.cells))
		for i, c := range l.cells {
			cells[2*i], cells[2*i+1] = c, c
		}
		l.cells = cells
	}
}

// places are the two cells of a gram.
func (l *Ledger) places(h uint64) (a, b uint64) {
	shift := 64 - bits.TrailingZeros(uint(len(l.cells)))
	return h >> shift, (h * 0x9FB21C651E98DF25) >> shift
}

func (l *Ledger) count(h uint64) {
	a, b := l.places(h)
	// Only the lower of the two can be the true count.
	least := min(l.cells[a], l.cells[b])
	if least == 0 {
		l.distinct++
	}
	if least == math.MaxUint8 || least >= exactCells && !l.chance(valueOf(least+1)-valueOf(least)) {
		return
	}
	l.cells[a], l.cells[b] = max(l.cells[a], least+1), max(l.cells[b], least+1)
}

// chance is true once in so many times.
func (l *Ledger) chance(of float64) bool {
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

// of is the number of texts, other than the own that were added of the asking
// text itself, in which a gram stands.
func (l *Ledger) of(h uint64, own float64) float64 {
	a, b := l.places(h)
	return max(0, valueOf(min(l.cells[a], l.cells[b]))-own)
}

const (
	mostBits  = 3.0 // a character of a copied passage proves no more, however rare
	fewBits   = 0.9 // a letter or digit of an alphabet: a word has many
	trust     = 1.0 // texts that a shorter gram's chance counts for
	mostTrust = 0.5 // what it may count: one other text is no proof of a formula
)

// firstIdeograph is where scripts begin of which a character is a syllable or a
// word.
const firstIdeograph = 0x2E80

// Bits says how surprising each of the folded characters [from, to) is after
// those before it, by what other texts have there, from 0, for what all say. own
// is how often the text itself was added.
func (l *Ledger) Bits(t []rune, from, to, own int) []float64 {
	start := max(0, from-longestGram+1)
	// counts[i][n] is of the gram of n characters at start+i; beyond a gram that
	// nothing has, there is nothing to look up.
	counts := make([][longestGram + 1]float64, to-start)
	for i := range counts {
		h := uint64(0)
		for n := 1; n <= longestGram && start+i+n <= to; n++ {
			h = extend(h, t[start+i+n-1])
			if counts[i][n] = l.of(h, float64(own)); counts[i][n] == 0 {
				break
			}
		}
	}
	result := make([]float64, to-from)
	others := float64(max(1, l.texts-own))
	const charactersOfText = 60 // spreads the chance of a single character
	for k := range result {
		at := from + k - start
		p := (counts[at][1] + 0.5) / (others * charactersOfText)
		for n := 2; n <= longestGram && at-n+1 >= 0; n++ {
			before := counts[at-n+1][n-1]
			if before == 0 {
				break
			}
			p = (counts[at-n+1][n] + trust*min(mostTrust, p)) / (before + trust)
		}
		result[k] = max(0, -math.Log2(p))
	}
	return result
}
