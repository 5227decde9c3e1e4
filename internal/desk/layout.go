package desk

import (
	"cmp"
	"slices"
)

// piece is a run of text that looks the same throughout.
type piece struct {
	Text  string
	Block int    // from 1; 0 is text that was not copied
	Link  int    // the block to show on the other side
	First bool   // of its block on this side
	Mark  string // changed, missing (in ours only) or added (in theirs only)
	Owner string // of a copied part that is not the paper's
}

// paragraph is the pieces of one line of a text.
type paragraph []piece

// stretch is a run of paragraphs; where Hidden, nothing was copied and it is
// folded away.
type stretch struct {
	Paragraphs []paragraph
	Hidden     bool
}

// apart puts spans in the order of the text and cuts those that overlap: a
// sentence may have been copied twice.
func apart(spans []span) []span {
	slices.SortStableFunc(spans, func(a, b span) int { return cmp.Compare(a.start, b.start) })
	var kept []span
	end := 0
	for _, s := range spans {
		s.start = max(s.start, end)
		if s.start < s.end {
			kept, end = append(kept, s), s.end
		}
	}
	return kept
}

// lay cuts a text into paragraphs and pieces.
func lay(text []rune, spans []span) []paragraph {
	cuts := []int{len(text)}
	for i, r := range text {
		if r == '\n' {
			cuts = append(cuts, i, i+1)
		}
	}
	for _, s := range spans {
		cuts = append(cuts, s.start, s.end)
	}
	slices.Sort(cuts)
	seen := map[int]bool{}
	list, line, at := []paragraph{}, paragraph{}, 0
	for _, end := range slices.Compact(cuts) {
		if end == at {
			continue
		}
		if text[at] == '\n' {
			list, line, at = append(list, line), paragraph{}, end
			continue
		}
		p := piece{Text: string(text[at:end])}
		for len(spans) > 0 && spans[0].end <= at {
			spans = spans[1:]
		}
		if len(spans) > 0 && spans[0].start <= at {
			p.Block, p.Link, p.Mark, p.Owner = spans[0].block, spans[0].link, spans[0].mark, spans[0].owner
			p.First = !seen[p.Block]
			seen[p.Block] = true
		}
		line, at = append(line, p), end
	}
	return append(list, line)
}

// keepAround is how many paragraphs stay in sight beside a copied one, and
// foldFrom how many in a row are worth folding away.
const (
	keepAround = 2
	foldFrom   = 4
)

// fold gathers the paragraphs from which nothing was copied.
func fold(all []paragraph) []stretch {
	hidden := make([]bool, len(all))
	for i := range hidden {
		hidden[i] = true
	}
	for i, p := range all {
		if slices.ContainsFunc(p, func(x piece) bool { return x.Block > 0 }) {
			for j := max(0, i-keepAround); j < min(len(all), i+keepAround+1); j++ {
				hidden[j] = false
			}
		}
	}
	var list []stretch
	for i := 0; i < len(all); {
		j := i
		for j < len(all) && hidden[j] == hidden[i] {
			j++
		}
		s := stretch{Paragraphs: all[i:j], Hidden: hidden[i] && j-i >= foldFrom}
		if n := len(list); n > 0 && !list[n-1].Hidden && !s.Hidden {
			list[n-1].Paragraphs = append(slices.Clip(list[n-1].Paragraphs), s.Paragraphs...)
		} else {
			list = append(list, s)
		}
		i = j
	}
	return list
}
