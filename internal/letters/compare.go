package letters

import (
	"strings"
	"unicode/utf8"

	"rightsdesk/fingerprints"
)

// Compare marks the differences of two texts for showing them side by side.
// Traditional and simplified forms of a character, its widths and cases, and
// the two fashions of quotation marks are no difference.
func Compare(ours, theirs string) Passage {
	var p Passage
	mine, other := []rune(strings.ToValidUTF8(ours, "\uFFFD")), []rune(strings.ToValidUTF8(theirs, "\uFFFD"))
	for _, e := range fingerprints.Diff(level(mine), level(other)) {
		marks := [2]Mark{Equal, Equal}
		switch e.Op {
		case fingerprints.Equal:
		case fingerprints.Insert:
			marks[1] = Added
		case fingerprints.Delete:
			marks[0] = Missing
		case fingerprints.Replace:
			marks = [2]Mark{Changed, Changed}
		}
		mine = take(&p.Ours, mine, utf8.RuneCountInString(e.Ours), marks[0])
		other = take(&p.Theirs, other, utf8.RuneCountInString(e.Theirs), marks[1])
	}
	return p
}

// take moves the first n characters of a text to the spans.
func take(to *[]Span, text []rune, n int, mark Mark) []rune {
	if n > 0 {
		*to = append(*to, Span{Text: string(text[:n]), Mark: mark})
	}
	return text[n:]
}

// level gives every character the one form in which it is compared.
func level(text []rune) string {
	var b strings.Builder
	for _, r := range text {
		switch r {
		case '「':
			r = '“'
		case '」':
			r = '”'
		case '『':
			r = '‘'
		case '』':
			r = '’'
		default:
			if folded := fingerprints.Fold(string(r)).Folded; len(folded) == 1 {
				r = folded[0]
			}
		}
		b.WriteRune(r)
	}
	return b.String()
}
