package fingerprints

import "math/bits"

// piece is a segment and what it proves, in bits: all of it, and what nothing
// before it has.
type piece struct {
	segment
	all, mine  float64
	chars, own int // of the article, not counted for another piece; of these, that nothing older has
	often      int // and that so many others have that they are a template's
}

// alone is what the piece proves without others.
func (p *piece) alone() float64 { return p.mine - p.edits/editCost*editBits }

// piece weighs a segment by what of the article no piece before it has; one of
// hardly anything else than an older text proves nothing, nor one of nothing else
// than older texts. Where the article has some words of its own among them, what
// several older texts have between them counts more than what one has.
func (k *comparison) piece(c *candidate, s segment, older uint32, counted []bool) piece {
	p := piece{segment: s}
	source := k.source(&s, older)
	var mine, joint, others float64
	between := 0
	for _, r := range s.runs {
		for i := range r.length {
			at := r.article + i
			p.all += c.bits[at]
			if counted[at] {
				continue
			}
			counted[at] = true
			p.chars++
			h := k.holders[r.page+i]
			if bits.OnesCount32(h&^c.bit) >= manyTexts {
				p.often++
			}
			switch {
			case h&older == 0:
				mine += c.bits[at]
				p.own++
			case h&source == 0:
				joint += c.bits[at]
				between++
			default:
				others += c.bits[at]
			}
		}
	}
	if p.own > 0 && float64(p.own)+float64(between)/2 >= ownShare*float64(p.chars) {
		p.mine = mine + jointWeight*joint + commonWeight*others
	}
	return p
}

// long reports whether so much runs without a change that it is no coincidence.
func (c *candidate) long(s *segment) bool {
	return s.longest() >= sharedRun && c.folded.Folded[s.runs[0].article] >= firstIdeograph
}

const (
	slipCost   = 4  // characters of a stretch that one more, one less or another one costs
	changeCost = 30 // and any longer change, besides its own length
)

// stretch is the longest that is equal in both but for small changes, which cost
// some of its characters. One or two ideographs in their places cost none: a word
// was replaced, while what changes in a template are numbers and names, which
// seldom have as many characters again.
func (s *segment) stretch(page, article []rune) (longest int) {
	now := 0
	for i, r := range s.runs {
		if i > 0 && !s.replaced(i, page, article) {
			now = max(0, now-s.changed(i))
		}
		now += r.length
		longest = max(longest, now)
	}
	return longest
}

// changed is what the change before a run costs a stretch.
func (s *segment) changed(i int) int {
	r, before := s.runs[i], s.runs[i-1]
	n := max(r.page-before.page-before.length, r.article-before.article-before.length)
	if n == 1 {
		return slipCost
	}
	return changeCost + n
}

// replaced reports whether no more than a word was replaced before a run.
func (s *segment) replaced(i int, page, article []rune) bool {
	r, before := s.runs[i], s.runs[i-1]
	gap := r.page - before.page - before.length
	if gap > 2 || gap != r.article-before.article-before.length {
		return false
	}
	for k := 1; k <= gap; k++ {
		if page[r.page-k] < firstIdeograph || article[r.article-k] < firstIdeograph {
			return false
		}
	}
	return true
}
