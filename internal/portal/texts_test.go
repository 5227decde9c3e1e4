package portal_test

import (
	"io/fs"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/net/html"

	"rightsdesk/internal/claims"
	"rightsdesk/internal/locale"
	"rightsdesk/internal/rights"
)

func han(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) || r == '：' || r == '，' || r == '。' })
}

// Every text of the templates goes through t, and has an English one.
func TestTemplatesHaveEnglish(t *testing.T) {
	call := regexp.MustCompile(`\bt "([^"]*)"`)
	names, err := fs.Glob(os.DirFS("."), "templates/*.html")
	if err != nil || len(names) < 6 {
		t.Fatal(names, err)
	}
	texts := 0
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range call.FindAllStringSubmatch(string(b), -1) {
			texts++
			if !locale.English(m[1]) {
				t.Errorf("%s: no English for %q", name, m[1])
			}
		}
		rest := strings.ReplaceAll(call.ReplaceAllString(string(b), ""), `"中文"`, "")
		for i, line := range strings.Split(rest, "\n") {
			if han(line) {
				t.Errorf("%s:%d: a text that is not translated: %s", name, i+1, line)
			}
		}
	}
	if texts < 100 {
		t.Errorf("only %d texts were found", texts)
	}
}

// In English no page says a word of Chinese but what is marked as Chinese, and
// in both languages every input has a label and every ID is there once.
func TestPagesAreWhole(t *testing.T) {
	s := open(t, 100)
	counsel := rights.Actor{Login: "su", Name: "Su", Role: rights.RoleCounsel}
	given := func() url.Values {
		v := complete()
		v.Set("page", "an old page")
		v.Set("article", "-")
		v["wrongs"] = []string{"copied", "credit", "altered", "unpaid", "link"}
		v["asked"] = []string{"remove", "credit", "correct", "pay", "apology", "unlink"}
		v.Set("claimant.agent", "Zhou")
		v.Set("claimant.authority", "to file")
		return v
	}
	proofs := []upload{pdf("identity", "a.pdf"), pdf("ownership", "b.pdf"), pdf("authority", "c.pdf")}
	decided := func(name string) string {
		path := s.file(t, given(), proofs...)
		list, _, err := s.office.List(t.Context(), rights.ClaimSubmitted, 1, 0)
		if err != nil || len(list) != 1 {
			t.Fatal(list, err)
		}
		moves := []claims.Move{{Name: "ask", Reason: "unclear", Missing: []string{"the cover"}}}
		if name != "ask" {
			moves = []claims.Move{{Name: "assess"}, {Name: name, Reason: "because", Remedies: "nothing"}}
		}
		for _, m := range moves {
			if _, err := s.office.Move(t.Context(), counsel, list[0].ID, m); err != nil {
				t.Fatal(err)
			}
		}
		return path
	}
	pages := map[string]func(lang string) answer{}
	for _, path := range []string{"/", "/privacy", "/claim", decided("ask"), decided("uphold"), decided("uphold_part"), decided("reject"), s.file(t, given()), s.file(t, given(), proofs...)} {
		pages[path] = func(lang string) answer { return s.get(t, path+"?lang="+lang) }
	}
	withdrawn := s.file(t, given())
	s.post(t, withdrawn+"/withdraw", url.Values{"reason": {"settled"}})
	pages["withdrawn"] = func(lang string) answer { return s.get(t, withdrawn+"?lang="+lang) }
	deficient := s.file(t, given())
	pages["not completed"] = func(lang string) answer {
		return s.post(t, deficient+"/complete?lang="+lang, url.Values{}, upload{"identity", "a.txt", []byte("x")})
	}
	pages["not withdrawn"] = func(lang string) answer {
		return s.post(t, deficient+"/withdraw?lang="+lang, url.Values{"reason": {strings.Repeat("x", 6000)}})
	}
	pages["nothing filled in"] = func(lang string) answer { return s.post(t, "/claim?lang="+lang, url.Values{}) }
	pages["all wrong"] = func(lang string) answer {
		v := given()
		for _, name := range []string{"claimant.email", "claimant.phone", "work.url"} {
			v.Set(name, "?")
		}
		v.Del("article")
		v.Set("claimant.name", strings.Repeat("x", 301))
		return s.post(t, "/claim?lang="+lang, v, upload{"identity", "a.txt", []byte("x")}, upload{"authority", "b.txt", nil})
	}
	for name, show := range pages {
		t.Run(name, func(t *testing.T) {
			for _, lang := range []string{"zh-CN", "en"} {
				doc, err := html.Parse(strings.NewReader(show(lang).body))
				if err != nil {
					t.Fatal(err)
				}
				w := walk{lang: lang, labels: map[string]bool{}, ids: map[string]int{}, links: map[string]bool{}}
				w.node(t, doc)
				w.check(t)
			}
		})
	}
}

// walk looks a page over.
type walk struct {
	lang          string
	labels, links map[string]bool
	ids           map[string]int
	inputs        []*html.Node
}

func (w *walk) node(t *testing.T, n *html.Node) {
	t.Helper()
	if n.Type == html.TextNode && w.lang == "en" && han(n.Data) {
		t.Errorf("Chinese on an English page: %q", strings.TrimSpace(n.Data))
	}
	if n.Type == html.ElementNode {
		if lang := attr(n, "lang"); n.Data != "html" && strings.HasPrefix(lang, "zh") {
			return
		}
		if id := attr(n, "id"); id != "" {
			w.ids[id]++
		}
		if to, ok := strings.CutPrefix(attr(n, "href"), "#"); ok {
			w.links[to] = true
		}
		for _, a := range n.Attr {
			if w.lang == "en" && a.Key != "value" && han(a.Val) {
				t.Errorf("Chinese on an English page: %s=%q", a.Key, a.Val)
			}
		}
		switch n.Data {
		case "label":
			w.labels[attr(n, "for")] = true
		case "input", "textarea":
			if attr(n, "type") != "hidden" && attr(n, "aria-label") == "" && n.Parent.Data != "label" {
				w.inputs = append(w.inputs, n)
			}
		}
	}
	for c := range n.ChildNodes() {
		w.node(t, c)
	}
}

func (w *walk) check(t *testing.T) {
	t.Helper()
	for _, n := range w.inputs {
		if !w.labels[attr(n, "id")] {
			t.Errorf("no label for the input %q", attr(n, "name"))
		}
	}
	for id, n := range w.ids {
		if n > 1 {
			t.Errorf("the ID %q is there %d times", id, n)
		}
	}
	for id := range w.links {
		if w.ids[id] == 0 {
			t.Errorf("a link to %q, which is not there", id)
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
