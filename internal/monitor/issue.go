package monitor

import (
	"bytes"
	"context"
	"time"

	"rightsdesk/internal/catalog"
	"rightsdesk/internal/extract"
	"rightsdesk/internal/fetch"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

const maxLayouts = 100 // pages of one issue

// issue takes in the articles of an e-paper's issue of today: its first layout
// page, and those that it names.
func (c *finder) issue(ctx context.Context) error {
	first := c.source.IssueURL(time.Now().In(rights.China))
	queue := []string{first}
	for len(queue) > 0 {
		address := queue[0]
		queue = queue[1:]
		key, err := fetch.Canonical(address)
		if err != nil || c.read[key] || len(c.read) >= maxLayouts {
			continue
		}
		c.read[key] = true
		page, err := c.layout(ctx, address)
		switch {
		case err == nil:
		case ctx.Err() != nil || address == first:
			return err
		default:
			c.amiss(ctx, address, err)
			continue
		}
		for _, l := range page.Articles {
			c.add(l.URL, time.Time{})
		}
		for _, l := range page.Pages {
			if hostOf(l.URL) == hostOf(first) {
				queue = append(queue, l.URL)
			}
		}
	}
	return nil
}

func (c *finder) layout(ctx context.Context, address string) (*extract.LayoutPage, error) {
	ex, err := c.page(ctx, address)
	if err != nil {
		return nil, err
	}
	page, err := extract.Layout(ex.Body, ex.Header.Get("Content-Type"), ex.FinalURL)
	if c.source.Selector == "" {
		return page, err
	}
	entries, err := fetch.Listing{Kind: string(rights.SourceList), Selector: c.source.Selector}.Links(ex)
	if err != nil {
		return nil, err
	}
	page.Articles = nil
	for _, e := range entries {
		page.Articles = append(page.Articles, extract.Link{URL: e.URL})
	}
	return page, nil
}

// registerIssue puts the articles of our own issue into the register.
func (s *sweep) registerIssue(ctx context.Context, targets []target) error {
	for _, t := range targets {
		if err := s.registerPage(ctx, t); err != nil {
			return err
		}
		s.step(t.url, 0)
	}
	return nil
}

func (s *sweep) registerPage(ctx context.Context, t target) error {
	page, err := s.known(ctx, t.key)
	if err != nil {
		return err
	}
	s.count(func(row *rights.Sweep) { row.Pages++ })
	r := fetch.Request{URL: t.url}
	if page.Fault == "" {
		r.ETag, r.LastModified = page.ETag, page.LastModified
	}
	ex, err := s.get(ctx, r)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		s.unread(ctx, t.url, err)
		page.Fault = faultText(err)
		s.failed(failure(err))
	case page.Fault == "" && sameBytes(ex, page):
		s.count(func(row *rights.Sweep) { row.Unchanged++ })
	case ex.Status < 200 || ex.Status > 299:
		page.Fault = statusText(ex.Status)
		s.failed(failedStatus(ex.Status))
	case ex.Truncated:
		page.Fault = cutText(ex.Cut)
		s.failed(rights.FailedCut)
	default:
		if page.Fault, err = s.registerArticles(ctx, ex); err != nil {
			return err
		}
		if page.Fault != "" {
			s.failed(rights.FailedContent)
		}
	}
	return s.opt.DB.Update(ctx, func(tx *store.Tx) error {
		if ex == nil {
			s.tried(page, tx.Now)
			return tx.PutPage(ctx, page)
		}
		s.looked(page, ex)
		if !ex.NotModified {
			page.Status, page.Digest, page.ETag, page.LastModified = ex.Status, ex.Digest, ex.ETag, ex.LastModified
		}
		return tx.PutPage(ctx, page)
	})
}

// registerArticles registers the articles of a page of ours, and says what is wrong with it.
func (s *sweep) registerArticles(ctx context.Context, ex *fetch.Exchange) (fault string, err error) {
	var broken error
	faults := extract.Articles(bytes.NewReader(ex.Body), extract.Options{BaseURL: ex.FinalURL, File: ex.FinalURL, Paper: s.opt.Config.Paper.Name}, func(a *rights.Article) error {
		change, err := s.opt.Catalog.Register(ctx, rights.SystemActor(), a)
		if err != nil && rights.KindOf(err) == rights.Internal {
			broken = err
		}
		if err == nil && change != catalog.Unchanged {
			s.count(func(row *rights.Sweep) { row.Registered++ })
		}
		return err
	})
	if broken == nil && len(faults) > 0 {
		return faultText(faults[0]), nil
	}
	return "", broken
}
