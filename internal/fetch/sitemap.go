package fetch

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"time"

	"golang.org/x/net/html/charset"

	"rightsdesk/internal/rights"
)

// sitemap reads the sitemap protocol's three forms.
func (c *collector) sitemap(body []byte) error {
	plain, err := unpack(body)
	if err != nil {
		return rights.Errorf(rights.Invalid, "站点地图压缩有误：%s", c.base.String()).Because(err)
	}
	plain = bytes.TrimSpace(bytes.TrimPrefix(plain, []byte("\xef\xbb\xbf")))
	if !bytes.HasPrefix(plain, []byte("<")) {
		return c.textSitemap(plain)
	}
	d := xml.NewDecoder(bytes.NewReader(plain))
	d.Strict = false
	d.CharsetReader = charset.NewReaderLabel
	root, err := c.sitemapElements(d)
	if err != nil {
		return rights.Errorf(rights.Invalid, "站点地图的 XML 有误：%s", c.base.String()).Because(err)
	}
	if root != "urlset" && root != "sitemapindex" {
		return rights.Errorf(rights.Invalid, "不是站点地图（根元素 %q）：%s", root, c.base)
	}
	return nil
}

func (c *collector) textSitemap(plain []byte) error {
	for line := range bytes.Lines(plain) {
		if _, err := parseTarget(string(line)); err == nil {
			c.add(c.base, Entry{URL: string(line)})
		}
	}
	if len(c.entries) == 0 {
		return rights.Errorf(rights.Invalid, "不是站点地图：%s", c.base)
	}
	return nil
}

// sitemapElements walks the tokens and keeps no tree, so depth costs nothing.
func (c *collector) sitemapElements(d *xml.Decoder) (root string, err error) {
	var e Entry
	var text strings.Builder
	inside := false
	for !c.full() {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return root, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			text.Reset()
			if root == "" {
				root = t.Name.Local
			}
			if name := t.Name.Local; name == "url" || name == "sitemap" {
				e, inside = Entry{Sitemap: name == "sitemap"}, true
			}
		case xml.CharData:
			text.Write(t)
		case xml.EndElement:
			if !inside {
				continue
			}
			if name := t.Name.Local; name == "url" || name == "sitemap" {
				c.add(c.base, e)
				inside = false
				continue
			}
			e.take(t.Name, strings.TrimSpace(text.String()))
			text.Reset()
		}
	}
	return root, nil
}

func (e *Entry) take(name xml.Name, text string) {
	switch name.Local {
	case "loc":
		// image:loc and video:loc name pictures.
		if e.URL == "" && !strings.Contains(name.Space, "image") && !strings.Contains(name.Space, "video") {
			e.URL = text
		}
	case "lastmod":
		if e.PublishedAt.IsZero() {
			e.PublishedAt = w3cTime(text)
		}
	case "publication_date":
		if at := w3cTime(text); !at.IsZero() {
			e.PublishedAt = at
		}
	case "title":
		if e.Title == "" {
			e.Title = text
		}
	}
}

// w3cTime reads the dates of the sitemap protocol; one without an offset is
// China's, as on a Chinese page.
func w3cTime(s string) time.Time {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02"} {
		if at, err := time.ParseInLocation(layout, s, time.FixedZone("", 8*60*60)); err == nil {
			return at
		}
	}
	return time.Time{}
}
