package fingerprints

import "context"

// MatchAll is [Index.Match] of many pages, for which the source is asked once for
// the texts of all that passed the screen.
func (x *Index) MatchAll(ctx context.Context, pages []Page) ([][]Match, error) {
	looks, passed := make([]*look, len(pages)), make([][]entry, len(pages))
	var all []entry
	for i, p := range pages {
		looks[i] = x.look()
		defer x.looks.Put(looks[i])
		looks[i].fold(p.Text)
		passed[i] = x.screened(looks[i])
		all = append(all, passed[i]...)
	}
	articles, err := x.read(ctx, all)
	if err != nil {
		return nil, err
	}
	list := make([][]Match, len(pages))
	for i, p := range pages {
		n := len(passed[i])
		if list[i], _, err = x.compare(ctx, looks[i], p, x.candidates(looks[i], passed[i], articles[:n])); err != nil {
			return nil, err
		}
		articles = articles[n:]
	}
	return list, nil
}
