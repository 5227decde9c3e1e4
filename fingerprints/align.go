package fingerprints

import (
	"cmp"
	"slices"
)

// Match finds the articles whose text stands on the page, the best covered
// first, then those of which it only carries the headline as a link.
//
// A gram of eight folded characters that stands in three or more articles is a
// formula of the trade and proves nothing. An article is reported when the rare
// grams that match cover 80 characters or more, and the longest passage has 24
// or the coverage is a fifth. Every character of the page counts for one
// article only, the one that shares most with the page; so the template of a
// recurring event is not held against its earlier editions.
func (x *Index) Match(p Page) []Match {
	page := Fold(p.Text)
	x.mu.RLock()
	defer x.mu.RUnlock()
	hash := Simhash(page)
	taken := make([]bool, len(page.Folded))
	matches := []Match{}
	seeds := x.seeds(page)
	found := map[int32]bool{}
	for _, n := range x.bySeeds(seeds) {
		e := &x.articles[n]
		runs := align(page.Folded, e.text.Folded, seeds[n], taken)
		if !reported(runs, seeds[n], len(e.text.Folded), taken) {
			continue
		}
		m := e.describe(page, runs)
		m.SimhashDistance = Distance(hash, e.simhash)
		matches = append(matches, m)
		found[n] = true
		for _, r := range runs {
			for i := r.page; i < r.page+r.length; i++ {
				taken[i] = true
			}
		}
	}
	slices.SortStableFunc(matches, func(a, b Match) int { return cmp.Compare(b.Coverage, a.Coverage) })
	for _, n := range x.linked(p) {
		if e := &x.articles[n]; !found[n] {
			matches = append(matches, Match{Article: e.ID, SimhashDistance: Distance(hash, e.simhash), Passages: []Passage{}, LinkOnly: true})
		}
	}
	return matches
}

// run is a stretch of folded text that is equal in both.
type run struct{ page, article, length int }

// align extends the seeds to maximal equal runs outside what is taken, and
// keeps the longest where they overlap on the page.
func align(page, article []rune, seeds []seed, taken []bool) []run {
	ends := map[int]int{} // by diagonal: the page position up to which it is known
	var runs []run
	for _, s := range seeds {
		i, j := int(s.page), int(s.article)
		if i < ends[i-j] || taken[i] || !slices.Equal(page[i:i+gramSize], article[j:j+gramSize]) {
			continue
		}
		for i > 0 && j > 0 && page[i-1] == article[j-1] && !taken[i-1] {
			i, j = i-1, j-1
		}
		n := 0
		for i+n < len(page) && j+n < len(article) && page[i+n] == article[j+n] && !taken[i+n] {
			n++
		}
		ends[i-j] = i + n
		if n >= gramSize {
			runs = append(runs, run{i, j, n})
		}
	}
	slices.SortStableFunc(runs, func(a, b run) int { return cmp.Compare(b.length, a.length) })
	used := make([]bool, len(page))
	kept := runs[:0]
	for _, r := range runs {
		for r.length > 0 && used[r.page] {
			r.page, r.article, r.length = r.page+1, r.article+1, r.length-1
		}
		n := 0
		for n < r.length && !used[r.page+n] {
			n++
		}
		if n < gramSize {
			continue
		}
		r.length = n
		for i := range n {
			used[r.page+i] = true
		}
		kept = append(kept, r)
	}
	slices.SortFunc(kept, func(a, b run) int { return cmp.Compare(a.page, b.page) })
	return kept
}

// reported is the rule of [Index.Match].
func reported(runs []run, seeds []seed, articleLen int, taken []bool) bool {
	if articleLen < shortest {
		return false
	}
	rare := map[int]bool{}
	for _, s := range seeds {
		for i := int(s.page); i < int(s.page)+gramSize; i++ {
			if !taken[i] {
				rare[i] = true
			}
		}
	}
	chars, longest := 0, 0
	for _, r := range runs {
		longest = max(longest, r.length)
		for i := r.page; i < r.page+r.length; i++ {
			if rare[i] {
				chars++
			}
		}
	}
	share := float64(covered(runs, articleLen)) / float64(articleLen)
	if articleLen < shortArticle {
		return share >= shortShare && float64(chars) >= shortShare*float64(articleLen)
	}
	return chars >= reportChars && (longest >= reportRun || share >= reportShare)
}

// covered counts the characters of the article that lie in some run.
func covered(runs []run, articleLen int) int {
	in := make([]bool, articleLen)
	n := 0
	for _, r := range runs {
		for j := r.article; j < r.article+r.length; j++ {
			if !in[j] {
				in[j] = true
				n++
			}
		}
	}
	return n
}

func (e *entry) describe(page Text, runs []run) Match {
	m := Match{Article: e.ID, Passages: make([]Passage, 0, len(runs))}
	onPage := 0
	for _, r := range runs {
		m.LongestRun = max(m.LongestRun, r.length)
		onPage += r.length
		m.Passages = append(m.Passages, Passage{
			Article: e.text.span(r.article, r.length),
			Page:    page.span(r.page, r.length),
		})
	}
	m.Coverage = float64(covered(runs, len(e.text.Folded))) / float64(len(e.text.Folded))
	m.PageCoverage = float64(onPage) / float64(len(page.Folded))
	return m
}

// span is where the folded characters [start, start+length) stand in the given
// text.
func (t Text) span(start, length int) [2]int {
	return [2]int{int(t.Origin[start]), int(t.Origin[start+length-1]) + 1}
}
