package extract

import (
	"bytes"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// sampleChars is after how many characters outside ASCII a share is known.
const sampleChars = 64 << 10

// points says what characters tell of a character set: 1 for one of the
// commonest of Chinese text, -2 for what does not decode or falls outside what
// papers print, else 0.
type points struct {
	pairs [1 << 15]int8 // characters of two bytes, by pairIndex
	quads bool          // there are characters of four bytes
}

func pairIndex(lead, trail byte) int { return int(lead&0x7F)<<8 | int(trail) }

//nolint:gochecknoglobals // computed once, never changed
var gbPoints = sync.OnceValue(func() *points { return pointsOf(simplifiedchinese.GB18030, 0x7F) })

//nolint:gochecknoglobals // computed once, never changed
var big5Points = sync.OnceValue(func() *points { return pointsOf(traditionalchinese.Big5, 0) })

// pointsOf rates every pair of bytes of which the second is no ASCII digit or
// mark; hole is a second byte that there is none.
func pointsOf(enc encoding.Encoding, hole byte) *points {
	common := make(map[rune]bool, 1024)
	for _, r := range commonText {
		common[r] = true
	}
	var pairs []byte
	for lead := 0x81; lead <= 0xFE; lead++ {
		for trail := 0x40; trail <= 0xFE; trail++ {
			if byte(trail) != hole {
				pairs = append(pairs, byte(lead), byte(trail), '\n')
			}
		}
	}
	table := &points{quads: enc == simplifiedchinese.GB18030}
	for i := range table.pairs {
		table.pairs[i] = -2
	}
	decoded, err := enc.NewDecoder().Bytes(pairs)
	if err != nil {
		return table
	}
	for line := range bytes.Lines(decoded) {
		r, _ := utf8.DecodeRune(line)
		at := pairIndex(pairs[0], pairs[1])
		pairs = pairs[3:]
		switch {
		case common[r]:
			table.pairs[at] = 1
		case r != utf8.RuneError && !unicode.Is(unicode.Co, r):
			table.pairs[at] = 0
		}
	}
	return table
}

// commonShare returns which share of the characters outside ASCII are among the
// commonest of Chinese text, less the share that is none.
func commonShare(raw []byte, table *points) float64 {
	sum, total := 0, 0
	for raw = raw[ascii(raw):]; len(raw) > 0 && total < sampleChars; raw = raw[ascii(raw):] {
		total++
		size, rated := 1, -2
		switch {
		case raw[0] == 0x80 || raw[0] == 0xFF:
		case len(raw) > 1 && raw[1] >= 0x40:
			size, rated = 2, int(table.pairs[pairIndex(raw[0], raw[1])])
		case table.quads && quad(raw):
			size, rated = 4, 0
		}
		sum += rated
		raw = raw[size:]
	}
	if total == 0 {
		return 0
	}
	return float64(sum) / float64(total)
}

// quad reports whether raw begins with a character of four bytes in GB18030.
func quad(raw []byte) bool {
	return len(raw) > 3 && digit(raw[1]) && raw[2] > 0x80 && raw[2] < 0xFF && digit(raw[3])
}
