package extract_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/net/html"

	"rightsdesk/internal/extract"
)

// writer makes a well-formed page of what it is fed.
type writer struct {
	feed []byte
	page strings.Builder
}

func (w *writer) next(n int) int {
	if len(w.feed) == 0 {
		return 0
	}
	c := int(w.feed[0])
	w.feed = w.feed[1:]
	return c % n
}

func (w *writer) content(depth int) {
	texts := []string{"江畔新桥", "a < b", "&lt;p&gt;", "&#x6865;", "&nbsp;", " \n ", "&ldquo;桥&rdquo;", "&amp;amp;", "　", "&copy", "𠮷", "x&y;", "\u200b", "&#160;&#8203;", "桥&#0;", "é&eacute;"}
	attributes := []string{"", " class=x", ` title="a > b"`, ` data-x='"<p>"'`, " disabled", "\n\t", ` href=/x/`, ` style="color: red"`, " hidden", ` STYLE='display: none'`}
	nesting := []string{"div", "SPAN", "b", "ul", "section", "FONT", "x-y", "template", "founder-content", "article"}
	single := []string{"p", "a", "li", "h1", "svg", "select", "Option", "button"} // may not hold everything
	for len(w.feed) > 0 {
		switch w.next(9) {
		case 0:
			return
		case 1:
			w.page.WriteString([]string{"<br>", "<BR/>", "<hr class='>'>", "<img alt='字'>", `<input type="hidden" value="字">`}[w.next(5)])
		case 2:
			w.page.WriteString([]string{"<!-- <p>字 -->", "<!---->", "<!-- a -- b > -->", "<!doctype html>", "<?xml a?>", "<![if x]>"}[w.next(6)])
		case 3:
			w.page.WriteString([]string{"<script>'</p>字<b>'</script>", "<style>p > b {}</style>", "<noscript><p>字</p></noscript>", "<textarea><p>&lt;</textarea>", "<title>字</title>", "<script><!-- <script>字</script> --></script>"}[w.next(6)])
		case 4, 5:
			if name := nesting[w.next(len(nesting))]; depth < 20 {
				w.page.WriteString("<" + name + attributes[w.next(len(attributes))] + ">")
				w.content(depth + 1)
				w.page.WriteString("</" + name + ">")
			}
		case 6:
			name := single[w.next(len(single))]
			w.page.WriteString("<" + name + attributes[w.next(len(attributes))] + ">" + texts[w.next(len(texts))] + "<x-z>字</x-z></" + name + ">")
		default:
			w.page.WriteString(texts[w.next(len(texts))])
		}
	}
}

// tokenText is the visible text of a well-formed page by the tokens of a
// tokenizer, without white space.
func tokenText(page string) string {
	var out strings.Builder
	hides, raw := 0, false
	z := html.NewTokenizer(strings.NewReader(page))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return squeezed(out.String())
		case html.TextToken:
			if hides == 0 && !raw {
				out.WriteString(z.Token().Data)
			}
			raw = false
		case html.StartTagToken:
			switch token := z.Token(); token.Data {
			case "script", "style", "noscript", "textarea", "title":
				raw = true
			case "br", "hr", "img", "input":
			default:
				concealed := slices.Contains([]string{"svg", "select", "option", "template"}, token.Data)
				for _, a := range token.Attr {
					concealed = concealed || a.Key == "hidden" || a.Key == "style" && strings.Contains(a.Val, "none")
				}
				if concealed || hides > 0 {
					hides++
				}
			}
		case html.EndTagToken:
			switch name, _ := z.TagName(); string(name) {
			case "script", "style", "noscript", "textarea", "title":
				raw = false
			default:
				hides = max(hides-1, 0)
			}
		case html.SelfClosingTagToken, html.CommentToken, html.DoctypeToken:
		}
	}
}

func squeezed(s string) string {
	return strings.NewReplacer(" ", "", "\n", "", "\t", "", "\u00a0", "", "\u3000", "", "\u200b", "").Replace(s)
}

// FuzzScreenWellFormed compares the text of well-formed pages with that of a
// tokenizer of the HTML standard.
func FuzzScreenWellFormed(f *testing.F) {
	f.Add([]byte("0123456789 the quick brown fox jumps over the lazy dog"))
	for seed := range 64 {
		feed := make([]byte, 400)
		for i := range feed {
			feed[i] = byte((i*i*7+i*31+seed*97)>>2 | 1)
		}
		f.Add(feed)
	}
	f.Fuzz(func(t *testing.T, feed []byte) {
		w := writer{feed: feed}
		for len(w.feed) > 0 {
			w.content(0)
		}
		page := w.page.String()
		_, text, _ := extract.Screen([]byte(page), "text/html; charset=utf-8", realBase)
		if got, want := squeezed(text), tokenText(page); got != want {
			t.Fatalf("%s\ngot  %q\nwant %q", page, got, want)
		}
	})
}

// FuzzScreen holds the screen to what every page gets: valid text of whole,
// tidied lines, and links that are addresses.
func FuzzScreen(f *testing.F) {
	f.Add([]byte(reprint), "")
	f.Add([]byte("<div hidden><table><td><a href='http:'>&#x;</a><svg/><!--"), "text/html; charset=gbk")
	f.Add([]byte("\xd5\xfd\xce\xc4<\xd5<title>\x81\x30\x81\x30&"), "text/html; charset=gb2312")
	f.Fuzz(func(t *testing.T, raw []byte, header string) {
		title, text, links := extract.Screen(raw, header, realBase)
		if !utf8.ValidString(title + text) {
			t.Fatalf("%q %q", title, text)
		}
		for line := range strings.Lines(text) {
			if line = strings.TrimSuffix(line, "\n"); line == "" || line != strings.TrimSpace(line) {
				t.Fatalf("line %q of %q", line, text)
			}
		}
		for _, l := range links {
			if !strings.HasPrefix(l.URL, "http") || !utf8.ValidString(l.Text) {
				t.Fatalf("%q", l)
			}
		}
	})
}

// FuzzResolve compares addresses that were not parsed with those that were.
func FuzzResolve(f *testing.F) {
	for _, base := range []string{"https://site.example/news/1.html", "http://site.example", "https://site.example/a/../b//c/", "", "https://u@site.example:81/x"} {
		for _, href := range []string{"", "#x", "/a/b.html?x=1#y", "//h.example", "//h.example?q", "http://h.example/./a", "HTTP://h.example", "http:", "https:a", "x.html", "../x", "a//b", "a:b", "?x", "/?", "http://h.example/%e6#%zz", "/桥?桥", "mailto:a@b", "a b", "/a\x01", "//", "///a", "http://h.example:80/a", "/a?b#c#d"} {
			f.Add(base, href)
		}
	}
	f.Fuzz(func(t *testing.T, base, href string) {
		if fast, slow := extract.Resolve(base, href); fast != slow {
			t.Fatalf("%q on %q is %q, want %q", href, base, fast, slow)
		}
	})
}
