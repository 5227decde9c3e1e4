package fetch

import (
	"bytes"
	"net/url"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// list takes the links of an HTML page to its own host. Tokens are enough, and
// unlike a tree they have no depth that a page could blow up.
func (c *collector) list(ex *Exchange) error {
	z := html.NewTokenizer(strings.NewReader(decodeText(ex.Body, ex.Header.Get("Content-Type"))))
	z.SetMaxBuf(1 << 20)
	self, err := Canonical(ex.FinalURL)
	if err != nil {
		return err
	}
	base := c.base
	var link, hint string
	var title strings.Builder
	flush := func() {
		if link != "" {
			if strings.TrimSpace(title.String()) == "" {
				title.WriteString(hint)
			}
			c.listed(base, self, Entry{URL: link, Title: title.String()})
		}
		link, hint = "", ""
		title.Reset()
	}
	for !c.full() {
		kind := z.Next()
		if kind == html.ErrorToken {
			break
		}
		switch token := z.Token(); {
		case kind == html.TextToken:
			if link != "" && title.Len() < 4*maxTitle {
				title.WriteString(token.Data)
			}
		case token.DataAtom == atom.A:
			flush()
			if kind == html.StartTagToken {
				link, hint = attr(token.Attr, "href"), attr(token.Attr, "title")
			}
		case kind == html.EndTagToken:
		case token.DataAtom == atom.Area:
			c.listed(base, self, Entry{URL: attr(token.Attr, "href"), Title: attr(token.Attr, "alt")})
		case token.DataAtom == atom.Base && base == c.base:
			if u, ok := resolve(c.base, attr(token.Attr, "href")); ok {
				base = u
			}
		}
	}
	flush()
	return nil
}

func (c *collector) listed(base *url.URL, self string, e Entry) {
	u, ok := resolve(base, e.URL)
	if !ok || u.Host != c.base.Host || !isPageName(u) {
		return
	}
	if key, err := Canonical(u.String()); err != nil || key == self {
		return
	}
	c.add(base, e)
}

func attr(attributes []html.Attribute, name string) string {
	for _, a := range attributes {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// isUTF8 lets a few damaged characters pass: pages are cut in the middle of one.
func isUTF8(body []byte) bool {
	good, bad := 0, 0
	for len(body) > 0 {
		r, size := utf8.DecodeRune(body)
		if r == utf8.RuneError && size == 1 {
			bad++
		} else if size > 1 {
			good++
		}
		body = body[size:]
	}
	return bad == 0 || bad*50 < good
}

// decodeText reads titles well enough to show them. UTF-8 is UTF-8
// whatever the page claims; what calls itself GB2312 or GBK, or is not told apart, is read as
// GB18030, their superset.
func decodeText(body []byte, contentType string) string {
	if isUTF8(body) {
		return strings.ToValidUTF8(string(body), "\uFFFD")
	}
	encoding, name, _ := charset.DetermineEncoding(body, contentType)
	if name != "big5" && name != "utf-16le" && name != "utf-16be" {
		encoding = simplifiedchinese.GB18030
	}
	if text, err := encoding.NewDecoder().Bytes(body); err == nil {
		return string(text)
	}
	return string(bytes.ToValidUTF8(body, []byte("\uFFFD")))
}
