package monitor

import (
	"strings"
	"unicode"

	"rightsdesk/fingerprints"
	"rightsdesk/internal/rights"
)

const (
	// A gap between two passages of at most so many code points, on both sides,
	// is an alteration; a longer one is a cut or an addition.
	widestGap = 60
	// widestEdge is the longest head or tail of a paragraph, outside its
	// passages, that is still compared.
	widestEdge = 30
)

// alterations counts by kind what was altered inside the copied text, in the
// segments that the paper asserts.
//
// Only copied regions are compared: passages that follow each other closely in
// both texts, and the short head and tail of their paragraphs. So the page's own
// lines are not taken for alterations of ours. Of a rewording nothing is: all
// between its pieces was altered.
func alterations(a *rights.Article, f finding) map[fingerprints.ChangeKind]int {
	counts := map[fingerprints.ChangeKind]int{}
	if len(f.Passages) == 0 || f.Reworded {
		return counts
	}
	ours, theirs := plain(a.Text()), plain(f.compared)
	for _, r := range regions(f.Passages) {
		core := r
		r.widen(ours, theirs, f.Passages)
		if r.article[1] > len(ours) || r.page[1] > len(theirs) {
			continue // the article changed since it was indexed
		}
		for _, c := range fingerprints.Changes(string(ours[r.article[0]:r.article[1]]), string(theirs[r.page[0]:r.page[1]])) {
			at := r.article[0] + c.OursAt
			inside := at >= core.article[0] && at < core.article[1]
			if altered(c, inside) && asserted(a, at) {
				counts[c.Kind]++
			}
		}
	}
	return counts
}

// altered reports whether a change counts. A line put in or taken out, as a
// caption or a page number, is no alteration; at the edges of a region only a
// number in the place of a number is one.
func altered(c fingerprints.Change, inside bool) bool {
	if strings.Contains(c.Ours+c.Theirs, "\n") {
		return false
	}
	return inside || c.Kind == fingerprints.ChangeNumber && digits(c.Ours) && digits(c.Theirs)
}

func digits(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool {
		return !unicode.IsDigit(r) && !strings.ContainsRune("〇零一二三四五六七八九十百千万亿两.", r)
	}) < 0
}

// asserted reports whether the paper asserts the code point of an article.
func asserted(a *rights.Article, at int) bool {
	for _, s := range a.Segments {
		if s.Asserted() && at >= s.Start && at < s.End {
			return true
		}
	}
	return false
}

// region is a stretch of both texts, in code points.
type region struct{ article, page [2]int }

// regions joins passages that follow each other closely in both texts.
func regions(passages []fingerprints.Passage) []region {
	var list []region
	for _, p := range passages {
		if n := len(list) - 1; n >= 0 {
			ours, theirs := p.Article[0]-list[n].article[1], p.Page[0]-list[n].page[1]
			if ours >= 0 && ours <= widestGap && theirs >= 0 && theirs <= widestGap {
				list[n].article[1], list[n].page[1] = p.Article[1], p.Page[1]
				continue
			}
		}
		list = append(list, region{p.Article, p.Page})
	}
	return list
}

// widen takes in the rest of the first and of the last paragraph where it is
// short in both texts and no other passage lies in it.
func (r *region) widen(ours, theirs []rune, passages []fingerprints.Passage) {
	head, theirHead := lineStart(ours, r.article[0]), lineStart(theirs, r.page[0])
	tail, theirTail := lineEnd(ours, r.article[1]), lineEnd(theirs, r.page[1])
	for _, p := range passages {
		if p.Page[1] <= r.page[0] && p.Page[1] > theirHead || p.Article[1] <= r.article[0] && p.Article[1] > head {
			head, theirHead = r.article[0], r.page[0]
		}
		if p.Page[0] >= r.page[1] && p.Page[0] < theirTail || p.Article[0] >= r.article[1] && p.Article[0] < tail {
			tail, theirTail = r.article[1], r.page[1]
		}
	}
	if r.article[0]-head <= widestEdge && r.page[0]-theirHead <= widestEdge {
		r.article[0], r.page[0] = head, theirHead
	}
	if tail-r.article[1] <= widestEdge && theirTail-r.page[1] <= widestEdge {
		r.article[1], r.page[1] = tail, theirTail
	}
}

func lineStart(text []rune, at int) int {
	at = min(at, len(text))
	for at > 0 && text[at-1] != '\n' {
		at--
	}
	return at
}

func lineEnd(text []rune, at int) int {
	for at < len(text) && text[at] != '\n' {
		at++
	}
	return at
}

// plain folds every character that has one folded form, in its place, so that
// traditional and simplified text can be compared; the rest stays.
func plain(s string) []rune {
	text := []rune(s)
	for i, r := range text {
		if f := fingerprints.Fold(string(r)).Folded; len(f) == 1 {
			text[i] = f[0]
		}
	}
	return text
}
