package evaluation

import "math/rand/v2"

// Copy is a page that copies a registered article.
type Copy struct {
	Variant string
	Article string // its ID
	Text    string
}

// Copies makes the pages that [Data.Run] measures on, so many of each variant,
// for measuring another method on the same.
func (d *Data) Copies(p Parts, seed uint64, pages int) []Copy {
	m := newMaker(d, p, seed)
	var list []Copy
	for _, v := range variants() {
		for _, t := range m.tries(v, pages) {
			list = append(list, Copy{v.name, m.articles[t.article].ID, string(t.page.text)})
		}
	}
	return list
}

// try is a page that copies an article of a number.
type try struct {
	article int
	page    copied
}

// tries makes so many pages of a variant.
func (m *maker) tries(v variant, pages int) []try {
	m.Rand = rand.New(rand.NewPCG(m.Uint64(), 3))
	list := make([]try, pages)
	for i := range list {
		k := m.IntN(len(m.articles))
		list[i] = try{k, v.make(m, m.articles[k])}
	}
	return list
}
