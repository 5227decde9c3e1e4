package fingerprints

import (
	"cmp"
	"math/bits"
	"slices"
	"sync"
)

// run is a stretch of folded text that is equal in both.
type run struct{ page, article, length int }

// segment is a local alignment: runs in order, between them what was put in, left
// out or replaced.
type segment struct {
	runs  []run
	edits float64 // what the places between the runs cost, in characters
}

func (s *segment) matched() (n int) {
	for _, r := range s.runs {
		n += r.length
	}
	return n
}

func (s *segment) longest() (n int) {
	for _, r := range s.runs {
		n = max(n, r.length)
	}
	return n
}

// worth is what a segment counts before anything is known of its words.
func (s *segment) worth() float64 { return float64(s.matched()) - s.edits }

const (
	editCost   = 0.45 // of a replaced character, in matched ones
	dropOff    = 20.0 // a segment ends where it has lost so much
	positions  = 8    // places of one gram on a page that are looked at
	workFactor = 48   // steps that may be taken for each character of the article
	leastWork  = 1 << 16
)

// edit is a way over a place where two texts differ: so many characters of each
// are passed over if the next so many are equal, or, where as many of both are
// passed over, most of the next are.
type edit struct {
	page, article, equal int
	cost                 float64
}

// edits are the ways, the cheapest first.
//
//nolint:gochecknoglobals // computed once, never changed
var edits = sync.OnceValue(func() []edit {
	var list []edit
	for n := 1; n <= 8; n++ {
		list = append(list, edit{n, n, 0, editCost * float64(n)})
	}
	for n := 1; n <= 12; n++ {
		cost := editCost * (1 + float64(n)/4)
		list = append(list, edit{n, 0, 3 + n/3, cost}, edit{0, n, 3 + n/3, cost})
	}
	for n := 1; n <= 4; n++ {
		for m := 1; m <= 4; m++ {
			if n != m {
				list = append(list, edit{n, m, 5, editCost * (float64(max(n, m)) + 0.5)})
			}
		}
	}
	slices.SortStableFunc(list, func(a, b edit) int {
		return cmp.Or(cmp.Compare(a.cost, b.cost), cmp.Compare(a.equal, b.equal))
	})
	return list
})

// aligner finds what a page and articles share. It is used again and again.
type aligner struct {
	page, article []rune
	at            places // of the grams of the page
	edits         []edit
	passed        edit // that thinly returned last
	work          int  // steps that are left: hostile text must not take for ever

	hashes []uint64 // of the article
	known  []int32  // by diagonal: the place on the page up to which it is
	used   []bool   // by place on the page
}

// read takes in a folded page and the hashes of its grams, and keeps them.
func (a *aligner) read(page []rune, grams []uint64) {
	a.page, a.edits = page, edits()
	a.at.read(grams)
}

// extend walks from (i, j) in direction d, 1 or -1, and returns the segment up to
// where it was worth most.
func (a *aligner) extend(i, j, d int) segment {
	var s segment
	var now, best, cost float64
	kept, keptCost := 0, 0.0
	for a.inside(i, j) && a.work > 0 {
		n := 0
		for a.inside(i, j) && a.page[i] == a.article[j] {
			i, j, n = i+d, j+d, n+1
		}
		a.work -= n + len(a.edits)
		if n > 0 {
			r := run{i - n, j - n, n}
			if d < 0 {
				r = run{i + 1, j + 1, n}
			}
			s.runs = append(s.runs, r)
			if now += float64(n); now > best {
				best, kept, keptCost = now, len(s.runs), cost
			}
		}
		e := a.over(i, j, d)
		if e == nil || now-e.cost < best-dropOff {
			break
		}
		now, cost = now-e.cost, cost+e.cost
		i, j = i+d*e.page, j+d*e.article
	}
	s.runs, s.edits = s.runs[:kept], keptCost
	return s
}

func (a *aligner) inside(i, j int) bool {
	return i >= 0 && j >= 0 && i < len(a.page) && j < len(a.article)
}

// over is the cheapest way over a difference at (i, j), or nil.
func (a *aligner) over(i, j, d int) *edit {
next:
	for k := range a.edits {
		e := &a.edits[k]
		if e.equal == 0 {
			if a.goesOn(i+d*e.page, j+d*e.article, d) {
				return e
			}
			continue
		}
		for n := range e.equal {
			p, q := i+d*(e.page+n), j+d*(e.article+n)
			if !a.inside(p, q) || a.page[p] != a.article[q] {
				continue next
			}
		}
		return e
	}
	return a.thinly(i, j, d)
}

// goesOn reports whether the texts are equal at (i, j), and four of the six
// characters from there on.
func (a *aligner) goesOn(i, j, d int) bool {
	if !a.inside(i, j) || a.page[i] != a.article[j] {
		return false
	}
	same := 0
	for n := range 6 {
		if p, q := i+d*n, j+d*n; a.inside(p, q) && a.page[p] == a.article[q] {
			same++
		}
	}
	return same >= 4
}

// from is the segment through the seed at (i, j).
func (a *aligner) from(i, j int) segment {
	s, back := a.extend(i, j, 1), a.extend(i-1, j-1, -1)
	if len(back.runs) == 0 {
		return s
	}
	slices.Reverse(back.runs)
	if last := len(back.runs) - 1; len(s.runs) > 0 && back.runs[last].page+back.runs[last].length == i && back.runs[last].article+back.runs[last].length == j {
		back.runs[last].length += s.runs[0].length
		s.runs = s.runs[1:]
	}
	return segment{append(back.runs, s.runs...), back.edits + s.edits}
}

// places finds where on a page a gram stands.
type places struct {
	grams []uint64 // by place
	heads []int32  // by bucket: 1 + its last place
	next  []int32  // by place: 1 + the place before in its bucket
	shift int
}

// read takes in the hashes of a page's grams, and keeps them.
func (p *places) read(grams []uint64) {
	size := bits.Len(uint(len(grams)))
	p.grams, p.shift = grams, 64-size
	p.heads = zeros(p.heads, 1<<size)
	p.next = slices.Grow(p.next[:0], len(grams))[:len(grams)]
	for i, g := range grams {
		b := g >> p.shift
		p.next[i], p.heads[b] = p.heads[b], int32(i)+1
	}
}

// zeros is a list of so many zeros, in the place of one that is not needed.
func zeros[T any](list []T, size int) []T {
	list = slices.Grow(list[:0], size)[:size]
	clear(list)
	return list
}

// align finds the segments that the page shares with a folded article, the most
// worth first; no character of the page lies in two of them.
func (a *aligner) align(article []rune) []segment {
	a.article, a.work = article, workFactor*len(article)+leastWork
	list := a.seeds()
	if len(list) == 0 {
		return nil
	}
	slices.SortStableFunc(list, func(a, b segment) int { return cmp.Compare(b.worth(), a.worth()) })
	a.used = zeros(a.used, len(a.page))
	kept := list[:0]
	for _, s := range list {
		if s = s.outside(a.used); s.matched() < gramSize {
			continue
		}
		s.mark(a.used)
		kept = append(kept, s)
	}
	return a.join(kept)
}

// seeds are the segments around grams that both texts have.
func (a *aligner) seeds() []segment {
	a.hashes = hashes(a.hashes[:0], a.article)
	a.known = zeros(a.known, len(a.page)+len(a.article))
	var list []segment
	for j, g := range a.hashes {
		seen := 0
		for p := a.at.heads[g>>a.at.shift]; p > 0 && seen < positions && a.work > 0; p = a.at.next[p-1] {
			a.work--
			i := int(p) - 1
			if a.at.grams[i] != g {
				continue
			}
			seen++
			if i < int(*a.upTo(i, j)) {
				continue
			}
			s := a.from(i, j)
			for _, r := range s.runs {
				at := a.upTo(r.page, r.article)
				*at = max(*at, int32(r.page+r.length))
			}
			if s.matched() >= gramSize {
				list = append(list, s)
			}
		}
	}
	return list
}

// upTo is the place on the page up to which a diagonal is known.
func (a *aligner) upTo(page, article int) *int32 { return &a.known[page-article+len(a.article)] }

// widestGap is how many characters may lie between segments of one.
const widestGap = 48

// join makes one of segments that follow each other closely in both texts, with
// what is equal between them and is not used.
func (a *aligner) join(list []segment) []segment {
	slices.SortFunc(list, func(a, b segment) int { return cmp.Compare(a.runs[0].page, b.runs[0].page) })
	kept := list[:0]
	for _, s := range list {
		n := len(kept) - 1
		if n < 0 {
			kept = append(kept, s)
			continue
		}
		i, j := kept[n].end()
		r := s.runs[0]
		if r.page < i || r.page-i > widestGap || r.article < j || r.article-j > widestGap {
			kept = append(kept, s)
			continue
		}
		between := segment{runs: bridge(a.page[i:r.page], a.article[j:r.article], i, j)}
		between = between.outside(a.used)
		between.mark(a.used)
		kept[n].edits += s.edits + editCost*float64(max(r.page-i, r.article-j))
		kept[n].edits -= editCost * float64(between.matched())
		kept[n].runs = append(append(kept[n].runs, between.runs...), s.runs...)
	}
	slices.SortStableFunc(kept, func(a, b segment) int { return cmp.Compare(b.worth(), a.worth()) })
	return kept
}

// bridge finds the runs of two characters and more in a gap, on the diagonal of
// its start up to where that of its end is better.
func bridge(page, article []rune, i, j int) []run {
	n := min(len(page), len(article))
	p, q := len(page)-n, len(article)-n
	best, at, now := 0, 0, 0
	for k := n - 1; k >= 0; k-- {
		if page[p+k] == article[q+k] {
			now++
		}
	}
	best = now
	for k := range n {
		if page[k] == article[k] {
			now++
		}
		if page[p+k] == article[q+k] {
			now--
		}
		if now > best {
			best, at = now, k+1
		}
	}
	var runs []run
	add := func(from, to, dp, dq int) {
		for k := from; k < to; k++ {
			start := k
			for k < to && page[dp+k] == article[dq+k] {
				k++
			}
			if k-start > 1 {
				runs = append(runs, run{i + dp + start, j + dq + start, k - start})
			}
		}
	}
	add(0, at, 0, 0)
	add(at, n, p, q)
	return runs
}

// end is where the last run ends, on the page and in the article.
func (s *segment) end() (page, article int) {
	r := s.runs[len(s.runs)-1]
	return r.page + r.length, r.article + r.length
}

// outside is what of a segment lies outside the places of the page that are
// used.
func (s *segment) outside(used []bool) segment {
	rest := segment{edits: s.edits}
	for _, r := range s.runs {
		start := -1
		for k := 0; k <= r.length; k++ {
			free := k < r.length && !used[r.page+k]
			switch {
			case free && start < 0:
				start = k
			case !free && start >= 0:
				if k-start > 1 || k-start == r.length {
					rest.runs = append(rest.runs, run{r.page + start, r.article + start, k - start})
				}
				start = -1
			}
		}
	}
	return rest
}

func (s *segment) mark(used []bool) {
	for _, r := range s.runs {
		for k := range r.length {
			used[r.page+k] = true
		}
	}
}
