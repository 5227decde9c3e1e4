package monitor_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"rightsdesk/internal/rights"
)

const base = "http://www.yuncheng.example/n/"

// part is a page of an article that stands on several.
func part(title, body, links string) string {
	return site{title: title, info: credited, body: body, tail: `<div class="page">` + links + `</div>`}.String()
}

// inParts puts the bridge article on three pages.
func inParts(t *testing.T, h *house) {
	p := strings.Split(text(t, "bridge"), "\n")
	h.web.put(base+"8.html", part("滨江大桥今起通车", strings.Join(p[:2], "\n"), `<a href="8_2.html">下一页</a>`))
	h.web.put(base+"8_2.html", part("滨江大桥今起通车(2)", strings.Join(p[2:4], "\n"), `<a href="8.html">上一页</a> <a href="8_3.html">下一页</a>`))
	h.web.put(base+"8_3.html", part("滨江大桥今起通车(3)", p[4], `<a href="8_2.html">上一页</a>`))
}

// TestArticleOnSeveralPages ends at one case on the first page, whichever of
// the pages the source names, and in whatever order.
func TestArticleOnSeveralPages(t *testing.T) {
	for _, tt := range []struct {
		name string
		list []string
	}{
		{"the first page alone", []string{"8.html"}},
		{"all pages in order", []string{"8.html", "8_2.html", "8_3.html"}},
		{"the last page first", []string{"8_3.html", "8_2.html", "8.html"}},
		{"the second page before the first", []string{"8_2.html", "8.html"}},
		{"the last page alone", []string{"8_3.html"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := newHouse(t)
			h.register("bridge")
			inParts(t, h)
			var urls []string
			for _, name := range tt.list {
				urls = append(urls, base+name)
			}
			h.watch(urls...)
			h.sweep()
			want := []string{"www.yuncheng.example/n/8.html bridge attributed_unlicensed +case"}
			same(t, "matches", h.matches(), want)
			m := h.allMatches()[0]
			if m.Facts.Containment != 1 || len(m.Evidence) != 3 {
				t.Errorf("containment %v, evidence %v", m.Facts.Containment, m.Evidence)
			}
			same(t, "parts", m.Capture.Parts, []string{base + "8_2.html", base + "8_3.html"})
			h.provable(m)
			if asked := h.web.requests(); len(asked) != 3 {
				t.Errorf("requests %v", asked)
			}

			if row := h.sweep(); row.Unchanged < len(urls) || row.Matches+row.Cases+row.Faults != 0 {
				t.Errorf("second sweep %+v", row)
			}
			if asked := h.web.requests(); len(asked) != 3 || slices.ContainsFunc(asked, func(s string) bool { return !strings.HasSuffix(s, " conditional") }) {
				t.Errorf("requests of the second sweep %v", asked)
			}
			same(t, "matches", h.matches(), want)

			// The last page alone changes.
			h.web.put(base+"8_3.html", part("滨江大桥今起通车(3)", strings.Replace(strings.Split(text(t, "bridge"), "\n")[4], "凌晨三点", "凌晨四点", 1), `<a href="8_2.html">上一页</a>`))
			h.sweep()
			same(t, "matches", h.matches(), append(want, "www.yuncheng.example/n/8.html bridge content_altered +case"))

			// The last page is gone, the others stay: not all was seen, nothing is gone.
			h.web.put(base+"8_3.html", nil)
			if row := h.sweep(); row.Faults == 0 {
				t.Errorf("the last page is missing: %+v", row)
			}
			if p := h.page(base + "8.html"); !strings.Contains(p.Fault, "后续分页无法读取：对方服务器返回 404") {
				t.Errorf("fault %q", p.Fault)
			}
			if c := h.cases(); len(c) != 1 || c[0].GoneAt != nil {
				t.Errorf("cases %+v", c)
			}
		})
	}
}

// TestNextPageThatIsNone does not take another article or a circle for a part.
func TestNextPageThatIsNone(t *testing.T) {
	h := newHouse(t)
	h.register("bridge")
	h.register("library")
	h.web.put(base+"1.html", part("滨江大桥今起通车", text(t, "bridge"), `<a href="2.html">下一页</a>`))
	h.web.put(base+"2.html", part("夜读间的灯", text(t, "library"), `<a href="1.html">下一页</a>`))
	h.watch(base+"1.html", base+"2.html")
	h.sweep()
	same(t, "matches", h.matches(), []string{
		"www.yuncheng.example/n/1.html bridge attributed_unlicensed +case",
		"www.yuncheng.example/n/2.html library unattributed +case",
	})
	// Two pages that each call the other the next one.
	p := strings.Split(text(t, "bridge"), "\n")
	h = newHouse(t)
	h.register("bridge")
	h.web.put(base+"1.html", part("滨江大桥今起通车", strings.Join(p[:3], "\n"), `<a href="2.html">下一页</a>`))
	h.web.put(base+"2.html", part("滨江大桥今起通车", strings.Join(p[3:], "\n"), `<a href="1.html">下一页</a>`))
	h.watch(base+"1.html", base+"2.html")
	h.sweep()
	same(t, "matches", h.matches(), []string{"www.yuncheng.example/n/1.html bridge attributed_unlicensed +case"})
	// An article without end.
	h = newHouse(t)
	h.register("bridge")
	for i := range 40 {
		h.web.put(fmt.Sprintf("%s%d.html", base, i), part("滨江大桥今起通车", text(t, "bridge")+strings.Repeat("又", i), fmt.Sprintf(`<a href="%d.html">下一页</a>`, i+1)))
	}
	h.watch(base + "0.html")
	if row := h.sweep(); row.Faults != 1 || len(h.allMatches()[0].Evidence) != 20 {
		t.Errorf("sweep %+v, %d parts", row, len(h.allMatches()[0].Evidence))
	}
}

func redirect(to string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to, http.StatusMovedPermanently) }
}

// TestOnePageUnderManyNames ends at one case on the canonical URL.
func TestOnePageUnderManyNames(t *testing.T) {
	named := site{title: "滨江大桥今起通车", info: credited, body: text(t, "bridge"), head: `<link rel="canonical" href="/n/1.html">`}.String()
	for _, tt := range []struct {
		name string
		web  map[string]any
		list []string
		want string
	}{
		{"a redirect", map[string]any{"a": redirect("/n/1.html"), "1.html": reprint(t)}, []string{"a"}, "1.html"},
		{"a redirect and its target", map[string]any{"a": redirect("/n/1.html"), "1.html": reprint(t)}, []string{"1.html", "a"}, "1.html"},
		{"rel=canonical", map[string]any{"1.html?page=all": named, "1.html": named}, []string{"1.html?page=all", "1.html"}, "1.html"},
		{"rel=canonical, the other way round", map[string]any{"1.html?page=all": named, "1.html": named}, []string{"1.html", "1.html?page=all"}, "1.html"},
		{"tracking parameters", map[string]any{"1.html?utm_source=x": reprint(t), "1.html": reprint(t)}, []string{"1.html?utm_source=x", "1.html"}, "1.html"},
		{"a canonical that is the front page is not believed", map[string]any{"1.html": strings.Replace(named, `href="/n/1.html"`, `href="/"`, 1)}, []string{"1.html"}, "1.html"},
		{"nor one on another host", map[string]any{"1.html": strings.Replace(named, `href="/n/1.html"`, `href="http://www.zhaoxi.example/1"`, 1)}, []string{"1.html"}, "1.html"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := newHouse(t)
			h.register("bridge")
			for path, answer := range tt.web {
				h.web.put(base+path, answer)
			}
			var urls []string
			for _, path := range tt.list {
				urls = append(urls, base+path)
			}
			h.watch(urls...)
			h.sweep()
			want := []string{strings.TrimPrefix(base, "http://") + tt.want + " bridge attributed_unlicensed +case"}
			same(t, "matches", h.matches(), want)
			h.sweep()
			same(t, "matches after a second sweep", h.matches(), want)
			// The page goes, under all its names.
			for path := range tt.web {
				h.web.put(base+path, nil)
			}
			h.sweep()
			if c := h.cases(); len(c) != 1 || c[0].GoneAt == nil {
				t.Errorf("cases %+v", c)
			}
		})
	}
	t.Run("two articles that name one canonical URL", func(t *testing.T) {
		h := newHouse(t)
		h.register("bridge")
		h.register("library")
		const head = `<link rel="canonical" href="/n/all.html">`
		h.web.put(base+"1.html", site{title: "滨江大桥今起通车", info: credited, body: text(t, "bridge"), head: head}.String())
		h.web.put(base+"2.html", site{title: "夜读间的灯", info: credited, body: text(t, "library"), head: head}.String())
		h.source(rights.Source{Kind: rights.SourceURLs, URLs: []string{base + "1.html", base + "2.html"}})
		h.sweep()
		if n := len(h.cases()); n != 2 {
			t.Errorf("%d cases: %v", n, h.matches())
		}
	})
}
