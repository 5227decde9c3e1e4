package evaluation

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"rightsdesk/fingerprints"
)

// Pairs is what became of the pairs that are known to share text.
type Pairs struct {
	Of, Matched, Common int
	Missed              [][2]string
}

// pairs looks for the one article of each pair on the other, as a page, with all
// other articles as background.
func (d *Data) pairs(ctx context.Context) Pairs {
	texts := map[string]fingerprints.Article{}
	x := fingerprints.NewIndex()
	for _, a := range d.Articles {
		texts[a.ID] = a
		x.Add(a)
	}
	var p Pairs
	shared := slices.SortedFunc(maps.Keys(d.Shared), func(a, b [2]string) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	for _, pair := range shared { // in an order: the ledger counts by chance
		if pair[0] > pair[1] {
			continue
		}
		p.Of++
		switch known(x, searchIn(ctx, x), texts[pair[0]], texts[pair[1]]) {
		case "match":
			p.Matched++
		case "common":
			p.Common++
		default:
			p.Missed = append(p.Missed, pair)
		}
	}
	return p
}

// known looks for either article on the other; the page itself is not in the
// index meanwhile.
func known(x *fingerprints.Index, find search, a, b fingerprints.Article) string {
	result := ""
	for _, two := range [][2]fingerprints.Article{{a, b}, {b, a}} {
		x.Remove(two[1].ID)
		matches, sources := find(two[1].Text)
		x.Add(two[1])
		if slices.ContainsFunc(matches, func(m fingerprints.Match) bool { return m.Article == two[0].ID }) {
			return "match"
		}
		if slices.ContainsFunc(sources, func(s fingerprints.CommonSource) bool { return s.Article == two[0].ID }) {
			result = "common"
		}
	}
	return result
}

// Grade is how many rewordings of a grade are found; of the negatives, how many
// are reported.
type Grade struct {
	Name      string
	Of, Found int
	Counting  int
}

// reworded looks for the sources of the rewordings among all articles.
func (d *Data) reworded(ctx context.Context) []Grade {
	x := fingerprints.NewIndex()
	find := searchIn(ctx, x)
	for _, a := range d.Articles {
		x.Add(a)
	}
	base := newCounting(d.Articles)
	var list []Grade
	for _, r := range d.Reworded {
		i := slices.IndexFunc(list, func(g Grade) bool { return g.Name == r.Grade })
		if i < 0 {
			i, list = len(list), append(list, Grade{Name: r.Grade})
		}
		g := &list[i]
		g.Of++
		negative := r.Grade == "negative"
		if slices.ContainsFunc(find.matches(r.Text), func(m fingerprints.Match) bool { return m.Article == r.Source || negative }) {
			g.Found++
		}
		for n, count := range base.scores(r.Text) {
			if count >= countingChars && (negative || d.Articles[n].ID == r.Source) {
				g.Counting++
				break
			}
		}
	}
	return list
}
