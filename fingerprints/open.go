package fingerprints

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math/bits"
)

// OpenIndex returns the index of a snapshot, which reads from data from then on:
// data must stay as it is until the index is no longer used or was compacted
// elsewhere. It reads the texts from the source. A snapshot that is damaged, or of
// another [Scheme], is an error.
func OpenIndex(data []byte, s Source) (*Index, error) {
	b, foot, err := openBase(data)
	if err != nil {
		return nil, err
	}
	l, err := readLedger(foot.sections[ledgerSection])
	if err != nil {
		return nil, damaged(err)
	}
	k, err := readSkeletons(foot.sections[skeletonsSection], b.texts)
	if err != nil {
		return nil, damaged(err)
	}
	x := newIndex(b, l, k)
	x.live = foot.live
	x.TextsFrom(s)
	return x, nil
}

func damaged(err error) error { return fmt.Errorf("snapshot of the index: damaged: %w", err) }

type footer struct {
	sections    [sectionCount][]byte
	texts, live int
}

// readFooter cuts a snapshot into its sections and checks each.
func readFooter(data []byte) (f footer, err error) {
	if len(data) < footerSize {
		return f, fmt.Errorf("snapshot of the index: %d bytes are none", len(data))
	}
	foot := data[len(data)-footerSize:]
	rest := foot[sectionCount*12:]
	scheme, name, sum := binary.LittleEndian.Uint32(rest[16:]), string(rest[20:28]), binary.LittleEndian.Uint32(rest[28:])
	switch {
	case name != magic:
		return f, errors.New("snapshot of the index: not one, or cut")
	case crc32.Checksum(foot[:footerSize-4], castagnoli()) != sum:
		return f, damaged(errors.New("footer"))
	case scheme != Scheme:
		return f, fmt.Errorf("snapshot of the index: of scheme %d; this is scheme %d", scheme, Scheme)
	}
	texts, live := binary.LittleEndian.Uint64(rest), binary.LittleEndian.Uint64(rest[8:])
	if texts > mostTexts || live > texts {
		return f, damaged(errors.New("too many texts"))
	}
	f.texts, f.live = int(texts), int(live)
	data = data[:len(data)-footerSize]
	for i := range f.sections {
		size := binary.LittleEndian.Uint64(foot[12*i:])
		if size > uint64(len(data)) {
			return f, damaged(fmt.Errorf("section %d is cut", i))
		}
		f.sections[i], data = data[:size:size], data[size:]
		if crc32.Checksum(f.sections[i], castagnoli()) != binary.LittleEndian.Uint32(foot[12*i+8:]) {
			return f, damaged(fmt.Errorf("section %d", i))
		}
	}
	if len(data) > 0 {
		return f, damaged(errors.New("too long"))
	}
	return f, nil
}

// openBase checks all that later reads rely on.
func openBase(data []byte) (*base, footer, error) {
	f, err := readFooter(data)
	if err != nil {
		return nil, f, err
	}
	b := &base{
		entries: f.sections[entriesSection], offsets: f.sections[offsetsSection], records: f.sections[recordsSection],
		arena: f.sections[arenaSection], ids: f.sections[idsSection], texts: f.texts,
	}
	if err := b.check(); err != nil {
		return nil, f, damaged(err)
	}
	return b, f, nil
}

func (b *base) check() error {
	if len(b.records) != recordSize*b.texts || len(b.offsets) != 4*(layoutOf(b.texts).buckets()+1) {
		return errors.New("sections of wrong sizes")
	}
	last := uint32(0)
	for i := 0; i < len(b.offsets); i += 4 {
		o := binary.LittleEndian.Uint32(b.offsets[i:])
		if o < last {
			return errors.New("offsets out of order")
		}
		last = o
	}
	if uint64(last)*entrySize != uint64(len(b.entries)) {
		return errors.New("offsets beyond the entries")
	}
	last = 0
	for n := range b.texts {
		o := binary.LittleEndian.Uint32(b.records[recordSize*n+16:])
		if o < last {
			return errors.New("IDs out of order")
		}
		last = o
	}
	if uint64(last) != uint64(len(b.arena)) {
		return errors.New("IDs beyond their section")
	}
	if slots := len(b.ids) / 4; len(b.ids)%4 != 0 || bits.OnesCount(uint(slots)) > 1 {
		return errors.New("numbers of a wrong size")
	}
	for i := 0; i < len(b.ids); i += 4 {
		if uint64(binary.LittleEndian.Uint32(b.ids[i:])) > uint64(b.texts) {
			return errors.New("numbers out of range")
		}
	}
	return nil
}
