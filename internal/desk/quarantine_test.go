package desk_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/andybalholm/cascadia"

	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

// watch sweeps a source of these paths.
func (h *house) watch(id string, paths ...string) {
	h.Helper()
	s := rights.Source{ID: id, Name: "云城网", Kind: rights.SourceURLs, Origin: rights.OriginAPI, Operator: rights.Operator{Name: "云城网络传媒有限公司", Role: rights.RolePublisher}}
	for _, path := range paths {
		s.URLs = append(s.URLs, "http://www.yuncheng.example"+path)
	}
	check(h, h.db.Update(h.Context(), func(tx *store.Tx) error { return tx.PutSource(h.Context(), &s) }))
	_, err := h.monitor.Sweep(h.Context(), id, nil)
	check(h, err)
}

// TestReleaseFromQuarantine: a person sees which pages wait and why, and lets
// one out.
func TestReleaseFromQuarantine(t *testing.T) {
	h := open(t)
	h.register()
	h.watch("stale", "/stale/11.html", "/stale/12.html", "/stale/13.html", "/stale/14.html")
	shen := h.as("shen")
	shen.get("/desk").silent("澜江二桥通车首日")
	shen.get("/desk/sources").says("4 个页面待放行")
	page := shen.get("/desk/sources/stale")
	page.says("暂不立案的页面", "澜江二桥通车首日", "http://www.yuncheng.example/stale/12.html", "另外 3 个网址逐字相同")
	shen.get("/desk/sources/stale?lang=en").says("Pages in quarantine", "Release and open a case")
	shen.get("/desk/sources/stale?lang=zh")
	match := attr(cascadia.Query(page.root, cascadia.MustCompile(`#waiting td.page a`)), "href")
	shen.get(match).says("暂不立案", "逐字相同")

	// Forms of every row have one action: the one with the first page is sent.
	opened := shen.submit(page, "/desk/sources/stale/releases", url.Values{"reason": {"已打开核对，是转载"}})
	k := h.readCase(h.caseOn("/stale/11.html"))
	opened.to("/desk/cases/" + k.ID)
	shen.get("/desk/cases/"+k.ID).says("已放行，并已立案。", "沈知远", "已打开核对，是转载")
	shen.get("/desk/sources/stale").says("/stale/12.html")
	shen.get("/desk/sources").says("3 个页面待放行")
	again := shen.submit(page, "/desk/sources/stale/releases", url.Values{"reason": {"再点一次"}}).is(http.StatusConflict)
	again.says("该页面不在暂不立案之列，或者已经有人放行")
}

func TestLearnedLinesAreShown(t *testing.T) {
	h := open(t)
	h.register()
	h.watch("own", "/own/1.html", "/own/2.html", "/own/3.html", "/own/4.html")
	shen := h.as("shen")
	shen.get("/desk/sources/own").silent("网站固定文字", "暂不立案的页面")
	h.watch("own", "/own/1.html", "/own/2.html", "/own/3.html", "/own/4.html", "/own/5.html")
	shen.get("/desk/sources/own").says("对网站的影响", "最短间隔", "网站固定文字", footer, "100.0%", "http://www.yuncheng.example/own/2.html")
	shen.get("/desk/sources/own?lang=en").says("Boilerplate of the site")
}
