package evaluation

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"rightsdesk/fingerprints"
	"rightsdesk/internal/extract"
)

// Placed is what became of the pages of a variant inside real saved pages, in
// the place of what stood there.
type Placed struct {
	Variant string
	Pages   int
	// Extracted counts the pages on which the article is found once the body is
	// extracted, Screened those of which the screen names it, Whole those on whose
	// whole visible text it is found.
	Extracted, Screened, Whole int
	// Lost counts the pages that the screen drops and extraction would have found.
	Lost int
}

// frame is a saved page without its article.
type frame struct{ before, after string }

const bodyMark = "rightsdesk-body"

// frames are the saved pages under pages/ that have an article in paragraphs.
func (d *Data) frames() ([]frame, error) {
	root := filepath.Join(d.dir, "pages")
	var list []frame
	err := fs.WalkDir(os.DirFS(root), ".", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".html" || filepath.Base(path) == "expected.html" {
			return err
		}
		raw, err := os.ReadFile(filepath.Join(root, path))
		if err != nil {
			return err
		}
		f, ok, err := frameOf(raw)
		if ok {
			list = append(list, f)
		}
		return err
	})
	return list, err
}

// leastParagraphs is how many characters an article has in its paragraphs.
const leastParagraphs = 200

// frameOf empties the element that has most text in paragraphs of its own.
func frameOf(raw []byte) (f frame, ok bool, err error) {
	text, _ := extract.Decode(raw, "")
	doc, err := html.Parse(strings.NewReader(text))
	if err != nil {
		return f, false, err
	}
	var body *html.Node
	most := leastParagraphs
	for n := range doc.Descendants() {
		chars := 0
		for c := range n.ChildNodes() {
			if c.Data != "p" {
				continue
			}
			for t := range c.Descendants() {
				if t.Type == html.TextNode {
					chars += len([]rune(strings.TrimSpace(t.Data)))
				}
			}
		}
		if chars > most {
			body, most = n, chars
		}
	}
	if body == nil {
		return f, false, nil
	}
	for body.FirstChild != nil {
		body.RemoveChild(body.FirstChild)
	}
	body.AppendChild(&html.Node{Type: html.TextNode, Data: bodyMark})
	var b strings.Builder
	if err := html.Render(&b, doc); err != nil {
		return f, false, err
	}
	f.before, f.after, ok = strings.Cut(b.String(), bodyMark)
	return f, ok, nil
}

// page is the saved page with a text in it, a paragraph a line.
func (f frame) page(text string) []byte {
	var b strings.Builder
	b.WriteString(f.before)
	for line := range strings.Lines(text) {
		b.WriteString("<p>" + html.EscapeString(strings.TrimSuffix(line, "\n")) + "</p>\n")
	}
	b.WriteString(f.after)
	return []byte(b.String())
}

// placed looks for the pages of a variant inside saved pages.
func (k *bench) placed(ctx context.Context, frames []frame, v variant, n int) (Placed, error) {
	const utf8 = "text/html; charset=utf-8"
	r := Placed{Variant: v.name, Pages: n}
	tries := k.tries(v, n)
	failed := make([]error, n)
	seen := make([]Placed, n)
	each(n, func(i int) {
		id := k.articles[tries[i].article].ID
		raw := frames[i%len(frames)].page(string(tries[i].page.text))
		doc, err := extract.HTML(raw, utf8, "")
		if err != nil {
			failed[i] = err
			return
		}
		title, visible, _ := extract.Screen(raw, utf8, "")
		candidates, err := k.x.Candidates(ctx, fingerprints.Page{Title: title, Text: visible})
		failed[i] = err
		has := func(text string) int {
			return indicator(slices.ContainsFunc(k.find.matches(text), func(m fingerprints.Match) bool { return m.Article == id && m.Score >= 1 }))
		}
		s := &seen[i]
		s.Extracted, s.Screened, s.Whole = has(doc.Text), indicator(slices.Contains(candidates, id)), has(visible)
		s.Lost = indicator(s.Extracted > s.Screened)
	})
	for i, s := range seen {
		if failed[i] != nil {
			return r, failed[i]
		}
		r.Extracted, r.Screened, r.Whole, r.Lost = r.Extracted+s.Extracted, r.Screened+s.Screened, r.Whole+s.Whole, r.Lost+s.Lost
	}
	return r, nil
}
