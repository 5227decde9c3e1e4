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

// Find is [Index.Match] and names besides the articles of which the page only has
// text that others have too or, with no holders, 80 characters or more that are no
// match: of these 40 run without a change. Where an article has its text from an
// older one, the older comes first.
//
// What is shared is aligned with gaps, and each matched character of the article
// counts by how surprising it is among all texts that the index knows: official
// formulas, names with their offices and slogans are predictable, an article's
// own words are not. The strongest segment counts in full when 90 characters run
// without a change, but for a slip here and there or a word replaced by one of as
// many characters, and much less when they are broken, as the words of a template
// are. From 60 on each character counts more, unless three other texts have it too.
// All together count more, the more of the article and of the page they make up,
// and weak ones when many stand near each other. Characters that an older text has
// too count less, and a segment that hardly has anything else than one older text,
// or nothing else than several, counts nothing. Every character of the page counts
// for one article only, the one that scores highest; among equals the earlier.
//
// An article of fewer than 130 folded characters is reported when 60 % of it
// stands there and is its own; one of fewer than 24 never. Whole short articles
// are found. With a tenth of their characters replaced, of those of 24 to 39
// characters not half are found, of 40 to 59 seven in ten, and of 60 to 199 nineteen
// in twenty.
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
	found := x.screened(l)
	articles, err := x.read(ctx, found)
	if err != nil {
		return nil, nil, err
	}
	return x.compare(ctx, l, p, x.candidates(l, found, articles))
}

// compare is what a page has of its candidates, and what else needs no screen.
func (x *Index) compare(ctx context.Context, l *look, p Page, found []*candidate) ([]Match, []CommonSource, error) {
	k := newComparison(l.page, found)
	if len(found) > 0 || len(p.Links) > 0 {
		k.hash = Simhash(k.page)
	}
	matches := k.matches(x.least)
	sources := k.sources(x.least, len(matches))
	retold, err := x.rewordings(ctx, l, k)
	if err != nil {
		return nil, nil, err
	}
	matches = append(matches, retold...)
	sources = slices.DeleteFunc(sources, func(s CommonSource) bool {
		return slices.ContainsFunc(retold, func(m Match) bool { return m.Article == s.Article })
	})
	linked, err := x.linked(ctx, p)
	if err != nil {
		return nil, nil, err
	}
	return append(matches, links(linked, k.hash, matches)...), sources, nil
}

// matches picks the best again and again, until none has the least score on what
// is left of the page.
func (k *comparison) matches(least float64) []Match {
	list := []Match{}
	for {
		best, ev := (*candidate)(nil), evidence{}
		for _, c := range k.found {
			if c.hopeless || c.reported {
				continue
			}
			e := k.weigh(c, k.taken)
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
	longRun      = 60.0 // characters beyond which each proves more than the ledger's short grams tell
	longBits     = 2.2
	manyTexts    = 3    // others that have a character of a template, which proves no more
	wholeCover   = 0.25 // of the article and of the page, multiplied, that counts in full
	coverWeight  = 0.6
	bothCover    = 0.4 // of the article and of the page alike, beyond which all together count still more
	bothWeight   = 1.5
	shownChain   = 90.0  // bits of a chain that is shown whatever its segments have
	leastChain   = 100.0 // bits of the weaker segments of a chain beyond which they prove something
	chainWeight  = 0.95
	commonWeight = 0.6  // of a character that the older text has that has most of the segment
	jointWeight  = 0.8  // of one that only other older texts have
	ownShare     = 0.05 // of a segment that must be the article's own
	sharedChars  = 80   // characters of an article that others have and that make it a common source
	sharedRun    = 24   // of which so many run without a change
	quotedRun    = 40   // or so many, where nobody else is known to have them: a sentence
	threshold    = 100  // bits of score 1
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
func (k *comparison) weigh(c *candidate, taken []bool) evidence {
	e := evidence{}
	if len(c.folded.Folded) < shortest {
		return e
	}
	counted := make([]bool, len(c.folded.Folded))
	older := k.older(c)
	var pieces []piece
	for i := range c.segments {
		if s := c.segments[i].outside(taken); s.matched() >= gramSize {
			pieces = append(pieces, k.piece(c, s, older, counted))
		}
	}
	own := sum{article: len(c.folded.Folded), page: len(k.page.Folded)}
	for _, list := range chains(pieces) {
		var all, weak float64
		for i := range list {
			all += list[i].all
			if list[i].alone() < own.least() {
				weak += list[i].mine
			}
		}
		own.chain = max(own.chain, weak-leastChain)
		for i := range list {
			p := &list[i]
			if all < shownChain && p.all < own.least() && !c.long(&p.segment) {
				continue
			}
			e.segments = append(e.segments, p.segment)
			e.own, e.common = e.own+p.own, e.common+p.chars-p.own
			own.add(p, float64(p.stretch(k.page.Folded, c.folded.Folded)))
		}
	}
	e.score = own.score()
	return e
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
