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
	maxTargets      = 5000
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
	c := &finder{sweep: s, seen: map[string]bool{}, maps: map[string]bool{}}
	if s.source.Kind == rights.SourceURLs {
		for _, u := range s.source.URLs {
			if err := c.add(u, time.Time{}); err != nil {
				return nil, err
			}
		}
		return c.list, nil
	}
	own, err := fetch.Canonical(s.source.URL)
	if err != nil {
		return nil, err
	}
	if s.source.Kind == rights.SourceList {
		c.seen[own] = true // the list page is no page
	}
	c.maps[own] = true
	if err := c.read(ctx, s.source.URL, 0); err != nil {
		return nil, err
	}
	if len(c.list) == 0 && s.source.Kind != rights.SourceFeed {
		return nil, rights.Errorf(rights.Invalid, "来源页上没有找到任何网页链接：%s", s.source.URL)
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
	maps map[string]bool // and of sitemaps
	list []target
}

func (c *finder) add(address string, at time.Time) error {
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

// read takes in one list page, feed or sitemap, and the sitemaps it names. Only
// the first one's fault is the source's.
func (c *finder) read(ctx context.Context, address string, depth int) error {
	ex, err := c.get(ctx, fetch.Request{URL: address})
	if err != nil {
		return err
	}
	if ex.Status < 200 || ex.Status > 299 {
		return rights.Errorf(rights.Unavailable, "来源页不可用，对方服务器返回 %d：%s", ex.Status, address)
	}
	entries, err := fetch.Links(string(c.source.Kind), ex)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !e.Sitemap {
			if err := c.add(e.URL, e.PublishedAt); err != nil {
				return err
			}
			continue
		}
		key, err := fetch.Canonical(e.URL)
		if err != nil || c.maps[key] || depth >= maxSitemapDepth || len(c.maps) >= maxSitemaps {
			continue
		}
		c.maps[key] = true
		if err := c.read(ctx, e.URL, depth+1); err != nil {
			if ctx.Err() != nil {
				return err
			}
			c.unread(ctx, e.URL, err)
			c.count(func(row *rights.Sweep) {
				row.Faults++
				row.Fault = faultText(err)
			})
		}
	}
	return nil
}
