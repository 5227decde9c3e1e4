package main

import (
	"context"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

// The cases of the road, by the titles of their pages.
const (
	retitled = "七旬老人死守破铺子" // nobody verified the owner of its article
	verbatim = "芦苇荡里的数鸟人"  // the owner is verified
)

// reprintRoad: the reviewer confirms, counsel verifies and approves, the
// reviewer marks as sent.
func reprintRoad(t *testing.T, chromium context.Context, d demoService) {
	reviewer, counsel := sit(t, chromium, "reviewer", desktop()), sit(t, chromium, "counsel", desktop())
	reviewer.open(d.reviewer)
	reviewer.reads("案件", "沈知远", "审核员")
	reviewer.shoot("cases")
	reviewer.openCase(retitled)
	reviewer.compares()
	reviewer.answers()
	reviewer.confirms()
	reviewer.missing(`form[action$="/moves/approve"]`)
	path := ask[string](reviewer, `location.pathname`)
	if status := reviewer.forge(path + "/moves/approve"); status != 403 {
		t.Errorf("a reviewer approves: status %d", status)
	}

	counsel.open(d.counsel)
	counsel.reads("顾闻笙", "法务")
	counsel.open(origin(t, d.public) + path)
	counsel.approves()
	c := d.caseOf(t, filepath.Base(path))
	before := d.fetched(t, c.URL)

	reviewer.open(origin(t, d.public) + path)
	reviewer.sends()
	counsel.open(origin(t, d.public) + path)
	counsel.reads("已发函", "沈知远", "登记发函", "顾闻笙", "批准发函", "已确认 → 已批准", "已批准 → 已发函")
	counsel.shoot("sent")
	c = d.caseOf(t, c.ID)
	if c.State != rights.CaseSent || c.Sent.To != "云城市文化路9号 总编办" || c.Sent.How != rights.ChannelCourier || c.Sent.Report == "" || c.Sent.Name != "沈知远" {
		t.Errorf("sent: %+v", c.Sent)
	}
	if after := d.fetched(t, c.URL); after != before+1 {
		t.Errorf("the page was not fetched again: %d exchanges kept, then %d", before, after)
	}

	counsel.fourEyes(d)
}

// openCase goes from the list to the case of the page whose title begins so.
func (p *person) openCase(title string) {
	p.Helper()
	href := ask[string](p, `[...document.querySelectorAll("td.page a")].find(a => a.innerText.startsWith(`+quote(title)+`)).getAttribute("href")`)
	p.leave(`td.page a[href="` + href + `"]`)
}

// compares sees both texts side by side, and what was copied in both.
func (p *person) compares() {
	p.Helper()
	p.reads("系统意见", "不利于本报的因素", "文本对照", "标题改动", "例外问题", "证据")
	p.until(`["ours", "theirs"].every(side => {
		const text = document.querySelector(".text[data-side=" + side + "]");
		return text.innerText.length > 300 && text.querySelectorAll("a.copied").length > 0;
	})`)
	p.until(`(() => {
		const [a, b] = [...document.querySelectorAll(".sides .text")].map(e => e.getBoundingClientRect());
		return a.top === b.top && a.right <= b.left && document.documentElement.scrollWidth <= innerWidth;
	})()`)
	p.shoot("case")
}

// answers answers every question of the case.
func (p *person) answers() {
	p.Helper()
	questions := ask[[]string](p, `[...document.querySelectorAll("[name=question]")].map(e => e.value)`)
	if len(questions) < 3 {
		p.Fatalf("questions %q", questions)
	}
	for _, q := range questions {
		p.click(`[name="applies-` + q + `"][value=no]`)
		p.fill(`[name="reason-`+q+`"]`, "通篇是人物特写，不在此列。")
	}
	p.leave(`form[action$="/answers"] > button`)
	p.reads("沈知远 于")
	p.shoot("answered")
}

func (p *person) confirms() {
	p.Helper()
	p.click(`form[action$="/moves/confirm"] summary`)
	p.choose(`form[action$="/moves/confirm"] [name=demand]`, "removal")
	p.fill(`form[action$="/moves/confirm"] [name=reason]`, "全文照搬，标题改得耸动。")
	p.shoot("confirming")
	p.leave(`form[action$="/moves/confirm"] details button`)
	p.reads("已确认", "待处理 → 已确认", "全文照搬，标题改得耸动。")
	p.shoot("confirmed")
}

// approves finds that nobody verified who owns the text, does so, and approves.
func (p *person) approves() {
	p.Helper()
	p.reads("现在还不能办理", "修表匠老周的最后一间铺子")
	p.until(`document.querySelector('form[action$="/moves/approve"] button').disabled`)
	p.shoot("obstacles")
	for ask[bool](p, `document.querySelector('form[action$="/moves/approve"] button').disabled`) {
		i := ask[int](p, `[...document.querySelectorAll(".segments > li")].findIndex(li => li.querySelector(".fault")) + 1`)
		if i == 0 {
			p.Fatalf("nothing to verify\n%s", p.page())
		}
		li := `.segments > li:nth-child(` + strconv.Itoa(i) + `) `
		p.click(li + `details summary`)
		p.fill(li+`[name=holder]`, "临江日报社")
		p.fill(li+`[name=document]`, "采编人员劳动合同 2019-044")
		p.fill(li+`[name=reason]`, "核对署名与劳动合同")
		p.click(li + `[name=verified]`)
		p.shoot("verifying")
		p.leave(li + `form button`)
		p.reads("顾闻笙 于")
	}
	p.shoot("verified")
	p.leave(`form[action$="/moves/approve"] button`)
	p.reads("已批准", "已确认 → 已批准", "侵权告知函")
	p.shoot("approved")
}

// sends marks the letter as sent by courier.
func (p *person) sends() {
	p.Helper()
	p.click(`form[action$="/moves/send"] summary`)
	p.fill(`form[action$="/moves/send"] [name=to]`, "云城市文化路9号 总编办")
	p.choose(`form[action$="/moves/send"] [name=how]`, "courier")
	p.fill(`form[action$="/moves/send"] [name=detail]`, "SF0000000001")
	p.shoot("sending")
	p.leave(`form[action$="/moves/send"] details button`)
	p.reads("已发函", "云城市文化路9号 总编办", "SF0000000001。发送前核对：该网站没有有效的授权。页面仍载有涉案文字", "答复期限")
	p.shoot("sent")
}

// fourEyes: counsel confirms a case and cannot approve it.
func (p *person) fourEyes(d demoService) {
	p.Helper()
	p.open(origin(p.T, d.public) + "/desk")
	p.openCase(verbatim)
	questions := ask[[]string](p, `[...document.querySelectorAll("[name=question]")].map(e => e.value)`)
	for _, q := range questions {
		p.click(`[name="applies-` + q + `"][value=no]`)
		p.fill(`[name="reason-`+q+`"]`, "不在此列。")
	}
	p.leave(`form[action$="/answers"] > button`)
	p.click(`form[action$="/moves/confirm"] summary`)
	p.leave(`form[action$="/moves/confirm"] details button`)
	p.reads("已确认", "本案由您本人确认，须由另一人批准")
	p.until(`document.querySelector('form[action$="/moves/approve"] button').disabled`)
	if n := ask[int](p, `document.querySelectorAll("#why-approve li").length`); n != 1 {
		p.Errorf("%d obstacles", n)
	}
	if status := p.forge(ask[string](p, `location.pathname`) + "/moves/approve"); status != 409 {
		p.Errorf("who confirmed approves: status %d", status)
	}
	p.shoot("four-eyes")
}

// origin is the scheme and host of an address.
func origin(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u.Scheme + "://" + u.Host
}

// caseOf reads a case from the demo's store.
func (d demoService) caseOf(t *testing.T, id string) (c *rights.Case) {
	t.Helper()
	db, err := store.Open(t.Context(), filepath.Join(d.dir, "rightsdesk.db"), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	err = db.View(t.Context(), func(tx *store.Tx) error {
		c, err = tx.Case(t.Context(), id)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// fetched is how many answers of a page the demo keeps.
func (d demoService) fetched(t *testing.T, address string) int {
	t.Helper()
	manifest, err := os.ReadFile(filepath.Join(d.dir, "evidence", "manifest.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for line := range strings.Lines(string(manifest)) {
		if strings.Contains(line, `"type":"response"`) && strings.Contains(line, `"url":"`+address+`"`) {
			n++
		}
	}
	return n
}
