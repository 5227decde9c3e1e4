package desk_test

import (
	"bytes"
	"image"
	"image/png"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/andybalholm/cascadia"

	"rightsdesk/internal/claims"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

// file files a claim and returns its receipt number.
func (h *house) file() string {
	h.Helper()
	var picture bytes.Buffer
	check(h, png.Encode(&picture, image.NewGray(image.Rect(0, 0, 8, 8))))
	f := claims.Filing{
		Claimant: rights.Claimant{Name: "顾临川<b>", Kind: "person", Email: "gu@writers.example", Phone: "000-1234567"},
		Page:     "老城的早市", Article: h.market.ID, Work: rights.ClaimWork{Title: "早市", Details: "散文"},
		Wrongs: []rights.Wrong{rights.WrongUnpaid}, Details: "没有收到稿酬", Asked: []rights.Remedy{rights.RemedyPay}, Truth: true, Consent: true, ConsentID: true,
		Files: []claims.Upload{
			{Kind: rights.ProofIdentity, Name: "证件.png", Content: picture.Bytes()}, {Kind: rights.ProofOwnership, Name: "原稿.png", Content: picture.Bytes()},
		},
	}
	c, _, err := h.claims.File(h.Context(), f)
	check(h, err)
	return c.ID
}

func TestClaim(t *testing.T) {
	h := open(t)
	shen, gu := h.as("shen"), h.as("gu")
	shen.get("/desk/claims").is(http.StatusOK).says("还没有权利主张")
	h.register()
	id := h.file()
	path := "/desk/claims/" + id
	if rows := shen.get("/desk/claims").all("tbody tr"); len(rows) != 1 || !strings.Contains(rows[0], "未付稿酬") || !strings.Contains(rows[0], "顾临川<b>") {
		t.Fatalf("rows %q", rows)
	}
	page := shen.get(path).is(http.StatusOK)
	page.says("没有收到稿酬", "支付稿酬", "gu@writers.example", "证件.png", "仅法务可打开", "老城的早市")
	shen.submit(page, path+"/moves/assess", nil).to(path)
	page = shen.get(path)
	page.says("要求补正")
	page.silent("认定成立", "认定不成立")

	page = gu.get(path)
	refused := gu.submit(page, path+"/moves/uphold", url.Values{"reason": {"确系漏付"}}).is(http.StatusUnprocessableEntity)
	refused.says("请写明报社将采取的措施")
	gu.submit(refused, path+"/moves/uphold", url.Values{"remedies": {"十日内补付稿酬"}}).to(path)
	gu.get(path).says("主张成立", "确系漏付", "十日内补付稿酬", "顾闻笙")
	gu.submit(page, path+"/moves/reject", url.Values{"reason": {"x"}}).is(http.StatusConflict)
	shen.get("/desk/claims?state=submitted").says("这一状态下没有权利主张")
}

func TestAskForWhatIsMissing(t *testing.T) {
	h := open(t)
	h.register()
	id := h.file()
	path := "/desk/claims/" + id
	p := h.as("shen")
	p.submit(p.get(path), path+"/moves/ask", url.Values{"missing": {"原稿的日期\n\n  投稿邮件\n"}, "reason": {"无法核对"}}).to(path)
	if got := p.get(path).all("ul li"); !strings.Contains(strings.Join(got, "|"), "原稿的日期|投稿邮件") {
		t.Errorf("asked for %q", got)
	}
}

// A claim that was not completed in time is closed by counsel, with the reason
// that the desk proposes.
func TestLapse(t *testing.T) {
	h := open(t)
	h.register()
	id := h.file()
	path := "/desk/claims/" + id
	shen, gu := h.as("shen"), h.as("gu")
	shen.submit(shen.get(path), path+"/moves/ask", url.Values{"missing": {"投稿邮件"}, "reason": {"无法核对"}}).to(path)
	gu.get(path).silent("逾期未补正，结案")
	check(h, h.db.Update(h.Context(), func(tx *store.Tx) error {
		c, err := tx.Claim(h.Context(), id)
		if err != nil {
			return err
		}
		c.CureBy = "2026-01-05"
		return tx.PutClaim(h.Context(), c)
	}))
	page := shen.get(path)
	page.says("逾期", "您的角色在这一状态下没有可以办理的步骤。")
	page.silent("逾期未补正，结案")
	gu.submit(gu.get(path), path+"/moves/lapse", nil).to(path)
	gu.get(path).says("不予支持", "补正期限（2026-01-05）已过，没有收到：投稿邮件。", "待补正 → 不予支持")
}

func TestProofsAreForCounsel(t *testing.T) {
	h := open(t)
	h.register()
	path := "/desk/claims/" + h.file()
	shen, gu := h.as("shen"), h.as("gu")
	page := gu.get(path)
	action := attr(cascadia.Query(page.root, cascadia.MustCompile(`form[action*="/files/"]`)), "action")
	shen.send(http.MethodPost, action, url.Values{"csrf": {csrf(shen.get(path))}}).is(http.StatusForbidden)
	gu.get(path).silent("打开证明文件")
	file := gu.submit(page, action, nil).is(http.StatusOK)
	if !strings.HasPrefix(file.body, "\x89PNG") || file.header.Get("Content-Type") != "image/png" || !strings.HasPrefix(file.header.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("the file came as %v", file.header)
	}
	gu.get(path).says("打开证明文件")
	gu.send(http.MethodGet, action, nil).is(http.StatusMethodNotAllowed)
}
