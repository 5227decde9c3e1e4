package rights

import (
	"fmt"
	"strconv"
	"unicode/utf8"
)

func quote(s string) string { return strconv.Quote(s) }

// segmentFaults names segments that are empty, overlap or leave the text.
func (a *Article) segmentFaults() []Field {
	var fields []Field
	size, last := utf8.RuneCountInString(a.Text()), 0
	for i, s := range a.Segments {
		name := fmt.Sprintf("segments[%d]", i)
		if s.Start < last || s.End <= s.Start || s.End > size {
			fields = append(fields, Field{Name: name, Detail: fmt.Sprintf("[%d,%d) is empty, out of order or outside the %d code points of the text", s.Start, s.End, size)})
			continue
		}
		last = s.End
		if !s.Owner.valid() {
			fields = append(fields, Field{Name: name + ".owner", Detail: "is none of staff, wire, freelance, reader, unknown: " + quote(string(s.Owner))})
		}
		if !s.Basis.valid() {
			fields = append(fields, Field{Name: name + ".basis", Detail: "is not known: " + quote(string(s.Basis))})
		}
	}
	return fields
}

func (o Owner) valid() bool {
	switch o {
	case OwnerStaff, OwnerWire, OwnerFreelance, OwnerReader, OwnerUnknown:
		return true
	default:
		return false
	}
}

func (b Basis) valid() bool {
	switch b {
	case BasisStaff, BasisLegalPerson, BasisAssignment, BasisExclusive, BasisContract, BasisNonExclusive, BasisWire, BasisUnknown:
		return true
	default:
		return false
	}
}
