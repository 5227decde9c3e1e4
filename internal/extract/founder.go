package extract

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"rightsdesk/internal/rights"
)

const (
	founderLayout = "2"
)

// properties reads the tags of the <!--enpproperty ...--> comment.
func properties(doc *html.Node) map[string]string {
	out := make(map[string]string)
	for n := range doc.Descendants() {
		if n.Type != html.CommentNode || !strings.Contains(n.Data, "enpproperty") {
			continue
		}
		z := html.NewTokenizer(strings.NewReader(strings.Replace(n.Data, "enpproperty", "", 1)))
		name := ""
		for kind := z.Next(); kind != html.ErrorToken; kind = z.Next() {
			switch kind {
			case html.StartTagToken:
				tag, _ := z.TagName()
				name = strings.TrimPrefix(string(tag), "founder-")
			case html.TextToken:
				if s := tidy(string(z.Text())); s != "" && name != "" && out[name] == "" {
					out[name] = s
				}
			case html.EndTagToken:
				name = ""
			case html.ErrorToken, html.SelfClosingTagToken, html.CommentToken, html.DoctypeToken:
			}
		}
	}
	return out
}

// founderBody is the element that holds an article of a Founder e-paper: the
// element #ozoom or founder-content, or what stands between enpcontent comments,
// gathered under one node.
func founderBody(doc *html.Node) *html.Node {
	var content, ozoom *html.Node
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if n.Data == "founder-content" && runes(oneLine(n)) > runes(oneLineOrNone(content)) {
			content = n
		}
		if strings.EqualFold(attr(n, "id"), "ozoom") && ozoom == nil {
			ozoom = n
		}
	}
	if content != nil && oneLine(content) != "" {
		return content
	}
	if marked := betweenMarks(doc); marked != nil {
		return marked
	}
	if ozoom != nil && oneLine(ozoom) != "" {
		return ozoom
	}
	return nil
}

func oneLineOrNone(n *html.Node) string {
	if n == nil {
		return ""
	}
	return oneLine(n)
}

// betweenMarks copies the text between the first <!--enpcontent--> and the last
// <!--/enpcontent-->, paragraph by paragraph.
func betweenMarks(doc *html.Node) *html.Node {
	var first, last *html.Node
	for n := range doc.Descendants() {
		if n.Type != html.CommentNode {
			continue
		}
		switch strings.ToLower(strings.TrimSpace(n.Data)) {
		case "enpcontent":
			if first == nil {
				first = n
			}
		case "/enpcontent":
			last = n
		}
	}
	if first == nil || last == nil {
		return nil
	}
	inside := make(map[*html.Node]bool)
	on := false
	for n := range doc.Descendants() {
		if n == first {
			on = true
		}
		if n == last {
			break
		}
		if on && n.Type == html.TextNode {
			inside[n] = true
		}
	}
	root := &html.Node{Type: html.ElementNode, Data: "div"}
	var b strings.Builder
	flush := func() {
		if s := tidy(b.String()); s != "" {
			p := &html.Node{Type: html.ElementNode, Data: "p"}
			p.AppendChild(&html.Node{Type: html.TextNode, Data: s})
			root.AppendChild(p)
		}
		b.Reset()
	}
	walkText(doc, func(t *html.Node) {
		if inside[t] {
			b.WriteString(t.Data)
		}
	}, flush)
	flush()
	if root.FirstChild == nil {
		return nil
	}
	return root
}

// founderPage reads an article page; ok is false where the page has no mark of
// a Founder e-paper.
func founderPage(doc *html.Node, opt Options) (a *rights.Article, ok bool) {
	body := founderBody(doc)
	if body == nil {
		return nil, false
	}
	props := properties(doc)
	a = &rights.Article{URL: opt.BaseURL, Paper: firstOf(props["papername"], opt.Paper)}
	all := lines(doc)
	a.Headline = firstOf(oneLine(byTag(doc, "founder-title")), props["title"], oneLine(byID(doc, "NewsArticleTitle")), headingOf(doc))
	a.Subtitle = strings.TrimLeft(firstOf(oneLine(byTag(doc, "founder-subtitle")), props["subtitle"], oneLine(byID(doc, "NewsArticleSubTitle"))), "—- ")
	a.Kicker = firstOf(oneLine(byTag(doc, "founder-introtitle")), props["introtitle"], oneLine(byID(doc, "NewsArticleIntroTitle")))
	author := firstOf(oneLine(byTag(doc, "founder-author")), props["author"], oneLine(byID(doc, "NewsArticleAuthor")))
	if credit, names, found := creditLine(author); found {
		a.CreditLine, a.Bylines = credit, names
	} else if author != "" {
		a.Bylines = creditNames(author)
	}
	if s := props["sourcename"]; s != "" && a.CreditLine == "" && s != a.Paper {
		a.CreditLine = "来源：" + s
	}
	if u := props["url"]; strings.HasPrefix(u, "http") {
		a.URL = u
	}
	no, name := printedPage([]string{oneLine(byID(doc, "NewsEditionNumber"))}, all)
	a.PageNo, a.PageName = firstOf(no, props["pagenum"]), name
	a.IssueDate = firstOf(dayOf([]string{props["date"]}), opt.IssueDate, dayOfAddress(opt.BaseURL), dayOf(all))
	founderText(a, lines(body), all)
	complete(a, opt)
	return a, true
}

func founderText(a *rights.Article, body, all []string) {
	body = once(body)
	for len(body) > 1 && (squeeze(body[0]) == squeeze(a.Headline) || a.Subtitle != "" && squeeze(strings.TrimLeft(body[0], "—- ")) == squeeze(a.Subtitle)) {
		body = body[1:]
	}
	a.Paragraphs = slices.Clone(body)
	credit := a.CreditLine
	a.CreditLine = ""
	dropCredit(a)
	if a.CreditLine == "" {
		a.CreditLine = credit
	}
	takeReservation(a)
	for _, line := range all {
		if runes(line) < 400 && reserves(line) && !slices.Contains(body, line) {
			a.Reservations = append(a.Reservations, siteReservation(line))
		}
	}
}

// once returns one copy of a body that a page prints twice.
func once(body []string) []string {
	if n := len(body) / 2; len(body) > 1 && len(body)%2 == 0 && slices.Equal(body[:n], body[n:]) {
		return body[:n]
	}
	return body
}

func headingOf(doc *html.Node) string {
	for _, tag := range []string{"h1", "h2"} {
		if s := oneLine(byTag(doc, tag)); s != "" {
			return s
		}
	}
	return siteless(titleElement(doc))
}

// dayOfAddress reads /2022-01/11/ or /202201/11/ in an address.
func dayOfAddress(address string) string {
	m := addressDay.FindStringSubmatch(address)
	if m == nil {
		return ""
	}
	return m[1] + "-" + m[2] + "-" + m[3]
}

func firstOf(choices ...string) string {
	for _, c := range choices {
		if c = tidy(c); c != "" {
			return c
		}
	}
	return ""
}

var addressDay = regexp.MustCompile(`/((?:19|20)\d{2})-?(\d{2})/(\d{2})/`)
