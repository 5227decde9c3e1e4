package extract

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// parse builds the tree of a page after thinning the markup. It returns a
// document with the bare text where the parser still refuses.
func parse(text string) *html.Node {
	doc, err := html.Parse(strings.NewReader(thin(text)))
	if err == nil {
		return doc
	}
	doc = &html.Node{Type: html.DocumentNode}
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	doc.AppendChild(body)
	body.AppendChild(&html.Node{Type: html.TextNode, Data: bareText(text)})
	return doc
}

// thin rewrites markup so that the tree built from it is bounded. Elements that
// only set type become spans: the parser reopens unclosed ones in every later
// block, and a page of a few kilobytes can make it build millions of nodes.
func thin(text string) string {
	t := thinner{}
	t.out.Grow(len(text))
	z := html.NewTokenizer(strings.NewReader(text))
	for {
		kind := z.Next()
		switch kind {
		case html.ErrorToken:
			return t.out.String()
		case html.StartTagToken, html.SelfClosingTagToken:
			raw := len(z.Raw())
			original := string(z.Raw())
			name, more := z.TagName()
			t.start(z, string(name), original[:min(raw, maxTag+1)], more)
		case html.EndTagToken:
			name, _ := z.TagName()
			t.end(string(name))
		case html.TextToken, html.CommentToken, html.DoctypeToken:
			t.out.Write(z.Raw())
		}
	}
}

type thinner struct {
	out  strings.Builder
	open []string
	tags int
}

func (t *thinner) start(z *html.Tokenizer, name, raw string, more bool) {
	t.tags++
	plain := name
	if typographic(name) {
		plain = "span"
	}
	counted := !void(name) && !selfNesting(name)
	if t.tags > maxTags || counted && len(t.open) >= maxDepth {
		if rawText(name) {
			t.out.WriteString("<" + name + ">")
		}
		return
	}
	if counted {
		t.open = append(t.open, plain)
	}
	if plain == name && len(raw) <= maxTag {
		t.out.WriteString(raw)
		return
	}
	t.out.WriteString("<" + plain)
	for more {
		var key, value []byte
		key, value, more = z.TagAttr()
		if readAttribute(string(key)) && len(value) <= maxTag {
			t.out.WriteString(" " + string(key) + `="` + html.EscapeString(string(value)) + `"`)
		}
	}
	t.out.WriteString(">")
}

func (t *thinner) end(name string) {
	if typographic(name) {
		name = "span"
	}
	if !void(name) && !selfNesting(name) {
		at := len(t.open) - 1
		for at >= 0 && t.open[at] != name {
			at--
		}
		if at < 0 && !rawText(name) {
			return
		}
		t.open = t.open[:max(at, 0)]
	}
	t.out.WriteString("</" + name + ">")
}

// typographic lists what the HTML standard calls formatting elements, but for a.
func typographic(name string) bool {
	switch name {
	case "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u":
		return true
	}
	return false
}

func void(name string) bool { return traitsOf(name).is(empty) }

// selfNesting lists the elements that a parser closes when the next one opens.
func selfNesting(name string) bool {
	switch name {
	case "p", "li", "dd", "dt", "td", "th", "tr", "tbody", "thead", "tfoot", "option", "a", "html", "head", "body", "rt", "rp":
		return true
	}
	return false
}

// rawText lists the elements whose content is no markup: their end must stay in
// step with their start.
func rawText(name string) bool { return traitsOf(name).is(verbatim) }

func readAttribute(name string) bool {
	switch name {
	case "id", "class", "href", "rel", "name", "property", "content", "http-equiv", "itemprop", "style", "datetime", "title", "hidden":
		return true
	}
	return false
}

func bareText(text string) string {
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(text))
	skip := false
	for {
		switch z.Next() {
		case html.ErrorToken:
			return b.String()
		case html.TextToken:
			if !skip {
				b.Write(z.Text())
			}
		case html.StartTagToken:
			name, _ := z.TagName()
			skip = string(name) == "script" || string(name) == "style"
			b.WriteByte('\n')
		case html.EndTagToken:
			skip = false
			b.WriteByte('\n')
		case html.SelfClosingTagToken, html.CommentToken, html.DoctypeToken:
		}
	}
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// find returns the first element below n for which ok holds.
func find(n *html.Node, ok func(*html.Node) bool) *html.Node {
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && ok(d) {
			return d
		}
	}
	return nil
}

func byID(n *html.Node, id string) *html.Node {
	return find(n, func(e *html.Node) bool { return strings.EqualFold(attr(e, "id"), id) })
}

func byTag(n *html.Node, name string) *html.Node {
	return find(n, func(e *html.Node) bool { return e.Data == name })
}

// hidden reports whether a browser would not show the element.
func hidden(n *html.Node) bool {
	if n.Data == "head" || n.Data == "embed" || traitsOf(n.Data).is(hides) {
		return true
	}
	for _, a := range n.Attr {
		switch a.Key {
		case "hidden":
			return true
		case "style":
			style := strings.ToLower(strings.ReplaceAll(a.Val, " ", ""))
			if strings.Contains(style, "display:none") || strings.Contains(style, "visibility:hidden") {
				return true
			}
		}
	}
	return false
}

// block reports whether the element begins and ends a line.
func block(n *html.Node) bool { return traitsOf(n.Data).is(breaks) }

// walkText visits the visible text below n in order: word is called for text,
// line where a line begins or ends.
func walkText(n *html.Node, word func(*html.Node), line func()) {
	switch n.Type {
	case html.TextNode:
		word(n)
		return
	case html.ElementNode:
		if hidden(n) {
			return
		}
	case html.ErrorNode, html.DocumentNode, html.CommentNode, html.DoctypeNode, html.RawNode:
	}
	edge := n.Type == html.ElementNode && block(n)
	if edge {
		line()
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		walkText(c, word, line)
	}
	if edge {
		line()
	}
}

// lines is the visible text below n, one entry a paragraph, none empty.
func lines(n *html.Node) []string {
	var out []string
	var b strings.Builder
	flush := func() {
		if s := tidy(b.String()); s != "" {
			out = append(out, s)
		}
		b.Reset()
	}
	walkText(n, func(t *html.Node) { b.WriteString(t.Data) }, flush)
	flush()
	return out
}

// oneLine is the visible text below n on one line.
func oneLine(n *html.Node) string {
	if n == nil {
		return ""
	}
	return strings.Join(lines(n), " ")
}

// tidy joins runs of white space, ideographic and non-breaking ones included,
// and drops what has no width.
func tidy(s string) string {
	var b strings.Builder
	space := false
	for _, r := range s {
		switch {
		case r == '\u200b' || r == '\u200c' || r == '\u200d' || r == '\ufeff' || r == '\u00ad':
			continue
		case r <= ' ' || r == '\u00a0' || r == '\u3000' || r == '\u2002' || r == '\u2003' || r == '\u2009' || r == '\u0085':
			space = true
			continue
		}
		if space && b.Len() > 0 {
			b.WriteByte(' ')
		}
		space = false
		b.WriteRune(r)
	}
	return b.String()
}
