package main

import (
	"rightsdesk/fingerprints"
	"rightsdesk/internal/evaluation"
)

// set is what every peer is measured on.
type set struct {
	registered []fingerprints.Article
	background []fingerprints.Article
	unrelated  []fingerprints.Article
	copies     []evaluation.Copy
	shared     func(a, b string) bool // whether two articles are known to share text
}

func readSet(o options) (*set, error) {
	d, err := evaluation.Load(o.data)
	if err != nil {
		return nil, err
	}
	p := d.Deal(o.seed)
	if o.articles > 0 {
		p.Registered = p.Registered[:min(o.articles, len(p.Registered))]
	}
	s := &set{registered: p.Registered, background: p.Background, shared: d.Shared}
	s.copies = d.Copies(p, o.seed, o.each)
	s.unrelated = p.Pages
	if o.pages > 0 {
		s.unrelated = s.unrelated[:min(o.pages, len(s.unrelated))]
	}
	return s, nil
}

// folded are the articles' texts, folded.
func folded(articles []fingerprints.Article) []string {
	list := make([]string, len(articles))
	for i, a := range articles {
		list[i] = fold(a.Text)
	}
	return list
}

func fold(text string) string { return string(fingerprints.Fold(text).Folded) }
