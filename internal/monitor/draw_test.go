package monitor_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rightsdesk/internal/browser"
	"rightsdesk/internal/evidence"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/testenv"
)

const (
	shell     = "http://www.yuncheng.example/n/app.html"
	storyData = "http://www.yuncheng.example/api/story.json"
)

// chromium gives the house a browser.
func (h *house) chromium(program string) {
	h.t.Helper()
	h.start() // for the fetcher
	b, err := browser.New(browser.Options{Program: program, Fetcher: h.fetch, Folder: filepath.Join(h.t.TempDir(), "browser")})
	if err != nil {
		h.t.Fatal(err)
	}
	h.chrome = b
	h.start()
}

// app serves a page that has nothing to read but what its script fetches.
func (h *house) app(body string) {
	h.t.Helper()
	h.web.put(shell, site{title: "云城网", tail: `<script src="/app.js"></script>`}.String())
	h.web.put("http://www.yuncheng.example/app.js", as("text/javascript", `fetch("/api/story.json").then(r => r.json()).then(s => {
		document.title = s.title; document.querySelector("h1").innerText = s.title;
		document.querySelector(".content").innerHTML = s.text.split("\n").map(p => "<p>" + p + "</p>").join("") })`))
	b, err := json.Marshal(map[string]string{"title": "滨江大桥今起通车", "text": body})
	if err != nil {
		h.t.Fatal(err)
	}
	h.web.put(storyData, as("application/json", string(b)))
}

// TestAPageThatItsScriptMakes: a reprint that a page fetches is found, as it is seen;
// the evidence holds the exchange, what it asked for, what the browser made of it and
// how that looked, and holds.
func TestAPageThatItsScriptMakes(t *testing.T) {
	h := newHouse(t)
	h.register("bridge")
	h.chromium(testenv.Program(t, "chromium"))
	h.app(text(t, "bridge"))
	h.watch(shell)
	row := h.sweep()
	same(t, "matches", h.matches(), []string{"www.yuncheng.example/n/app.html bridge unattributed +case"})
	if p := h.page(shell); row.Drawn != 1 || row.Fetched != 3 || row.Faults != 0 || !p.Drawn || p.ETag != "" {
		t.Errorf("sweep %+v, page %+v", row, p)
	}
	m := h.allMatches()[0]
	drawn := m.Evidence[0].Drawn
	if drawn == nil || m.Capture.Title != "滨江大桥今起通车" || m.Found.Coverage < 0.99 {
		t.Fatalf("%+v, %+v, %v", m.Evidence, m.Capture, m.Found.Coverage)
	}
	r, err := h.keep.Get(t.Context(), evidence.Ref(m.Evidence[0]))
	if err != nil || !strings.Contains(string(r.Body), strings.Split(text(t, "bridge"), "\n")[0]) || strings.Contains(string(r.Raw), strings.Split(text(t, "bridge"), "\n")[0]) {
		t.Errorf("%v, %s", err, r.Body)
	}
	parts, err := evidence.Folder{Dir: h.cfg.Data}.Parts(t.Context(), []evidence.Ref{evidence.Ref(m.Evidence[0])}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, p := range parts {
		if p.Record.Type == "response" || p.Record.Type == "resource" {
			list = append(list, p.Record.Type+" "+p.Record.URL)
		}
		switch p.SHA256 {
		case drawn.SHA256, drawn.Picture, drawn.Text:
			if p.Record.ConcurrentTo != m.Evidence[0].RecordID {
				t.Errorf("%s is of %s", p.Record.URL, p.Record.ConcurrentTo)
			}
		}
	}
	same(t, "records", list, []string{
		"response " + shell, "response http://www.yuncheng.example/app.js", "response " + storyData,
		"resource urn:page:" + shell, "resource urn:fullPage:" + shell, "resource urn:text:" + shell,
	})
	if _, err := evidence.Verify(h.cfg.Data, func(p evidence.Problem) { t.Errorf("%+v", p) }); err != nil {
		t.Error(err)
	}
	if again := h.sweep(); again.Unchanged != 1 || again.Drawn != 1 || again.Matches != 0 || len(h.cases()) != 1 {
		t.Errorf("a second look: %+v", again)
	}
	h.app("江水东流，两岸灯火。" + strings.Repeat("这里不再有那篇稿件，只有一段说明。", 10))
	h.sweep()
	if c := h.cases()[0]; c.GoneAt == nil {
		t.Errorf("the text is gone, and the case does not know: %+v", c)
	}
}

// TestPlainPagesStayPlain: a page that can be read without a browser starts none, as
// one that cannot be started shows; a source may ask for it.
func TestPlainPagesStayPlain(t *testing.T) {
	h := newHouse(t)
	h.register("bridge")
	page := site{title: "滨江大桥今起通车", info: bare, body: text(t, "bridge"), tail: `<script>document.title = document.querySelector("h1").innerText = "题目由脚本改写"</script>`}.String()
	h.web.put(one, page)
	h.watch(one)
	h.chromium("/nowhere/chromium")
	if row := h.sweep(); row.Drawn != 0 || row.Faults != 0 || row.Matches != 1 || h.page(one).Drawn {
		t.Errorf("a browser was wanted: %+v", row)
	}
	h.source(rights.Source{Kind: rights.SourceURLs, URLs: []string{one}, Render: true})
	h.web.put(one, page+" ")
	if row := h.sweep(); row.Drawn != 0 || row.Failures[rights.FailedBrowser] != 1 || h.page(one).Fault != "浏览器没有画成网页："+one {
		t.Errorf("no browser was wanted: %+v", row)
	}
	h.chromium(testenv.Program(t, "chromium"))
	if row := h.sweep(); row.Drawn != 1 || row.Faults != 0 {
		t.Errorf("no browser was started: %+v", row)
	}
	if i := slices.IndexFunc(h.allMatches(), func(m rights.Match) bool { return m.Capture.Title == "题目由脚本改写" }); i < 0 {
		t.Error("the page was not judged as it was drawn")
	}
}

// TestAListThatItsScriptMakes: pages are found on it as readers find them.
func TestAListThatItsScriptMakes(t *testing.T) {
	h := newHouse(t)
	h.register("bridge")
	h.chromium(testenv.Program(t, "chromium"))
	h.web.put("http://www.yuncheng.example/news/", `<title>新闻</title><div id="list"></div><script>
		fetch("/api/list.json").then(r => r.json()).then(urls => { list.innerHTML = urls.map(u => '<a href="' + u + '">城事</a>').join("") })</script>`)
	h.web.put("http://www.yuncheng.example/api/list.json", as("application/json", `["/n/1.html"]`))
	h.web.put(one, reprint(t))
	h.source(rights.Source{Kind: rights.SourceList, URL: "http://www.yuncheng.example/news/"})
	if row := h.sweep(); row.Pages != 1 || row.Drawn != 1 {
		t.Errorf("%+v", row)
	}
	same(t, "matches", h.matches(), []string{"www.yuncheng.example/n/1.html bridge attributed_unlicensed +case"})
}

// TestNoBrowser: without a browser a page is read as it was received.
func TestNoBrowser(t *testing.T) {
	h := newHouse(t)
	h.register("bridge")
	h.web.put(one, reprint(t))
	h.app(text(t, "bridge"))
	h.source(rights.Source{Kind: rights.SourceURLs, URLs: []string{one, shell}, Render: true})
	if row := h.sweep(); row.Drawn != 0 || row.Faults != 0 || row.Matches != 1 || row.Fault != "有的网页要由浏览器渲染，而本机没有可用的浏览器，只按收到的原样读取" {
		t.Errorf("%+v", row)
	}
}

// TestPagesThatCannotBeDrawn: what a page does to the browser stays on its page, and a
// page that did not come whole is none of which anything is known to be gone.
func TestPagesThatCannotBeDrawn(t *testing.T) {
	h := newHouse(t)
	h.register("bridge")
	h.chromium(testenv.Program(t, "chromium"))
	h.app(text(t, "bridge"))
	h.watch(shell, one)
	h.web.put(one, reprint(t))
	h.sweep()
	h.web.put(storyData, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }))
	row := h.sweep()
	if p := h.page(shell); p.Fault != "截断：传输中断，只取到前面的部分" || row.Failures[rights.FailedCut] != 1 {
		t.Errorf("%+v, %+v", p, row)
	}
	for _, c := range h.cases() {
		if c.GoneAt != nil {
			t.Errorf("gone: %+v", c)
		}
	}
	h.web.put(shell, `<html><body><p>请稍候</p><script>location = "about:blank"</script></body></html>`)
	row = h.sweep()
	if p := h.page(shell); p.Fault != "网页跳到了不属于任何网站的地址："+shell || row.Failures[rights.FailedBrowser] != 1 || row.Pages != 2 {
		t.Errorf("%+v, %+v", p, row)
	}
}

// TestRecheckThroughTheBrowser: what was found through a browser is looked for through
// one; without one nobody can say that it is gone.
func TestRecheckThroughTheBrowser(t *testing.T) {
	h := newHouse(t)
	h.register("bridge")
	h.chromium(testenv.Program(t, "chromium"))
	h.app(text(t, "bridge"))
	h.watch(shell)
	h.sweep()
	c := h.cases()[0]
	look := func() string {
		s, err := h.Look(t.Context(), &c)
		if err != nil {
			var e *rights.Error
			if !errors.As(err, &e) || e.Kind != rights.Unavailable {
				t.Fatal(err)
			}
			return "unknown: " + e.Detail
		}
		detail, _, _ := strings.Cut(s.Detail, "，")
		return detail
	}
	if got := look(); got != "页面仍载有涉案文字" {
		t.Error(got)
	}
	chrome := h.chrome
	h.chrome = nil
	h.start()
	if got := look(); got != "unknown: 无法复查涉案页面：网页要由浏览器渲染，而本机没有可用的浏览器："+shell {
		t.Error(got)
	}
	h.chrome = chrome
	h.start()
	h.web.put(storyData, nil)
	if got := look(); got != "页面正文已不含涉案文字" {
		t.Error(got)
	}
	h.web.put(storyData, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }))
	if got := look(); got != "unknown: 无法复查涉案页面：截断：传输中断，只取到前面的部分" {
		t.Error(got)
	}
	h.web.put(shell, site{title: "滨江大桥今起通车", info: bare, body: text(t, "bridge")}.String())
	h.chrome = nil
	h.start()
	if got := look(); got != "页面仍载有涉案文字" {
		t.Error(got)
	}
}
