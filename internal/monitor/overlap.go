package monitor

import (
	"sort"

	"rightsdesk/fingerprints"
	"rightsdesk/internal/rights"
)

// overlap counts folded characters of an article on a page.
type overlap struct {
	chars        int // of the article
	asserted     int // of these, in segments that the paper asserts
	own, wire    int // matched, in asserted segments and in wire copy
	other        int // matched, in segments of others or of nobody known
	onPage, page int // of the page: what is asserted and matched, and all
	longest      int // the longest asserted run
}

func (o overlap) matched() int { return o.own + o.wire + o.other }

// holding is who holds a character of an article.
type holding byte

const (
	heldByOthers holding = iota
	heldByWire
	heldByUs
)

// holdings says for every folded character of an article who holds it; what no
// segment takes in is held by others.
func holdings(a *rights.Article, text foldedText) []holding {
	list := make([]holding, len(text.Folded))
	for _, s := range a.Segments {
		by := heldByOthers
		switch {
		case s.Asserted():
			by = heldByUs
		case s.Owner == rights.OwnerWire:
			by = heldByWire
		}
		from, to := text.span(s.Start, s.End)
		for i := from; i < to; i++ {
			list[i] = by
		}
	}
	return list
}

// measure intersects the passages with the segments of the article.
func measure(a *rights.Article, f finding) overlap {
	text := foldedText{fingerprints.Fold(a.Text())}
	held := holdings(a, text)
	o := overlap{chars: len(held), page: len(fingerprints.Fold(f.compared).Folded)}
	for _, by := range held {
		if by == heldByUs {
			o.asserted++
		}
	}
	covered := make([]bool, len(held))
	for _, p := range f.Passages {
		from, to := text.span(p.Article[0], p.Article[1])
		run := 0
		for i := from; i < to; i++ {
			if held[i] == heldByUs {
				run++
				o.onPage++
				o.longest = max(o.longest, run)
			} else {
				run = 0
			}
			if covered[i] {
				continue
			}
			covered[i] = true
			switch held[i] {
			case heldByUs:
				o.own++
			case heldByWire:
				o.wire++
			case heldByOthers:
				o.other++
			}
		}
	}
	return o
}

// foldedText finds folded characters by code points of the text as given.
type foldedText struct{ fingerprints.Text }

// span is the range of folded characters that stand in [start, end).
func (t foldedText) span(start, end int) (from, to int) {
	find := func(point int) int {
		return sort.Search(len(t.Origin), func(i int) bool { return int(t.Origin[i]) >= point })
	}
	return find(start), find(end)
}
