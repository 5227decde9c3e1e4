package rights

import (
	"fmt"
	"unicode/utf8"
)

// segmentFaults names segments that are empty, overlap or leave the text.
func (a *Article) segmentFaults() []Field {
	var fields []Field
	size, last := utf8.RuneCountInString(a.Text()), 0
	for i, s := range a.Segments {
		name := fmt.Sprintf("segments[%d]", i)
		if s.Start < last || s.End <= s.Start || s.End > size {
			fields = append(fields, Field{Name: name, Detail: "为空、次序颠倒或超出正文范围"})
			continue
		}
		last = s.End
		if !s.Owner.valid() {
			fields = append(fields, Field{Name: name + ".owner", Detail: "应为 staff、wire、freelance、reader 或 unknown"})
		}
		if !s.Basis.valid() {
			fields = append(fields, Field{Name: name + ".basis", Detail: "不是已知的权利依据"})
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
