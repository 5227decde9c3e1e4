package fingerprints

import (
	"cmp"
	"math"
	"slices"
)

// candidate is a text that may stand on a page, and what of it does.
type candidate struct {
	entry
	n        int32
	folded   Text
	segments []segment
	bits     []float64 // by folded character of the article; looked up where matched
	reported bool
}

// Match finds the articles whose text stands on the page, the best covered
// first, then those of which it only carries the headline as a link.
func (x *Index) Match(p Page) []Match {
	matches, _ := x.Find(p)
	return matches
}

// Find is [Index.Match] and names besides the articles of which the page only
// has text that is older than they are.
//
// What is shared is aligned with gaps, and each matched character of the article
// counts by how surprising it is among all texts that the index knows, see
// [Ledger.Bits]: official formulas, names with their offices and slogans are
// predictable, an article's own words are not. A segment counts in full when 90
// characters run without a change and less when they are broken, as the words of
// a template are; together they count more, the more of the article or of the
// page they make up. Characters that an older text has too count little, and a
// segment of nothing else counts nothing. Every character of the page counts for
// one article only, the one that scores highest; among equals the earlier.
//
// An article of fewer than 130 folded characters is reported when 60 % of it
// stands there and is its own; one of fewer than 24 never.
//
// An article of which nothing else is found may be told again in other words: see
// [Retold.Rewording] and [Match.Reworded].
func (x *Index) Find(p Page) ([]Match, []CommonSource) {
	page := Fold(p.Text)
	grams := hashes(nil, page.Folded)
	found := x.candidates(page, grams)
	var hash uint64
	if len(found) > 0 || len(p.Links) > 0 {
		hash = Simhash(page)
	}
	matches := []Match{}
	var sources []CommonSource
	taken := make([]bool, len(page.Folded))
	for {
		best, ev := (*candidate)(nil), evidence{}
		for _, c := range found {
			if c.known || c.reported {
				continue
			}
			e := weigh(c, found, page, taken)
			if e.score >= x.least && (best == nil || better(c, e, best, ev)) {
				best, ev = c, e
			}
		}
		if best == nil {
			break
		}
		best.reported = true
		m := best.describe(page, ev)
		m.SimhashDistance = Distance(hash, best.simhash)
		matches = append(matches, m)
		for _, s := range ev.segments {
			s.mark(taken)
		}
	}
	slices.SortStableFunc(matches, func(a, b Match) int { return cmp.Compare(b.Coverage, a.Coverage) })
	nobody := make([]bool, len(page.Folded))
	for _, c := range found {
		if c.known || c.reported {
			continue
		}
		if e := weigh(c, found, page, nobody); e.score < x.least || len(matches) > 0 {
			if e.holders = c.holders(found, e, len(page.Folded)); e.shared(len(c.folded.Folded)) {
				m := CommonSource{Match: c.describe(page, e), Holders: e.holders}
				m.SimhashDistance, c.reported = Distance(hash, c.simhash), true
				sources = append(sources, m)
			}
		}
	}
	matches = append(matches, x.rewordings(page, found, taken)...)
	return append(matches, x.links(p, hash, matches)...), sources
}

func better(c *candidate, e evidence, than *candidate, ev evidence) bool {
	if e.score != ev.score {
		return e.score > ev.score
	}
	return cmp.Or(c.published.Compare(than.published), cmp.Compare(c.id, than.id)) < 0
}

// candidates are the texts of the screen, aligned.
func (x *Index) candidates(page Text, grams []uint64) []*candidate {
	list := winnow(nil, grams)
	slices.Sort(list)
	var found []*candidate
	x.mu.RLock()
	for _, n := range x.screen(slices.Compact(list)) {
		found = append(found, &candidate{entry: x.articles[n], n: n})
	}
	x.mu.RUnlock()
	if len(found) == 0 {
		return nil
	}
	at := placesOf(grams)
	kept := found[:0]
	for _, c := range found {
		c.folded = Fold(c.text)
		if c.segments = align(page.Folded, at, c.folded.Folded); len(c.segments) > 0 {
			kept = append(kept, c)
		}
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	for _, c := range kept {
		c.bits = make([]float64, len(c.folded.Folded))
		for _, s := range c.segments {
			last := s.runs[len(s.runs)-1]
			from, to := s.runs[0].article, last.article+last.length
			for k, b := range x.ledger.Bits(c.folded.Folded, from, to, c.added) {
				c.bits[from+k] = min(b, proof(c.folded.Folded[from+k]))
			}
		}
	}
	return kept
}

// proof is the most that a character of a copied passage proves.
func proof(r rune) float64 {
	if r < firstIdeograph {
		return fewBits
	}
	return mostBits
}

// links are the matches of headlines.
func (x *Index) links(p Page, hash uint64, have []Match) []Match {
	x.mu.RLock()
	defer x.mu.RUnlock()
	var list []Match
	for _, n := range x.linked(p) {
		e := &x.articles[n]
		if !slices.ContainsFunc(have, func(m Match) bool { return m.Article == e.id }) {
			list = append(list, Match{Article: e.id, SimhashDistance: Distance(hash, e.simhash), Passages: []Passage{}, LinkOnly: true})
		}
	}
	return list
}

const (
	leastSegment = 12.0 // bits of a segment that proves anything
	editBits     = 0.4  // bits that a replaced character costs
	wholeRun     = 90.0 // characters without a change that count in full
	wholeCover   = 0.5  // of the article or of the page, that counts in full
	coverWeight  = 0.5
	commonWeight = 0.5  // of a character that an older text has too
	ownShare     = 0.1  // of a segment that must be the article's own
	sharedChars  = 80   // characters of an article that others have and that make it a common source
	sharedRun    = 24   // of which so many run without a change
	threshold    = 65   // bits of score 1
	shortest     = 24   // folded characters of an article that can be found
	shortArticle = 130  // folded characters under which the rule for short articles holds
	shortShare   = 0.60 // of a short article must be there
	shortBits    = 20   // and have so many bits
	leastPassage = 2    // folded characters of a run that is shown
)

// evidence is what speaks for an article.
type evidence struct {
	segments []segment // outside what other articles have taken
	score    float64
	own      int // matched characters of the article that nothing older has
	common   int
	holders  []string
}

// weigh scores a candidate on what of the page is not taken.
func weigh(c *candidate, all []*candidate, page Text, taken []bool) evidence {
	e := evidence{}
	for i := range c.segments {
		if s := c.segments[i].outside(taken); s.matched() >= gramSize && c.proves(&s) {
			e.segments = append(e.segments, s)
		}
	}
	if len(e.segments) == 0 || len(c.folded.Folded) < shortest {
		return evidence{}
	}
	older := make([]bool, len(page.Folded))
	c.older(all, older)
	var own sum
	counted := make([]bool, len(c.folded.Folded))
	for _, s := range e.segments {
		var mine, others float64
		ownChars, chars := 0, 0
		for _, r := range s.runs {
			for k := range r.length {
				if counted[r.article+k] {
					continue
				}
				counted[r.article+k] = true
				chars++
				if older[r.page+k] {
					others += c.bits[r.article+k]
				} else {
					mine += c.bits[r.article+k]
					ownChars++
				}
			}
		}
		cost := s.edits / editCost * editBits
		e.own, e.common = e.own+ownChars, e.common+chars-ownChars
		broken := cube(min(1, float64(s.longest())/wholeRun))
		if float64(ownChars) >= ownShare*float64(chars) {
			own.add(mine+commonWeight*others-cost, broken, chars)
		}
	}
	size := [2]int{len(c.folded.Folded), len(page.Folded)}
	e.score = own.score(size)
	return e
}

// proves reports whether a segment is more than a word that others have as well
// as not.
func (c *candidate) proves(s *segment) bool {
	bits := 0.0
	for _, r := range s.runs {
		for k := range r.length {
			bits += c.bits[r.article+k]
		}
	}
	return bits >= leastSegment || s.longest() >= sharedRun && c.folded.Folded[s.runs[0].article] >= firstIdeograph
}

// shared reports whether what others have too of an article of this size is
// enough to be named.
func (e *evidence) shared(size int) bool {
	longest := 0
	for i := range e.segments {
		longest = max(longest, e.segments[i].longest())
	}
	switch {
	case len(e.holders) == 0 || longest < sharedRun:
		return false
	case size < shortArticle:
		return float64(e.own+e.common) >= shortShare*float64(size)
	}
	return e.own+e.common >= sharedChars
}

// sum adds up segments.
type sum struct {
	plain, cubes float64
	chars        int
}

func (s *sum) add(bits, broken float64, chars int) {
	if bits < leastSegment {
		return
	}
	s.plain += bits
	s.cubes += cube(bits * broken)
	s.chars += chars
}

func cube(v float64) float64 { return v * v * v }

// score is the weight of the sum in an article and on a page of these sizes.
func (s *sum) score(size [2]int) float64 {
	cover := float64(s.chars) / float64(size[0])
	if size[0] < shortArticle {
		if cover < shortShare || s.plain < shortBits {
			return 0
		}
		return 1 + s.plain/threshold
	}
	cover = max(cover, float64(s.chars)/float64(size[1]))
	return (math.Cbrt(s.cubes) + coverWeight*s.plain*cube(min(1, cover/wholeCover))) / threshold
}

// older marks what of the page stands in texts that are older than c.
func (c *candidate) older(all []*candidate, on []bool) {
	for _, o := range all {
		if o == c || !o.before(c) {
			continue
		}
		for i := range o.segments {
			if s := &o.segments[i]; s.matched() >= 2*gramSize {
				s.mark(on)
			}
		}
	}
}

// holders are the others that have a fifth or more of what c shares with a page
// of this size, the oldest first; none where all together have not half of it.
func (c *candidate) holders(all []*candidate, e evidence, size int) []string {
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
		return cmp.Or(a.published.Compare(b.published), cmp.Compare(a.id, b.id))
	})
	var ids []string
	for _, h := range list {
		ids = append(ids, h.id)
	}
	return ids
}

func marked(marks []bool) (n int) {
	for _, m := range marks {
		if m {
			n++
		}
	}
	return n
}

// before reports whether a text is known to be older than an article.
func (c *candidate) before(article *candidate) bool {
	if c.published.IsZero() || article.published.IsZero() {
		return c.known && c.published.IsZero()
	}
	return c.published.Before(article.published)
}

func (c *candidate) describe(page Text, e evidence) Match {
	m := Match{Article: c.id, Passages: []Passage{}, Score: math.Round(100*e.score) / 100, Own: e.own, Common: e.common}
	var runs []run
	for _, s := range e.segments {
		runs = append(runs, s.runs...)
	}
	slices.SortFunc(runs, func(a, b run) int { return cmp.Compare(a.page, b.page) })
	in := make([]bool, len(c.folded.Folded))
	onArticle, onPage := 0, 0
	for _, r := range runs {
		if r.length < leastPassage {
			continue
		}
		m.LongestRun = max(m.LongestRun, r.length)
		onPage += r.length
		for j := r.article; j < r.article+r.length; j++ {
			if !in[j] {
				in[j] = true
				onArticle++
			}
		}
		m.Passages = append(m.Passages, Passage{
			Article: c.folded.span(r.article, r.length),
			Page:    page.span(r.page, r.length),
		})
	}
	m.Coverage = float64(onArticle) / float64(len(c.folded.Folded))
	m.PageCoverage = float64(onPage) / float64(len(page.Folded))
	return m
}

// span is where the folded characters [start, start+length) stand in the given
// text.
func (t *Text) span(start, length int) [2]int {
	return [2]int{int(t.Origin[start]), int(t.Origin[start+length-1]) + 1}
}
