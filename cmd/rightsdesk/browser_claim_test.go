package main

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// claimRoad: a claimant files on a phone, the reviewer assesses, counsel opens
// the proofs and decides, the claimant reads the decision.
func claimRoad(t *testing.T, chromium context.Context, d demoService) {
	claimant := sit(t, chromium, "claimant", phone())
	claimant.open(d.public)
	claimant.reads("怎样办理", "今日有效的声明")
	claimant.fits()
	claimant.shoot("home")
	claimant.leave(`main a.button[href="/claim"]`)
	receipt, private := claimant.files()
	path := origin(t, d.public) + "/desk/claims/" + receipt

	reviewer, counsel := sit(t, chromium, "desk-reviewer", desktop()), sit(t, chromium, "desk-counsel", desktop())
	reviewer.open(d.reviewer)
	reviewer.assesses(receipt)
	counsel.open(d.counsel)
	counsel.open(path)
	counsel.opensProof()
	counsel.upholds()

	claimant.open(private)
	claimant.reads(receipt, "部分成立", "报社的答复", "原稿与刊出稿一致", "补付稿酬320元", "采取的措施")
	claimant.fits()
	claimant.shoot("decided")
	for _, name := range []string{"沈知远", "顾闻笙"} {
		if ask[bool](claimant, `document.body.innerText.includes(`+quote(name)+`)`) {
			t.Errorf("the claimant reads the name %s of the staff", name)
		}
	}
}

// fits wants a page that is no wider than the screen.
func (p *person) fits() {
	p.Helper()
	if wide := ask[int](p, `document.documentElement.scrollWidth - innerWidth`); wide > 0 {
		p.Errorf("%s: the page is %d pixels too wide\n%s", p.name, wide, p.page())
	}
}

// files fills in the form, forgets something at first, and keeps the receipt
// number and the private link.
func (p *person) files() (receipt, private string) {
	p.Helper()
	card, paper := p.proofs()
	p.reads("提交权利主张", "本报的页面")
	p.fits()
	p.shoot("form")
	p.fill(`[name=page]`, "请给江边候车亭添一块挡风板")
	p.click(`[name=action][value=lookup]`)
	p.until(`document.querySelectorAll("[name=article]").length >= 2`)
	p.shoot("looked-up")
	p.click(`[name="claimant.kind"][value=person]`)
	p.fill(`[name="claimant.name"]`, "柳望江")
	p.fill(`[name="work.title"]`, "请给江边候车亭添一块挡风板（读者来信原稿）")
	p.click(`[name=wrongs][value=copied]`)
	p.do(chromedp.SetUploadFiles(`[name="proofs.identity"]`, []string{card}), chromedp.SetUploadFiles(`[name="proofs.ownership"]`, []string{paper}))
	p.click(`main [name=action][value=file]`)
	p.until(`!!document.getElementById("problem")`)
	p.reads("电子邮箱和电话请至少填写一项", "请说明涉及哪些内容", "请至少选择一项：您的要求是什么", "请声明所述内容属实", "请阅读并同意隐私说明", "请单独同意处理身份证明")
	p.fits()
	p.shoot("faults")
	if names := ask[string](p, `[...document.querySelectorAll("input[type=file]")].flatMap(i => [...i.files]).map(f => f.name).join()`); names != "身份证.png,来信原稿.pdf" {
		p.Errorf("the chosen files are now %q", names)
	}
	p.fill(`[name="claimant.phone"]`, "000-55501234")
	p.fill(`[name=details]`, "来信全文是我写的，刊出时没有署我的名字，也没有付稿酬。")
	p.click(`[name=wrongs][value=unpaid]`)
	p.click(`[name=asked][value=credit]`)
	p.click(`[name=asked][value=pay]`)
	p.click(`#truth`)
	p.click(`#consent`)
	p.click(`#consent_id`)
	p.shoot("filled")
	p.leave(`main [name=action][value=file]`)
	p.reads("受理编号", "已提交", "答复日期", "请保存好这个链接", "身份证.png", "来信原稿.pdf", "柳望江")
	p.fits()
	p.shoot("receipt")
	receipt = ask[string](p, `document.querySelector(".number").innerText`)
	private = ask[string](p, `document.querySelector(".copy input").value`)
	if private != ask[string](p, `location.href`) {
		p.Errorf("the private link is %s, and the page %s", private, p.page())
	}
	return receipt, private
}

// proofs are an identity card and a manuscript, as files.
func (p *person) proofs() (card, paper string) {
	p.Helper()
	dir := p.TempDir()
	card, paper = filepath.Join(dir, "身份证.png"), filepath.Join(dir, "来信原稿.pdf")
	png, err := drawing()
	if err != nil {
		p.Fatal(err)
	}
	for name, content := range map[string][]byte{card: png, paper: manuscript()} {
		if err := os.WriteFile(name, content, 0o600); err != nil {
			p.Fatal(err)
		}
	}
	return card, paper
}

// assesses takes the claim up, and finds no way to open its proofs or to decide.
func (p *person) assesses(receipt string) {
	p.Helper()
	p.leave(`nav a[href="/desk/claims"]`)
	p.reads(receipt, "柳望江")
	p.shoot("claims")
	p.leave(`a[href="/desk/claims/` + receipt + `"]`)
	p.reads("身份证.png", "仅法务可打开", "收到主张")
	p.shoot("claim")
	p.leave(`form[action$="/moves/assess"] button`)
	p.reads("审核中", "已提交 → 审核中")
	p.missing(`form[action*="/files/"]`)
	p.missing(`form[action*="/moves/uphold"], form[action$="/moves/reject"]`)
	for _, path := range []string{"/files/3", "/moves/uphold"} {
		if status := p.forge(ask[string](p, `location.pathname`) + path); status != 403 {
			p.Errorf("a reviewer posts %s: status %d", path, status)
		}
	}
	p.open(ask[string](p, `location.href`))
	if ask[bool](p, `document.body.innerText.includes("打开证明文件")`) {
		p.Errorf("an opening is in the record\n%s", p.page())
	}
	p.shoot("assessing")
}

// opensProof looks at the identity card, and finds that in the record.
func (p *person) opensProof() {
	p.Helper()
	p.reads("身份证.png", "每次打开都记入办理记录")
	opened := chromedp.WaitNewTarget(p.ctx, func(info *target.Info) bool { return info.URL != "" })
	p.click(`table.list tbody tr:first-child form[action*="/files/"] button`)
	select {
	case id := <-opened:
		ctx, stop := chromedp.NewContext(p.ctx, chromedp.WithTargetID(id))
		defer stop()
		file := &person{T: p.T, ctx: ctx, name: p.name + "-proof"}
		file.until(`document.images.length === 1 && document.images[0].naturalWidth === 86`)
		file.shoot("opened")
	case <-p.ctx.Done():
		p.Fatalf("no file was opened\n%s", p.page())
	}
	p.open(ask[string](p, `location.href`))
	p.reads("打开证明文件", "顾闻笙", "身份证.png")
	p.shoot("proof-in-the-record")
}

func (p *person) upholds() {
	p.Helper()
	p.click(`form[action$="/moves/uphold_part"] summary`)
	p.fill(`form[action$="/moves/uphold_part"] [name=reason]`, "原稿与刊出稿一致，署名权和获得报酬的请求成立。")
	p.fill(`form[action$="/moves/uphold_part"] [name=remedies]`, "电子版补署姓名，补付稿酬320元。")
	p.shoot("deciding")
	p.leave(`form[action$="/moves/uphold_part"] details button`)
	p.reads("部分成立", "审核中 → 部分成立", "补付稿酬320元")
	p.shoot("decided")
}
