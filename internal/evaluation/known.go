package evaluation

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"rightsdesk/fingerprints"
)

// Known is what became of reuse that is known, whatever the seed.
type Known struct {
	Pairs      Pairs
	Reworded   []Grade
	Alignments []Alignment
}

// Known looks for known reuse among all articles.
func (d *Data) Known(ctx context.Context) (*Known, error) {
	list, err := d.alignments(ctx)
	return &Known{d.pairs(ctx), d.reworded(ctx), list}, err
}

// Pairs is what became of the pairs that are known to share text. Quoted ones are
// named as common source of which no other holder is known.
type Pairs struct {
	Of, Matched, Common, Quoted int
	Missed                      [][2]string
}

// pairs looks for either article of each pair on the other, as a page, among all
// articles that are no page meanwhile.
func (d *Data) pairs(ctx context.Context) Pairs {
	var left [][2]string
	for pair := range d.mined {
		if pair[0] < pair[1] {
			left = append(left, pair)
		}
	}
	slices.SortFunc(left, func(a, b [2]string) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	p := Pairs{Of: len(left)}
	for len(left) > 0 {
		// A page that was ever in an index is in its ledger.
		pages, articles := map[string]bool{}, map[string]bool{}
		var now, later [][2]string
		for _, pair := range left {
			if pages[pair[0]] || articles[pair[1]] {
				later = append(later, pair)
				continue
			}
			articles[pair[0]], pages[pair[1]] = true, true
			now = append(now, pair)
		}
		d.look(ctx, now, &p)
		left = later
	}
	return p
}

// look looks for the first article of each pair on the second.
func (d *Data) look(ctx context.Context, list [][2]string, p *Pairs) {
	texts := map[string]string{}
	for _, pair := range list {
		texts[pair[1]] = ""
	}
	x := fingerprints.NewIndex()
	for _, a := range d.Articles {
		if _, page := texts[a.ID]; page {
			texts[a.ID] = a.Text
		} else {
			x.Add(a)
		}
	}
	find := searchIn(ctx, x)
	for _, pair := range list {
		matches, sources := find(texts[pair[1]])
		named := slices.IndexFunc(sources, func(s fingerprints.CommonSource) bool { return s.Article == pair[0] })
		switch {
		case slices.ContainsFunc(matches, func(m fingerprints.Match) bool { return m.Article == pair[0] }):
			p.Matched++
		case named >= 0 && len(sources[named].Holders) > 0:
			p.Common++
		case named >= 0:
			p.Quoted++
		default:
			p.Missed = append(p.Missed, pair)
		}
	}
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

// Text is the report for reading.
func (k *Known) Text() string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("known pairs: %d, matched %d, common source %d, the same without another holder %d, missed %v",
		k.Pairs.Of, k.Pairs.Matched, k.Pairs.Common, k.Pairs.Quoted, k.Pairs.Missed)
	for _, g := range k.Reworded {
		line("reworded, %s: %d of %d, counting %d", g.Name, g.Found, g.Of, g.Counting)
	}
	line("\nplagdet  precision  recall  granularity  cases")
	for _, a := range k.Alignments {
		line("%7.3f  %9.3f  %6.3f  %11.2f  %5d %s", a.Plagdet, a.Precision, a.Recall, a.Granularity, a.Cases, a.Kind)
	}
	return b.String()
}
