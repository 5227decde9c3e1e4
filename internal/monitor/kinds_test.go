package monitor_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

func TestListPageWithASelector(t *testing.T) {
	h := newHouse(t)
	h.register("bridge")
	h.web.put("http://www.yuncheng.example/news/", `<div class="nav"><a href="/n/nav.html">首页</a></div><ul class="list"><li><a href="/n/1.html">一</a></ul>`)
	h.web.put("http://www.yuncheng.example/n/1.html", reprint(t))
	h.source(rights.Source{Kind: rights.SourceList, URL: "http://www.yuncheng.example/news/", Selector: "ul.list"})
	if row := h.sweep(); row.Pages != 1 || row.Cases != 1 {
		t.Errorf("%+v", row)
	}
}

// TestSearchOfASite: the site is asked for the headline and for the sentence
// that no other article has; links of the page of results lead to the reprint.
func TestSearchOfASite(t *testing.T) {
	h := newHouse(t)
	a := article(t, "bridge")
	a.IssueDate = time.Now().In(rights.China).Format(time.DateOnly)
	old := article(t, "library")
	h.update(func(tx *store.Tx) error {
		if err := tx.PutArticle(t.Context(), a, "1"); err != nil {
			return err
		}
		return tx.PutArticle(t.Context(), old, "2")
	})
	if err := h.index.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	var asked []string
	h.web.any("http://www.yuncheng.example/search", func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query().Get("q")
		asked = append(asked, q)
		fmt.Fprint(w, `<a href="/search?q=x&page=2">下一页</a>`)
		if !strings.Contains(q, "滨江大桥今起通车") {
			fmt.Fprint(w, `<div class="hit"><a href="/n/1.html">两岸七分钟</a></div>`)
		}
	})
	h.web.put("http://www.yuncheng.example/n/1.html", reprint(t))
	h.source(rights.Source{Kind: rights.SourceSearch, URL: "http://www.yuncheng.example/search?q={query}"})
	row := h.sweep()
	if len(asked) != 2 || asked[0] != "滨江大桥今起通车" || !strings.Contains(text(t, "bridge"), asked[1]) || len([]rune(asked[1])) > 38 {
		t.Errorf("asked for %q", asked)
	}
	if row.Pages != 1 || row.Cases != 1 {
		t.Errorf("%+v", row)
	}
}

// TestSearchInAnotherCharset: the site reads GBK. What GBK lacks is written as a
// browser would.
func TestSearchInAnotherCharset(t *testing.T) {
	h := newHouse(t)
	a := article(t, "bridge")
	a.Headline, a.IssueDate = "滨江大桥🌉今起通车", time.Now().In(rights.China).Format(time.DateOnly)
	h.update(func(tx *store.Tx) error { return tx.PutArticle(t.Context(), a, "1") })
	if err := h.index.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	var asked []string
	h.web.any("http://www.yuncheng.example/search", func(w http.ResponseWriter, r *http.Request) {
		q, err := simplifiedchinese.GBK.NewDecoder().String(r.URL.Query().Get("q"))
		if err != nil || r.URL.Query().Get("page") != "1" {
			t.Errorf("%s: %v", r.URL.RawQuery, err)
		}
		asked = append(asked, q)
		fmt.Fprint(w, `<a href="/n/1.html">两岸七分钟</a>`)
	})
	h.web.put("http://www.yuncheng.example/n/1.html", reprint(t))
	h.source(rights.Source{Kind: rights.SourceSearch, URL: "http://www.yuncheng.example/search?q={query:gbk}&page=1"})
	if row := h.sweep(); row.Cases != 1 || len(asked) != 2 || asked[0] != "滨江大桥&#127753;今起通车" || !strings.Contains(text(t, "bridge"), asked[1]) {
		t.Errorf("asked for %q; %+v", asked, row)
	}
}

// issuePath is where an issue of today lies.
func issuePath() string { return time.Now().In(rights.China).Format("/html/2006-01/02/") }

func (h *house) print(host string, body map[string]string) {
	for name, page := range body {
		h.web.put("http://"+host+issuePath()+name, page)
	}
}

func founderArticle(title, body string) string {
	return `<html><head><title>` + title + `</title></head><body><!--enpproperty <founder-date>` + time.Now().In(rights.China).Format("2006-01-02") +
		`</founder-date><founder-pagenum>1</founder-pagenum><founder-papername>临江日报</founder-papername><founder-type>1</founder-type>-->
<founder-title>` + title + `</founder-title><div id="ozoom"><founder-content><p>` + strings.ReplaceAll(body, "\n", "</p><p>") + `</p></founder-content></div></body></html>`
}

func founderLayout(articles, pages string) string {
	return `<html><body><!--enpproperty <founder-type>2</founder-type><founder-pagenum>1</founder-pagenum>-->` + pages + articles + `</body></html>`
}

func TestAnotherPapersIssue(t *testing.T) {
	h := newHouse(t)
	h.register("bridge")
	h.print("www.yuncheng.example", map[string]string{
		"node_1.htm":      founderLayout(`<a href="content_1_1.htm">一</a>`, `<a id="pageLink" href="node_2.htm">第02版：要闻</a><a id="pageLink" href="node_9.htm">第09版：缺</a>`),
		"node_2.htm":      founderLayout(`<map><area href="content_2_1.htm"></map><a href="content_2_1.htm">二</a><a href="content_1_1.htm">一</a>`, `<a id="pageLink" href="node_1.htm">第01版：头版</a>`),
		"content_1_1.htm": founderArticle("别的新闻", "云城昨日有雨，江面水位平稳。\n气象部门说未来三天多云。"),
		"content_2_1.htm": founderArticle("滨江大桥今起通车", text(t, "bridge")),
	})
	h.source(rights.Source{Kind: rights.SourceEPaper, URL: "http://www.yuncheng.example/html/{yyyy}-{mm}/{dd}/node_1.htm"})
	row := h.sweep()
	if row.Pages != 2 || row.Cases != 1 || row.Faults != 1 || row.Fault == "" {
		t.Errorf("%+v", row)
	}
	h.source(rights.Source{Kind: rights.SourceEPaper, URL: "http://www.yuncheng.example/none/{yyyy}/{mm}/{dd}/node_1.htm"})
	if _, err := h.Sweep(t.Context(), "site", nil); rights.KindOf(err) != rights.Unavailable {
		t.Errorf("an issue that is not out yet: %v", err)
	}
}

// TestAnIssueOfAnotherForm: where the articles of a layout page stand is said by a
// selector.
func TestAnIssueOfAnotherForm(t *testing.T) {
	h := newHouse(t)
	h.register("bridge")
	day := time.Now().In(rights.China).Format("/paper/20060102/")
	h.web.put("http://www.yuncheng.example"+day+"1.html", `<a href="2.html">02版：要闻</a><a href="/about.html">关于我们</a><ul class="stories"><li><a href="a1.html">雨</a></ul>`)
	h.web.put("http://www.yuncheng.example"+day+"2.html", `<a href="1.html">01版：头版</a><ul class="stories"><li><a href="a2.html">桥</a></ul>`)
	h.web.put("http://www.yuncheng.example"+day+"a1.html", `<html><title>别的新闻</title><p>云城昨日有雨，江面水位平稳。</p></html>`)
	h.web.put("http://www.yuncheng.example"+day+"a2.html", reprint(t))
	h.source(rights.Source{Kind: rights.SourceEPaper, URL: "http://www.yuncheng.example/paper/{yyyy}{mm}{dd}/1.html", Selector: "ul.stories"})
	if row := h.sweep(); row.Pages != 2 || row.Cases != 1 || row.Faults != 0 {
		t.Errorf("%+v", row)
	}
}

// TestOurIssueRegistersItself: a second run asks again and changes nothing; a
// corrected page is registered anew, and a torn one is not.
func TestOurIssueRegistersItself(t *testing.T) {
	const host = "m.linjiang.example"
	h := newHouse(t)
	bridge := text(t, "bridge")
	h.print(host, map[string]string{
		"node_1.htm":      founderLayout(`<a href="content_1_1.htm">滨江大桥今起通车</a><a href="content_1_2.htm">夜读间的灯</a><a href="content_1_3.htm">残页</a>`, ""),
		"content_1_1.htm": founderArticle("滨江大桥今起通车", bridge),
		"content_1_2.htm": founderArticle("夜读间的灯", text(t, "library")),
	})
	h.web.put("http://"+host+issuePath()+"content_1_3.htm", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100000")
		fmt.Fprint(w, founderArticle("残页", bridge))
	}))
	h.source(rights.Source{Kind: rights.SourceOwn, URL: "http://" + host + "/html/{yyyy}-{mm}/{dd}/node_1.htm"})
	if row := h.sweep(); row.Pages != 3 || row.Registered != 2 || row.Faults != 1 || row.Cases != 0 {
		t.Errorf("the first run: %+v", row)
	}
	if n := h.index.Len(); n != 2 {
		t.Errorf("%d articles in the index", n)
	}
	if row := h.sweep(); row.Pages != 3 || row.Unchanged != 2 || row.Registered != 0 || row.Faults != 1 {
		t.Errorf("the second run: %+v", row)
	}
	h.print(host, map[string]string{"content_1_1.htm": founderArticle("滨江大桥今起通车", bridge+"\n更正：桥长一千二百米。")})
	if row := h.sweep(); row.Registered != 1 || row.Unchanged != 1 {
		t.Errorf("after a correction: %+v", row)
	}
}

func TestTrapsArePassedOver(t *testing.T) {
	h := newHouse(t)
	h.register("bridge")
	far := time.Now().AddDate(1, 0, 0).Format("2006-01-02")
	h.web.put("http://www.yuncheng.example/news/", `<a href="/n/1.html">一</a><a href="/a/b/a/b/a/b/1.html">二</a><a href="/calendar/`+far+`/">三</a><a href="/n/1.html?spm=1">一</a>`)
	h.web.put("http://www.yuncheng.example/n/1.html", reprint(t))
	h.source(rights.Source{Kind: rights.SourceList, URL: "http://www.yuncheng.example/news/"})
	if row := h.sweep(); row.Pages != 1 || row.Traps != 2 || row.Cases != 1 {
		t.Errorf("%+v", row)
	}
}

// TestTwinsAreOnePage: the AMP page and the canonical one, whichever comes first.
func TestTwinsAreOnePage(t *testing.T) {
	const page, amp = "http://www.yuncheng.example/n/1.html", "http://www.yuncheng.example/amp/n/1"
	for _, urls := range [][]string{{page, amp}, {amp, page}} {
		h := newHouse(t)
		h.register("bridge")
		s := site{title: "滨江大桥今起通车", info: bare, body: text(t, "bridge")}
		s.head = `<link rel="canonical" href="` + page + `"><link rel="amphtml" href="` + amp + `">`
		h.web.put(page, s.String())
		s.tail = "<!-- amp -->"
		h.web.put(amp, s.String())
		h.watch(urls...)
		h.sweep()
		if cases := h.cases(); len(cases) != 1 || cases[0].URL != page {
			t.Errorf("%v: cases %+v", urls, cases)
		}
	}
}

// TestTwinsOnTwoHosts: the mobile page is the canonical one's, where that can be
// had and is the same page; looks that find nothing new say nothing.
func TestTwinsOnTwoHosts(t *testing.T) {
	const page, mobile = "http://www.yuncheng.example/n/1.html", "http://m.yuncheng.example/n/1.html"
	twin := site{title: "滨江大桥今起通车", info: bare, body: text(t, "bridge"), head: `<link rel="canonical" href="` + page + `">`}
	for _, urls := range [][]string{{page, mobile}, {mobile, page}, {mobile}} {
		h := newHouse(t)
		h.register("bridge")
		h.web.put(page, twin.String())
		m := twin
		m.tail = "<p>下载云城网客户端</p>"
		h.web.put(mobile, m.String())
		h.watch(urls...)
		h.sweep()
		cases := h.cases()
		if len(cases) != 1 || cases[0].URL != page || len(h.allMatches()) != 1 {
			t.Fatalf("%v: cases %+v", urls, cases)
		}
		h.sweep()
		if actions := h.actions(cases[0].ID); len(actions) != 1 || len(h.allMatches()) != 1 {
			t.Errorf("%v: the second sweep: %q", urls, actions)
		}
	}
	for name, canonical := range map[string]any{
		"not there":       nil,
		"another article": site{title: "夜读间的灯", info: bare, body: text(t, "library")}.String(),
		"nothing of ours": other(1),
	} {
		h := newHouse(t)
		h.register("bridge")
		h.register("library")
		h.web.put(page, canonical)
		h.web.put(mobile, twin.String())
		h.watch(mobile)
		h.sweep()
		if cases := h.cases(); len(cases) != 1 || cases[0].URL != mobile {
			t.Errorf("%s: cases %+v", name, cases)
		}
	}
}
