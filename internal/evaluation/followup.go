package evaluation

import (
	"fmt"

	"rightsdesk/fingerprints"
)

// followUps are the variants of a story whose next-day follow-up repeats a third
// of it. They register articles, and so come after all others.
func followUps() []variant {
	return []variant{
		{"article, its follow-up registered too", func(m *maker, a fingerprints.Article) copied {
			b, _ := m.followUp(a)
			c := m.page([]rune(a.Text))
			c.register = []fingerprints.Article{b}
			return c
		}},
		{"follow-up, the article registered too", func(m *maker, a fingerprints.Article) copied {
			b, _ := m.followUp(a)
			c := m.page([]rune(b.Text))
			c.register, c.owner = []fingerprints.Article{b}, b.ID
			return c
		}},
		{"article and its follow-up on a page", func(m *maker, a fingerprints.Article) copied {
			_, next := m.followUp(a)
			c := m.page([]rune(a.Text))
			c.put('\n')
			for _, s := range next.spans {
				c.spans = append(c.spans, [2]int{len(c.text) + s[0], len(c.text) + s[1]})
			}
			c.put(next.text...)
			return c
		}},
	}
}

// followUp is an article of the day after that repeats a third of the sentences
// of a, in their order, and where.
func (m *maker) followUp(a fingerprints.Article) (fingerprints.Article, copied) {
	s := sentences(a.Text)
	n := max(1, len(s)/3)
	at := m.IntN(len(s) - n + 1)
	var third []rune
	for _, p := range s[at : at+n] {
		third = append(third, p...)
	}
	c := m.within(third)
	m.made++
	b := fingerprints.Article{ID: fmt.Sprintf("%s/next-%d", a.ID, m.made), Title: m.host().Title, Text: string(c.text)}
	if !a.PublishedAt.IsZero() {
		b.PublishedAt = a.PublishedAt.AddDate(0, 0, 1)
	}
	return b, c
}
