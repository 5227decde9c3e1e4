package casework

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"rightsdesk/internal/letters"
)

// The measure of a comparison that a person reads through, in code points and
// rows.
const (
	longestRow = 300 // of either text
	longestGap = 60  // between two copied stretches that are shown as one
	mostRows   = 10
)

// compare sets the copied text side by side: stretches that lie near each other
// in both texts become one row, with what stands between them, so that changes
// show. Of too many rows the longest stay, and more says what is left out.
func compare(cl claim) (rows []letters.Passage, more string) {
	ours, theirs := []rune(cl.article.Text()), []rune(cl.match.Capture.Text)
	blocks := group(cl.pieces, asserted(cl.article, len(ours)))
	if left := len(blocks) - mostRows; left > 0 {
		byLength := slices.Clone(blocks)
		slices.SortStableFunc(byLength, func(a, b piece) int { return cmp.Compare(b.chars, a.chars) })
		chars := 0
		for _, b := range byLength[mostRows:] {
			chars += b.chars
			i := slices.Index(blocks, b)
			blocks = slices.Delete(blocks, i, i+1)
		}
		more = fmt.Sprintf("另有相同文字%d处，共%d字，未在上表逐一列出；所涉页面全文见附件所列证据。", left, chars)
	}
	for _, b := range blocks {
		rows = append(rows, letters.Compare(excerpt(ours, b.ours), excerpt(theirs, b.theirs)))
	}
	return rows, more
}

// group joins pieces, given in the order of the page, as long as they follow
// each other closely in both texts and all between them is asserted.
func group(pieces []piece, owner []int) []piece {
	var blocks []piece
	for _, p := range pieces {
		if last := len(blocks) - 1; last >= 0 && joins(blocks[last], p, owner) {
			b := &blocks[last]
			b.ours[1], b.theirs[1], b.chars = p.ours[1], p.theirs[1], b.chars+p.chars
			continue
		}
		blocks = append(blocks, p)
	}
	return blocks
}

func joins(b, p piece, owner []int) bool {
	near := func(before, after [2]int) bool {
		return after[0] >= before[1] && after[0]-before[1] <= longestGap && after[1]-before[0] <= longestRow
	}
	if !near(b.ours, p.ours) || !near(b.theirs, p.theirs) {
		return false
	}
	return !slices.Contains(owner[b.ours[1]:p.ours[0]], -1)
}

// excerpt cuts a text out, with the marks that open and close it.
func excerpt(text []rune, span [2]int) string {
	from, to := span[0], min(span[1], len(text))
	for from > 0 && strings.ContainsRune("“‘「『（《〈【(", text[from-1]) {
		from--
	}
	for to < len(text) && strings.ContainsRune("。，、；：？！”’」』）》〉】…—.,;:?!)", text[to]) {
		to++
	}
	return string(text[from:to])
}
