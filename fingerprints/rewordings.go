package fingerprints

import (
	"cmp"
	"context"
	"slices"
)

// rewordings are the articles that a page tells again in other words, and of
// which it has no text at length. What others have taken of the page and what
// stands in older texts is left out of the comparison.
func (x *Index) rewordings(ctx context.Context, l *look, k *comparison) ([]Match, error) {
	tries, err := x.alike(ctx, l)
	if err != nil || len(tries) == 0 {
		return nil, err
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	var list []Match
	for _, c := range tries {
		if slices.ContainsFunc(k.found, func(f *candidate) bool { return f.id == c.id && f.reported && !f.quoted }) {
			continue
		}
		left, older := slices.Clone(l.page.Folded), k.older(c)
		for i := range left {
			if k.taken[i] || k.holders[i]&older != 0 {
				left[i] = nowhere
			}
		}
		r := x.reword(l, c, newRetold(left))
		if !r.Found() {
			continue
		}
		m := c.describe(l.page, evidence{segments: r.segments(len(left)), score: r.Gain / rewordedGain})
		for _, p := range m.Passages {
			from, _ := slices.BinarySearch(c.folded.Origin, int32(p.Article[0]))
			to, _ := slices.BinarySearch(c.folded.Origin, int32(p.Article[1]))
			m.Own += to - from
		}
		m.Reworded, m.SimhashDistance = true, Distance(Simhash(l.page), c.simhash)
		list = append(list, m)
	}
	return list, nil
}

// retold are the articles that a page tells again in other words, whatever
// else it has.
func (x *Index) retold(ctx context.Context, l *look) ([]entry, error) {
	tries, err := x.alike(ctx, l)
	if err != nil || len(tries) == 0 {
		return nil, err
	}
	r := newRetold(l.page.Folded)
	x.mu.RLock()
	defer x.mu.RUnlock()
	var list []entry
	for _, c := range tries {
		if x.reword(l, c, r).Found() {
			list = append(list, c.entry)
		}
	}
	return list, nil
}

// alike are the articles whose skeletons are like the page's.
func (x *Index) alike(ctx context.Context, l *look) ([]*candidate, error) {
	x.mu.RLock()
	var found []entry
	for _, n := range x.skeletons.Candidates(l.skeleton) {
		found = append(found, x.entry(n))
	}
	x.mu.RUnlock()
	articles, err := x.read(ctx, found)
	if err != nil {
		return nil, err
	}
	list := make([]*candidate, len(found))
	for i, a := range articles {
		list[i] = &candidate{entry: found[i], folded: Fold(a.Text)}
	}
	return list, nil
}

func (x *Index) reword(l *look, c *candidate, r *retold) rewording {
	text := c.folded.Folded
	return r.Rewording(text, x.ledger.Bits(&l.ledger, stretch{text, 0, len(text)}, int(c.added), mostPieceBits))
}

// segments are the pieces, where no other piece stands on the page.
func (r rewording) segments(page int) []segment {
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
