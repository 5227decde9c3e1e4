package fingerprints

import (
	"math/bits"
	"slices"
	"sync"
)

// hashTables has a bucket for each block and each of its values. An entry is
// the 32 bits of the hash that follow the block, cyclically, and the id: most
// of what is not near shows by those bits.
type hashTables [hashBlocks][1 << blockBits][]uint64

// blockOf returns block b of a hash, counted from the top, and the 32 bits that
// follow it, in the upper half.
func blockOf(hash uint64, b int) (key uint16, rest uint64) {
	hash = bits.RotateLeft64(hash, b*blockBits)
	return uint16(hash >> (64 - blockBits)), hash << blockBits >> 32 << 32
}

func (t *hashTables) add(id uint32, hash uint64) {
	for b := range t {
		key, rest := blockOf(hash, b)
		entries := &t[b][key]
		if len(*entries) == cap(*entries) {
			// By an eighth: appending would double, and most memory is here.
			*entries = append(slices.Grow([]uint64(nil), len(*entries)+len(*entries)/8+2), *entries...)
		}
		*entries = append(*entries, rest|uint64(id))
	}
}

func (t *hashTables) remove(id uint32, hash uint64) {
	for b := range t {
		key, rest := blockOf(hash, b)
		entries := &t[b][key]
		if i := slices.Index(*entries, rest|uint64(id)); i >= 0 {
			last := len(*entries) - 1
			(*entries)[i] = (*entries)[last]
			*entries = (*entries)[:last]
		}
	}
}

// fillTables puts the hashes that are there into new tables, whose buckets are
// made at their size.
func (x *HashIndex) fillTables() {
	x.tables = &hashTables{}
	var filling sync.WaitGroup
	for b := range hashBlocks {
		filling.Go(func() { x.fillTable(b) })
	}
	filling.Wait()
}

func (x *HashIndex) fillTable(b int) {
	sizes := make([]int, 1<<blockBits)
	for id, hash := range x.hashes {
		if x.has(uint32(id)) {
			key, _ := blockOf(hash, b)
			sizes[key]++
		}
	}
	table := &x.tables[b]
	for key, size := range sizes {
		if size > 0 {
			table[key] = slices.Grow([]uint64(nil), size)
		}
	}
	for id, hash := range x.hashes {
		if x.has(uint32(id)) {
			key, rest := blockOf(hash, b)
			table[key] = append(table[key], rest|uint64(id))
		}
	}
}
