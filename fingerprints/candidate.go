package fingerprints

import (
	"cmp"
	"slices"
)

// candidate is a text that may stand on a page, and what of it does.
type candidate struct {
	entry
	folded   Text
	segments []segment
	bits     []float64 // by folded character of the article; looked up where matched
	hopeless bool      // it can be no match and no common source, and has no bits
	bit      uint32    // in the holders of a comparison
	reported bool      // as a match or as common source
	quoted   bool      // as common source without holders, which a rewording may be too
}

// screened are the texts that pass the screen.
func (x *Index) screened(l *look) []entry {
	x.mu.RLock()
	defer x.mu.RUnlock()
	x.screen(l)
	found := make([]entry, 0, len(l.order))
	for _, h := range l.order {
		found = append(found, x.entry(h.n))
	}
	return found
}

// candidates are the texts of the screen, aligned.
func (x *Index) candidates(l *look, found []entry, articles []Article) []*candidate {
	if len(found) == 0 {
		return nil
	}
	l.aligner.read(l.page.Folded, l.hashes)
	var kept []*candidate
	for i, a := range articles {
		if len(l.folded) == len(kept) {
			l.folded = append(l.folded, Text{})
		}
		text := &l.folded[len(kept)]
		text.Fold(a.Text)
		if segments := l.aligner.align(text.Folded); len(segments) > 0 {
			kept = append(kept, &candidate{entry: found[i], folded: *text, segments: segments})
		}
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	for _, c := range kept {
		if c.hopeless = c.known() || !c.hope(len(l.page.Folded), x.least); !c.hopeless {
			x.ask(l, c)
		}
	}
	return kept
}

// ask has the ledger say what the matched characters of a candidate prove.
func (x *Index) ask(l *look, c *candidate) {
	text := c.folded.Folded
	c.bits = make([]float64, len(text))
	for _, s := range c.segments {
		from := s.runs[0].article
		_, to := s.end()
		for k, b := range x.ledger.Bits(&l.ledger, stretch{text, from, to}, int(c.added), mostBits) {
			c.bits[from+k] = min(b, proof(text[from+k]))
		}
	}
}

// proof is the most that a character of a copied passage proves.
func proof(r rune) float64 {
	if r < firstIdeograph {
		return fewBits
	}
	return mostBits
}

// holders are the others that have a fifth or more of what c shares with a page
// of this size, the oldest first; none where all together have not half of it.
func (c *candidate) holders(all []*candidate, e evidence, size int) []*candidate {
	mine := make([]bool, size)
	for i := range e.segments {
		e.segments[i].mark(mine)
	}
	chars := marked(mine)
	theirs := make([]bool, size)
	var list []*candidate
	for _, o := range all {
		if o == c {
			continue
		}
		on := make([]bool, size)
		for i := range o.segments {
			o.segments[i].mark(on)
		}
		for i := range on {
			on[i] = on[i] && mine[i]
			theirs[i] = theirs[i] || on[i]
		}
		if 5*marked(on) >= chars {
			list = append(list, o)
		}
	}
	if 2*marked(theirs) < chars {
		return nil
	}
	slices.SortFunc(list, func(a, b *candidate) int {
		return cmp.Or(cmp.Compare(a.published, b.published), cmp.Compare(a.id, b.id))
	})
	return list
}

// original is the article from which c has its text, where it is not named yet:
// the oldest of the holders, if it is older than c. It is nil where that is no
// article.
func (c *candidate) original(holders []*candidate) *candidate {
	i := slices.IndexFunc(holders, func(h *candidate) bool { return h.before(c) })
	if i < 0 || holders[i].known() || holders[i].reported {
		return nil
	}
	return holders[i]
}

// before reports whether a text is known to be older than an article.
func (c *candidate) before(article *candidate) bool {
	if c.published == noDate || article.published == noDate {
		return c.known() && c.published == noDate
	}
	return c.published < article.published
}
