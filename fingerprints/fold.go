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

// Fold reduces a text to what is compared: Unicode NFKC, lower case, letters
// and numbers only. White space, punctuation, marks, variation selectors and
// zero-width characters disappear. Invalid UTF-8 counts as one code point a
// byte and disappears too.
func Fold(s string) Text {
	t := Text{Folded: make([]rune, 0, len(s)/3+1), Origin: make([]int32, 0, len(s)/3+1)}
	var point int32
	for len(s) > 0 {
		n := norm.NFKC.NextBoundaryInString(s, true)
		if n <= 0 {
			n = len(s)
		}
		segment := s[:n]
		s = s[n:]
		t.fold(segment, point)
		point += int32(utf8.RuneCountInString(segment))
	}
	return t
}

// fold appends one normalisation segment that starts at code point start. A
// composed segment has no finer origin than its start.
func (t *Text) fold(segment string, start int32) {
	if norm.NFKC.IsNormalString(segment) {
		for _, r := range segment {
			t.keep(r, start)
			start++
		}
		return
	}
	for _, r := range norm.NFKC.String(segment) {
		t.keep(r, start)
	}
}

func (t *Text) keep(r rune, origin int32) {
	if r == utf8.RuneError || !unicode.IsLetter(r) && !unicode.IsNumber(r) {
		return
	}
	t.Folded = append(t.Folded, unicode.ToLower(r))
	t.Origin = append(t.Origin, origin)
}
