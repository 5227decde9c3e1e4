package fingerprints

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Text is a text folded for comparison. Rune i of Folded came from the code
// point Origin[i] of the text that was given to [Fold].
type Text struct {
	Folded []rune
	Origin []int32
}

// Fold reduces a text to what is compared: Unicode NFKC, lower case,
// traditional Chinese characters to simplified ones by table, letters and
// numbers only. White space, punctuation, marks, variation selectors and
// zero-width characters disappear. Invalid UTF-8 counts as one code point a
// byte and disappears too.
func Fold(s string) Text {
	t := Text{Folded: make([]rune, 0, len(s)/3+1), Origin: make([]int32, 0, len(s)/3+1)}
	table := simplified()
	var point int32
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		// A character of the basic CJK block is its own normal form and has no
		// case, unless a mark follows that the normaliser must see.
		if r >= 0x4E00 && r <= 0x9FFF && len(s) > size && s[size] >= 0xE3 && s[size] <= 0xE9 {
			if to, ok := table[r]; ok {
				r = to
			}
			t.Folded, t.Origin = append(t.Folded, r), append(t.Origin, point)
			s, point = s[size:], point+1
			continue
		}
		n := norm.NFKC.NextBoundaryInString(s, true)
		if n <= 0 {
			n = len(s)
		}
		fold(&t, s[:n], point, table)
		point += int32(utf8.RuneCountInString(s[:n]))
		s = s[n:]
	}
	return t
}

// fold appends one normalisation segment that starts at code point start. A
// composed segment has no finer origin than its start.
func fold(t *Text, segment string, start int32, table map[rune]rune) {
	step := int32(0)
	if norm.NFKC.IsNormalString(segment) {
		step = 1
	} else {
		segment = norm.NFKC.String(segment)
	}
	for _, r := range segment {
		if r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsNumber(r)) {
			if to, ok := table[r]; ok {
				r = to
			}
			t.Folded = append(t.Folded, unicode.ToLower(r))
			t.Origin = append(t.Origin, start)
		}
		start += step
	}
}
