package fetch

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/mmcdole/gofeed"

	"rightsdesk/internal/rights"
)

const (
	maxEntries      = 50_000   // the sitemap protocol's own limit
	maxSitemapBytes = 50 << 20 // likewise, unpacked
	maxTitle        = 500      // code points
)

// Entry is one page that a list page, feed or sitemap names.
type Entry struct {
	URL         string // absolute, as it is to be asked for
	Title       string
	PublishedAt time.Time // zero: not said
	Sitemap     bool      // URL is a sitemap of a sitemap index
}

// Listing says how to read the pages that a source names.
type Listing struct {
	Kind     string
	Selector string // CSS, for kind list: the elements in which links count; empty means the page
}

// Links reads the pages that a source names: kind "list" (the links of an HTML
// page to its own host), "feed" (RSS, Atom, JSON Feed) or "sitemap" (XML, text or index,
// also gzip). The order is the source's; a page named twice comes once. At most
// 50,000 entries are returned, and of a cut body what could be read.
func (l Listing) Links(ex *Exchange) ([]Entry, error) {
	base, err := parseTarget(ex.FinalURL)
	if err != nil {
		return nil, err
	}
	c := &collector{base: base, seen: map[string]int{}}
	switch l.Kind {
	case "list":
		if l.Selector != "" {
			err = c.selected(ex, l.Selector)
		} else {
			err = c.list(ex)
		}
	case "feed":
		err = c.feed(ex.Body)
	case "sitemap":
		err = c.sitemap(ex.Body)
	default:
		return nil, rights.Errorf(rights.Invalid, "未知的来源类型：%q", l.Kind)
	}
	if err != nil && len(c.entries) == 0 {
		return nil, err
	}
	return c.entries, nil
}

// collector gathers entries, each canonical URL once.
type collector struct {
	base    *url.URL
	seen    map[string]int
	entries []Entry
}

func (c *collector) full() bool { return len(c.entries) >= maxEntries }

// add takes an entry whose URL may be relative. The first title that says
// something stays: a picture's link has none, the headline's comes after it.
func (c *collector) add(base *url.URL, e Entry) {
	if c.full() {
		return
	}
	u, ok := resolve(base, e.URL)
	if !ok {
		return
	}
	key, err := Canonical(u.String())
	if err != nil {
		return
	}
	e.URL, e.Title = u.String(), cleanTitle(e.Title)
	if i, ok := c.seen[key]; ok {
		if c.entries[i].Title == "" {
			c.entries[i].Title = e.Title
		}
		return
	}
	c.seen[key] = len(c.entries)
	c.entries = append(c.entries, e)
}

func resolve(base *url.URL, ref string) (*url.URL, bool) {
	ref = strings.TrimSpace(ref)
	if ref == "" || len(ref) > maxURL {
		return nil, false
	}
	if u, err := parseTarget(ref); err == nil {
		return u, true
	}
	rel, err := url.Parse(normalEscapes(ref, func(b byte) bool { return isQueryByte(b) || b == '#' }))
	if err != nil || rel.Opaque != "" || rel.Scheme != "" {
		return nil, false
	}
	u, err := parseTarget(base.ResolveReference(rel).String())
	return u, err == nil
}

func cleanTitle(s string) string {
	title := []rune(strings.Join(strings.Fields(strings.ToValidUTF8(s, "")), " "))
	return string(title[:min(len(title), maxTitle)])
}

func (c *collector) feed(body []byte) error {
	feed, err := gofeed.NewParser().Parse(bytes.NewReader(body))
	if err != nil {
		return rights.Errorf(rights.Invalid, "不是可读的 RSS、Atom 或 JSON Feed：%s", c.base.String()).Because(err)
	}
	for _, item := range feed.Items {
		e := Entry{URL: item.Link, Title: item.Title}
		if e.URL == "" && len(item.Links) > 0 {
			e.URL = item.Links[0]
		}
		if e.URL == "" && strings.HasPrefix(item.GUID, "http") {
			e.URL = item.GUID
		}
		switch {
		case item.PublishedParsed != nil:
			e.PublishedAt = *item.PublishedParsed
		case item.UpdatedParsed != nil:
			e.PublishedAt = *item.UpdatedParsed
		}
		c.add(c.base, e)
	}
	return nil
}

// unpack opens a file that is gzip by its first bytes, whatever it is called.
func unpack(body []byte) ([]byte, error) {
	if !bytes.HasPrefix(body, []byte{0x1f, 0x8b}) {
		return body, nil
	}
	r, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("gzip: %w", err)
	}
	plain, err := io.ReadAll(io.LimitReader(r, maxSitemapBytes))
	if len(plain) > 0 {
		return plain, nil
	}
	return nil, err
}

// isPageName leaves out links to what cannot hold a text.
func isPageName(u *url.URL) bool {
	switch strings.ToLower(path.Ext(u.Path)) {
	case ".jpg", ".jpeg", ".png", ".gif", ".webp", ".svg", ".ico", ".css", ".js", ".mp3", ".mp4", ".avi", ".mov",
		".zip", ".rar", ".7z", ".gz", ".exe", ".apk", ".dmg", ".woff", ".woff2", ".ttf", ".swf", ".flv", ".m3u8":
		return false
	}
	return true
}
