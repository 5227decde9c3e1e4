package fingerprints

import (
	_ "embed"
	"maps"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

//go:generate go run t2s_generate.go

// The table is made from the character dictionary of OpenCC (Apache-2.0) by
// t2s_generate.go.
//
//go:embed t2s.txt
var t2sTable string

// simplified maps a traditional character to its first simplified form.
//
//nolint:gochecknoglobals // decoded once, never changed
var simplified = sync.OnceValue(func() map[rune]rune {
	table := map[rune]rune{}
	for line := range strings.SplitSeq(t2sTable, "\n") {
		if from, n := utf8.DecodeRuneInString(line); n > 0 {
			table[from], _ = utf8.DecodeRuneInString(line[n:])
		}
	}
	return table
})

// Traditional writes a text in traditional characters: for each character the
// first that [Fold] takes to it. It is for measuring, not for reading: it knows
// no words.
func Traditional(s string) string {
	table := map[rune]rune{}
	for _, from := range slices.Sorted(maps.Keys(simplified())) {
		if to := simplified()[from]; table[to] == 0 {
			table[to] = from
		}
	}
	return strings.Map(func(r rune) rune {
		if to, ok := table[r]; ok {
			return to
		}
		return r
	}, s)
}
