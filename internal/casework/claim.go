package casework

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"rightsdesk/fingerprints"
	"rightsdesk/internal/rights"
	"rightsdesk/policies"
)

// claim is what the paper asserts of one match: the copied text that lies in
// segments it asserts. Counts are of folded characters.
type claim struct {
	match    *rights.Match
	article  *rights.Article
	segments []int // indexes of the asserted segments that were copied
	pieces   []piece
	chars    int     // copied of what is asserted
	longest  int     // in one run
	coverage float64 // of what is asserted
	ofPage   float64
}

// piece is a stretch of copied text, at most a sentence, in code points of both
// texts.
type piece struct {
	ours, theirs [2]int
	chars        int
}

// claims gathers what the letter of a case may claim. Text that a verdict found
// to be others' is never in it; where the machine proposes a demand on some
// articles of the page, those on which it proposes none are left out.
func claims(f *File) []claim {
	var all []claim
	for i := range f.Matches {
		m := &f.Matches[i]
		if m.Verdict.Outcome == policies.OutcomeNoNotice {
			continue
		}
		if cl := claimOf(m, f.Articles[m.ArticleID]); len(cl.segments) > 0 {
			all = append(all, cl)
		}
	}
	proposed := func(cl claim) bool { return cl.match.Verdict.Demand != policies.DemandNone }
	if slices.ContainsFunc(all, proposed) {
		all = slices.DeleteFunc(all, func(cl claim) bool { return !proposed(cl) })
	}
	return all
}

func claimOf(m *rights.Match, a *rights.Article) claim {
	cl := claim{match: m, article: a}
	text := []rune(a.Text())
	owner := asserted(a, len(text))
	ours, theirs := fingerprints.Fold(string(text)), fingerprints.Fold(m.Capture.Text)
	copied := make([]bool, len(ours.Folded))
	onPage := 0
	for _, p := range m.Found.Passages {
		i, n := within(ours, p.Article)
		j, k := within(theirs, p.Page)
		n = min(n, k)
		for start := 0; start < n; {
			end := start
			// The register may have changed the text since; only what is the same counts.
			for end < n && owner[ours.Origin[i+end]] >= 0 && ours.Folded[i+end] == theirs.Folded[j+end] {
				copied[i+end] = true
				end++
			}
			if end == start {
				start++
				continue
			}
			cl.longest = max(cl.longest, end-start)
			onPage += end - start
			cl.pieces = append(cl.pieces, sentences(text, run{ours, theirs, i + start, j + start, end - start})...)
			start = end
		}
	}
	total, seen := 0, map[int]bool{}
	for i, at := range ours.Origin {
		if owner[at] < 0 {
			continue
		}
		total++
		if copied[i] {
			cl.chars++
			seen[owner[at]] = true
		}
	}
	for i := range a.Segments {
		if seen[i] {
			cl.segments = append(cl.segments, i)
		}
	}
	cl.coverage, cl.ofPage = share(cl.chars, total), share(onPage, len(theirs.Folded))
	return cl
}

// asserted gives for every code point the index of the asserted segment that it
// lies in, or -1.
func asserted(a *rights.Article, size int) []int {
	owner := make([]int, size)
	for i := range owner {
		owner[i] = -1
	}
	for i, s := range a.Segments {
		if !s.Asserted() {
			continue
		}
		for at := max(0, s.Start); at < min(s.End, size); at++ {
			owner[at] = i
		}
	}
	return owner
}

// within finds the folded characters of a range of code points: where they
// start and how many they are.
func within(t fingerprints.Text, span [2]int) (start, n int) {
	start = sort.Search(len(t.Origin), func(i int) bool { return int(t.Origin[i]) >= span[0] })
	end := sort.Search(len(t.Origin), func(i int) bool { return int(t.Origin[i]) >= span[1] })
	return start, end - start
}

// run is equal folded text: n characters from i in ours and j in theirs.
type run struct {
	ours, theirs fingerprints.Text
	i, j, n      int
}

// sentences cuts a run where a sentence or paragraph of our text ends, and
// where it is too long for one row of a table.
func sentences(text []rune, r run) []piece {
	var list []piece
	start := 0
	for k := 1; k <= r.n; k++ {
		if k < r.n && k-start < longestRow && !strings.ContainsAny(string(text[r.ours.Origin[r.i+k-1]+1:max(r.ours.Origin[r.i+k-1]+1, r.ours.Origin[r.i+k])]), "。！？!?；\n") {
			continue
		}
		list = append(list, piece{
			ours:   [2]int{int(r.ours.Origin[r.i+start]), int(r.ours.Origin[r.i+k-1]) + 1},
			theirs: [2]int{int(r.theirs.Origin[r.j+start]), int(r.theirs.Origin[r.j+k-1]) + 1},
			chars:  k - start,
		})
		start = k
	}
	return list
}

func share(n, of int) float64 {
	if of == 0 {
		return 0
	}
	return float64(n) / float64(of)
}

// part says which part of the article a segment is.
func part(a *rights.Article, s rights.Segment) string {
	first, last, whole := -1, -1, true
	at := 0
	for i, p := range a.Paragraphs {
		end := at + len([]rune(p))
		if s.Start < end && s.End > at {
			if first < 0 {
				first = i
			}
			last = i
			whole = whole && s.Start <= at && s.End >= end
		}
		at = end + 1
	}
	switch {
	case first < 0:
		return fmt.Sprintf("第 %d 至 %d 字", s.Start+1, s.End)
	case whole && first == 0 && last == len(a.Paragraphs)-1:
		return "全文"
	}
	name := fmt.Sprintf("第%d自然段", first+1)
	if last > first {
		name = fmt.Sprintf("第%d至%d自然段", first+1, last+1)
	}
	if !whole {
		name += "中的部分文字"
	}
	return name
}
