package evaluation

import (
	"cmp"
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"
)

//go:embed left.tsv
var leftTSV string

// Left is a pair of articles that is reported, and what was judged of it: see the
// head of left.tsv.
type Left struct {
	Articles [2]string // in alphabetical order
	Kind     string
	Remark   string
}

// shared reports whether the pair has a passage that was written once.
func (l *Left) shared() bool {
	return slices.Contains([]string{"follow-up", "quotation", "release"}, l.Kind)
}

// LeftByKind is the kept list, the largest kind first.
func LeftByKind() (string, error) {
	list, err := left()
	if err != nil {
		return "", err
	}
	kinds := map[string][]Left{}
	for _, l := range list {
		kinds[l.Kind] = append(kinds[l.Kind], l)
	}
	names := slices.SortedFunc(maps.Keys(kinds), func(a, b string) int {
		return cmp.Or(cmp.Compare(len(kinds[b]), len(kinds[a])), cmp.Compare(a, b))
	})
	var b strings.Builder
	for _, name := range names {
		pairs := kinds[name]
		slices.SortFunc(pairs, func(a, b Left) int { return slices.Compare(a.Articles[:], b.Articles[:]) })
		fmt.Fprintf(&b, "%s: %d, %s\n", name, len(pairs), map[bool]string{true: "shared", false: "not shared"}[pairs[0].shared()])
		for _, l := range pairs {
			fmt.Fprintf(&b, "  %-17s %-17s %s\n", l.Articles[0], l.Articles[1], l.Remark)
		}
	}
	return b.String(), nil
}

// left reads the kept list.
func left() (map[[2]string]Left, error) {
	list := map[[2]string]Left{}
	for line := range strings.Lines(leftTSV) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Split(line, "\t")
		if len(f) != 4 {
			return nil, fmt.Errorf("left.tsv: %q has not four columns", line)
		}
		pair := pairOf(f[0], f[1])
		list[pair] = Left{pair, f[2], f[3]}
	}
	return list, nil
}

func pairOf(a, b string) [2]string {
	pair := [2]string{a, b}
	slices.Sort(pair[:])
	return pair
}
