package fingerprints

import (
	"math"
	"math/bits"
)

const (
	mostBits  = 4.0 // a character of a copied passage proves no more, however rare
	fewBits   = 0.9 // a letter or digit of an alphabet: a word has many
	trust     = 1.0 // texts that a shorter gram's chance counts for
	mostTrust = 0.5 // what it may count: one other text is no proof of a formula
)

// firstIdeograph is where scripts begin of which a character is a syllable or a
// word.
const firstIdeograph = 0x2E80

// stretch is a part of a folded text.
type stretch struct {
	text     []rune
	from, to int
}

// reader is what reading in a ledger uses again and again.
type reader struct {
	cells  [][longestGram + 1]uint8 // by place in the text and length of the gram
	hashes []uint64                 // by place
	alive  []int32                  // places whose longer grams are still looked up
	found  []uint8                  // the cells of these
	bits   []float64
}

// Bits says how surprising each character of a stretch is after those before it,
// by what other texts have there, from 0, for what all say, up to most. own is how
// often the text itself was added. The result holds until the reader is used again.
func (l *ledger) Bits(r *reader, s stretch, own int, most float64) []float64 {
	start := max(0, s.from-longestGram+1)
	r.read(l, s.text[start:s.to], own)
	values := cellValues()
	count := func(at, n int) float64 { return max(0, values[r.cells[at][n]]-float64(own)) }
	r.bits = r.bits[:0]
	others := float64(max(1, l.texts-own))
	const charactersOfText = 60 // spreads the chance of a single character
	leastChance := math.Exp2(-most)
	for at := s.from - start; at < s.to-start; at++ {
		p := (count(at, 1) + 0.5) / (others * charactersOfText)
		for n := 2; n <= longestGram && at-n+1 >= 0; n++ {
			before := count(at-n+1, n-1)
			if before == 0 {
				break
			}
			p = (count(at-n+1, n) + trust*min(mostTrust, p)) / (before + trust)
		}
		surprise := most
		if p > leastChance {
			surprise = max(0, -math.Log2(p))
		}
		r.bits = append(r.bits, surprise)
	}
	return r.bits
}

// read fills the cells of the grams of a text. Beyond a gram that only the asking
// text itself has, it looks nothing up. It goes through the text once for each
// length of the grams and fetches their cells one after the other without looking
// at them, so that the processor waits for many at a time.
func (r *reader) read(l *ledger, t []rune, own int) {
	r.resize(len(t))
	for i := range r.alive {
		r.alive[i] = int32(i)
	}
	shift := 64 + lineBits - bits.TrailingZeros(uint(len(l.cells)))
	values, alive := cellValues(), r.alive
	for n := 1; n <= longestGram; n++ {
		if last := len(alive) - 1; last >= 0 && int(alive[last])+n > len(t) {
			alive = alive[:last]
		}
		for _, i := range alive {
			r.hashes[i] = extend(r.hashes[i], t[int(i)+n-1])
		}
		found := r.found[:len(alive)]
		for k, i := range alive {
			a, b := placesBy(r.hashes[i], shift)
			found[k] = min(l.cells[a], l.cells[b]) // only the lower can be the true count
		}
		left := 0
		for k, i := range alive {
			c := found[k]
			r.cells[i][n] = c
			alive[left] = i
			if values[c] > float64(own) {
				left++
			}
		}
		alive = alive[:left]
	}
}

// resize makes room for the grams of a text of a size, all zero.
func (r *reader) resize(size int) {
	if cap(r.cells) < size {
		*r = reader{
			cells: make([][longestGram + 1]uint8, size), hashes: make([]uint64, size),
			alive: make([]int32, size), found: make([]uint8, size),
		}
	}
	r.cells, r.hashes, r.alive = r.cells[:size], r.hashes[:size], r.alive[:size]
	clear(r.cells)
	clear(r.hashes)
}
