package evaluation

import (
	"fmt"

	"rightsdesk/fingerprints"
)

// followUps are the variants of a story whose next-day follow-up repeats a third
// of it. Those that register articles come last, and after all others: each story's
// follow-up is registered once, and both are then looked for. The rest of a
// follow-up is a text that no other has, as long as there are enough.
func followUps() []variant {
	var registered []fingerprints.Article
	return []variant{
		{"article and its follow-up on a page", func(m *maker, a fingerprints.Article) copied {
			_, next := m.followUp(a, m.host())
			c := m.page([]rune(a.Text))
			c.put('\n')
			for _, s := range next.spans {
				c.spans = append(c.spans, [2]int{len(c.text) + s[0], len(c.text) + s[1]})
			}
			c.put(next.text...)
			return c
		}},
		{"article, its follow-up registered too", func(m *maker, a fingerprints.Article) copied {
			b, _ := m.followUp(a, m.fresh())
			registered = append(registered, b)
			c := m.page([]rune(a.Text))
			c.register = []fingerprints.Article{b}
			return c
		}},
		{"follow-up, the article registered too", func(m *maker, _ fingerprints.Article) copied {
			next := registered[0]
			registered = registered[1:]
			c := m.page([]rune(next.Text))
			c.owner = next.ID
			return c
		}},
	}
}

// followUp is an article of the day after that repeats a third of the sentences
// of a, in their order, and where; the rest is of a host.
func (m *maker) followUp(a, host fingerprints.Article) (fingerprints.Article, copied) {
	s := sentences(a.Text)
	n := max(1, len(s)/3)
	at := m.IntN(len(s) - n + 1)
	var third []rune
	for _, p := range s[at : at+n] {
		third = append(third, p...)
	}
	c := m.into(host, third)
	m.made++
	b := fingerprints.Article{ID: fmt.Sprintf("%s/next-%d", a.ID, m.made), Title: m.host().Title, Text: string(c.text)}
	if !a.PublishedAt.IsZero() {
		b.PublishedAt = a.PublishedAt.AddDate(0, 0, 1)
	}
	return b, c
}
