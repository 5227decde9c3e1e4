package monitor_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"rightsdesk/internal/monitor"
	"rightsdesk/internal/rights"
)

// cancelOn is a context that ends when the channel closes.
func cancelOn(t *testing.T, c <-chan struct{}) (context.Context, context.CancelFunc) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		select {
		case <-c:
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, cancel
}

// TestSources is how the pages of a source are found.
func TestSources(t *testing.T) {
	const host = "http://www.yuncheng.example"
	page := func(path string) string { return host + path }
	plain := func(body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, body) }
	}
	for _, tt := range []struct {
		name   string
		source rights.Source
		web    map[string]string
		want   []string // requests after the source's own
		fault  string
	}{
		{
			name: "a list page names the pages of its host, and is none itself", source: rights.Source{Kind: rights.SourceList, URL: page("/news/")},
			web:  map[string]string{"/news/": `<a href="/news/">首页</a><a href="/n/1.html">一</a><a href="http://other.example/2.html">二</a><a href="/n/1.html?utm_source=x#top">一</a>`},
			want: []string{"/n/1.html"},
		},
		{
			name: "a feed", source: rights.Source{Kind: rights.SourceFeed, URL: page("/rss.xml")},
			web:  map[string]string{"/rss.xml": `<rss version="2.0"><channel><item><link>` + page("/n/1.html") + `</link></item></channel></rss>`},
			want: []string{"/n/1.html"},
		},
		{
			name: "a sitemap index is followed, in circles once", source: rights.Source{Kind: rights.SourceSitemap, URL: page("/sitemap.xml")},
			web: map[string]string{
				"/sitemap.xml": `<sitemapindex><sitemap><loc>` + page("/s1.xml") + `</loc></sitemap><sitemap><loc>` + page("/sitemap.xml") + `</loc></sitemap></sitemapindex>`,
				"/s1.xml":      `<urlset><url><loc>` + page("/n/1.html") + `</loc></url></urlset>`,
			},
			want: []string{"/s1.xml", "/n/1.html"},
		},
		{name: "a list that is not there", source: rights.Source{Kind: rights.SourceList, URL: page("/news/")}, fault: "来源页不可用，对方服务器返回 404：" + page("/news/")},
		{
			name: "a list without links", source: rights.Source{Kind: rights.SourceList, URL: page("/news/")},
			web:   map[string]string{"/news/": `<div id="app"></div>`},
			fault: "来源页上没有找到任何网页链接：" + page("/news/"),
		},
		{
			name: "a list that robots.txt forbids", source: rights.Source{Kind: rights.SourceList, URL: page("/news/")},
			web:   map[string]string{"/robots.txt": "User-agent: *\nDisallow: /news/\n", "/news/": `<a href="/n/1.html">一</a>`},
			fault: "对方网站的 robots.txt 不允许抓取：" + page("/news/"),
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := newHouse(t)
			for path, body := range tt.web {
				h.web.put(page(path), plain(body))
			}
			h.source(tt.source)
			var last monitor.Progress
			row, err := h.Sweep(t.Context(), "site", func(p monitor.Progress) { last = p })
			if tt.fault != "" {
				if err == nil || row.Fault != tt.fault || row.EndedAt == nil {
					t.Errorf("sweep %+v, %v", row, err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, r := range h.web.requests()[1:] {
				got = append(got, strings.TrimPrefix(r, host))
			}
			same(t, "requests", got, tt.want)
			if last.Done != last.Total || last.Done != row.Pages || row.Pages != 1 {
				t.Errorf("progress %+v, sweep %+v", last, row)
			}
		})
	}
	h := newHouse(t)
	if _, err := h.Sweep(t.Context(), "nobody", nil); rights.KindOf(err) != rights.NotFound {
		t.Errorf("a source that is not there: %v", err)
	}
}
