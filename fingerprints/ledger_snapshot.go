package fingerprints

import (
	"encoding/binary"
	"errors"
	"math/bits"
)

// write writes the lines of the table that hold a count, in runs: how many empty
// ones come before, how many they are, and they themselves. So what holds little
// takes little.
func (l *ledger) write(out *sections) {
	out.uint64(uint64(l.texts))
	out.uint64(uint64(l.distinct))
	out.uint64(l.random)
	out.uint64(uint64(len(l.cells)))
	for at := 0; at < len(l.cells); {
		from := at
		for from < len(l.cells) && l.empty(from) {
			from += cellLine
		}
		to := from
		for to < len(l.cells) && !l.empty(to) {
			to += cellLine
		}
		out.uint32(uint32((from - at) / cellLine))
		out.uint32(uint32((to - from) / cellLine))
		for ; from < to; from += cellLine {
			out.bytes(l.cells[from : from+cellLine]...)
		}
		at = to
	}
}

// empty reports whether the line that starts at a cell holds no count.
func (l *ledger) empty(at int) bool { return [cellLine]uint8(l.cells[at:]) == [cellLine]uint8{} }

func readLedger(data []byte) (*ledger, error) {
	const head, run = 32, 8
	if len(data) < head {
		return nil, errors.New("the ledger is cut")
	}
	u := binary.LittleEndian.Uint64
	texts, distinct, size := u(data), u(data[8:]), u(data[24:])
	if size < smallestTable || size > largestTable || bits.OnesCount64(size) != 1 {
		return nil, errors.New("the ledger has a wrong size")
	}
	if texts > mostLedgerTexts || distinct > size {
		return nil, errors.New("the ledger counts wrong")
	}
	l := &ledger{texts: int(texts), distinct: int(distinct), random: u(data[16:]), cells: make([]uint8, size)}
	at := 0
	for data = data[head:]; len(data) >= run; {
		empty, full := binary.LittleEndian.Uint32(data), binary.LittleEndian.Uint32(data[4:])
		at += cellLine * int(empty)
		length := cellLine * int(full)
		if data = data[run:]; length > len(data) || at+length > len(l.cells) {
			return nil, errors.New("the ledger is cut")
		}
		copy(l.cells[at:], data[:length])
		at, data = at+length, data[length:]
	}
	if at != len(l.cells) || len(data) > 0 {
		return nil, errors.New("the ledger is cut")
	}
	return l, nil
}
