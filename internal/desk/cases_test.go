package desk_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/andybalholm/cascadia"
	htmlnode "golang.org/x/net/html"

	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

func TestCaseList(t *testing.T) {
	h := open(t)
	p := h.as("shen")
	p.get("/desk").is(http.StatusOK).says("还没有案件")
	h.sweep()
	id := h.caseOn("/bridge.html")
	list := p.get("/desk")
	rows := list.all("table.cases tbody tr")
	if len(rows) != 2 || !strings.HasPrefix(rows[0], id) {
		t.Fatalf("the most severe is not first: %q", rows)
	}
	for _, want := range []string{hostile, "www.yuncheng.example", "云城网络传媒有限公司", "澜江二桥通车首日", "%", "内容改动", "S4 严重", "待处理", "不到 1 小时"} {
		if !strings.Contains(rows[0], want) {
			t.Errorf("the row %q lacks %q", rows[0], want)
		}
	}
	if tabs := list.all(".tabs li"); tabs[0] != "全部 2" || tabs[1] != "待处理 2" || tabs[2] != "已暂缓 0" {
		t.Errorf("tabs %q", tabs)
	}
	if rows := p.get("/desk?q=both.html").all("table.cases tbody tr"); len(rows) != 1 || strings.Contains(rows[0], id) {
		t.Errorf("search finds %q", rows)
	}
	p.get("/desk?q=%25").is(http.StatusOK).says("没有符合条件的案件")
	p.get("/desk?state=closed").is(http.StatusOK).says("没有符合条件的案件")
	p.get("/desk?page=99").is(http.StatusOK).says("没有符合条件的案件")
}

func TestPaging(t *testing.T) {
	h := open(t)
	h.register()
	check(h, h.db.Update(t.Context(), func(tx *store.Tx) error {
		for i := range 60 {
			k := &rights.Case{URL: fmt.Sprintf("http://www.yuncheng.example/%d", i), State: rights.CaseOpen, Severity: "S2", Rule: "I01", Articles: []string{h.bridge.ID}, Title: "芦苇"}
			if err := tx.AddCase(t.Context(), k); err != nil {
				return err
			}
		}
		return nil
	}))
	p := h.as("shen")
	seen := map[string]bool{}
	path := "/desk?q=" + "%E8%8A%A6&state=open"
	for range 3 {
		page := p.get(path)
		for _, id := range page.all("table.cases td:first-child") {
			seen[id] = true
		}
		next := cascadia.Query(page.root, cascadia.MustCompile("a[rel=next]"))
		if next == nil {
			break
		}
		path = attr(next, "href")
	}
	if len(seen) != 60 {
		t.Errorf("%d cases on three pages", len(seen))
	}
}

func TestCase(t *testing.T) {
	h := open(t)
	h.sweep()
	page := h.as("shen").get("/desk/cases/" + h.caseOn("/bridge.html")).is(http.StatusOK)
	if page.one("h1") != hostile {
		t.Errorf("title %q", page.one("h1"))
	}
	page.says("规则 I06", "规则 I03", "转载授权", "未经书面授权", "《中华人民共和国著作权法》第五十二条第四项", "改动的数字 1", "页面注明来源 否", "相同部分 1 处",
		"不利于本报的因素", "云城网络传媒有限公司", "字符集 utf-8", "SHA-256", "稿件是否属于没有独创表达的单纯事实消息？", "立案")
	if got := page.one(".changes tbody tr"); !strings.Contains(got, "数字") || !strings.Contains(got, "四十分钟") || !strings.Contains(got, "五十分钟") {
		t.Errorf("changes %q", got)
	}
	marked := page.all("[data-side] a.changed, [data-side] a.missing, [data-side] a.added")
	if strings.Join(marked, "") != "四五" {
		t.Errorf("differences %q", marked)
	}
	for _, side := range []string{"ours", "theirs"} {
		if foreign := page.all("[data-side=" + side + "] a.foreign"); len(foreign) == 0 || strip(strings.Join(foreign, "")) != strings.TrimSuffix(strip(h.bridge.Paragraphs[4]), "。") {
			t.Errorf("%s: wire copy is not set apart: %q", side, foreign)
		}
	}
	out := cascadia.Query(page.root, cascadia.MustCompile(`.addr a`))
	if attr(out, "href") != "http://www.yuncheng.example/bridge.html" || !strings.Contains(attr(out, "rel"), "noreferrer") {
		t.Errorf("the link out is %v", out.Attr)
	}
	segments := page.all(".segments > li")
	if len(segments) != 2 || !strings.Contains(segments[0], "权属尚未经人核实") || !strings.Contains(segments[1], "新华社") || strings.Contains(segments[1], "尚未经人核实") {
		t.Errorf("segments %q", segments)
	}
	linked(page)
}

// TestExcuse: a rule that decides for the other side is shown once.
func TestExcuse(t *testing.T) {
	h := open(t)
	h.register()
	h.watch("before", "/before.html")
	page := h.as("shen").get("/desk/cases/" + h.caseOn("/before.html")).is(http.StatusOK)
	page.says("系统意见所依据的规则 G07 本身就不利于本报。")
	page.silent("系统没有发现不利因素")
	if rules := strings.Join(page.all(".finding h4 .rule"), " "); rules != "规则 G07" {
		t.Errorf("rules %q", rules)
	}
}

// linked wants each passage to lead to one of the other side.
func linked(page *answer) {
	page.Helper()
	passages := cascadia.QueryAll(page.root, cascadia.MustCompile("[data-side] a.copied"))
	if len(passages) == 0 {
		page.Fatal("no passages are marked")
	}
	for _, a := range passages {
		target := cascadia.QueryAll(page.root, cascadia.MustCompile(`[id="`+strings.TrimPrefix(attr(a, "href"), "#")+`"]`))
		if len(target) != 1 || side(target[0]) == side(a) || strings.Join(strings.Fields(words(target[0])), "") == "" {
			page.Errorf("the passage %q leads to %d places", words(a), len(target))
		}
	}
}

func side(n *htmlnode.Node) string {
	for ; n != nil; n = n.Parent {
		if s := attr(n, "data-side"); s != "" {
			return s
		}
	}
	return ""
}

func TestTwoArticlesOnOnePage(t *testing.T) {
	h := open(t)
	h.sweep()
	p, id := h.as("shen"), h.caseOn("/both.html")
	for _, a := range []*rights.Article{h.bridge, h.market} {
		page := p.get("/desk/cases/" + id + "?article=" + a.ID).is(http.StatusOK)
		if got := page.one("[data-side=ours] h3"); got != a.Headline {
			t.Errorf("shows %q, want %q", got, a.Headline)
		}
		if tabs := page.all(".tabs.articles a"); len(tabs) != 2 {
			t.Errorf("tabs %q", tabs)
		}
		if copied := strings.Join(page.all("[data-side=theirs] a.copied"), ""); !strings.Contains(copied, string([]rune(a.Paragraphs[0])[5:20])) {
			t.Errorf("%s is not marked on the page", a.Headline)
		}
		linked(page)
	}
	page := p.get("/desk/cases/" + id + "?article=" + h.bridge.ID)
	if n := strings.Count(strings.Join(page.all("[data-side=theirs] a.copied"), ""), "头班公交车从东岸渡口总站开出"); n != 2 {
		t.Errorf("what was copied twice is marked %d times", n)
	}
}

// TestEveryPage: in both languages, every page runs no script and no style of
// its own, says its language, and in English holds Chinese only where the data
// is Chinese and says so.
func TestEveryPage(t *testing.T) {
	h := open(t)
	h.sweep()
	claim, sample := h.file(), h.sample()
	p := h.as("gu")
	paths := []string{
		"/desk?", "/desk?q=nothing&", "/desk/cases/" + h.caseOn("/bridge.html") + "?", "/desk/cases/" + h.caseOn("/both.html") + "?",
		"/desk/articles?", "/desk/articles/" + h.bridge.ID + "?", "/desk/claims?", "/desk/claims/" + claim + "?",
		"/desk/sources?", "/desk/sources/yuncheng?", "/desk/samples?", fmt.Sprintf("/desk/matches/%d?", sample), "/login?",
	}
	for _, lang := range []string{"zh-CN", "en"} {
		for _, path := range paths {
			page := p.get(path + "lang=" + lang).is(http.StatusOK)
			if got := attr(cascadia.Query(page.root, cascadia.MustCompile("html")), "lang"); got != lang {
				t.Errorf("%s: lang %q", path, got)
			}
			policy := page.header.Get("Content-Security-Policy")
			if !strings.Contains(policy, "script-src 'self'") || !strings.Contains(policy, "style-src 'self'") {
				t.Errorf("%s: policy %q", path, policy)
			}
			inspect(t, path, page, lang)
		}
	}
}

func inspect(t *testing.T, path string, page *answer, lang string) {
	t.Helper()
	for n := range page.root.Descendants() {
		switch {
		case n.Type == htmlnode.ElementNode && n.Data == "script" && (n.FirstChild != nil || !strings.HasPrefix(attr(n, "src"), "/assets/desk-")),
			n.Type == htmlnode.ElementNode && n.Data == "style":
			t.Errorf("%s: holds %s", path, words(n))
		case n.Type == htmlnode.ElementNode:
			for _, a := range n.Attr {
				if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
					t.Errorf("%s: <%s %s=%q>", path, n.Data, a.Key, a.Val)
				}
				if lang == "en" && (a.Key == "placeholder" || a.Key == "aria-label" || a.Key == "title" || a.Key == "data-busy") && han(a.Val) {
					t.Errorf("%s: %s=%q is Chinese", path, a.Key, a.Val)
				}
			}
			if n.Data == "input" || n.Data == "select" || n.Data == "textarea" {
				labelled(t, path, n)
			}
		case n.Type == htmlnode.TextNode && lang == "en" && han(n.Data) && !chinese(n):
			t.Errorf("%s: %q is Chinese on an English page", path, strings.TrimSpace(n.Data))
		}
	}
}

// chinese reports whether a text stands where Chinese is announced, or where
// somebody types.
func chinese(n *htmlnode.Node) bool {
	for ; n != nil; n = n.Parent {
		if l := attr(n, "lang"); l != "" {
			return l == "zh-CN"
		}
		if n.Data == "textarea" || n.Data == "option" || n.Data == "title" {
			return true
		}
	}
	return false
}

// labelled wants a name for every input.
func labelled(t *testing.T, path string, n *htmlnode.Node) {
	t.Helper()
	if attr(n, "type") == "hidden" || attr(n, "aria-label") != "" || attr(n, "aria-labelledby") != "" {
		return
	}
	for p := n.Parent; p != nil; p = p.Parent {
		if p.Data == "label" {
			return
		}
	}
	t.Errorf("%s: the input %q has no label", path, attr(n, "name"))
}

func TestAssets(t *testing.T) {
	h := open(t)
	p := h.anybody()
	page := p.get("/login")
	for _, selector := range []string{"link[rel=stylesheet]", "script"} {
		n := cascadia.Query(page.root, cascadia.MustCompile(selector))
		file := p.get(attr(n, "href") + attr(n, "src")).is(http.StatusOK)
		if !strings.Contains(file.header.Get("Cache-Control"), "immutable") || len(file.body) < 500 {
			t.Errorf("%s: %v", selector, file.header)
		}
	}
	p.get("/assets/desk-0.css").is(http.StatusNotFound)
}

func TestNotFound(t *testing.T) {
	h := open(t)
	p := h.as("gu")
	for _, path := range []string{"/desk/cases/RD2026-9999", "/desk/articles/a-0", "/desk/claims/RC2026-9999", "/desk/sources/none", "/desk/matches/9", "/desk/matches/x", "/desk/cases/RD2026-9999/reports/1", "/desk/nothing"} {
		p.get(path).is(http.StatusNotFound)
	}
}
