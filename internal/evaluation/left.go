package evaluation

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
)

//go:embed left.tsv
var leftTSV string

// Left is a pair of articles that is reported and was read by a person.
type Left struct {
	Articles [2]string // in alphabetical order
	Kind     string
	Remark   string
}

// ownText is the kind of pairs that really share text that is an article's own.
const ownText = "own"

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
