package fingerprints

import (
	"encoding/binary"
	"hash/crc32"
	"math"
	"slices"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// FoldSlowly is [Fold] by the normaliser alone, to hold the fast one against.
func FoldSlowly(s string) Text {
	var t Text
	var point int32
	for len(s) > 0 {
		n := norm.NFKC.NextBoundaryInString(s, true)
		if n <= 0 {
			n = len(s)
		}
		t.segment(s[:n], point)
		point += int32(utf8.RuneCountInString(s[:n]))
		s = s[n:]
	}
	return t
}

// Hashes appends the hashes of all grams of a folded text.
func Hashes(list []uint64, folded []rune) []uint64 { return hashes(list, folded) }

// Winnow appends the selection from hashes, in their order.
func Winnow(list, all []uint64) []uint64 { return winnow(list, all) }

// Segments are the segments that two folded texts share, each a list of runs: where
// on the page, where in the article, how long.
func Segments(page, article []rune) [][][3]int {
	var list [][][3]int
	var a aligner
	a.read(page, hashes(nil, page))
	for _, s := range a.align(article) {
		var runs [][3]int
		for _, r := range s.runs {
			runs = append(runs, [3]int{r.page, r.article, r.length})
		}
		list = append(list, runs)
	}
	return list
}

// Steps is in how many steps two folded texts are aligned, and how many are
// allowed, with what the last may take.
func Steps(page, article []rune) (used, allowed int) {
	var a aligner
	a.read(page, hashes(nil, page))
	a.align(article)
	allowed = workFactor*len(article) + leastWork
	return allowed - a.work, allowed + len(article) + len(a.edits)
}

// Rewording is what a page and an article share in small pieces.
type Rewording = rewording

// NewRetold is a folded page in which articles are looked for piece by piece.
func NewRetold(page []rune) *Retold { return newRetold(page) }

// Retold is such a page.
type Retold = retold

// Ledger knows how common short stretches of text are.
type Ledger = ledger

// NewLedger returns an empty one.
func NewLedger() *Ledger { return newLedger() }

// Reader is what reading in a ledger uses again and again.
type Reader = reader

// Bits says how surprising each character of a folded text is.
func Bits(l *Ledger, r *Reader, text []rune, own int) []float64 {
	return l.Bits(r, stretch{text, 0, len(text)}, own, math.Inf(1))
}

// Skeleton appends what a rewording keeps of a folded text.
func Skeleton(list []uint64, folded []rune) []uint64 { return skeletonOf(list, folded) }

// Skeletons finds the articles that a page may reword.
type Skeletons = skeletons

// RewordedAmong is how many articles it holds in an index.
const RewordedAmong = rewordedAmong

// NewSkeletons returns an empty set of so many.
func NewSkeletons(articles int) *Skeletons { return newSkeletons(articles) }

// SetScheme says in a snapshot that it is of another scheme.
func SetScheme(data []byte, scheme uint32) {
	foot := data[len(data)-footerSize:]
	binary.LittleEndian.PutUint32(foot[sectionCount*12+16:], scheme)
	binary.LittleEndian.PutUint32(foot[footerSize-4:], crc32.Checksum(foot[:footerSize-4], castagnoli()))
}

// Reseal puts bytes into a section of a snapshot and gives it right checksums.
func Reseal(good []byte, section, at int, change []byte) []byte {
	data := slices.Clone(good)
	foot := data[len(data)-footerSize:]
	section = max(0, section) % sectionCount
	start := 0
	for i := range section {
		start += int(binary.LittleEndian.Uint64(foot[12*i:]))
	}
	size := int(binary.LittleEndian.Uint64(foot[12*section:]))
	if size == 0 {
		return data
	}
	copy(data[start+max(0, at)%size:start+size], change)
	binary.LittleEndian.PutUint32(foot[12*section+8:], crc32.Checksum(data[start:start+size], castagnoli()))
	binary.LittleEndian.PutUint32(foot[footerSize-4:], crc32.Checksum(foot[:footerSize-4], castagnoli()))
	return data
}
