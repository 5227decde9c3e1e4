package fingerprints

import (
	"cmp"
	"slices"
)

// rewordings are the articles that a page tells again in other words, and of
// which it has no text at length. What others have taken of the page and what
// stands in older texts is left out of the comparison.
func (x *Index) rewordings(page Text, found []*candidate, taken []bool) []Match {
	x.mu.RLock()
	defer x.mu.RUnlock()
	var list []Match
	for _, n := range x.skeletons.Candidates(Skeleton(nil, page.Folded)) {
		if slices.ContainsFunc(found, func(c *candidate) bool { return c.n == n && c.reported }) {
			continue
		}
		c := &candidate{entry: x.articles[n], n: n}
		c.folded = Fold(c.text)
		left, out := slices.Clone(page.Folded), slices.Clone(taken)
		c.older(found, out)
		for i, v := range out {
			if v {
				left[i] = nowhere
			}
		}
		r := x.reword(c, NewRetold(left))
		if !r.Found() {
			continue
		}
		m := c.describe(page, evidence{segments: r.segments(len(left)), score: r.Gain / RewordedGain})
		for _, p := range m.Passages {
			from, _ := slices.BinarySearch(c.folded.Origin, int32(p.Article[0]))
			to, _ := slices.BinarySearch(c.folded.Origin, int32(p.Article[1]))
			m.Own += to - from
		}
		m.Reworded, m.SimhashDistance = true, Distance(Simhash(page), c.simhash)
		list = append(list, m)
	}
	return list
}

// retold are the articles that a page tells again in other words, whatever
// else it has.
func (x *Index) retold(page Text) []int32 {
	var list []int32
	var r *Retold
	for _, n := range x.skeletons.Candidates(Skeleton(nil, page.Folded)) {
		if r == nil {
			r = NewRetold(page.Folded)
		}
		c := &candidate{entry: x.articles[n], n: n}
		c.folded = Fold(c.text)
		if x.reword(c, r).Found() {
			list = append(list, n)
		}
	}
	return list
}

func (x *Index) reword(c *candidate, r *Retold) Rewording {
	return r.Rewording(c.folded.Folded, x.ledger.Bits(c.folded.Folded, 0, len(c.folded.Folded), c.added))
}

// segments are the pieces, where no other piece stands on the page.
func (r Rewording) segments(page int) []segment {
	pieces := slices.Clone(r.Passages)
	slices.SortStableFunc(pieces, func(a, b Passage) int { return cmp.Compare(b.Page[1]-b.Page[0], a.Page[1]-a.Page[0]) })
	used := make([]bool, page)
	var list []segment
	for _, p := range pieces {
		whole := segment{runs: []run{{p.Page[0], p.Article[0], p.Page[1] - p.Page[0]}}}
		if s := whole.outside(used); len(s.runs) > 0 {
			s.mark(used)
			list = append(list, s)
		}
	}
	return list
}
