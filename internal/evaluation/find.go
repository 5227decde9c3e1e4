package evaluation

import (
	"context"

	"rightsdesk/fingerprints"
)

// search looks for articles on a page.
type search func(page string) ([]fingerprints.Match, []fingerprints.CommonSource)

// searchIn looks in an index that keeps its texts, which no look-up can fail to
// read.
func searchIn(ctx context.Context, x *fingerprints.Index) search {
	return func(page string) ([]fingerprints.Match, []fingerprints.CommonSource) {
		matches, sources, _ := x.Find(ctx, fingerprints.Page{Text: page})
		return matches, sources
	}
}

func (s search) matches(page string) []fingerprints.Match {
	matches, _ := s(page)
	return matches
}
