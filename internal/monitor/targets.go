package monitor

import (
	"context"
	"slices"
	"time"

	"rightsdesk/internal/fetch"
	"rightsdesk/internal/rights"
)

// The bounds of one sweep.
const (
	maxTargets      = rights.DefaultMaxPages
	maxSitemaps     = 50
	maxSitemapDepth = 3
)

// target is a page to look at.
type target struct {
	url string // as it is asked for
	key string // canonical
	at  time.Time
}

// targets finds the pages of the source. Where there are more than maxTargets,
// the newest are taken.
func (s *sweep) targets(ctx context.Context) ([]target, error) {
	c := &finder{sweep: s, seen: map[string]bool{}, read: map[string]bool{}}
	if err := c.find(ctx); err != nil {
		return nil, err
	}
	if len(c.list) > maxTargets {
		s.opt.Log.WarnContext(ctx, "a source names more pages than one sweep looks at", "source", s.source.ID, "pages", len(c.list), "limit", maxTargets)
		slices.SortStableFunc(c.list, func(a, b target) int { return b.at.Compare(a.at) })
		c.list = c.list[:maxTargets]
	}
	return c.list, nil
}

// finder gathers the targets of one source.
type finder struct {
	*sweep
	seen map[string]bool // canonical URLs of the list
	read map[string]bool // and of sitemaps and layout pages
	list []target
}

func (c *finder) find(ctx context.Context) error {
	switch c.source.Kind {
	case rights.SourceURLs:
		for _, u := range c.source.URLs {
			if err := c.name(u, time.Time{}); err != nil {
				return err
			}
		}
		return nil
	case rights.SourceSearch:
		return c.search(ctx)
	case rights.SourceEPaper, rights.SourceOwn:
		return c.issue(ctx)
	case rights.SourceList, rights.SourceFeed, rights.SourceSitemap:
	}
	own, err := fetch.Canonical(c.source.URL)
	if err != nil {
		return err
	}
	if c.source.Kind == rights.SourceList {
		c.seen[own] = true // the list page is no page
	}
	c.read[own] = true
	if err := c.listing(ctx, c.source.URL, 0); err != nil {
		return err
	}
	if len(c.list) == 0 && c.source.Kind != rights.SourceFeed {
		return rights.Errorf(rights.Invalid, "来源页上没有找到任何网页链接：%s", c.source.URL)
	}
	return nil
}

// name takes a page that a person named.
func (c *finder) name(address string, at time.Time) error {
	key, err := fetch.Canonical(address)
	if err != nil {
		return err
	}
	if !c.seen[key] {
		c.seen[key] = true
		c.list = append(c.list, target{address, key, at})
	}
	return nil
}

// add takes a page that a site named, unless it looks like a trap.
func (c *finder) add(address string, at time.Time) {
	key, err := fetch.Canonical(address)
	if err != nil || c.seen[key] {
		return
	}
	c.seen[key] = true
	if fetch.Trap(key, time.Now()) != "" {
		c.count(func(row *rights.Sweep) { row.Traps++ })
		return
	}
	c.list = append(c.list, target{address, key, at})
}

// page gets a page of the source itself.
func (c *finder) page(ctx context.Context, address string) (*fetch.Exchange, error) {
	ex, err := c.get(ctx, fetch.Request{URL: address})
	if err != nil {
		return nil, err
	}
	if ex.Status < 200 || ex.Status > 299 {
		return nil, rights.Errorf(rights.Unavailable, "来源页不可用，对方服务器返回 %d：%s", ex.Status, address)
	}
	return ex, nil
}

// listing takes in one list page, feed or sitemap, and the sitemaps it names.
// Only the first one's fault is the source's.
func (c *finder) listing(ctx context.Context, address string, depth int) error {
	ex, err := c.page(ctx, address)
	if err != nil {
		return err
	}
	entries, err := fetch.Listing{Kind: string(c.source.Kind), Selector: c.source.Selector}.Links(ex)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !e.Sitemap {
			c.add(e.URL, e.PublishedAt)
			continue
		}
		key, err := fetch.Canonical(e.URL)
		if err != nil || c.read[key] || depth >= maxSitemapDepth || len(c.read) >= maxSitemaps {
			continue
		}
		c.read[key] = true
		if err := c.listing(ctx, e.URL, depth+1); err != nil {
			if ctx.Err() != nil {
				return err
			}
			c.amiss(ctx, e.URL, err)
		}
	}
	return nil
}

// amiss notes that a page by which others are found could not be read.
func (c *finder) amiss(ctx context.Context, address string, err error) {
	c.unread(ctx, address, err)
	c.failed(failure(err))
	c.count(func(row *rights.Sweep) { row.Fault = faultText(err) })
}
