package fingerprints

import (
	_ "embed"
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
