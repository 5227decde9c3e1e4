package fingerprints

import (
	"errors"
	"math/bits"
	"runtime"
	"slices"
	"sync"
)

const (
	hashBlocks = 4
	blockBits  = 64 / hashBlocks

	// Fewer hashes are scanned: the tables take six megabytes even when empty.
	tablesFrom = 4096
	// A look into a bucket costs as much as scanning so many hashes, for it is
	// seldom in the processor's cache.
	probeCost = 100
	// So many buckets are asked of memory together.
	bucketsAtOnce = 16
)

// HashIndex finds, of millions of simhashes, those that differ from one in few
// bits, exactly. Each hash has an id of the caller's, which is a place in a
// slice: memory goes by the largest. It is safe for concurrent use. The zero
// value is an empty index.
//
// A hash is cut into four blocks of sixteen bits, and stands in a table for
// each. Of two hashes that differ in three bits or fewer, one block at least is
// equal, so four buckets hold all that is near; for greater distances the
// buckets whose key differs in a bit or two are searched too. Where that would
// look at more than there is, all hashes are compared.
//
// One hash takes 40 bytes in four tables and the list, and some 10 % for room to
// grow; the tables take 6 MB from the 4,096th hash on. Among ten million
// hashes a search reads some 600 entries at distance 3, some 30,000 at 8.
//
// The tables are those of G. Manku, A. Jain and A. Das Sarma, "Detecting
// near-duplicates for web crawling", WWW 2007; the search by radius a block is
// from M. Norouzi, A. Punjani and D. Fleet, "Fast search in Hamming space with
// multi-index hashing", CVPR 2012.
type HashIndex struct {
	mu     sync.RWMutex
	hashes []uint64    // by id
	live   []uint64    // bit i%64 of word i/64: id i is there
	tables *hashTables // nil while there are few hashes
}

// LoadHashIndex returns the index that [HashIndex.Snapshot] was taken from. It
// keeps no reference to the slices. Slices that do not fit together are an
// error.
func LoadHashIndex(hashes, live []uint64) (*HashIndex, error) {
	if uint64(len(hashes)) > 1<<32 || len(live) != (len(hashes)+63)/64 {
		return nil, errors.New("hash index: the bits of the ids that are there do not fit the hashes")
	}
	if over := len(hashes) % 64; over != 0 && live[len(live)-1]>>over != 0 {
		return nil, errors.New("hash index: an id is there that has no hash")
	}
	x := &HashIndex{hashes: slices.Clone(hashes), live: slices.Clone(live)}
	if len(hashes) >= tablesFrom {
		x.fillTables()
	}
	return x, nil
}

// Snapshot returns a copy of what the index holds: the hashes by id, and a bit
// for each id that is there, bit i%64 of word i/64 for id i.
func (x *HashIndex) Snapshot() (hashes, live []uint64) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return slices.Clone(x.hashes), slices.Clone(x.live)
}

// Len is the number of hashes.
func (x *HashIndex) Len() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	n := 0
	for _, word := range x.live {
		n += bits.OnesCount64(word)
	}
	return n
}

// Hash returns the hash of an id, and whether the id is there.
func (x *HashIndex) Hash(id uint32) (uint64, bool) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	if !x.has(id) {
		return 0, false
	}
	return x.hashes[id], true
}

// Add registers a hash, in the place of one with the same id.
func (x *HashIndex) Add(id uint32, hash uint64) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.remove(id)
	if missing := int(id) + 1 - len(x.hashes); missing > 0 {
		x.hashes = append(x.hashes, make([]uint64, missing)...)
		x.live = append(x.live, make([]uint64, (len(x.hashes)+63)/64-len(x.live))...)
	}
	x.hashes[id] = hash
	x.live[id/64] |= 1 << (id % 64)
	switch {
	case x.tables != nil:
		x.tables.add(id, hash)
	case len(x.hashes) >= tablesFrom:
		x.fillTables()
	}
}

// Remove forgets an id; one that is not there changes nothing.
func (x *HashIndex) Remove(id uint32) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.remove(id)
}

func (x *HashIndex) remove(id uint32) {
	if !x.has(id) {
		return
	}
	if x.tables != nil {
		x.tables.remove(id, x.hashes[id])
	}
	x.hashes[id] = 0
	x.live[id/64] &^= 1 << (id % 64)
}

func (x *HashIndex) has(id uint32) bool {
	return int(id) < len(x.hashes) && x.live[id/64]>>(id%64)&1 == 1
}

// Search appends to dst the ids of the hashes that differ from hash in at most
// k bits, in ascending order, and returns it. It allocates only what dst lacks.
func (x *HashIndex) Search(dst []uint32, hash uint64, k int) []uint32 {
	x.mu.RLock()
	defer x.mu.RUnlock()
	from, q := len(dst), query{hash, min(k, 64)}
	if x.tables == nil || probes(q.k)*(probeCost+len(x.hashes)>>blockBits) > len(x.hashes) {
		return x.scan(dst, q)
	}
	dst = x.probe(dst, q)
	slices.Sort(dst[from:])
	return dst
}

func (x *HashIndex) scan(dst []uint32, q query) []uint32 {
	for i, h := range x.hashes {
		if bits.OnesCount64(h^q.hash) <= q.k {
			dst = x.verify(dst, uint32(i), 0, q)
		}
	}
	return dst
}

type query struct {
	hash uint64
	k    int
}

// A bucket is to be searched for entries that differ from rest in at most left
// bits.
type bucket struct {
	entries []uint64
	rest    uint64
	left    int
	block   int
}

func (x *HashIndex) probe(dst []uint32, q query) []uint32 {
	var batch [bucketsAtOnce]bucket
	n := 0
	for b := range hashBlocks {
		key, rest := blockOf(q.hash, b)
		for flip := 0; bits.OnesCount(uint(flip)) <= radius(q.k, b); flip = nextFlip(flip) {
			if n == len(batch) {
				dst = x.compare(dst, batch[:n], q)
				n = 0
			}
			in := &batch[n] // filled in place: a copy would wait for each read
			in.entries = x.tables[b][key^uint16(flip)]
			in.rest, in.left, in.block = rest, q.k-bits.OnesCount(uint(flip)), b
			n++
		}
	}
	return x.compare(dst, batch[:n], q)
}

func (x *HashIndex) compare(dst []uint32, batch []bucket, q query) []uint32 {
	// Most of the time goes in waiting for memory. Reads that nothing depends on
	// are waited for together, those of the comparisons one after another.
	var read uint64
	for i := range batch {
		entries := batch[i].entries
		for j := 0; j < len(entries); j += 8 {
			read |= entries[j]
		}
	}
	runtime.KeepAlive(read)
	for i := range batch {
		in := &batch[i]
		rest, left := in.rest, in.left
		for _, entry := range in.entries {
			if bits.OnesCount64((entry^rest)>>32) <= left {
				dst = x.verify(dst, uint32(entry), in.block, q)
			}
		}
	}
	return dst
}

// verify appends an id found by a block if it is there and near, and no earlier
// block finds it. It stands apart to keep the loops that call it in registers.
func (x *HashIndex) verify(dst []uint32, id uint32, block int, q query) []uint32 {
	difference := x.hashes[id] ^ q.hash
	if bits.OnesCount64(difference) > q.k || !x.has(id) {
		return dst
	}
	for b := range block {
		if key, _ := blockOf(difference, b); bits.OnesCount16(key) <= radius(q.k, b) {
			return dst
		}
	}
	return append(dst, id)
}

// radius is how many bits of block b may differ in a search at distance k; -1
// leaves the block out. With k = 4r+a, the blocks 0 to a have r and the others
// r-1: hashes that are further apart in every block differ in (a+1)(r+1) +
// (3-a)r = k+1 bits at least.
func radius(k, b int) int {
	if k < 0 {
		return -1
	}
	if b <= k%hashBlocks {
		return k / hashBlocks
	}
	return k/hashBlocks - 1
}

// probes is the number of buckets that a search at distance k looks into.
func probes(k int) int {
	n := 0
	for b := range hashBlocks {
		choices := 1 // of i bits among those of a block
		for i := 0; i <= radius(k, b); i++ {
			n += choices
			choices = choices * (blockBits - i) / (i + 1)
		}
	}
	return n
}

// nextFlip enumerates the values of a block by their number of bits, and those
// of one number in ascending order (Gosper's hack).
func nextFlip(flip int) int {
	if flip > 0 {
		carried := flip + flip&-flip
		if carried < 1<<blockBits {
			return carried | (carried^flip)>>(2+bits.TrailingZeros(uint(flip)))
		}
	}
	return 2<<bits.OnesCount(uint(flip)) - 1
}
