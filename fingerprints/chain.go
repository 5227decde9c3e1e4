package fingerprints

import (
	"cmp"
	"slices"
)

// nearest is how many characters may lie between pieces of one chain, in either
// text.
const nearest = 200

// chains groups pieces that stand near each other in both texts, in whatever
// order: a passage that was rewritten leaves many, and text of others has few by
// chance in one place.
func chains(list []piece) [][]piece {
	slices.SortFunc(list, func(a, b piece) int { return cmp.Compare(a.runs[0].page, b.runs[0].page) })
	of := make([]int, len(list)) // a piece of the same chain, in the end the first
	root := func(i int) int {
		for of[i] != i {
			of[i] = of[of[i]]
			i = of[i]
		}
		return i
	}
	reach := nearest
	for i := range list {
		of[i] = i
		from, to := list[i].bounds()
		for j := i - 1; j >= 0 && list[j].runs[0].page+reach >= from[0]; j-- {
			start, end := list[j].bounds()
			if from[0]-end[0] <= nearest && from[1]-end[1] <= nearest && start[1]-to[1] <= nearest {
				a, b := root(i), root(j)
				of[max(a, b)] = min(a, b)
			}
		}
		reach = max(reach, to[0]-from[0]+nearest)
	}
	number := map[int]int{}
	var groups [][]piece
	for i := range list {
		n, ok := number[root(i)]
		if !ok {
			n = len(groups)
			number[root(i)], groups = n, append(groups, nil)
		}
		groups[n] = append(groups[n], list[i])
	}
	return groups
}

// bounds are where a segment begins and ends, on the page and in the article.
func (s *segment) bounds() (from, to [2]int) {
	to[0], to[1] = s.end()
	return [2]int{s.runs[0].page, s.runs[0].article}, to
}
