package fingerprints

import "math/bits"

// comparison is a page and what may stand on it.
type comparison struct {
	page    Text
	hash    uint64
	found   []*candidate // no more than mostAligned
	holders []uint32     // by place of the page: which of them have it, a bit each
	taken   []bool       // what of the page has counted for a match
}

func newComparison(page Text, found []*candidate) *comparison {
	size := len(page.Folded)
	k := &comparison{page: page, found: found, holders: make([]uint32, size), taken: make([]bool, size)}
	for n, c := range found {
		c.bit = 1 << n
		for i := range c.segments {
			if s := &c.segments[i]; s.matched() >= 2*gramSize {
				k.hold(s, c.bit)
			}
		}
	}
	return k
}

func (k *comparison) hold(s *segment, bit uint32) {
	for _, r := range s.runs {
		for i := range r.length {
			k.holders[r.page+i] |= bit
		}
	}
}

// older are the bits of the texts that are older than c.
func (k *comparison) older(c *candidate) (list uint32) {
	for _, o := range k.found {
		if o != c && o.before(c) {
			list |= o.bit
		}
	}
	return list
}

// source is the bit of the older text that has most of a segment; 0 where none
// has any.
func (k *comparison) source(s *segment, older uint32) (source uint32) {
	if older == 0 {
		return 0
	}
	var chars [mostAligned]int
	most := 0
	for _, r := range s.runs {
		for _, h := range k.holders[r.page : r.page+r.length] {
			for h &= older; h != 0; h &= h - 1 {
				n := bits.TrailingZeros32(h)
				if chars[n]++; chars[n] > most {
					source, most = 1<<n, chars[n]
				}
			}
		}
	}
	return source
}
