package fingerprints

import (
	"cmp"
	"slices"
)

// Passage is a run of text that is equal in both once folded. Both ends are
// half-open ranges of code points of the texts as given.
type Passage struct {
	Article [2]int `json:"article"`
	Page    [2]int `json:"page"`
}

// leastPassage is the folded characters of a run that is shown.
const leastPassage = 2

// Align finds what two texts share, whatever it is worth: the runs that are equal
// around eight characters or more which both have, in the order of the page. No
// character of the page is in two passages; one of the article may be, if the
// page repeats it. On texts made to be slow it may stop early.
func Align(page, article Text) []Passage {
	var a aligner
	a.read(page.Folded, hashes(nil, page.Folded))
	var list []Passage
	for _, r := range shown(a.align(article.Folded), page, article) {
		list = append(list, r.passage(page, article))
	}
	return list
}

// shown are the runs of segments that are long enough, in the order of the page.
func shown(list []segment, page, article Text) []run {
	var runs []run
	for _, s := range list {
		for _, r := range s.runs {
			if r = r.whole(page, article); r.length >= leastPassage {
				runs = append(runs, r)
			}
		}
	}
	slices.SortFunc(runs, func(a, b run) int { return cmp.Compare(a.page, b.page) })
	return runs
}

// whole is a run without what is but a part of a code point, as the m of ㎞.
func (r run) whole(page, article Text) run {
	for r.length > 0 && (page.splits(r.page) || article.splits(r.article)) {
		r.page, r.article, r.length = r.page+1, r.article+1, r.length-1
	}
	for r.length > 0 && (page.splits(r.page+r.length) || article.splits(r.article+r.length)) {
		r.length--
	}
	return r
}

// splits reports whether folded characters of one code point stand on both sides
// of a place.
func (t *Text) splits(at int) bool {
	return at > 0 && at < len(t.Origin) && t.Origin[at-1] == t.Origin[at]
}

// passage is where a run stands in the texts as given.
func (r run) passage(page, article Text) Passage {
	return Passage{Article: article.span(r.article, r.length), Page: page.span(r.page, r.length)}
}

// span is where the folded characters [start, start+length) stand in the given
// text.
func (t *Text) span(start, length int) [2]int {
	last := start + length - 1
	span := [2]int{int(t.Origin[start]), int(t.Origin[last]) + 1}
	i, ok := slices.BinarySearchFunc(t.ends, last, func(e end, at int) int { return cmp.Compare(int(e.folded), at) })
	if ok {
		span[1] = int(t.ends[i].point)
	}
	return span
}
