package fingerprints

import (
	"cmp"
	"slices"
)

// inPlace is what of a candidate's segments counts for it: one that it has at
// another place of the page too, and that is a part of a longer stretch of another
// article here, is that article's. So of two articles that share a paragraph, both
// whole on a page, each keeps its own.
func (k *comparison) inPlace(c *candidate, list []segment) []segment {
	had := make([]bool, len(c.folded.Folded))
	var kept []segment
	slices.SortStableFunc(list, func(a, b segment) int { return cmp.Compare(b.matched(), a.matched()) })
	for _, s := range list {
		again := 0
		for _, r := range s.runs {
			for i := r.article; i < r.article+r.length; i++ {
				if had[i] {
					again++
				}
				had[i] = true
			}
		}
		if 2*again <= s.matched() || !k.longer(c, &s) {
			kept = append(kept, s)
		}
	}
	return kept
}

// longer reports whether another article that may still be reported has a longer
// segment around one of c.
func (k *comparison) longer(c *candidate, s *segment) bool {
	from := s.runs[0].page
	to, _ := s.end()
	for _, o := range k.found {
		if o == c || o.known() || o.reported {
			continue
		}
		for i := range o.segments {
			end, _ := o.segments[i].end()
			if o.segments[i].matched() > s.matched() && o.segments[i].runs[0].page <= from && to <= end {
				return true
			}
		}
	}
	return false
}
