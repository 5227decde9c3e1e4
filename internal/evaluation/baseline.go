package evaluation

import (
	"slices"

	"rightsdesk/fingerprints"
)

// counting is the rule that went before, to measure against: of the grams of
// eight folded characters those that stand in fewer than three registered
// articles count; an article is reported when they cover enough characters and
// the longest equal run has 24 characters or a fifth of the article is covered.
type counting struct {
	texts [][]rune
	grams map[string][]place
	// numbers are the places of the articles in texts, by their IDs.
	numbers map[string]int32
}

type place struct{ article, at int32 }

const (
	countingGram = 8
	countingRare = 3
	countingRun  = 24
	countingPart = 0.2
	// countingChars is how many characters the rule wanted at its one setting.
	countingChars = 80
)

func newCounting(articles []fingerprints.Article) *counting {
	c := &counting{grams: map[string][]place{}, numbers: map[string]int32{}}
	for _, a := range articles {
		c.add(a)
	}
	return c
}

func (c *counting) add(a fingerprints.Article) {
	n := int32(len(c.texts))
	text := fingerprints.Fold(a.Text).Folded
	c.numbers[a.ID], c.texts = n, append(c.texts, text)
	for i := range max(0, len(text)-countingGram+1) {
		g := string(text[i : i+countingGram])
		c.grams[g] = append(c.grams[g], place{n, int32(i)})
	}
}

func (c *counting) rare(g string) []place {
	list, distinct := c.grams[g], 0
	for i, p := range list {
		if i == 0 || p.article != list[i-1].article {
			distinct++
		}
	}
	if distinct >= countingRare {
		return nil
	}
	return list
}

// shared are how many runs of eight characters of each article stand in a text, by
// its number.
func (c *counting) shared(text string) map[int32]int {
	folded := fingerprints.Fold(text).Folded
	runs, seen := map[int32]int{}, map[string]bool{}
	for i := range max(0, len(folded)-countingGram+1) {
		g := string(folded[i : i+countingGram])
		if seen[g] {
			continue
		}
		seen[g] = true
		for _, p := range c.grams[g] {
			runs[p.article]++
		}
	}
	return runs
}

// scores are the characters that count for each article on a page, by its
// number; none where the rule would not report it however many there are.
func (c *counting) scores(text string) map[int32]int {
	page := fingerprints.Fold(text).Folded
	seeds := map[int32][][2]int32{}
	for i := range max(0, len(page)-countingGram+1) {
		for _, p := range c.rare(string(page[i : i+countingGram])) {
			seeds[p.article] = append(seeds[p.article], [2]int32{int32(i), p.at})
		}
	}
	order := make([]int32, 0, len(seeds))
	for n := range seeds {
		order = append(order, n)
	}
	slices.SortFunc(order, func(a, b int32) int {
		if d := len(seeds[b]) - len(seeds[a]); d != 0 {
			return d
		}
		return int(a - b)
	})
	taken := make([]bool, len(page))
	scores := map[int32]int{}
	for _, n := range order {
		if score := c.weigh(n, page, seeds[n], taken); score > 0 {
			scores[n] = score
		}
	}
	return scores
}

// weigh counts the free characters under an article's seeds, and takes them
// where they are enough for the rule.
func (c *counting) weigh(n int32, page []rune, seeds [][2]int32, taken []bool) int {
	article := c.texts[n]
	under, on := map[int]bool{}, map[int]bool{}
	longest := 0
	ends := map[int]int{}
	for _, s := range seeds {
		i, j := int(s[0]), int(s[1])
		if taken[i] || i < ends[i-j] {
			continue
		}
		k := 0
		for i+k < len(page) && j+k < len(article) && page[i+k] == article[j+k] && !taken[i+k] {
			under[i+k], on[j+k] = true, true
			k++
		}
		ends[i-j] = i + k
		longest = max(longest, k)
	}
	if longest < countingRun && float64(len(on)) < countingPart*float64(len(article)) {
		return 0
	}
	if len(under) >= countingChars {
		for i := range under {
			taken[i] = true
		}
	}
	return len(under)
}
