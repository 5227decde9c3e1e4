package letters

import (
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"

	"rightsdesk/internal/rights"
)

func blank(s string) bool { return printable(s) == "" }

// printable makes one line of a text that anybody may have written: control
// and direction characters go, white space becomes one space.
func printable(s string) string {
	var b strings.Builder
	space := false
	for _, r := range strings.ToValidUTF8(s, "\uFFFD") {
		switch {
		case unicode.IsSpace(r):
			space = b.Len() > 0
			continue
		case dropped(r):
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(r)
	}
	return b.String()
}

// dropped reports characters that show nothing and could only mislead: controls,
// direction marks, joiners, variation selectors, private tags.
func dropped(r rune) bool {
	return unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r) ||
		unicode.Is(unicode.Variation_Selector, r) || r == '\u034F' || r == '\u115F' || r == '\u1160' || r == '\u3164' || r == '\uFFA0'
}

// lines splits a text at its line feeds and makes each part printable.
func lines(s string) []string {
	var list []string
	for part := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == '\n' || r == '\r' || r == '\u2028' || r == '\u2029' }) {
		if p := printable(part); p != "" {
			list = append(list, p)
		}
	}
	return list
}

// day writes 2026-01-07 as 2026年1月7日; what is no such day stays as it is.
func day(s string) string {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		if at, err := time.Parse(time.RFC3339, s); err == nil {
			return instant(at)
		}
		return s
	}
	return t.Format("2006年1月2日")
}

// instant writes an instant in China's time, to the second.
func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(rights.China).Format("2006年1月2日 15:04:05（UTC+8）")
}

// keepLines makes the text of a span printable without touching its edges: a
// span may end in the middle of a line.
func keepLines(s string) string {
	var b strings.Builder
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\r\n", "\n")
	for _, r := range s {
		switch {
		case r == '\n' || r == '\r' || r == '\u2028' || r == '\u2029':
			b.WriteByte('\n')
		case unicode.IsSpace(r) && r != '\u3000':
			b.WriteByte(' ')
		case !dropped(r):
			b.WriteRune(r)
		}
	}
	return b.String()
}

// numeral writes 1 to 99 in Chinese.
func numeral(n int) string {
	digits := []rune("零一二三四五六七八九")
	switch {
	case n < 1 || n > 99:
		return strconv.Itoa(n)
	case n < 10:
		return string(digits[n])
	}
	s := "十"
	if n >= 20 {
		s = string(digits[n/10]) + s
	}
	if n%10 != 0 {
		s += string(digits[n%10])
	}
	return s
}

func percent(share float64) string {
	if math.IsNaN(share) || share < 0 {
		share = 0
	}
	return strconv.FormatFloat(min(share, 1)*100, 'f', 1, 64) + "%"
}
