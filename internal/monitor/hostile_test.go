package monitor_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"rightsdesk/internal/rights"
	"rightsdesk/internal/testenv"
)

// as serves a body under a media type.
func as(kind, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		fmt.Fprint(w, body)
	}
}

// TestFaultsStayOnTheirPage: whatever one page does, the next one is judged.
func TestFaultsStayOnTheirPage(t *testing.T) {
	const bad, good = "http://www.yuncheng.example/n/bad.html", "http://www.yuncheng.example/n/good.html"
	for _, tt := range []struct {
		name   string
		page   any
		robots string
		fault  string
		match  string // of the bad page
	}{
		{name: "not there", fault: "对方服务器返回 404"},
		{name: "forbidden by robots.txt", robots: "User-agent: *\nDisallow: /n/bad\n", page: "x", fault: "对方网站的 robots.txt 不允许抓取：" + bad},
		{name: "a server that never answers", fault: "对方网站响应超时：" + bad, page: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })},
		{name: "a redirect to an address of the house", fault: "不允许连接该地址（内网、本机或保留地址）：http://10.0.0.1/robots.txt", page: redirect("http://10.0.0.1/")},
		{name: "redirects in a circle", fault: "网页的跳转过多或成环：" + bad, page: redirect(bad)},
		{name: "a page without end, of which the head is ours", fault: "截断：页面过大，只取到前面的部分", match: "unattributed", page: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, site{title: "滨江大桥今起通车", info: bare, body: text(t, "bridge")}.String())
			for range 40 {
				fmt.Fprint(w, strings.Repeat("<!-- fill -->", 5000))
			}
		})},
		{name: "a page that stops in the middle", fault: "截断：传输中断，只取到前面的部分", match: "unattributed", page: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, site{title: "滨江大桥今起通车", info: bare, body: text(t, "bridge")}.String())
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		})},
		{name: "elements nested a hundred thousand deep", match: "unattributed", page: site{title: "滨江大桥今起通车", info: bare, body: text(t, "bridge"), tail: strings.Repeat("<div>", 100_000)}.String()},
		{name: "bytes that are no text", page: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			for i := range 100_000 {
				w.Write([]byte{byte(i * 7), byte(i >> 3), 0xff, 0}) //nolint:errcheck // a test's own server
			}
		})},
		{name: "an attribute of half a megabyte", match: "unattributed", page: site{title: "滨江大桥今起通车", info: bare, body: text(t, "bridge"), head: `<div data-x="` + strings.Repeat("<p>字&amp;", 50_000) + `">`}.String()},
		{name: "half a million attributes", match: "unattributed", page: site{title: "滨江大桥今起通车", info: bare, body: text(t, "bridge"), head: "<div " + strings.Repeat("a ", 400_000) + ">"}.String()},
		{name: "a page that passes for a picture", match: "unattributed", page: as("image/jpeg", site{title: "滨江大桥今起通车", info: bare, body: text(t, "bridge")}.String())},
		{name: "a picture that passes for a page", page: as("text/html; charset=utf-8", "\xff\xd8\xff\xe0\x00\x10JFIF"+strings.Repeat("\x9a\x00\xc3<", 5000))},
		{name: "a character set that is none", match: "unattributed", page: as("text/html; charset=x-none", site{title: "滨江大桥今起通车", info: bare, body: text(t, "bridge")}.String())},
		{name: "a character set of others", match: "unattributed", page: as("text/html; charset=iso-8859-1", site{title: "滨江大桥今起通车", info: bare, body: text(t, "bridge")}.String())},
		{name: "an empty page", page: http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := newHouse(t)
			h.register("bridge")
			if tt.robots != "" {
				h.web.put("http://www.yuncheng.example/robots.txt", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, tt.robots) }))
			}
			h.web.put(bad, tt.page)
			h.web.put(good, reprint(t))
			h.watch(bad, good)
			start := time.Now()
			row := h.sweep()
			if took := time.Since(start); took > testenv.Patience(20*time.Second) {
				t.Errorf("it took %v", took)
			}
			if p := h.page(bad); p.Fault != tt.fault || (row.Faults == 1) != (tt.fault != "") {
				t.Errorf("fault %q, want %q; sweep %+v", p.Fault, tt.fault, row)
			}
			want := []string{"www.yuncheng.example/n/good.html bridge attributed_unlicensed +case"}
			if tt.match != "" {
				want = append([]string{"www.yuncheng.example/n/bad.html bridge " + tt.match + " +case"}, want...)
			}
			same(t, "matches", h.matches(), want)
			for _, m := range h.allMatches() {
				if m.URL == bad && (m.Capture.Truncated != "") != strings.HasPrefix(tt.fault, "截断") {
					t.Errorf("the capture says %q", m.Capture.Truncated)
				}
			}
		})
	}
}

func TestMarkupOfAPageStaysText(t *testing.T) {
	h := newHouse(t)
	h.register("bridge")
	h.web.put(one, site{title: "滨江大桥今起通车 &lt;script&gt;alert(1)&lt;/script&gt;", info: `来源：临江日报&lt;b&gt; 作者：林远舟`, body: text(t, "bridge")}.String())
	h.watch(one)
	h.sweep()
	if m := h.allMatches()[0]; !strings.Contains(m.Capture.Title, "<script>") {
		t.Errorf("the title is not kept as it was printed: %q", m.Capture.Title)
	}
}

// TestLook is the look at a page before a letter leaves.
func TestLook(t *testing.T) {
	for _, tt := range []struct {
		name   string
		answer any
		shown  bool
		detail string
		kind   rights.Kind
	}{
		{"as it was", reprint(t), true, "页面仍载有涉案文字，取证记录 ", 0},
		{"an excerpt is left", site{title: "新桥", info: bare, body: strings.Join(strings.Split(text(t, "bridge"), "\n")[:2], "\n")}.String(), true, "页面仍载有涉案文字", 0},
		{"not there", nil, false, "对方服务器返回 404，取证记录 ", 0},
		{"another text", "<p>" + strings.Repeat("山口镇的草莓熟了，周末有不少市民带着孩子来采摘。", 9) + "</p>", false, "页面正文已不含涉案文字，取证记录 ", 0},
		{"only a link", `<p>今天的天气不错。</p><a href="/x">滨江大桥今起通车</a>`, false, "页面正文已不含涉案文字", 0},
		{"an error of the server is not gone", status(http.StatusBadGateway), false, "无法复查涉案页面：对方服务器返回 502", rights.Unavailable},
		{"nor is a page that breaks off before the text", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, "<p>江水</p>")
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}), false, "无法复查涉案页面：截断：传输中断，只取到前面的部分", rights.Unavailable},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := newHouse(t)
			h.register("bridge")
			h.web.put(one, reprint(t))
			h.watch(one)
			h.sweep()
			c := h.cases()[0]
			h.web.put(one, tt.answer)
			sight, err := h.Look(t.Context(), &c)
			if rights.KindOf(err) != tt.kind || err != nil && !strings.Contains(err.Error(), tt.detail) {
				t.Fatalf("look: %+v, %v", sight, err)
			}
			if err == nil && (sight.Shown != tt.shown || !strings.HasPrefix(sight.Detail, tt.detail)) {
				t.Errorf("look: %+v", sight)
			}
		})
	}
}
