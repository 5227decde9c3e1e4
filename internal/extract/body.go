package extract

import (
	"net/url"
	"strings"
	"unicode"

	readability "codeberg.org/readeck/go-readability/v2"
	distiller "github.com/markusmobius/go-domdistiller"
	"golang.org/x/net/html"
)

// body extracts the main text three ways and takes the one that is most like
// the other two: each way fails on some pages, and seldom in the same manner.
func (p *page) body() []string {
	candidates := [][]string{p.densest()}
	if p.fitsLibraries() {
		candidates = [][]string{p.readable(), p.densest(), p.distilled()}
	}
	best, like := 0, -1.0
	grams := make([]map[string]int, len(candidates))
	for i, c := range candidates {
		grams[i] = shingles(c)
	}
	for i := range candidates {
		sum := 0.0
		for j := range candidates {
			if i != j {
				sum += overlap(grams[i], grams[j])
			}
		}
		if sum > like+1e-9 && len(grams[i]) > 0 {
			best, like = i, sum
		}
	}
	return candidates[best]
}

func (p *page) fitsLibraries() bool {
	nodes, size := 0, 0
	for n := range p.root.Descendants() {
		switch n.Type {
		case html.ElementNode:
			nodes++
		case html.TextNode:
			size += len(n.Data)
		case html.ErrorNode, html.DocumentNode, html.CommentNode, html.DoctypeNode, html.RawNode:
		}
		if nodes > maxLibNodes || size > maxLibText {
			return false
		}
	}
	return true
}

func (p *page) libraryBase() *url.URL {
	if p.base != nil {
		return p.base
	}
	return &url.URL{Scheme: "http", Host: "page.invalid", Path: "/"}
}

func (p *page) readable() (out []string) {
	defer func() {
		if recover() != nil { // a fault of the library on odd markup costs one vote, not the page
			out = nil
		}
	}()
	parser := readability.NewParser()
	parser.DisableJSONLD = true
	article, err := parser.ParseDocument(p.root, p.libraryBase())
	if err != nil || article.Node == nil {
		return nil
	}
	return lines(article.Node)
}

func (p *page) distilled() (out []string) {
	defer func() {
		if recover() != nil { // as in readable
			out = nil
		}
	}()
	result, err := distiller.Apply(p.root, &distiller.Options{OriginalURL: p.libraryBase(), SkipPagination: true})
	if err != nil || result == nil || result.Node == nil {
		return nil
	}
	return lines(result.Node)
}

// textBlock is the text between two line edges.
type textBlock struct {
	parent  *html.Node // the nearest block element around it
	chars   int
	linked  int // characters inside anchors
	anchors int
	marks   int // punctuation of sentences
}

// sentence reports whether the block reads as running text.
func (b textBlock) sentence() bool {
	return b.chars-b.linked >= 25 && b.marks > 0 && b.linked*3 < b.chars
}

func blocks(root *html.Node) []textBlock {
	var out []textBlock
	var b textBlock
	var last *html.Node
	flush := func() {
		if b.chars > 0 {
			out = append(out, b)
		}
		b = textBlock{}
		last = nil
	}
	walkText(root, func(t *html.Node) {
		inside, anchor := surroundings(t)
		if b.parent == nil {
			b.parent = inside
		}
		for _, r := range t.Data {
			switch {
			case unicode.IsLetter(r) || unicode.IsNumber(r):
				b.chars++
				if anchor != nil {
					b.linked++
				}
			case strings.ContainsRune("，。！？；、,!?;”", r):
				b.marks++
			}
		}
		if anchor != nil && anchor != last {
			b.anchors++
			last = anchor
		}
	}, flush)
	flush()
	return out
}

// surroundings returns the nearest block element around a text and the anchor
// that it stands in, if any.
func surroundings(t *html.Node) (inside, anchor *html.Node) {
	for n := t.Parent; n != nil; n = n.Parent {
		if n.Data == "a" && anchor == nil {
			anchor = n
		}
		if n.Parent == nil || block(n) {
			return n, anchor
		}
	}
	return t, anchor
}

// densest is the element with the largest balance: running text counts for it,
// links and scraps against it, so that a container stops growing where it would
// take in lists and comments.
func (p *page) densest() []string {
	balance := make(map[*html.Node]float64)
	named := make(map[*html.Node]bool)
	for _, b := range blocks(p.root) {
		worth := -0.3 * float64(b.chars)
		if b.sentence() {
			worth = float64(b.chars-b.linked) - float64(b.linked)
		} else if b.linked > 0 {
			worth = -2 * float64(b.linked)
		}
		steps := 0
		for n := b.parent; n != nil; n = n.Parent {
			aside, known := named[n]
			if !known {
				aside = beside(n)
				named[n] = aside
			}
			if aside && worth > 0 {
				worth = -worth
			}
			balance[n] += worth - float64(steps)*0.5
			steps++
		}
	}
	var best *html.Node
	for n := range p.root.Descendants() {
		if v, ok := balance[n]; ok && (best == nil || v > balance[best]) {
			best = n
		}
	}
	if best == nil {
		return p.lines
	}
	return lines(best)
}

// beside reports whether an element is named as something next to the article.
func beside(n *html.Node) bool {
	switch n.Data {
	case "footer", "nav", "aside", "form":
		return true
	case "body", "html", "article":
		return false
	}
	name := strings.ToLower(attr(n, "class") + " " + attr(n, "id"))
	for _, word := range []string{"comment", "recommend", "related", "footer", "copyright", "sidebar", "hotnews", "rank", "breadcrumb", "disclaimer", "tie-"} {
		if strings.Contains(name, word) {
			return true
		}
	}
	return false
}

// shingles counts the runs of four letters or digits.
func shingles(text []string) map[string]int {
	var rs []rune
	for _, line := range text {
		for _, r := range line {
			if unicode.IsLetter(r) || unicode.IsNumber(r) {
				rs = append(rs, r)
			}
		}
	}
	out := make(map[string]int, len(rs))
	for i := 0; i+4 <= len(rs); i++ {
		out[string(rs[i:i+4])]++
	}
	return out
}

// overlap is the harmonic mean of precision and recall of two multisets.
func overlap(a, b map[string]int) float64 {
	both, total := 0, 0
	for k, n := range a {
		both += min(n, b[k])
		total += n
	}
	for _, n := range b {
		total += n
	}
	if total == 0 {
		return 0
	}
	return 2 * float64(both) / float64(total)
}
