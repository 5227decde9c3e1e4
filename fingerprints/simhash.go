package fingerprints

import (
	"math/bits"
	"unicode/utf8"
)

const (
	simhashGram = 3 // characters
	tallyBlock  = 16

	fnvOffset = 0xcbf29ce484222325
	fnvPrime  = 0x100000001b3
)

// Simhash is Charikar's 64-bit fingerprint of the folded text over its 3-grams
// of characters: texts that share most grams differ in few bits. Words would
// not do, as Chinese has no spaces between them. Every occurrence of a gram
// counts. A text of fewer than three characters is one gram.
//
// The fingerprint is bit for bit that of github.com/mfonda/simhash with one
// feature a gram, the gram's UTF-8 bytes. It does not allocate.
//
// The algorithm is from M. Charikar, "Similarity estimation techniques from
// rounding algorithms", STOC 2002; its use on web pages from G. Manku, A. Jain
// and A. Das Sarma, "Detecting near-duplicates for web crawling", WWW 2007.
func Simhash(t Text) uint64 {
	g := t.Folded
	if len(g) < simhashGram {
		h := uint64(fnvOffset)
		for _, r := range g {
			h = fnvRune(h, r)
		}
		return h
	}
	open := openGrams{
		middle: fnvRune(fnvRune(fnvOffset, g[0]), g[1]),
		begun:  fnvRune(fnvOffset, g[1]),
	}
	var sum tally
	var block [tallyBlock]uint64
	for g = g[simhashGram-1:]; len(g) >= tallyBlock; g = g[tallyBlock:] {
		open.hashes(block[:], g)
		sum.addBlock(&block)
	}
	open.hashes(block[:len(g)], g)
	for _, h := range block[:len(g)] {
		sum.add(h, 0)
	}
	sum.n += len(g)
	return sum.majority()
}

// Distance is the number of bits in which two simhashes differ, 0 to 64.
func Distance(a, b uint64) int { return bits.OnesCount64(a ^ b) }

// openGrams are the hashes so far of the two 3-grams that the next rune does not
// begin: the one that it ends and the one that it is the middle of. Grams
// overlap, so a rune is encoded once and continues three hashes, which do not
// wait for one another.
type openGrams struct{ middle, begun uint64 }

// hashes fills dst with the hashes of the grams that the first runes of g end.
func (o *openGrams) hashes(dst []uint64, g []rune) {
	const fresh = fnvOffset * fnvPrime & (1<<64 - 1)
	middle, begun := o.middle, o.begun
	g = g[:len(dst)]
	for i, r := range g {
		if r < 0x800 || r > 0xFFFF || r>>11 == 0x1B {
			dst[i], middle, begun = fnvRune(middle, r), fnvRune(begun, r), fnvRune(fnvOffset, r)
			continue
		}
		// Nearly all that is compared is Chinese, three bytes each.
		b0, b1, b2 := uint64(0xE0|r>>12), uint64(0x80|r>>6&0x3F), uint64(0x80|r&0x3F)
		dst[i] = ((middle*fnvPrime^b0)*fnvPrime^b1)*fnvPrime ^ b2
		middle = ((begun*fnvPrime^b0)*fnvPrime^b1)*fnvPrime ^ b2
		begun = ((fresh^b0)*fnvPrime^b1)*fnvPrime ^ b2
	}
	o.middle, o.begun = middle, begun
}

// fnvRune continues an FNV-1 hash with the UTF-8 bytes of r. A rune that has
// none counts as U+FFFD, as in a conversion to string.
func fnvRune(h uint64, r rune) uint64 {
	var buf [utf8.UTFMax]byte
	for _, b := range buf[:utf8.EncodeRune(buf[:], r)] {
		h = h*fnvPrime ^ uint64(b)
	}
	return h
}

// A tally counts, for each of the 64 bits, the hashes that have it set. Bit i
// of the count of bit b is bit b of plane[i]: one operation on a plane works
// on all 64 counts.
type tally struct {
	n     int
	plane [64]uint64
}

// add adds to the counts the bits of h, each worth 1<<i.
func (t *tally) add(h uint64, i int) {
	for ; h != 0; i++ {
		t.plane[i&63], h = t.plane[i&63]^h, t.plane[i&63]&h
	}
}

// addBlock adds sixteen hashes by a tree of carry-save adders, so that only
// one carry in sixteen hashes ripples through the planes.
func (t *tally) addBlock(h *[tallyBlock]uint64) {
	ones, twos, fours, eights := t.plane[0], t.plane[1], t.plane[2], t.plane[3]
	var a, b, c, d, e, f uint64
	a, ones = carrySave(ones, h[0], h[1])
	b, ones = carrySave(ones, h[2], h[3])
	c, twos = carrySave(twos, a, b)
	a, ones = carrySave(ones, h[4], h[5])
	b, ones = carrySave(ones, h[6], h[7])
	d, twos = carrySave(twos, a, b)
	e, fours = carrySave(fours, c, d)
	a, ones = carrySave(ones, h[8], h[9])
	b, ones = carrySave(ones, h[10], h[11])
	c, twos = carrySave(twos, a, b)
	a, ones = carrySave(ones, h[12], h[13])
	b, ones = carrySave(ones, h[14], h[15])
	d, twos = carrySave(twos, a, b)
	f, fours = carrySave(fours, c, d)
	a, eights = carrySave(eights, e, f)
	t.plane[0], t.plane[1], t.plane[2], t.plane[3] = ones, twos, fours, eights
	t.add(a, 4)
	t.n += tallyBlock
}

// carrySave adds three numbers of one bit, 64 times over.
func carrySave(a, b, c uint64) (carry, sum uint64) {
	x := a ^ b
	return a&b | x&c, x ^ c
}

// majority has the bits that at least half of the hashes have.
func (t *tally) majority() uint64 {
	least := (t.n + 1) / 2
	above, equal := uint64(0), ^uint64(0)
	for i := bits.Len(uint(t.n)) - 1; i >= 0; i-- {
		if least>>i&1 == 1 {
			equal &= t.plane[i]
		} else {
			above |= equal & t.plane[i]
			equal &^= t.plane[i]
		}
	}
	return above | equal
}
