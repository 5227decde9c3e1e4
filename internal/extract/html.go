package extract

import (
	"net/url"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"

	"rightsdesk/internal/rights"
)

// HTML reads a page. contentType is the header's value and base the page's
// address; either may be empty. It returns an error of kind Invalid where there
// is no text at all.
func HTML(raw []byte, contentType, base string) (*Document, error) {
	raw = raw[:min(len(raw), maxPage)]
	text, charset := Decode(raw, contentType)
	doc := parse(text)
	p := page{root: doc, base: baseURL(doc, base), head: titleElement(doc)}
	d := &Document{Charset: charset, Declared: declared(raw, contentType)}
	d.Kind = p.kind(text)
	d.Links = p.links()
	d.Canonical = p.canonical()
	d.Next = p.next(d.Links)
	all := lines(doc)
	if len(all) == 0 {
		return d, rights.Errorf(rights.Invalid, "页面中没有可见文字")
	}
	p.lines = all
	d.Title = p.title()
	d.Reservations = reservationLines(all)
	if f, ok := founderDocument(doc); ok && d.Kind == KindArticle {
		d.fromArticle(f)
		return d, nil
	}
	switch d.Kind {
	case KindLayout:
		d.Text = strings.Join(all, "\n")
		return d, nil
	case KindArticle, KindList, KindOther:
	}
	body := p.body()
	p.meta(d, body)
	d.Text = strings.Join(trimBody(body, d.Title), "\n")
	return d, nil
}

// page is a parsed page while it is read.
type page struct {
	root  *html.Node
	base  *url.URL
	head  string // the text of <title>
	lines []string
}

func titleElement(doc *html.Node) string {
	t := find(doc, func(n *html.Node) bool {
		return n.Data == "title" && (n.Parent == nil || n.Parent.Data != "svg")
	})
	if t == nil || t.FirstChild == nil {
		return ""
	}
	return tidy(t.FirstChild.Data)
}

func baseURL(doc *html.Node, base string) *url.URL {
	own := ""
	if b := byTag(doc, "base"); b != nil {
		own = attr(b, "href")
	}
	return baseOf(base, own)
}

// baseOf is what addresses are relative to: the page's, as its base element
// changes it, or nil where that is not known.
func baseOf(page, own string) *url.URL {
	u, err := url.Parse(page)
	if err != nil || u.Host == "" {
		u = nil
	}
	if own == "" {
		return u
	}
	b, err := url.Parse(own)
	switch {
	case err != nil:
		return u
	case u != nil:
		return u.ResolveReference(b)
	case b.Host != "":
		return b
	}
	return nil
}

// resolve makes an address absolute where the base is known; it is empty for
// anything but http and https.
func (p *page) resolve(href string) string {
	href = strings.TrimSpace(href)
	u, err := url.Parse(href)
	if href == "" || strings.HasPrefix(href, "#") || err != nil {
		return ""
	}
	if p.base != nil {
		u = p.base.ResolveReference(u)
	}
	switch u.Scheme {
	case "http", "https":
	case "":
		if p.base != nil {
			return ""
		}
	default:
		return ""
	}
	u.Fragment = ""
	return u.String()
}

func (p *page) links() []Link {
	var out []Link
	seen := make(map[Link]bool)
	for n := range p.root.Descendants() {
		if n.Type != html.ElementNode || n.Data != "a" && n.Data != "area" {
			continue
		}
		link := Link{URL: p.resolve(attr(n, "href"))}
		if link.URL == "" {
			continue
		}
		link.Text = oneLine(n)
		if link.Text == "" {
			link.Text = tidy(attr(n, "title"))
		}
		if !seen[link] {
			seen[link] = true
			out = append(out, link)
		}
		if len(out) == maxLinks {
			break
		}
	}
	return out
}

func (p *page) canonical() string {
	n := find(p.root, func(n *html.Node) bool { return n.Data == "link" && hasWord(attr(n, "rel"), "canonical") })
	if n == nil {
		return ""
	}
	return p.resolve(attr(n, "href"))
}

func hasWord(list, word string) bool {
	for w := range strings.FieldsSeq(strings.ToLower(list)) {
		if w == word {
			return true
		}
	}
	return false
}

// next finds where the text goes on. Only the same host counts, and never the
// page itself.
func (p *page) next(links []Link) string {
	n := find(p.root, func(n *html.Node) bool { return (n.Data == "link" || n.Data == "a") && hasWord(attr(n, "rel"), "next") })
	if n != nil {
		if u := p.resolve(attr(n, "href")); p.continues(u) {
			return u
		}
	}
	for _, l := range links {
		if continuation(l.Text) && p.continues(l.URL) {
			return l.URL
		}
	}
	return ""
}

func continuation(text string) bool {
	text = strings.Trim(text, " >»›→[]【】()（）.…")
	switch text {
	case "下一页", "下页", "后一页", "下一頁", "下頁", "余下全文", "阅读余下全文", "餘下全文", "点击阅读全文", "阅读全文", "查看全文", "展开全文", "点击查看全文", "next page", "Next Page":
		return true
	}
	return false
}

func (p *page) continues(address string) bool {
	if address == "" {
		return false
	}
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	if p.base == nil {
		return u.Host == ""
	}
	own := *p.base
	own.Fragment = ""
	return strings.EqualFold(u.Host, own.Host) && u.String() != own.String()
}

// kind decides what sort of page this is from its marks and from the share of
// its text that stands in links.
func (p *page) kind(text string) Kind {
	if founderKind(text) == founderLayout || p.mapAreas() >= 2 {
		return KindLayout
	}
	if founderBody(p.root) != nil {
		return KindArticle
	}
	total, linked, sentences := 0, 0, 0
	anchors := 0
	for _, b := range blocks(p.root) {
		total += b.chars
		linked += b.linked
		anchors += b.anchors
		if b.sentence() {
			sentences += b.chars - b.linked
		}
	}
	switch {
	case sentences >= 150 || sentences >= 60 && sentences*4 >= total-linked:
		return KindArticle
	case anchors >= 10 && linked*2 >= total:
		return KindList
	}
	return KindOther
}

// mapAreas counts the articles in the page map of an e-paper.
func (p *page) mapAreas() int {
	n := 0
	for e := range p.root.Descendants() {
		if e.Type == html.ElementNode && e.Data == "area" && articleHref(attr(e, "href")) {
			n++
		}
	}
	return n
}

func runes(s string) int { return utf8.RuneCountInString(s) }
