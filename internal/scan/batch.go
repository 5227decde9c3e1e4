package scan

import (
	"context"
	"encoding/json"

	"golang.org/x/sync/errgroup"

	"rightsdesk/fingerprints"
	"rightsdesk/internal/extract"
)

// batch is what is looked at by one look-up: the index reads the texts of the
// register once for all its pages.
type batch struct {
	slots   []slot // of pages
	records int    // and of what has no page; those in front wait for the batch
}

func (b *batch) add(one slot) {
	b.records++
	switch {
	case one.end:
	case one.page == nil:
		one.result <- result{}
	default:
		b.slots = append(b.slots, one)
	}
}

// look looks at the pages beside what goes on, and begins anew.
func (b *batch) look(ctx context.Context, s *scan, group *errgroup.Group) {
	slots := b.slots
	*b = batch{}
	if len(slots) == 0 {
		return
	}
	group.Go(func() error {
		results, err := s.look(ctx, slots)
		for i, one := range slots {
			if err != nil {
				one.result <- result{err: err}
			} else {
				one.result <- results[i]
			}
		}
		return err
	})
}

// look says of pages what was found on each.
func (s *scan) look(ctx context.Context, slots []slot) ([]result, error) {
	results := make([]result, len(slots))
	var pages []fingerprints.Page
	var of []int // slots
	for i, one := range slots {
		if shown, ok := one.page.shown(); ok {
			results[i].page = true
			pages, of = append(pages, shown), append(of, i)
		}
	}
	matches, err := s.opt.Index.MatchAll(ctx, pages)
	if err != nil {
		return nil, err
	}
	for k, i := range of {
		if len(matches[k]) == 0 {
			continue
		}
		one := slots[i]
		line, err := json.Marshal(Finding{File: one.file, Record: one.records - 1, URL: one.page.url, Title: pages[k].Title, Matches: matches[k]})
		if err != nil {
			return nil, err
		}
		results[i].line = append(line, '\n')
	}
	return results, nil
}

// shown is the page as the screen sees it, if the record holds one.
func (p *page) shown() (fingerprints.Page, bool) {
	if p.raw != nil && !p.answer() {
		return fingerprints.Page{}, false
	}
	shown := fingerprints.Page{}
	if p.plain {
		shown.Text, _ = extract.Decode(p.body, p.contentType)
		return shown, true
	}
	var links []extract.Link
	shown.Title, shown.Text, links = extract.Screen(p.body, p.contentType, p.url)
	for _, l := range links {
		shown.Links = append(shown.Links, fingerprints.Link(l))
	}
	return shown, true
}
