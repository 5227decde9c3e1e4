package monitor

import (
	"context"
	"slices"

	"rightsdesk/fingerprints"
	"rightsdesk/internal/rights"
)

// standing is how many code points of an article must stand on a page outside
// boilerplate, so that a line of boilerplate that is also one of the article's
// stays in the comparison.
const standing = 24

// finding is an article on a page, and the text in which its passages count.
type finding struct {
	fingerprints.Match
	text        string
	compared    string   // the text without boilerplate, at the same code points
	boilerplate [][2]int // what was left out
}

// compare finds the articles in a text of a page. The boilerplate of the host is
// left out: line breaks stand in its place, so that offsets stay. learned may be
// nil.
func (m *Monitor) compare(ctx context.Context, page fingerprints.Page, learned *learner) ([]finding, error) {
	found, err := m.opt.Index.Match(ctx, page)
	if err != nil {
		return nil, err
	}
	compared, left := page.Text, [][2]int(nil)
	if spans := learned.on(page.Text); len(spans) > 0 {
		if left = leftOut(spans, found, learned.pages); len(left) > 0 {
			compared = without(page.Text, left)
			found, err = m.opt.Index.Match(ctx, fingerprints.Page{Title: page.Title, Text: compared, Links: page.Links})
			if err != nil {
				return nil, err
			}
		}
	}
	list := make([]finding, len(found))
	for i, f := range found {
		list[i] = finding{Match: f, text: page.Text, compared: compared, boilerplate: left}
	}
	return list, nil
}

// learnedLine is a line of a text that is boilerplate of its host.
type learnedLine struct {
	line
	known *rights.Line
}

// on are the lines of a text that are boilerplate.
func (l *learner) on(text string) []learnedLine {
	if l == nil {
		return nil
	}
	var list []learnedLine
	for _, n := range allLines(text) {
		if known := l.lines[n.hash]; known != nil && known.Learned(l.pages) {
			list = append(list, learnedLine{n, known})
		}
	}
	return list
}

// leftOut picks the lines that leave the comparison. One that no article has
// leaves. One that an article has too leaves only where it stands aside (see
// rights.Line.Aside) and nothing else of that article is on the page.
func leftOut(lines []learnedLine, found []fingerprints.Match, pages int) [][2]int {
	var list [][2]int
	for _, n := range lines {
		span := [2]int{n.from, n.to}
		stays := slices.ContainsFunc(found, func(f fingerprints.Match) bool {
			return touches(f, span) && (!n.known.Aside(pages) || outside(f, lines) >= standing)
		})
		if !stays {
			list = append(list, span)
		}
	}
	return list
}

func touches(f fingerprints.Match, span [2]int) bool {
	return slices.ContainsFunc(f.Passages, func(p fingerprints.Passage) bool { return p.Page[0] < span[1] && span[0] < p.Page[1] })
}

// outside counts the code points of an article's passages that lie in none of
// the lines.
func outside(f fingerprints.Match, lines []learnedLine) int {
	n := 0
	for _, p := range f.Passages {
		n += p.Page[1] - p.Page[0]
		for _, l := range lines {
			n -= max(0, min(p.Page[1], l.to)-max(p.Page[0], l.from))
		}
	}
	return n
}

// wall is a letter that no text has. It keeps apart what stands before and
// behind a line that was left out: folding drops line breaks.
const wall = 'ꙮ'

// without puts line breaks in the place of spans of a text.
func without(text string, spans [][2]int) string {
	runes := []rune(text)
	for _, s := range spans {
		for i := s[0]; i < s[1]; i++ {
			runes[i] = '\n'
		}
		runes[s[0]] = wall
	}
	return string(runes)
}
