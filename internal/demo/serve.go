package demo

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"html/template"
	"net"
	"net/http"
	"strings"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"rightsdesk/internal/rights"
)

// Hosts are the host names that [Sample.Handler] answers to.
func (s *Sample) Hosts() []string {
	hosts := []string{EPaperHost}
	for _, site := range s.Sites {
		hosts = append(hosts, site.Host)
	}
	return hosts
}

// Handler serves every site and the paper's e-paper by host name.
func (s *Sample) Handler() (http.Handler, error) {
	files := map[string]file{} // by host and path
	sheets, err := s.ePaper()
	if err != nil {
		return nil, err
	}
	for name, b := range sheets {
		files[EPaperHost+issuePath+name] = file{b, "text/html; charset=utf-8"}
	}
	t, err := template.ParseFS(content, "templates/sites/*.html")
	if err != nil {
		return nil, err
	}
	for _, site := range s.Sites {
		if err := s.render(site, t, files); err != nil {
			return nil, fmt.Errorf("site %s: %w", site.ID, err)
		}
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := r.Host
		if name, _, err := net.SplitHostPort(host); err == nil {
			host = name
		}
		f, ok := files[strings.ToLower(host)+r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		sum := sha256.Sum256(f.body)
		w.Header().Set("Content-Type", f.kind)
		w.Header().Set("ETag", `"`+hex.EncodeToString(sum[:8])+`"`)
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(f.body))
	}), nil
}

type file struct {
	body []byte
	kind string // media type
}

// view is what the template of a site's page is given.
type view struct {
	Site    *Site
	Page    *Page // nil on a list
	Pages   []*Page
	Related []*Page // own stories of the site
	Blocks  []Block
	Part    int
	Replies []reply
}

type reply struct{ Name, Text string }

// Previous is the path of the part before this one, or empty.
func (v view) Previous() string {
	if v.Part < 2 {
		return ""
	}
	return v.Page.PartPath(v.Part - 1)
}

// Next is the path of the part after this one, or empty.
func (v view) Next() string {
	if v.Part >= len(v.Page.Parts) {
		return ""
	}
	return v.Page.PartPath(v.Part + 1)
}

// render puts everything that a site serves into files.
func (s *Sample) render(site *Site, t *template.Template, files map[string]file) error {
	v := view{Site: site}
	for _, p := range s.Pages {
		if p.Site == site {
			v.Pages = append(v.Pages, p)
			if p.Expect == nil && !p.Refused {
				v.Related = append(v.Related, p)
			}
		}
	}
	for _, p := range v.Pages {
		v.Page, v.Replies = p, nil
		for _, c := range p.Comments {
			name, text, _ := strings.Cut(c, ": ")
			v.Replies = append(v.Replies, reply{name, text})
		}
		for i, blocks := range p.Parts {
			v.Blocks, v.Part = blocks, i+1
			if err := site.page(t, site.Layout+".html", p.PartPath(i+1), v, files); err != nil {
				return err
			}
		}
	}
	robots := site.Robots
	if robots == "" {
		robots = "User-agent: *\nDisallow: /admin/\n"
	}
	files[site.Host+"/robots.txt"] = file{[]byte(robots), "text/plain; charset=utf-8"}
	v.Page = nil
	if err := site.page(t, "list.html", "/", v, files); err != nil {
		return err
	}
	return site.list(t, v, files)
}

func (site *Site) page(t *template.Template, name, path string, v view, files map[string]file) error {
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, name, v); err != nil {
		return err
	}
	f := file{b.Bytes(), "text/html; charset=utf-8"}
	if site.Charset == "gb18030" {
		encoded, err := simplifiedchinese.GB18030.NewEncoder().Bytes(f.body)
		if err != nil {
			return err
		}
		f = file{encoded, "text/html"}
	}
	files[site.Host+path] = f
	return nil
}

func (site *Site) list(t *template.Template, v view, files map[string]file) error {
	var document any
	kind := "application/xml; charset=utf-8"
	switch site.Kind {
	case "list":
		return site.page(t, "list.html", site.List, v, files)
	case "feed":
		document, kind = site.feed(v.Pages), "application/rss+xml; charset=utf-8"
	case "sitemap":
		document = sitemap(v.Pages)
	default:
		return nil
	}
	b, err := xml.MarshalIndent(document, "", "  ")
	if err != nil {
		return err
	}
	files[site.Host+site.List] = file{append([]byte(xml.Header), b...), kind}
	return nil
}

type rss struct {
	XMLName xml.Name  `xml:"rss"`
	Version string    `xml:"version,attr"`
	Title   string    `xml:"channel>title"`
	Link    string    `xml:"channel>link"`
	About   string    `xml:"channel>description"`
	Items   []rssItem `xml:"channel>item"`
}

type rssItem struct {
	Title string `xml:"title"`
	Link  string `xml:"link"`
	Date  string `xml:"pubDate"`
}

func (site *Site) feed(pages []*Page) rss {
	feed := rss{Version: "2.0", Title: site.Name, Link: "http://" + site.Host + "/", About: site.Slogan}
	for _, p := range pages {
		feed.Items = append(feed.Items, rssItem{p.Title, p.URL(), p.at().Format(time.RFC1123Z)})
	}
	return feed
}

type urlset struct {
	XMLName xml.Name     `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
	URLs    []sitemapURL `xml:"url"`
}

type sitemapURL struct {
	Loc     string `xml:"loc"`
	LastMod string `xml:"lastmod"`
}

func sitemap(pages []*Page) urlset {
	var set urlset
	for _, p := range pages {
		set.URLs = append(set.URLs, sitemapURL{p.URL(), p.at().Format(time.RFC3339)})
	}
	return set
}

// at is the printed date as an instant; the zero instant where it is none.
func (p *Page) at() time.Time {
	at, err := time.ParseInLocation("2006-01-02 15:04", p.Date, rights.China)
	if err != nil {
		return time.Time{}
	}
	return at
}
