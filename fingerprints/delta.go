package fingerprints

import "math/bits"

// delta is what came to an index since its base was written. The entries of its
// texts are numbered after those of the base.
type delta struct {
	slots   []uint64 // open addressing by key: the key and then the number+1, 0 where free
	used    int
	entries []entry
	latest  map[string]int32 // by ID
}

const (
	deltaBits    = 64 - keyBits
	mostDelta    = 1<<deltaBits - 2
	firstSlots   = 1 << 10
	slotsPerUsed = 3. / 2
)

func newDelta() *delta { return &delta{slots: make([]uint64, firstSlots), latest: map[string]int32{}} }

func (d *delta) put(key uint64, number int32) {
	if slotsPerUsed*float64(d.used+1) > float64(len(d.slots)) {
		old := d.slots
		d.slots = make([]uint64, 2*len(old))
		for _, s := range old {
			if s != 0 {
				d.place(s)
			}
		}
	}
	live := 0
	for i := d.home(key); d.slots[i] != 0; i = (i + 1) & (len(d.slots) - 1) {
		if d.slots[i]>>deltaBits != key {
			continue
		}
		if d.entries[d.numberAt(i)].gone() {
			d.slots[i] = key<<deltaBits | uint64(number+1)
			return
		}
		live++
	}
	if live > commonGram {
		return // more prove nothing
	}
	d.used++
	d.place(key<<deltaBits | uint64(number+1))
}

func (d *delta) numberAt(slot int) int32 { return int32(d.slots[slot]&(1<<deltaBits-1)) - 1 }

func (d *delta) place(slot uint64) {
	i := d.home(slot >> deltaBits)
	for d.slots[i] != 0 {
		i = (i + 1) & (len(d.slots) - 1)
	}
	d.slots[i] = slot
}

func (d *delta) home(key uint64) int {
	return int(key >> (keyBits - bits.TrailingZeros(uint(len(d.slots)))))
}

// holders appends the numbers under a key that are not gone, counted from first.
func (d *delta) holders(list []int32, key uint64, first int32) []int32 {
	for i := d.home(key); d.slots[i] != 0; i = (i + 1) & (len(d.slots) - 1) {
		if d.slots[i]>>deltaBits != key {
			continue
		}
		if n := d.numberAt(i); !d.entries[n].gone() {
			list = append(list, first+n)
		}
	}
	return list
}
