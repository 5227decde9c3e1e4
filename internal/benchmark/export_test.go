package benchmark

import "rightsdesk/fingerprints"

// MakeArticles makes the first n articles.
func MakeArticles(n int) ([]fingerprints.Article, error) {
	a, err := newArticles()
	if err != nil {
		return nil, err
	}
	list := make([]fingerprints.Article, n)
	for i := range list {
		list[i] = a.article(uint64(i))
	}
	return list, nil
}
