package evaluation

import (
	"context"
	"math/rand/v2"
	"sync/atomic"

	"rightsdesk/fingerprints"
)

// Short is how short articles fare, by their length.
type Short struct {
	From, To   int // folded characters, half-open
	Registered int
	Pages      int // of each variant
	// Around, Within and Replaced count the articles that were found with 600
	// characters of a site around them, inside another article, and with 10 % of
	// their characters replaced and the same around.
	Around, Within, Replaced int
	// Alarms and AlarmPages count reports on unrelated pages, and those pages.
	Alarms, AlarmPages int
	unrelated          int
}

func shortLengths() []Short {
	return []Short{{From: 24, To: 40}, {From: 40, To: 60}, {From: 60, To: 130}, {From: 130, To: 200}}
}

// short measures articles that are too short for the other variants: half of
// them are registered, against the same background and unrelated pages.
func (d *Data) short(ctx context.Context, parts Parts, seed uint64, pages int) []Short {
	list := shortLengths()
	x := fingerprints.NewIndex()
	of := map[string]int{}
	members := make([][]fingerprints.Article, len(list))
	r := rand.New(rand.NewPCG(seed, 4))
	for _, a := range d.Articles {
		n := len(fingerprints.Fold(a.Text).Folded)
		for i, s := range list {
			if n >= s.From && n < s.To && r.IntN(2) == 0 {
				x.Add(a)
				of[a.ID], members[i] = i, append(members[i], a)
			}
		}
	}
	for _, a := range parts.Background {
		if _, is := of[a.ID]; !is {
			x.AddKnown(a)
		}
	}
	find := searchIn(ctx, x)
	m := newMaker(d, parts, seed)
	ways := []struct {
		make  func(t []rune) copied
		found func(s *Short) *int
	}{
		{func(t []rune) copied { return m.around(t, 600) }, func(s *Short) *int { return &s.Around }},
		{m.within, func(s *Short) *int { return &s.Within }},
		{func(t []rune) copied { return m.around(m.replace(t, 0.1), 600) }, func(s *Short) *int { return &s.Replaced }},
	}
	for i := range list {
		s := &list[i]
		s.Registered, s.Pages = len(members[i]), pages
		for _, way := range ways {
			*way.found(s) = hits(find, members[i], way.make, pages)
		}
	}
	d.shortAlarms(find, parts, of, list)
	return list
}

// hits counts on how many pages the article that they copy is found.
func hits(find search, articles []fingerprints.Article, page func([]rune) copied, n int) int {
	if len(articles) == 0 {
		return 0
	}
	tries := make([]copied, n)
	for i := range tries {
		tries[i] = page([]rune(articles[i%len(articles)].Text))
	}
	var found atomic.Int64
	each(n, func(i int) {
		matches, _ := find(string(tries[i].text))
		if score, _ := credit(matches, articles[i%len(articles)].ID, tries[i].spans); score >= 1 {
			found.Add(1)
		}
	})
	return int(found.Load())
}

// shortAlarms counts the reports on unrelated pages that are no short article
// themselves.
func (d *Data) shortAlarms(find search, parts Parts, of map[string]int, list []Short) {
	reported := make([][]int, len(parts.Pages))
	each(len(parts.Pages), func(i int) {
		if _, is := of[parts.Pages[i].ID]; is {
			return
		}
		reported[i] = []int{}
		for _, match := range find.matches(parts.Pages[i].Text) {
			reported[i] = append(reported[i], of[match.Article])
		}
	})
	for i := range list {
		for _, alarms := range reported {
			if alarms == nil {
				continue
			}
			list[i].unrelated++
			n := 0
			for _, k := range alarms {
				n += indicator(k == i)
			}
			list[i].Alarms += n
			list[i].AlarmPages += indicator(n > 0)
		}
	}
}
