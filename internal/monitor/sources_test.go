package monitor_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"rightsdesk/internal/evidence"
	"rightsdesk/internal/monitor"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
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

// TestWhatTheSiteAllowsIsKept: the robots.txt in the state that allowed a look,
// the site's word on mining, and what the requests were to the host.
func TestWhatTheSiteAllowsIsKept(t *testing.T) {
	const page, rules = "http://www.yuncheng.example/n/1.html", "User-agent: *\nDisallow: /secret/\n"
	h := newHouse(t)
	h.register("bridge")
	plain := func(s string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, s) }
	}
	h.web.put("http://www.yuncheng.example/robots.txt", plain(rules))
	h.web.put("http://www.yuncheng.example/.well-known/tdmrep.json", plain(`[{"location": "/", "tdm-reservation": 1}]`))
	h.web.put(page, reprint(t))
	h.watch(page, "http://www.yuncheng.example/secret/1.html")
	h.sweep()
	sum := fmt.Sprintf("%x", sha256.Sum256([]byte(rules)))
	m := h.allMatches()[0]
	if m.Capture.Robots == nil || m.Capture.Robots.SHA256 != sum || m.Capture.Mining == nil || !m.Capture.Mining.Reserved {
		t.Fatalf("the match keeps %+v and %+v", m.Capture.Robots, m.Capture.Mining)
	}
	kept, err := h.keep.Get(t.Context(), evidence.Ref(m.Capture.Robots.Evidence))
	if err != nil || string(kept.Body) != rules {
		t.Errorf("the evidence holds %+v, %v", kept, err)
	}
	if p := h.page(page); p.Robots != sum || p.Mining == nil || !p.Mining.Reserved {
		t.Errorf("the page keeps %q and %+v", p.Robots, p.Mining)
	}
	h.sweep() // not modified
	if p := h.page(page); p.Looks != 2 || p.Robots != sum || p.Mining == nil {
		t.Errorf("after the second look %+v", p)
	}
	h.view(func(tx *store.Tx) error {
		days, err := tx.Impacts(t.Context(), "www.yuncheng.example", 2)
		if err != nil || len(days) == 0 || days[0].Requests != 4 || days[0].Forbidden != 2 || days[0].Bytes == 0 {
			t.Errorf("the impact %+v", days)
		}
		return err
	})
}
