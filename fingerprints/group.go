package fingerprints

import (
	"cmp"
	"slices"
)

// Group is one part of an article that a page has: passages that lie near each
// other in both texts, in whatever order, and what was changed between them.
type Group struct {
	Article  [2]int // from where the first begins to where the last ends, in code points
	Page     [2]int
	Passages []Passage // in the order of the page
}

const (
	groupGap   = 100 // code points that may lie between two groups that are one
	groupShare = 0.6 // of what both span, where that is more
)

// Groups gathers the passages of one match to what a reader would call copied
// parts, in the order of the page. Two are one where in both texts 100 code points
// at most lie between them, or six tenths of what they span together. Each passage
// is in one.
func Groups(passages []Passage) []Group {
	var list []Group
	for _, p := range passages {
		g := Group{p.Article, p.Page, []Passage{p}}
		for grown := true; grown; {
			grown = false
			rest := list[:0]
			for _, o := range list {
				if near(g.Page, o.Page) && near(g.Article, o.Article) {
					g, grown = g.with(o), true
				} else {
					rest = append(rest, o)
				}
			}
			list = rest
		}
		list = append(list, g)
	}
	for _, g := range list {
		slices.SortFunc(g.Passages, func(a, b Passage) int { return cmp.Compare(a.Page[0], b.Page[0]) })
	}
	slices.SortFunc(list, func(a, b Group) int { return cmp.Compare(a.Page[0], b.Page[0]) })
	return list
}

func near(a, b [2]int) bool {
	gap := max(a[0]-b[1], b[0]-a[1])
	return gap <= groupGap || float64(gap) <= groupShare*float64(a[1]-a[0]+b[1]-b[0])
}

func (g Group) with(o Group) Group {
	around := func(a, b [2]int) [2]int { return [2]int{min(a[0], b[0]), max(a[1], b[1])} }
	return Group{around(g.Article, o.Article), around(g.Page, o.Page), append(o.Passages, g.Passages...)}
}
