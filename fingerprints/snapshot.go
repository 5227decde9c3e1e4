package fingerprints

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math/bits"
)

// A snapshot is its sections, one after another, and a footer: the length and
// the checksum of each, the numbers of texts and of live articles, the scheme, a
// magic and the footer's own checksum. All numbers are little-endian, checksums
// CRC-32C.
const (
	entriesSection = iota
	offsetsSection
	recordsSection
	arenaSection
	idsSection
	ledgerSection
	skeletonsSection
	sectionCount

	footerSize = sectionCount*12 + 8 + 8 + 4 + 8 + 4
	magic      = "rdindex1"
)

// Pending is how many changes the base does not have: articles that came, and
// such as went.
func (x *Index) Pending() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return len(x.delta.entries) + len(x.gone)
}

const (
	firstBase = 1 << 14 // changes that make a base worth its while
	baseShare = 8       // so many times the changes, the base waits for
)

// full reports whether so much has come that a new base is due.
func (x *Index) full() bool {
	return len(x.delta.entries) >= min(mostDelta/2, firstBase+x.base.texts/baseShare)
}

// Snapshot writes the index for [OpenIndex], without the texts. Changes wait
// meanwhile, look-ups do not.
func (x *Index) Snapshot(w io.Writer) error {
	x.writer.Lock()
	defer x.writer.Unlock()
	return x.write(w)
}

// Compact writes the index anew where keep has it written, in a file or in
// memory, and reads it from there from then on: keep returns what was written,
// which must stay as it is. What the index read before is no longer used when
// Compact returns. An index compacts itself in memory when enough has come; after
// an error it is as it was. Changes wait meanwhile, look-ups do not.
func (x *Index) Compact(keep func(write func(io.Writer) error) ([]byte, error)) error {
	x.writer.Lock()
	defer x.writer.Unlock()
	return x.compact(keep)
}

func (x *Index) compact(keep func(write func(io.Writer) error) ([]byte, error)) error {
	data, err := keep(x.write)
	if err != nil {
		return err
	}
	b, _, err := openBase(data)
	if err != nil {
		return err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.base, x.delta, x.gone = b, newDelta(), map[int32]state{}
	return nil
}

// inMemory keeps a snapshot of about so many bytes.
func inMemory(size int) func(write func(io.Writer) error) ([]byte, error) {
	return func(write func(io.Writer) error) ([]byte, error) {
		buffer := bytes.NewBuffer(make([]byte, 0, size))
		err := write(buffer)
		return buffer.Bytes(), err
	}
}

// size is a little more than the size of a snapshot.
func (x *Index) size() int {
	texts := x.base.texts + len(x.delta.entries)
	ids := len(x.base.arena)
	for _, e := range x.delta.entries {
		ids += len(e.id)
	}
	return len(x.base.entries) + entrySize*x.delta.used + 4*layoutOf(texts).buckets() + (recordSize+16)*texts + ids +
		len(x.ledger.cells) + (mostItems+1)*8*len(x.skeletons.slots) + 1<<16
}

// write needs no lock but the writer's: nobody else changes what it reads.
func (x *Index) write(w io.Writer) error {
	out := &sections{w: w}
	texts := x.base.texts + len(x.delta.entries)
	offsets := x.writeEntries(out, layoutOf(texts))
	out.end()
	for _, o := range offsets {
		out.uint32(o)
	}
	out.end()
	x.writeRecords(out)
	x.ledger.write(out)
	out.end()
	x.skeletons.write(out)
	out.end()
	return out.footer(uint64(texts), uint64(x.live))
}

// writeRecords writes all that is by number.
func (x *Index) writeRecords(out *sections) {
	texts := int32(x.base.texts + len(x.delta.entries))
	end, named := 0, 0
	for n := range texts {
		e := x.entry(n)
		if e.state&replaced == 0 {
			end, named = end+len(e.id), named+1
		}
		out.uint64(uint64(e.published))
		out.uint64(e.simhash)
		out.uint32(uint32(end))
		out.bytes(e.added, byte(e.state), 0, 0)
	}
	out.end()
	ids := make([]uint32, 1<<bits.Len(uint(2*named)))
	for n := range texts {
		e := x.entry(n)
		if e.state&replaced != 0 {
			continue
		}
		out.bytes([]byte(e.id)...)
		i := slotOf(e.id, len(ids))
		for ids[i] != 0 {
			i = (i + 1) & (len(ids) - 1)
		}
		ids[i] = uint32(n) + 1
	}
	out.end()
	for _, n := range ids {
		out.uint32(n)
	}
	out.end()
	if end >= 1<<32 {
		out.fail(errors.New("the IDs are longer than 4 GB together"))
	}
}

// write writes the articles, the oldest first.
func (s *skeletons) write(out *sections) {
	for i := range s.slots {
		k := &s.slots[(s.next+i)%len(s.slots)]
		if len(k.items) == 0 {
			continue
		}
		out.uint32(uint32(k.article))
		out.uint32(uint32(len(k.items)))
		for _, item := range k.items {
			out.uint64(item)
		}
	}
}

func readSkeletons(data []byte, texts int) (*skeletons, error) {
	s := newSkeletons(rewordedAmong)
	var items []uint64
	for len(data) > 0 {
		if len(data) < 8 {
			return nil, errors.New("the skeletons are cut")
		}
		n, count := binary.LittleEndian.Uint32(data), binary.LittleEndian.Uint32(data[4:])
		if data = data[8:]; int64(n) >= int64(texts) || count > mostItems || len(data) < 8*int(count) {
			return nil, errors.New("the skeletons are cut")
		}
		items = items[:0]
		for i := range int(count) {
			items = append(items, binary.LittleEndian.Uint64(data[8*i:]))
		}
		data = data[8*count:]
		s.Add(int32(n), items)
	}
	return s, nil
}

// sections writes a snapshot's sections.
type sections struct {
	w      io.Writer
	buffer []byte
	length uint64
	sum    uint32
	foot   []byte
	err    error
}

func castagnoli() *crc32.Table { return crc32.MakeTable(crc32.Castagnoli) }

func (s *sections) uint32(v uint32) {
	s.buffer = binary.LittleEndian.AppendUint32(s.buffer, v)
	s.spill()
}

func (s *sections) uint64(v uint64) {
	s.buffer = binary.LittleEndian.AppendUint64(s.buffer, v)
	s.spill()
}
func (s *sections) bytes(b ...byte) { s.buffer = append(s.buffer, b...); s.spill() }

func (s *sections) entry(e uint64) {
	s.buffer = append(s.buffer, byte(e), byte(e>>8), byte(e>>16), byte(e>>24), byte(e>>32))
	s.spill()
}

func (s *sections) spill() {
	if len(s.buffer) >= 1<<16 {
		s.flush()
	}
}

func (s *sections) flush() {
	s.sum = crc32.Update(s.sum, castagnoli(), s.buffer)
	s.length += uint64(len(s.buffer))
	if s.err == nil {
		_, s.err = s.w.Write(s.buffer)
	}
	s.buffer = s.buffer[:0]
}

func (s *sections) fail(err error) { s.err = cmp.Or(s.err, err) }

func (s *sections) end() {
	s.flush()
	s.foot = binary.LittleEndian.AppendUint64(s.foot, s.length)
	s.foot = binary.LittleEndian.AppendUint32(s.foot, s.sum)
	s.length, s.sum = 0, 0
}

func (s *sections) footer(texts, live uint64) error {
	s.foot = binary.LittleEndian.AppendUint64(s.foot, texts)
	s.foot = binary.LittleEndian.AppendUint64(s.foot, live)
	s.foot = binary.LittleEndian.AppendUint32(s.foot, Scheme)
	s.foot = append(s.foot, magic...)
	s.foot = binary.LittleEndian.AppendUint32(s.foot, crc32.Checksum(s.foot, castagnoli()))
	s.bytes(s.foot...)
	s.flush()
	if s.err != nil {
		return fmt.Errorf("snapshot of the index: %w", s.err)
	}
	return nil
}
