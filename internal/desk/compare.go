package desk

import (
	"slices"

	"rightsdesk/fingerprints"
	"rightsdesk/internal/rights"
)

// Both texts are shown side by side as paragraphs. Copied passages that stand
// close together form one block, which links to its counterpart; what differs
// between the passages of a block is marked. Of a rewording, all between the
// pieces differs, so each piece is a block and nothing else is marked.

// joinGap is how many code points may lie between two passages of a block, in
// either text.
const joinGap = 40

// block is a copied part in both texts, as code points.
type block struct {
	ours, theirs [2]int
	passages     []fingerprints.Passage
}

// sides is the comparison of two texts.
type sides struct {
	Ours, Theirs []stretch
	Blocks       int
	Parts        int // groups of passages
	Changes      []change
}

// change is an alteration with the words around it.
type change struct {
	Kind         fingerprints.ChangeKind
	Ours, Theirs quoted
}

// quoted is a word in its place.
type quoted struct{ Before, Text, After string }

// around is how many code points are quoted on either side of a change.
const around = 10

func quote(text []rune, at int, word string) quoted {
	end := at + len([]rune(word))
	return quoted{string(text[max(0, at-around):at]), word, string(text[end:min(len(text), end+around)])}
}

// compare lays both texts out. It counts the blocks in the order of the page.
func compare(m *rights.Match, a *rights.Article) sides {
	ours, theirs := []rune(a.Text()), []rune(m.Capture.Text)
	gap := joinGap
	if m.Found.Reworded {
		gap = 0
	}
	blocks := blocksOf(m.Found.Passages, gap, len(ours), len(theirs))
	var s sides
	var left, right []span
	for i, b := range blocks {
		l, r := b.spans(i+1, texts{ours, theirs, a.Segments})
		left, right = append(left, l...), append(right, r...)
		if m.Facts.NumbersChanged+m.Facts.NegationsChanged+m.Facts.QuotesChanged > 0 {
			s.Changes = append(s.Changes, b.changes(ours, theirs)...)
		}
	}
	s.Blocks, s.Parts = len(blocks), len(fingerprints.Groups(m.Found.Passages))
	left, right = apart(left), apart(right)
	pair(left, right, func(n int) int { return blocks[n-1].theirs[0] })
	pair(right, left, func(n int) int { return blocks[n-1].ours[0] })
	s.Ours, s.Theirs = fold(lay(ours, left)), fold(lay(theirs, right))
	return s
}

// pair says for the spans of one side which block to show on the other: the
// same, or the one that lies at its place where that was copied twice. at is
// where a block starts on the other side.
func pair(spans, others []span, at func(block int) int) {
	there := map[int]bool{}
	for _, o := range others {
		there[o.block] = true
	}
	for i := range spans {
		spans[i].link = spans[i].block
		for _, o := range others {
			if start := at(spans[i].block); !there[spans[i].block] && o.start <= start && start < o.end {
				spans[i].link = o.block
			}
		}
	}
}

// changes are the alterations within the block.
func (b block) changes(ours, theirs []rune) []change {
	ours, theirs = ours[b.ours[0]:b.ours[1]], theirs[b.theirs[0]:b.theirs[1]]
	var list []change
	for _, c := range fingerprints.Changes(string(ours), string(theirs)) {
		list = append(list, change{c.Kind, quote(ours, c.OursAt, c.Ours), quote(theirs, c.TheirsAt, c.Theirs)})
	}
	return list
}

// blocksOf joins passages with at most so many code points between them; those
// that leave a text are dropped.
func blocksOf(passages []fingerprints.Passage, gap, ours, theirs int) []block {
	var blocks []block
	for _, p := range passages {
		if !inside(p.Article, ours) || !inside(p.Page, theirs) {
			continue
		}
		if n := len(blocks); n > 0 {
			b := &blocks[n-1]
			if near(b.ours[1], p.Article[0], gap) && near(b.theirs[1], p.Page[0], gap) {
				b.ours[1], b.theirs[1] = p.Article[1], p.Page[1]
				b.passages = append(b.passages, p)
				continue
			}
		}
		blocks = append(blocks, block{ours: p.Article, theirs: p.Page, passages: []fingerprints.Passage{p}})
	}
	return blocks
}

func inside(r [2]int, size int) bool { return 0 <= r[0] && r[0] < r[1] && r[1] <= size }

func near(end, start, gap int) bool { return end <= start && start-end <= gap }

// span marks a part of a text.
type span struct {
	start, end  int
	block, link int
	mark        string
	owner       string // of what is not the paper's
}

// texts are both texts, and who owns ours.
type texts struct {
	ours, theirs []rune
	segments     []rights.Segment
}

// spans are the passages of a block and the differences between them.
func (b block) spans(n int, t texts) (left, right []span) {
	at, theirsAt := b.ours[0], b.theirs[0]
	for _, p := range b.passages {
		for _, e := range fingerprints.Diff(string(t.ours[at:p.Article[0]]), string(t.theirs[theirsAt:p.Page[0]])) {
			mine, other := marks(e)
			end, theirsEnd := at+len([]rune(e.Ours)), theirsAt+len([]rune(e.Theirs))
			left = append(left, span{start: at, end: end, block: n, mark: mine})
			right = append(right, span{start: theirsAt, end: theirsEnd, block: n, mark: other})
			at, theirsAt = end, theirsEnd
		}
		l, r := t.split(p)
		for i := range l {
			l[i].block, r[i].block = n, n
		}
		left, right = append(left, l...), append(right, r...)
		at, theirsAt = p.Article[1], p.Page[1]
	}
	return left, right
}

// split cuts a passage, in both texts, where the owner changes.
func (t texts) split(p fingerprints.Passage) (left, right []span) {
	cuts := []int{p.Article[1]}
	for _, s := range t.segments {
		for _, at := range []int{s.Start, s.End} {
			if p.Article[0] < at && at < p.Article[1] {
				cuts = append(cuts, at)
			}
		}
	}
	slices.Sort(cuts)
	mine, other := fingerprints.Fold(string(t.ours[p.Article[0]:p.Article[1]])), fingerprints.Fold(string(t.theirs[p.Page[0]:p.Page[1]]))
	at, theirsAt := p.Article[0], p.Page[0]
	for _, end := range slices.Compact(cuts) {
		theirsEnd := p.Page[1]
		if n, _ := slices.BinarySearch(mine.Origin, int32(end-p.Article[0])); end < p.Article[1] && n < len(other.Origin) {
			theirsEnd = p.Page[0] + int(other.Origin[n])
		}
		owner := foreign(t.segments, at)
		left = append(left, span{start: at, end: end, owner: owner})
		right = append(right, span{start: theirsAt, end: theirsEnd, owner: owner})
		at, theirsAt = end, theirsEnd
	}
	return left, right
}

// marks says how the two sides of an edit look. Other punctuation and another
// form of a character are no difference.
func marks(e fingerprints.Edit) (ours, theirs string) {
	if slices.Equal(fingerprints.Fold(e.Ours).Folded, fingerprints.Fold(e.Theirs).Folded) {
		return "", ""
	}
	switch e.Op {
	case fingerprints.Equal:
		return "", ""
	case fingerprints.Insert:
		return "", "added"
	case fingerprints.Delete:
		return "missing", ""
	case fingerprints.Replace:
		return "changed", "changed"
	default:
		return "", ""
	}
}

// foreign is the owner of the segment at a place, where it is not the paper.
func foreign(segments []rights.Segment, at int) string {
	for _, s := range segments {
		if s.Start <= at && at < s.End && !s.Asserted() {
			return string(s.Owner)
		}
	}
	return ""
}
