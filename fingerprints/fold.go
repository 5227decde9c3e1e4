package fingerprints

import (
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Text is a text folded for comparison. Rune i of Folded came from the code
// point Origin[i] of the text that was given to [Fold].
type Text struct {
	Folded []rune
	Origin []int32
	ends   []end // of the folded characters that came from several code points
}

// end says where in the given text a folded character ends.
type end struct{ folded, point int32 }

// Fold reduces a text to what is compared: Unicode NFKC, lower case,
// traditional Chinese characters to simplified ones by table, letters and
// numbers only. White space, punctuation, marks, variation selectors and
// zero-width characters disappear. Invalid UTF-8 counts as one code point a
// byte and disappears too.
func Fold(s string) Text {
	t := Text{Folded: make([]rune, 0, len(s)/3+1), Origin: make([]int32, 0, len(s)/3+1)}
	t.Fold(s)
	return t
}

// Fold folds a text into t, in the place of what it held. A Text that is used
// again allocates nothing once it has grown.
func (t *Text) Fold(s string) {
	t.Folded, t.Origin, t.ends = t.Folded[:0], t.Origin[:0], t.ends[:0]
	table := folding()
	var point int32
	r, size := decode(s)
	for size > 0 {
		// What follows may combine with r, and then the normaliser must see both.
		next, nextSize := decode(s[size:])
		if to := table.to(r); to != slowFold && (nextSize == 0 || table.stands(next)) {
			if to != 0 {
				t.Folded, t.Origin = append(t.Folded, rune(to)), append(t.Origin, point)
			}
			s, point = s[size:], point+1
			r, size = next, nextSize
			continue
		}
		n := norm.NFKC.NextBoundaryInString(s, true)
		if n <= 0 {
			n = len(s)
		}
		t.segment(s[:n], point)
		point += int32(utf8.RuneCountInString(s[:n]))
		s = s[n:]
		r, size = decode(s)
	}
}

// decode is the first rune of s, the quick way for those of three bytes, as the
// ideographs are. The size is 0 where s is empty.
func decode(s string) (rune, int) {
	if len(s) >= 3 && s[0]&0xF0 == 0xE0 && s[1]&0xC0 == 0x80 && s[2]&0xC0 == 0x80 {
		r := rune(s[0]&0x0F)<<12 | rune(s[1]&0x3F)<<6 | rune(s[2]&0x3F)
		if r >= 0x800 && r>>11 != 0xD800>>11 {
			return r, 3
		}
	}
	return utf8.DecodeRuneInString(s)
}

// segment appends one normalisation segment that starts at code point start. A
// composed segment has no finer origin than its start.
func (t *Text) segment(segment string, start int32) {
	step, after, before := int32(0), start+int32(utf8.RuneCountInString(segment)), len(t.Folded)
	if norm.NFKC.IsNormalString(segment) {
		step = 1
	} else {
		segment = norm.NFKC.String(segment)
	}
	for _, r := range segment {
		if to := foldRune(r); to != 0 {
			t.Folded, t.Origin = append(t.Folded, to), append(t.Origin, start)
		}
		start += step
	}
	if last := len(t.Folded) - 1; step == 0 && after > start+1 && last >= before {
		t.ends = append(t.ends, end{int32(last), after})
	}
}

// foldRune folds a rune of normalised text; 0 says that it is not compared.
func foldRune(r rune) rune {
	if r == utf8.RuneError || !unicode.IsLetter(r) && !unicode.IsNumber(r) {
		return 0
	}
	if to, ok := simplified()[r]; ok {
		r = to
	}
	return unicode.ToLower(r)
}

// foldTable holds, for every rune of the basic plane that is a normalisation
// segment of its own where a boundary follows, what it folds to.
type foldTable struct {
	runes    [1 << 16]uint16
	boundary [1 << 16 / 64]uint64 // a normalisation boundary stands before the rune
}

// slowFold marks what only the normaliser can fold. U+FFFF is no character.
const slowFold = 0xFFFF

//nolint:gochecknoglobals // computed once, never changed
var folding = sync.OnceValue(func() *foldTable {
	t := new(foldTable)
	for r := range rune(1 << 16) {
		t.runes[r] = slowFold
		if !utf8.ValidRune(r) {
			continue
		}
		p := norm.NFKC.PropertiesString(string(r))
		whole := norm.NFKC.String(string(r))
		if !p.BoundaryBefore() || !norm.NFKC.PropertiesString(whole).BoundaryBefore() {
			continue
		}
		if r == utf8.RuneError { // what is no UTF-8 looks the same
			continue
		}
		t.boundary[r/64] |= 1 << (r % 64)
		one, size := utf8.DecodeRuneInString(whole)
		if size != len(whole) {
			continue
		}
		if to := foldRune(one); to < slowFold {
			t.runes[r] = uint16(to)
		}
	}
	return t
})

func (t *foldTable) to(r rune) uint16 {
	if uint32(r) >= 1<<16 {
		return slowFold
	}
	return t.runes[r]
}

// stands reports whether what comes before r needs not know r to be normalised.
func (t *foldTable) stands(r rune) bool {
	return uint32(r) < 1<<16 && t.boundary[uint32(r)/64]&(1<<(uint32(r)%64)) != 0
}
