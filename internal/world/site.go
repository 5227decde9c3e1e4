package world

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"rightsdesk/internal/rights"
)

// kind is what a page of the world does.
type kind int

// A plain page tells a story of its own, a reprint one of the paper's; the rest
// misbehave, see misdeeds.
const (
	plain kind = iota
	reprint
	bad
)

// page is a page of a site.
type page struct {
	site   *site
	number int
	kind   kind
	story  uint64 // of the paper's for a reprint, else of the world's
	misdeed
}

// site is a host of the world.
type site struct {
	number int
	host   string
	pages  []page
	seed   uint64
}

const (
	firstOwn    = 1 << 32 // number of the first story that is not the paper's
	firstNumber = 100_000 // in the address of a page
)

// sites lays out the world: on every host the reprints and the pages that
// misbehave are spread among the plain ones.
func (o Options) sites(canary string) []*site {
	list := make([]*site, o.Hosts)
	misdeeds := misdeeds(canary)
	reprints, bads := 0, 0
	for n := range list {
		s := &site{number: n, host: fmt.Sprintf("www.site%02d.example", n), seed: o.Seed}
		for i := range o.Pages {
			s.pages = append(s.pages, page{site: s, number: i, story: firstOwn + uint64(n*o.Pages+i)})
		}
		for i := misbehaves; i < o.Pages; i += onePageIn {
			s.pages[i].kind, s.pages[i].misdeed = bad, misdeeds[bads%len(misdeeds)]
			bads++
		}
		for own := (o.Reprints + o.Hosts - 1 - n) / o.Hosts; own > 0; own-- {
			at := (own - 1) * o.Pages / max((o.Reprints+o.Hosts-1-n)/o.Hosts, 1)
			if s.pages[at].kind == bad {
				at++
			}
			s.pages[at].kind, s.pages[at].story = reprint, uint64(reprints)
			reprints++
		}
		list[n] = s
	}
	return list
}

// Every twentieth page misbehaves, from the third on.
const (
	misbehaves = 3
	onePageIn  = 20
)

func (p *page) url() string { return "http://" + p.site.host + p.path() }

func (p *page) path() string {
	if p.kind == bad && p.forbidden {
		return "/secret/" + strconv.Itoa(firstNumber+p.number) + ".html"
	}
	return fmt.Sprintf("/news/%d/%d.html", 100+p.number%7, firstNumber+p.number)
}

// html is the page as its site prints it.
func (p *page) html() string {
	s := write(p.site.seed, p.story)
	var b strings.Builder
	fmt.Fprintf(&b, `<!DOCTYPE html><html><head><title>%s_%s新闻网</title></head><body><div class="nav"><a href="/">首页</a><a href="/list/">新闻</a><a href="/life/">生活</a></div>
<h1>%s</h1><div class="info">%s　编辑：值班</div><div class="content">`, s.headline, p.site.name(), s.headline, time.Now().In(rights.China).Format("2006-01-02 15:04"))
	for _, text := range s.paragraphs {
		fmt.Fprintf(&b, "<p>　　%s</p>\n", text)
	}
	fmt.Fprintf(&b, `</div><div class="footer">%s新闻网版权所有　客服电话 000-2222%04d</div></body></html>`, p.site.name(), p.site.number)
	return b.String()
}

func (s *site) name() string { return places()[s.number%len(places())] }

// source is how the site is watched: by a list page, a feed or a sitemap.
func (s *site) source() *rights.Source {
	source := &rights.Source{
		ID: fmt.Sprintf("site%02d", s.number), Name: s.name(), Origin: rights.OriginAPI, Kind: rights.SourceList, URL: "http://" + s.host + "/list/",
		Operator: rights.Operator{Name: s.name() + "网络传媒有限公司", Role: rights.RolePublisher},
	}
	switch s.number % 3 {
	case 1:
		source.Kind, source.URL = rights.SourceFeed, "http://"+s.host+"/feed.xml"
	case 2:
		source.Kind, source.URL = rights.SourceSitemap, "http://"+s.host+"/sitemap.xml"
	}
	return source
}

func (s *site) list() string {
	var b strings.Builder
	b.WriteString(`<html><body><ul>`)
	for i := range s.pages {
		fmt.Fprintf(&b, `<li><a href="%s">第%d条</a></li>`, s.pages[i].path(), i)
	}
	b.WriteString(`</ul><a href="/calendar/2199-01/">下月</a><a href="/a/b/a/b/a/b/">更多</a><a href="/list/?f=1&f=2&f=3&f=4">筛选</a></body></html>`)
	return b.String()
}

func (s *site) feed() string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>新闻</title>`)
	for i := range s.pages {
		fmt.Fprintf(&b, `<item><title>第%d条</title><link>%s</link></item>`, i, s.pages[i].url())
	}
	b.WriteString(`</channel></rss>`)
	return b.String()
}

// sitemap is a part of two; the index is nested and names itself.
func (s *site) sitemap(from, to int) string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">`)
	for i := range s.pages[from:to] {
		fmt.Fprintf(&b, `<url><loc>%s</loc></url>`, s.pages[from+i].url())
	}
	b.WriteString(`</urlset>`)
	return b.String()
}

func (s *site) sitemapIndex(paths ...string) string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">`)
	for _, path := range paths {
		fmt.Fprintf(&b, `<sitemap><loc>http://%s%s</loc></sitemap>`, s.host, path)
	}
	b.WriteString(`</sitemapindex>`)
	return b.String()
}

// crawlDelay is what robots.txt of every seventh host asks for.
func (s *site) crawlDelay() time.Duration {
	if s.number%7 == 3 {
		return 300 * time.Millisecond
	}
	return 0
}

func (s *site) robots() string {
	rules := "User-agent: *\nDisallow: /secret/\n"
	if d := s.crawlDelay(); d > 0 {
		rules += fmt.Sprintf("Crawl-delay: %.1f\n", d.Seconds())
	}
	return rules
}
