package desk_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/cascadia"

	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

func TestArticles(t *testing.T) {
	h := open(t)
	p := h.as("shen")
	p.get("/desk/articles").is(http.StatusOK).says("还没有登记作品")
	h.sweep()
	if rows := p.get("/desk/articles").all("tbody tr"); len(rows) != 2 || !strings.Contains(rows[0], "澜江二桥通车首日") || !strings.Contains(rows[0], "2 处未核实") {
		t.Errorf("rows %q", rows)
	}
	if rows := p.get("/desk/articles?q=%E6%97%A9%E5%B8%82").all("tbody tr"); len(rows) != 1 {
		t.Errorf("rows %q", rows)
	}
	p.get("/desk/articles?day=2026-01-08").says("没有符合条件的作品")
	page := p.get("/desk/articles/" + h.bridge.ID).is(http.StatusOK)
	if own := page.all("article .owner-wire"); len(own) != 1 || !strings.HasPrefix(own[0], "据新华社") {
		t.Errorf("wire copy %q", own)
	}
	if rows := page.all("table.list tbody tr"); len(rows) != 3 {
		t.Errorf("matches %q", rows)
	}
}

func (h *house) segmentsOf(id string) []rights.Segment {
	h.Helper()
	var a *rights.Article
	check(h, h.db.View(h.Context(), func(tx *store.Tx) (err error) {
		a, err = tx.Article(h.Context(), id)
		return err
	}))
	return a.Segments
}

// TestCarve sets paragraphs apart; what others verified stays theirs.
func TestCarve(t *testing.T) {
	h := open(t)
	h.register()
	shen, gu := h.as("shen"), h.as("gu")
	path := "/desk/articles/" + h.market.ID
	carve := func(p *person, given url.Values) *answer {
		t.Helper()
		page := p.get(path)
		form := cascadia.Query(page.root, cascadia.MustCompile(`form:has(select[name=from])`))
		return p.send(http.MethodPost, path+"/segments", filled(form, given))
	}
	carve(shen, url.Values{
		"from": {"1"}, "to": {"4"}, "owner": {"staff"}, "basis": {"staff_18_2_2"}, "holder": {"临江日报社"}, "verified": {"yes"}, "reason": {"核对合同"},
	}).to(path + "#segments")
	carve(gu, url.Values{
		"from": {"2"}, "to": {"3"}, "owner": {"freelance"}, "basis": {"nonexclusive_licence"}, "holder": {"顾临川"}, "document": {"稿约12"}, "reason": {"作者来函"},
	}).to(path + "#segments")
	got := h.segmentsOf(h.market.ID)
	if len(got) != 3 || got[1].Owner != rights.OwnerFreelance || got[1].Holder != "顾临川" || got[1].VerifiedBy != "" {
		t.Fatalf("segments %+v", got)
	}
	text := []rune(h.market.Text())
	if part := string(text[got[1].Start:got[1].End]); strings.TrimSpace(part) != strings.Join(h.market.Paragraphs[1:3], "\n") {
		t.Errorf("the part is %q", part)
	}
	for _, s := range []rights.Segment{got[0], got[2]} {
		if s.Owner != rights.OwnerStaff || s.VerifiedBy != "沈知远" {
			t.Errorf("the rest is %+v", s)
		}
	}
	page := carve(gu, url.Values{"from": {"3"}, "to": {"2"}, "reason": {"x"}, "holder": {"某某"}}).is(http.StatusUnprocessableEntity)
	page.says("末段不能在首段之前")
	if form := cascadia.Query(page.root, cascadia.MustCompile(`form:has(select[name=from])`)); filled(form, nil).Get("holder") != "某某" {
		t.Error("what was typed is lost")
	}
}

func TestStaleSegments(t *testing.T) {
	h := open(t)
	h.register()
	shen, gu := h.as("shen"), h.as("gu")
	path := "/desk/articles/" + h.market.ID
	old := shen.get(path)
	gu.submit(gu.get(path), path+"/segments", url.Values{"holder": {"临江日报社"}, "verified": {"yes"}, "reason": {"核对合同"}}).to(path + "#segments")
	page := shen.submit(old, path+"/segments", url.Values{"holder": {"某某"}, "reason": {"更正"}}).is(http.StatusConflict)
	page.says("刚被他人更新", "顾闻笙")
	if inputs(page, path+"/segments").Get("holder") != "某某" {
		t.Error("what was typed is lost")
	}
}

func TestSources(t *testing.T) {
	h := open(t)
	p := h.as("shen")
	p.get("/desk/sources").is(http.StatusOK).says("还没有监测来源")
	h.sweep()
	rows := p.get("/desk/sources").all("tbody tr")
	if len(rows) != 2 || !strings.Contains(rows[1], "云城网") || !strings.Contains(rows[1], "网址清单") || !strings.Contains(rows[1], "只在需要时") {
		t.Fatalf("rows %q", rows)
	}
	page := p.get("/desk/sources/yuncheng").is(http.StatusOK)
	pages := page.all("section[aria-labelledby=h-pages] tbody tr")
	if len(pages) != 3 || !strings.Contains(pages[0], "missing.html") || !strings.Contains(pages[0], "404") {
		t.Errorf("pages %q", pages)
	}
	p.submit(page, "/desk/sources/yuncheng/pause", nil).to("/desk/sources/yuncheng")
	paused := p.get("/desk/sources/yuncheng")
	paused.says("已暂停定时监测", "恢复定时监测")
	p.submit(paused, "/desk/sources/yuncheng/resume", nil).to("/desk/sources/yuncheng")
	p.get("/desk/sources/yuncheng").says("已恢复定时监测", "暂停定时监测")
	p.submit(page, "/desk/sources/yuncheng/rehearsals", nil).to("/desk/sources/yuncheng")
	p.get("/desk/sources/yuncheng").says("已开始试运行")
	awaitSweeps(t, p, 2)
	p.submit(page, "/desk/sources/yuncheng/sweeps", nil).to("/desk/sources/yuncheng")
	p.get("/desk/sources/yuncheng").says("已开始监测")
	awaitSweeps(t, p, 3)
}

// awaitSweeps waits until a source lists so many sweeps that have ended.
func awaitSweeps(t *testing.T, p *person, n int) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; {
		ends := p.get("/desk/sources/yuncheng").all("section:first-of-type tbody td:nth-child(2)")
		if len(slices.DeleteFunc(ends, func(end string) bool { return !strings.Contains(end, ":") })) >= n {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("there are no %d sweeps", n)
		}
	}
}

// sample marks the match that was closed as licensed for a look by a person,
// and returns its ID.
func (h *house) sample() int64 {
	h.Helper()
	var id int64
	check(h, h.db.Update(h.Context(), func(tx *store.Tx) error {
		list, err := tx.Matches(h.Context(), store.MatchFilter{URL: "http://www.qingshi.example/bridge.html"})
		if err != nil {
			return err
		}
		list[0].Sampled, id = true, list[0].ID
		return tx.PutMatch(h.Context(), &list[0])
	}))
	return id
}

func TestSamples(t *testing.T) {
	h := open(t)
	p := h.as("shen")
	p.get("/desk/samples").is(http.StatusOK).says("没有待复核的自动结案")
	h.sweep()
	h.sample()
	page := p.get("/desk/samples").is(http.StatusOK)
	page.says("已获授权", "授权编号 L-1", "该使用在有效授权的主体、范围和期限之内。")
	action := attr(cascadia.Query(page.root, cascadia.MustCompile("form.review")), "action")
	p.submit(page, action, url.Values{"closure": {"wrong"}}).is(http.StatusUnprocessableEntity).says("请写明理由")
	p.submit(page, action, url.Values{"closure": {"right"}}).to("/desk/samples")
	p.get("/desk/samples").says("已记录：自动结案正确。", "没有待复核的自动结案")

	h.sample()
	page = p.get(strings.TrimSuffix(action, "/review")).is(http.StatusOK)
	linked(page)
}

func TestWrongClosureOpensACase(t *testing.T) {
	h := open(t)
	p := h.as("shen")
	h.sweep()
	h.sample()
	page := p.get("/desk/samples")
	action := attr(cascadia.Query(page.root, cascadia.MustCompile("form.review")), "action")
	a := p.submit(page, action, url.Values{"closure": {"wrong"}, "reason": {"授权不含客户端"}}).is(http.StatusSeeOther)
	file := p.get(a.header.Get("Location")).is(http.StatusOK)
	file.says("已立案", "授权不含客户端")
}
