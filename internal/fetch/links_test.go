package fetch_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"rightsdesk/internal/fetch"
	"rightsdesk/internal/rights"
)

func TestCanonical(t *testing.T) {
	for _, c := range [][2]string{
		{"HTTP://WWW.Site.Example:80", "http://www.site.example/"},
		{"https://site.example:443/a#b", "https://site.example/a"},
		{"http://site.example:8080/a", "http://site.example:8080/a"},
		{"http://site.example./a", "http://site.example/a"},
		{"http://临江日报.example/要闻", "http://xn--miq311cklcqsj.example/%E8%A6%81%E9%97%BB"},
		{"http://site.example/a/./b/../c/", "http://site.example/a/c/"},
		{"http://site.example/../../a/..", "http://site.example/"},
		{"http://site.example/%7euser/%e6%96%b0%2f", "http://site.example/~user/%E6%96%B0%2F"},
		{"http://site.example/a%2e%2e/%2e%2e/b", "http://site.example/b"},
		{"http://site.example/100%", "http://site.example/100%25"},
		{"http://site.example/a b", "http://site.example/a%20b"},
		{"http://site.example/?b=2&a=1&utm_source=x&spm=1.2&from=timeline&share_token=9&isappinstalled=0", "http://site.example/?a=1&b=2"},
		{"http://site.example/?b=2&a=z&b=1&&", "http://site.example/?a=z&b=2&b=1"},
		{"http://site.example/?utm_medium=x", "http://site.example/"},
		{"http://site.example?q=新", "http://site.example/?q=%E6%96%B0"},
		{"http://[2001:DB8::0:1]:80/", "http://[2001:db8::1]/"},
		{" http://site.example/a\n", "http://site.example/a"},
		{"http://site.example//a//b", "http://site.example//a//b"},
		{`http://site.example\a`, "http://site.example/a"},
	} {
		got, err := fetch.Canonical(c[0])
		if err != nil {
			t.Errorf("%q: %v", c[0], err)
			continue
		}
		if got != c[1] {
			t.Errorf("%q: %q, want %q", c[0], got, c[1])
		}
	}
	for _, bad := range []string{
		"", "/a", "site.example/a", "ftp://site.example/", "javascript:alert(1)", "mailto:a@b.example", "http://", "http:///a",
		"http://user@site.example/", "http://user:pass@site.example/", "http://site.example:0/", "http://site.example:99999/", "http://site.example:x/",
		"http://[::1", "http://[fe80::1%25eth0]/", "http://a b.example/", "http://a%00b/", "http://site.example/a\x00", "http://" + strings.Repeat("a", 5000),
		"http://..", "http://a..example/", "file:///etc/passwd",
	} {
		if got, err := fetch.Canonical(bad); rights.KindOf(err) != rights.Invalid {
			t.Errorf("%q gave %q, %v", bad, got, err)
		}
	}
}

func isASCII(s string) bool { return strings.IndexFunc(s, func(r rune) bool { return r > 127 }) < 0 }

func FuzzCanonical(f *testing.F) {
	f.Add("http://site.example/a?b=c&utm_x=1#d")
	f.Add("https://临江.example:443/%e6/../..;x?%zz")
	f.Fuzz(func(t *testing.T, raw string) {
		once, err := fetch.Canonical(raw)
		if err != nil {
			return
		}
		twice, err := fetch.Canonical(once)
		if err != nil || twice != once || !isASCII(once) {
			t.Errorf("%q: %q, then %q, %v", raw, once, twice, err)
		}
	})
}

func exchange(body string) *fetch.Exchange {
	return &fetch.Exchange{FinalURL: "http://www.site.example/news/index.html?p=1", Header: http.Header{}, Body: []byte(body)}
}

func check(t *testing.T, kind, body string, want ...string) {
	t.Helper()
	entries, err := fetch.Listing{Kind: kind}.Links(exchange(body))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		line := strings.TrimPrefix(e.URL, "http://www.site.example") + " " + e.Title
		if !e.PublishedAt.IsZero() {
			line += " " + e.PublishedAt.Format(time.RFC3339)
		}
		if e.Sitemap {
			line += " sitemap"
		}
		got = append(got, strings.TrimSpace(line))
	}
	if g, w := strings.Join(got, "\n"), strings.Join(want, "\n"); g != w {
		t.Errorf("got\n%s\nwant\n%s", g, w)
	}
}

func TestListPage(t *testing.T) {
	check(t, "list", `<!DOCTYPE html><meta charset=gb2312><body>
<a href="1.html"><img src=1.jpg></a> <a href="1.html?utm_source=home">临江大桥
  <b>合龙</b></a><a href=/2.html title="一条标题"></a><A HREF='../3.html'>三<a href="4.html">四</a>
<a href="http://else.example/5.html">别处</a> <a href="//www.site.example/6.html">六</a>
<a href="http://www.site.example:8080/7.html">端口</a><a href="javascript:void(0)">x</a><a href="#top">顶</a><a href="mailto:a@site.example">信</a>
<a href="http://u:p@www.site.example/">口令</a><a href="p.JPG">图</a><a href="?p=1">本页</a><a href="?p=2">下一页</a><a>无</a>
<map><area href="content_8.htm" alt="八"></map><a href="要闻/9.html">九&amp;十</a>`,
		"/news/1.html 临江大桥 合龙", "/2.html 一条标题", "/3.html 三", "/news/4.html 四", "/6.html 六",
		"/news/index.html?p=2 下一页", "/news/content_8.htm 八", "/news/%E8%A6%81%E9%97%BB/9.html 九&十")
	check(t, "list", `<base href="/epaper/"><a href=a.html>甲</a>`, "/epaper/a.html 甲")
	check(t, "list", "没有链接")
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(`<meta charset=utf-8><a href=a.html>𠮷野家新闻</a>`)
	if err != nil {
		t.Fatal(err)
	}
	check(t, "list", gb, "/news/a.html 𠮷野家新闻")
}

func TestFeeds(t *testing.T) {
	check(t, "feed", `<?xml version="1.0"?><rss version="2.0"><channel><title>临江网</title>
<item><title>大桥合龙</title><link>http://www.site.example/1.html</link><pubDate>Mon, 02 Nov 2026 08:00:00 +0800</pubDate></item>
<item><title>相对</title><link>/2.html</link></item><item><title>重复</title><link>/2.html?utm_source=rss</link></item>
<item><title>只有 guid</title><guid>http://else.example/3</guid></item><item><title>无</title></item></channel></rss>`,
		"/1.html 大桥合龙 2026-11-02T00:00:00Z", "/2.html 相对", "http://else.example/3 只有 guid")
	check(t, "feed", `<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><entry><title>原子</title>
<link rel="alternate" href="http://www.site.example/4.html"/><updated>2026-11-02T08:00:00+08:00</updated></entry></feed>`,
		"/4.html 原子 2026-11-02T00:00:00Z")
	gb, err := simplifiedchinese.GBK.NewEncoder().String(`<?xml version="1.0" encoding="GBK"?><rss version="2.0"><channel><item><title>防汛</title><link>/5.html</link></item></channel></rss>`)
	if err != nil {
		t.Fatal(err)
	}
	check(t, "feed", gb, "/5.html 防汛")
	if _, err := (fetch.Listing{Kind: "feed"}).Links(exchange("<html>no feed</html>")); rights.KindOf(err) != rights.Invalid {
		t.Errorf("%v", err)
	}
}

func TestSitemaps(t *testing.T) {
	const urls = `<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc> http://www.site.example/1.html?a=1&amp;b=2 </loc><lastmod>2026-11-02</lastmod>
<image:image><image:loc>http://www.site.example/x.jpg</image:loc></image:image></url>
<url><loc>http://www.site.example/2.html</loc><news:news><news:publication_date>2026-11-02T08:00+08:00</news:publication_date>
<news:title>二</news:title></news:news><lastmod>2026-11-09</lastmod></url><url><loc>javascript:1</loc></url></urlset>`
	want := []string{"/1.html?a=1&b=2  2026-11-02T00:00:00+08:00", "/2.html 二 2026-11-02T08:00:00+08:00"}
	check(t, "sitemap", urls, want...)
	check(t, "sitemap", string(gzipped([]byte(urls))), want...)
	check(t, "sitemap", urls[:len(urls)-20], want...)
	check(t, "sitemap", `<sitemapindex><sitemap><loc>http://www.site.example/s1.xml.gz</loc></sitemap></sitemapindex>`, "/s1.xml.gz  sitemap")
	check(t, "sitemap", "\xef\xbb\xbfhttp://www.site.example/1\r\nnothing\nhttp://www.site.example/2\n", "/1", "/2")
	for _, bad := range []string{"", "<html></html>", "text", "<urlset", "\x1f\x8b\x00"} {
		if _, err := (fetch.Listing{Kind: "sitemap"}).Links(exchange(bad)); rights.KindOf(err) != rights.Invalid {
			t.Errorf("%q: %v", bad, err)
		}
	}
	var many strings.Builder
	many.WriteString("<urlset>")
	for i := range 50_010 {
		fmt.Fprintf(&many, "<url><loc>http://www.site.example/%d</loc></url>", i)
	}
	if entries, err := (fetch.Listing{Kind: "sitemap"}).Links(exchange(many.String())); err != nil || len(entries) != 50_000 {
		t.Errorf("%d entries, %v", len(entries), err)
	}
	if entries, err := (fetch.Listing{Kind: "sitemap"}).Links(exchange(string(gzipped(make([]byte, 60<<20))))); err == nil {
		t.Errorf("a bomb gave %d entries", len(entries))
	}
	if _, err := (fetch.Listing{Kind: "other"}).Links(exchange("")); rights.KindOf(err) != rights.Invalid {
		t.Errorf("%v", err)
	}
}

func fuzzLinks(f *testing.F, kind string, seeds ...string) {
	f.Helper()
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		entries, err := fetch.Listing{Kind: kind}.Links(exchange(string(body)))
		if err != nil {
			return
		}
		for _, e := range entries {
			if _, err := fetch.Canonical(e.URL); err != nil || !isASCII(e.URL) {
				t.Errorf("%q: %v", e.URL, err)
			}
		}
	})
}

func FuzzList(f *testing.F) {
	fuzzLinks(f, "list", `<base href="//a"><a href="1.html" title=x>甲<area href=b>`, "\xff\xfe<\x00a\x00", `<a href="http://[::1%25x]/">`)
}

func FuzzFeed(f *testing.F) {
	fuzzLinks(f, "feed", `<rss><channel><item><link>/a</link><pubDate>x</pubDate></item></channel></rss>`,
		`<feed><entry><link href="b"/></entry></feed>`, `{"version":"https://jsonfeed.org/version/1","items":[{"url":"/c"}]}`)
}

func FuzzSitemap(f *testing.F) {
	fuzzLinks(f, "sitemap", `<urlset><url><loc>http://a.example/</loc><lastmod>2026</lastmod></url></urlset>`,
		`<?xml version="1.0" encoding="gbk"?><sitemapindex><sitemap><loc>/x</loc>`, "http://a.example/\n", "\x1f\x8b\x08")
}

func TestListWithASelector(t *testing.T) {
	const body = `<base href="/news/"><nav><a href="/about.html">关于</a></nav>
<ul class="list"><li><a href="1.html"><img alt=x></a> <a href="1.html">一</a></li><li><a href="2.html" title="二"><img></a></li>
<li><a href="http://elsewhere.example/3.html">三</a></li></ul><a class="more top" href="4.html">四</a><a href="5.html">五</a>`
	for selector, want := range map[string][]string{
		"ul.list":               {"/news/1.html 一", "/news/2.html 二"},
		"ul.list li, a.more":    {"/news/1.html 一", "/news/2.html 二", "/news/4.html 四"},
		"ul.list li > a[title]": {"/news/2.html 二"},
	} {
		entries, err := (fetch.Listing{Kind: "list", Selector: selector}).Links(exchange(body))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range entries {
			got = append(got, strings.TrimPrefix(e.URL, "http://www.site.example")+" "+e.Title)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", selector, got, want)
		}
	}
	for _, selector := range []string{"#none", "li >"} {
		if _, err := (fetch.Listing{Kind: "list", Selector: selector}).Links(exchange(body)); rights.KindOf(err) != rights.Invalid {
			t.Errorf("%s: %v", selector, err)
		}
	}
	if fetch.CheckSelector("li >") == nil || fetch.CheckSelector("ul.list > li") != nil {
		t.Error("selectors are not told apart")
	}
	deep := strings.Repeat("<div class=a>", 100_000) + `<a href="/1.html">一</a>`
	if _, err := (fetch.Listing{Kind: "list", Selector: ".a .a a"}).Links(exchange(deep)); err != nil && rights.KindOf(err) == rights.Internal {
		t.Errorf("a deep page: %v", err)
	}
}
