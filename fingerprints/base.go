package fingerprints

import (
	"encoding/binary"
	"math"
	"math/bits"
)

// base is the part of an index that does not change: it reads a snapshot where
// it lies, in memory or in a mapped file. See [Index.Snapshot] for the layout.
//
// The entries say which texts have a gram. They are ordered by their keys, 44
// bits of the gram's hash, and a bucket holds those whose keys begin alike. The
// bucket gives the first bits of the key, so that an entry is the others and the
// number of the text: the more texts, the more buckets, and an entry always takes
// 40 bits.
type base struct {
	entries []byte
	offsets []byte // of the first entry of each bucket, and the end of the last
	records []byte
	arena   []byte // the IDs
	ids     []byte // open addressing: number+1 by the hash of the ID, 0 where free
	texts   int
}

const (
	keyBits     = 44
	entrySize   = 5
	entryBits   = 8 * entrySize
	bucketShare = keyBits - entryBits // how many bits a bucket's number has more than a text's
	recordSize  = 24
)

// keyOf is the key of a gram. Selected hashes are small ones, so that their first
// bits are no key.
func keyOf(hash uint64) uint64 { return hash * 0x9E3779B97F4A7C15 >> (64 - keyBits) }

// numberBits is how many bits number so many texts and leave one number free,
// which stands for many texts.
func numberBits(texts int) int { return bits.Len(uint(texts) + 1) }

// layout splits keys and entries for so many texts.
type layout struct{ number, rest int } // bits

func layoutOf(texts int) layout {
	n := numberBits(texts)
	return layout{n, entryBits - n}
}

func (l layout) buckets() int             { return 1 << (keyBits - l.rest) }
func (l layout) bucket(key uint64) uint64 { return key >> l.rest }
func (l layout) many() uint64             { return 1<<l.number - 1 }
func (l layout) restOf(key uint64) uint64 { return key & (1<<l.rest - 1) }

// pack is the entry of a text under a key.
func (l layout) pack(key, number uint64) uint64 { return l.restOf(key)<<l.number | number }

func readEntry(at []byte) uint64 {
	return uint64(binary.LittleEndian.Uint32(at)) | uint64(at[4])<<32
}

// bucket is where the entries of a key are, in bytes.
func (b *base) bucket(l layout, key uint64) (from, to int) {
	if b.texts == 0 {
		return 0, 0
	}
	at := b.offsets[4*l.bucket(key):]
	return entrySize * int(binary.LittleEndian.Uint32(at)), entrySize * int(binary.LittleEndian.Uint32(at[4:]))
}

// record is the entry of a number, without its ID.
func (b *base) record(n int32) entry {
	r := b.records[recordSize*int(n):][:recordSize]
	return entry{
		published: int64(binary.LittleEndian.Uint64(r)), simhash: binary.LittleEndian.Uint64(r[8:]),
		added: r[20], state: state(r[21]),
	}
}

// id is the ID of a number; none where another took its place.
func (b *base) id(n int32) []byte {
	end := func(n int32) uint32 { return binary.LittleEndian.Uint32(b.records[recordSize*int(n)+16:]) }
	if n == 0 {
		return b.arena[:end(0)]
	}
	return b.arena[end(n-1):end(n)]
}

// number is the last entry of an ID.
func (b *base) number(id string) (int32, bool) {
	slots := len(b.ids) / 4
	for i := range slots {
		n := binary.LittleEndian.Uint32(b.ids[4*((slotOf(id, slots)+i)&(slots-1)):])
		if n == 0 {
			break
		}
		if string(b.id(int32(n-1))) == id {
			return int32(n - 1), true
		}
	}
	return 0, false
}

// slotOf is where the search for an ID begins, by FNV-1a.
func slotOf(id string, slots int) int {
	h := uint64(14695981039346656037)
	for i := range len(id) {
		h = (h ^ uint64(id[i])) * 1099511628211
	}
	return int(mix(h) >> 1 & uint64(slots-1))
}

// mostTexts is how many numbers an index has.
const mostTexts = math.MaxInt32 / 2
