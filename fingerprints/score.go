package fingerprints

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// Match finds the articles whose text stands on the page, the best covered
// first, then those of which it only carries the headline as a link. It fails if
// the source of the texts does.
func (x *Index) Match(ctx context.Context, p Page) ([]Match, error) {
	matches, _, err := x.Find(ctx, p)
	return matches, err
}

// Find is [Index.Match] and names besides the articles of which the page only
// has text that is older than they are.
//
// What is shared is aligned with gaps, and each matched character of the article
// counts by how surprising it is among all texts that the index knows: official
// formulas, names with their offices and slogans are predictable, an article's
// own words are not. A segment counts in full when 90
// characters run without a change and less when they are broken, as the words of
// a template are; together they count more, the more of the article or of the
// page they make up. Characters that an older text has too count little, and a
// segment of nothing else counts nothing. Every character of the page counts for
// one article only, the one that scores highest; among equals the earlier.
//
// An article of fewer than 130 folded characters is reported when 60 % of it
// stands there and is its own; one of fewer than 24 never.
//
// An article of which nothing else is found may be told again in other words. It
// is a candidate if its skeleton of names, numbers and rare words stands on the
// page, and a match if it can be told in 300 bits and 15 % less from pieces of
// the page, which cost more to name out of the article's order. A score of 1 is
// those 300 bits. It is a proposal: two reports of one event look alike.
func (x *Index) Find(ctx context.Context, p Page) ([]Match, []CommonSource, error) {
	l := x.look()
	defer x.looks.Put(l)
	l.fold(p.Text)
	found, err := x.candidates(ctx, l)
	if err != nil {
		return nil, nil, err
	}
	k := &comparison{page: l.page, found: found, taken: make([]bool, len(l.page.Folded))}
	if len(found) > 0 || len(p.Links) > 0 {
		k.hash = Simhash(k.page)
	}
	matches := k.matches(x.least)
	sources := k.sources(x.least, len(matches))
	retold, err := x.rewordings(ctx, l, found, k.taken)
	if err != nil {
		return nil, nil, err
	}
	matches = append(matches, retold...)
	linked, err := x.linked(ctx, p)
	if err != nil {
		return nil, nil, err
	}
	return append(matches, links(linked, k.hash, matches)...), sources, nil
}

// comparison is a page and what may stand on it.
type comparison struct {
	page  Text
	hash  uint64
	found []*candidate
	taken []bool // what of the page has counted for a match
}

// matches picks the best again and again, until none has the least score on what
// is left of the page.
func (k *comparison) matches(least float64) []Match {
	list := []Match{}
	for {
		best, ev := (*candidate)(nil), evidence{}
		for _, c := range k.found {
			if c.known() || c.reported {
				continue
			}
			e := weigh(c, k.found, k.page, k.taken)
			if e.score >= least && (best == nil || better(c, e, best, ev)) {
				best, ev = c, e
			}
		}
		if best == nil {
			break
		}
		best.reported = true
		ev.segments = k.inPlace(best, ev.segments)
		m := best.describe(k.page, ev)
		m.SimhashDistance = Distance(k.hash, best.simhash)
		list = append(list, m)
		for _, s := range ev.segments {
			s.mark(k.taken)
		}
	}
	slices.SortStableFunc(list, func(a, b Match) int { return cmp.Compare(b.Coverage, a.Coverage) })
	return list
}

// sources are the articles of which the page has what others have too. matches is
// how many were found; without any, what scores enough is one.
func (k *comparison) sources(least float64, matches int) []CommonSource {
	var list []CommonSource
	nobody := make([]bool, len(k.page.Folded))
	for _, c := range k.found {
		if c.known() || c.reported {
			continue
		}
		if e := weigh(c, k.found, k.page, nobody); e.score < least || matches > 0 {
			if !e.enough(len(c.folded.Folded)) {
				continue
			}
			if holders := c.holders(k.found, e, len(k.page.Folded)); len(holders) > 0 {
				m := CommonSource{Match: c.describe(k.page, e), Holders: holders}
				m.SimhashDistance, c.reported = Distance(k.hash, c.simhash), true
				list = append(list, m)
			}
		}
	}
	return list
}

func better(c *candidate, e evidence, than *candidate, ev evidence) bool {
	if e.score != ev.score {
		return e.score > ev.score
	}
	return cmp.Or(cmp.Compare(c.published, than.published), cmp.Compare(c.id, than.id)) < 0
}

// links are the matches of headlines.
func links(linked []entry, hash uint64, have []Match) []Match {
	var list []Match
	for _, e := range linked {
		if !slices.ContainsFunc(have, func(m Match) bool { return m.Article == e.id }) {
			list = append(list, Match{Article: e.id, SimhashDistance: Distance(hash, e.simhash), Passages: []Passage{}, LinkOnly: true})
		}
	}
	return list
}

const (
	leastSegment = 30.0 // bits of one that proves anything alone
	editBits     = 1.2  // bits that a replaced character costs
	wholeRun     = 90.0 // characters without a change that count in full
	wholeCover   = 0.5  // of the article or of the page, that counts in full
	coverWeight  = 0.6
	shownChain   = 90.0  // bits of a chain that is shown whatever its segments have
	leastChain   = 120.0 // bits of a chain beyond which it proves more than its segments
	chainWeight  = 0.5
	commonWeight = 0.6  // of a character that an older text has too
	ownShare     = 0.05 // of a segment that must be the article's own
	sharedChars  = 80   // characters of an article that others have and that make it a common source
	sharedRun    = 24   // of which so many run without a change
	threshold    = 55   // bits of score 1
	shortest     = 24   // folded characters of an article that can be found
	shortArticle = 130  // folded characters under which the rule for short articles holds
	shortShare   = 0.60 // of a short article must be there
	shortBits    = 20   // and have so many bits
)

// evidence is what speaks for an article.
type evidence struct {
	segments []segment // outside what other articles have taken
	score    float64
	own      int // matched characters of the article that nothing older has
	common   int
}

// weigh scores a candidate on what of the page is not taken.
func weigh(c *candidate, all []*candidate, page Text, taken []bool) evidence {
	e := evidence{}
	if len(c.folded.Folded) < shortest {
		return e
	}
	older := make([]bool, len(page.Folded))
	c.older(all, older)
	counted := make([]bool, len(c.folded.Folded))
	var pieces []piece
	for i := range c.segments {
		if s := c.segments[i].outside(taken); s.matched() >= gramSize {
			pieces = append(pieces, c.piece(s, older, counted))
		}
	}
	own := sum{least: leastSegment}
	if len(c.folded.Folded) < shortArticle {
		own.least = shortBits
	}
	for _, list := range chains(pieces) {
		var all, mine float64
		for i := range list {
			all, mine = all+list[i].all, mine+list[i].mine
		}
		own.chain = max(own.chain, mine-leastChain)
		for i := range list {
			p := &list[i]
			if all < shownChain && p.all < leastSegment && !c.long(&p.segment) {
				continue
			}
			e.segments = append(e.segments, p.segment)
			e.own, e.common = e.own+p.own, e.common+p.chars-p.own
			own.add(p, float64(p.stretch(page.Folded, c.folded.Folded)))
		}
	}
	e.score = own.score([2]int{len(c.folded.Folded), len(page.Folded)})
	return e
}

// piece weighs a segment by what of the article no piece before it has; one of
// nothing else than older text proves nothing.
func (c *candidate) piece(s segment, older, counted []bool) piece {
	p := piece{segment: s}
	var mine, others float64
	for _, r := range s.runs {
		for k := range r.length {
			at := r.article + k
			p.all += c.bits[at]
			if counted[at] {
				continue
			}
			counted[at] = true
			p.chars++
			if older[r.page+k] {
				others += c.bits[at]
			} else {
				mine += c.bits[at]
				p.own++
			}
		}
	}
	if float64(p.own) >= ownShare*float64(p.chars) {
		p.mine = mine + commonWeight*others
	}
	return p
}

// long reports whether so much runs without a change that it is no coincidence.
func (c *candidate) long(s *segment) bool {
	return s.longest() >= sharedRun && c.folded.Folded[s.runs[0].article] >= firstIdeograph
}

// enough reports whether what is shared of an article of this size is worth
// naming, if others have it too.
func (e *evidence) enough(size int) bool {
	longest := 0
	for i := range e.segments {
		longest = max(longest, e.segments[i].longest())
	}
	switch {
	case longest < sharedRun:
		return false
	case size < shortArticle:
		return float64(e.own+e.common) >= shortShare*float64(size)
	}
	return e.own+e.common >= sharedChars
}

// sum adds up the segments of an article.
type sum struct {
	least       float64 // bits of a piece that counts
	plain, best float64
	chain       float64 // of the strongest chain, beyond what counts for nothing
	chars       int
}

// add counts a piece whose longest stretch has so many characters.
func (s *sum) add(p *piece, stretch float64) {
	bits := p.mine - p.edits/editCost*editBits
	if bits < s.least {
		return
	}
	whole := min(1, stretch/wholeRun)
	s.plain += bits
	s.best = max(s.best, bits*whole*whole*whole*whole)
	s.chars += p.chars
}

// score is the weight of the sum in an article and on a page of these sizes.
func (s *sum) score(size [2]int) float64 {
	cover := float64(s.chars) / float64(size[0])
	if size[0] < shortArticle {
		if cover < shortShare || s.plain < shortBits {
			return 0
		}
		return 1 + s.plain/threshold
	}
	cover = min(1, max(cover, float64(s.chars)/float64(size[1]))/wholeCover)
	return (s.best + coverWeight*s.plain*cover*cover*cover + chainWeight*s.chain) / threshold
}

func marked(marks []bool) (n int) {
	for _, m := range marks {
		if m {
			n++
		}
	}
	return n
}

func (c *candidate) describe(page Text, e evidence) Match {
	m := Match{Article: c.id, Passages: []Passage{}, Score: math.Round(100*e.score) / 100, Own: e.own, Common: e.common}
	in := make([]bool, len(c.folded.Folded))
	onArticle, onPage := 0, 0
	for _, r := range shown(e.segments, page, c.folded) {
		m.LongestRun = max(m.LongestRun, r.length)
		onPage += r.length
		for j := r.article; j < r.article+r.length; j++ {
			if !in[j] {
				in[j] = true
				onArticle++
			}
		}
		m.Passages = append(m.Passages, r.passage(page, c.folded))
	}
	m.Coverage = float64(onArticle) / float64(len(c.folded.Folded))
	m.PageCoverage = float64(onPage) / float64(len(page.Folded))
	return m
}
