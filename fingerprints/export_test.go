package fingerprints

import (
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// FoldSlowly is [Fold] by the normaliser alone, to hold the fast one against.
func FoldSlowly(s string) Text {
	var t Text
	var point int32
	for len(s) > 0 {
		n := norm.NFKC.NextBoundaryInString(s, true)
		if n <= 0 {
			n = len(s)
		}
		t.segment(s[:n], point)
		point += int32(utf8.RuneCountInString(s[:n]))
		s = s[n:]
	}
	return t
}
