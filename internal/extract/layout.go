package extract

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"

	"rightsdesk/internal/rights"
)

// LayoutPage is one page (版面) of an issue of an e-paper.
type LayoutPage struct {
	Paper     string
	IssueDate string // 2006-01-02
	PageNo    string // as printed
	PageName  string
	Articles  []Link // the articles on this page, in the order of the page map
	Pages     []Link // the pages of the issue
	PDF       string
}

func articleHref(href string) bool {
	return articleAddress.MatchString(href)
}

// Layout reads a layout page of a Founder e-paper. The page map decides what is
// on the page: the lists beside it repeat articles of other pages. It returns an
// error of kind Invalid, beside the rest of the page, where no article is listed.
func Layout(raw []byte, contentType, base string) (*LayoutPage, error) {
	text, _ := Decode(raw[:min(len(raw), maxPage)], contentType)
	return layoutOf(parse(text), base)
}

func layoutOf(doc *html.Node, base string) (*LayoutPage, error) {
	p := page{root: doc, base: baseURL(doc, base), head: titleElement(doc)}
	props := properties(doc)
	l := &LayoutPage{Paper: firstOf(props["papername"], siteless(p.head)), PageNo: props["pagenum"]}
	all := lines(doc)
	l.IssueDate = firstOf(dayOf([]string{props["date"]}), dayOfAddress(base), dayOf(all))
	titles := make(map[string]string)
	var mapped, listed []string
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		href := attr(n, "href")
		u := p.resolve(href)
		switch {
		case u == "":
		case n.Data == "area" && articleHref(href):
			mapped = append(mapped, u)
		case n.Data == "a" && articleHref(href):
			if t := oneLine(n); runes(t) > runes(titles[u]) {
				titles[u] = t
			}
			listed = append(listed, u)
		case n.Data == "a" && (strings.EqualFold(attr(n, "id"), "pageLink") || pageAnchor.MatchString(oneLine(n))):
			l.Pages = append(l.Pages, Link{Text: oneLine(n), URL: u})
		case n.Data == "a" && l.PDF == "" && strings.HasSuffix(strings.ToLower(href), ".pdf"):
			l.PDF = u
		}
	}
	if len(mapped) == 0 {
		mapped = listed
	}
	seen := make(map[string]bool)
	for _, u := range mapped {
		if !seen[u] {
			seen[u] = true
			l.Articles = append(l.Articles, Link{Text: titles[u], URL: u})
		}
	}
	l.name(all)
	if len(l.Articles) == 0 {
		return l, rights.Errorf(rights.Invalid, "版面页中没有稿件链接")
	}
	return l, nil
}

// name finds the printed number and name; a template may set wide space between
// them.
func (l *LayoutPage) name(all []string) {
	for _, line := range all {
		m := pageLine.FindStringSubmatch(line)
		if m == nil || runes(line) > 60 {
			continue
		}
		if l.PageNo == "" || strings.TrimLeft(m[1], "0") == strings.TrimLeft(l.PageNo, "0") {
			l.PageNo, l.PageName = m[1], m[2]
			return
		}
	}
}

// founderKind is the founder-type of a page.
func founderKind(text string) string {
	_, rest, ok := strings.Cut(text, "<founder-type>")
	if !ok {
		return ""
	}
	kind, _, _ := strings.Cut(rest, "<")
	return strings.TrimSpace(kind[:min(len(kind), 8)])
}

// pageAnchor is the text of a link to a page of the issue.
var pageAnchor = regexp.MustCompile(`第\s*[A-Za-z]?\d{1,3}\s*版|^[A-Za-z]?\d{1,3}\s*版`)

var articleAddress = regexp.MustCompile(`(?:^|/)content_[\w.-]+\.(?:s?html?|htm)(?:$|[?#])`)
