package fetch

import (
	"cmp"
	"net/url"
	"strings"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"rightsdesk/internal/rights"
)

// CheckSelector says what is wrong with a CSS selector.
func CheckSelector(selector string) error {
	if _, err := cascadia.ParseGroup(selector); err != nil {
		return rights.Errorf(rights.Invalid, "CSS 选择器有误：%q", selector).Because(err)
	}
	return nil
}

// selected takes the links to the page's own host in the elements of a selector.
func (c *collector) selected(ex *Exchange, selector string) error {
	chosen, err := cascadia.ParseGroup(selector)
	if err != nil {
		return rights.Errorf(rights.Invalid, "CSS 选择器有误：%q", selector).Because(err)
	}
	doc, err := html.Parse(strings.NewReader(decodeText(ex.Body, ex.Header.Get("Content-Type"))))
	if err != nil {
		return rights.Errorf(rights.Unavailable, "来源页不是可读的网页：%s", c.base.String()).Because(err)
	}
	self, err := Canonical(ex.FinalURL)
	if err != nil {
		return err
	}
	base := c.base
	for n := range doc.Descendants() {
		if u, ok := resolve(c.base, attr(n.Attr, "href")); n.DataAtom == atom.Base && ok {
			base = u
			break
		}
	}
	for _, element := range cascadia.QueryAll(doc, chosen) {
		c.anchor(element, base, self)
		for n := range element.Descendants() {
			c.anchor(n, base, self)
		}
	}
	if len(c.entries) == 0 {
		return rights.Errorf(rights.Invalid, "选择器 %q 在来源页上没有选中任何链接：%s", selector, c.base.String())
	}
	return nil
}

func (c *collector) anchor(n *html.Node, base *url.URL, self string) {
	if n.DataAtom != atom.A && n.DataAtom != atom.Area {
		return
	}
	var title strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode && title.Len() < 4*maxTitle {
			title.WriteString(d.Data)
		}
	}
	e := Entry{URL: attr(n.Attr, "href"), Title: title.String()}
	if strings.TrimSpace(e.Title) == "" {
		e.Title = cmp.Or(attr(n.Attr, "title"), attr(n.Attr, "alt"))
	}
	c.listed(base, self, e)
}
