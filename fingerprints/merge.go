package fingerprints

import (
	"encoding/binary"
	"errors"
	"math"
	"slices"
)

// cursor goes through the entries of a base in the order of their keys.
type cursor struct {
	*base
	split  layout
	bucket int
	at     int // of the next entry, in bytes
	key    uint64
	number uint64
}

// next reports whether there is one more.
func (c *cursor) next() bool {
	if c.at >= len(c.entries) {
		return false
	}
	for entrySize*int(binary.LittleEndian.Uint32(c.offsets[4*(c.bucket+1):])) <= c.at {
		c.bucket++
	}
	e := readEntry(c.entries[c.at : c.at+entrySize])
	c.key = uint64(c.bucket)<<c.split.rest | e>>c.split.number
	c.number = e & c.split.many()
	c.at += entrySize
	return true
}

// writeEntries writes the entries of base and delta in one order, and returns
// where each bucket begins.
func (x *Index) writeEntries(out *sections, split layout) []uint32 {
	from := &cursor{base: x.base, split: layoutOf(x.base.texts)}
	inBase := from.next()
	came := make([]uint64, 0, x.delta.used)
	for _, s := range x.delta.slots {
		if s != 0 {
			came = append(came, s)
		}
	}
	slices.Sort(came)
	offsets := make([]uint32, 1, split.buckets()+1)
	written := uint64(0)
	var numbers []uint64
	for inBase || len(came) > 0 {
		key := uint64(math.MaxUint64)
		if inBase {
			key = from.key
		}
		if len(came) > 0 {
			key = min(key, came[0]>>deltaBits)
		}
		many := false
		numbers = numbers[:0]
		for inBase && from.key == key {
			many = many || from.number == from.split.many()
			if _, gone := x.gone[int32(from.number)]; !gone {
				numbers = append(numbers, from.number)
			}
			inBase = from.next()
		}
		for len(came) > 0 && came[0]>>deltaBits == key {
			n := came[0]&(1<<deltaBits-1) - 1
			if !x.delta.entries[n].gone() {
				numbers = append(numbers, uint64(x.base.texts)+n)
			}
			came = came[1:]
		}
		if many || len(numbers) > commonGram {
			numbers = append(numbers[:0], split.many())
		}
		for uint64(len(offsets)) <= split.bucket(key) {
			offsets = append(offsets, uint32(written))
		}
		for _, n := range numbers {
			out.entry(split.pack(key, n))
		}
		written += uint64(len(numbers))
	}
	for len(offsets) <= split.buckets() {
		offsets = append(offsets, uint32(written))
	}
	if written > math.MaxUint32 {
		out.fail(errors.New("more than 4 billion grams"))
	}
	return offsets
}

// rewrite compacts the index in memory, which cannot fail.
func (x *Index) rewrite() {
	_ = x.compact(inMemory(x.size()))
}
