package desk_test

import (
	"crypto/x509"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/andybalholm/cascadia"

	"rightsdesk/internal/bundle"
	"rightsdesk/internal/rights"
)

// TestWholeWay goes with a case from open to closed: every step is a form that
// stands on the page.
func TestWholeWay(t *testing.T) {
	h := open(t)
	h.sweep()
	shen, gu := h.as("shen"), h.as("gu")
	id := h.caseOn("/bridge.html")
	path := "/desk/cases/" + id
	move := func(p *person, name string, given url.Values) *answer {
		t.Helper()
		return p.submit(p.get(path), path+"/moves/"+name, given)
	}
	move(shen, "confirm", url.Values{"demand": {"removal"}}).to(path)
	page := shen.get(path)
	page.says("已办理，案件状态已更新。", "已确认", "要求：删除")
	if len(page.all(`form[action$="/moves/approve"]`)) != 0 {
		t.Error("a reviewer is offered the approval")
	}
	shen.get(path).silent("已办理，案件状态已更新。")
	shen.send(http.MethodPost, path+"/moves/approve", url.Values{"csrf": {csrf(page)}, "version": {"2"}}).is(http.StatusForbidden)

	page = gu.get(path)
	if button := cascadia.Query(page.root, cascadia.MustCompile(`form[action$="/moves/approve"] button`)); button == nil || !has(button, "disabled") {
		t.Fatal("the approval is not barred")
	}
	obstacles := strings.Join(page.all(`form[action$="/moves/approve"] .obstacles li`), "\n")
	for _, want := range []string{"《澜江二桥通车首日》", "权属尚未经人核实", "尚未回答：稿件是否属于没有独创表达的单纯事实消息？"} {
		if !strings.Contains(obstacles, want) {
			t.Errorf("obstacles %s lack %s", obstacles, want)
		}
	}
	gu.get(path+"?lang=en").says("Nobody has verified the owner.", "Not answered yet: Is the article mere factual news without original expression?")
	gu.get(path + "?lang=zh")

	verify(shen, path, h.bridge.ID)
	answerAll(shen, path)
	shen.submit(shen.get(path), path+"/reports", nil).to(path + "#reports")
	shen.get(path).says("函件已生成。", "草稿")
	move(gu, "approve", nil).to(path)
	move(shen, "send", url.Values{"to": {"legal@yuncheng.example"}, "how": {"email"}, "detail": {"邮件 7"}}).to(path)
	k := h.readCase(id)
	if k.State != rights.CaseSent || k.Sent.To != "legal@yuncheng.example" || k.Sent.Detail != "邮件 7" || k.Approved.By != "gu" || k.Confirmed.By != "shen" {
		t.Errorf("case %+v", k)
	}
	if fields := move(shen, "close", url.Values{"reason": {" "}}).is(http.StatusUnprocessableEntity).one("[role=alert] li"); !strings.Contains(fields, "理由") {
		t.Errorf("fields %q", fields)
	}
	move(shen, "close", url.Values{"reason": {"对方已删除"}}).to(path)
	shen.get(path).says("已结案", "对方已删除")
	readReports(shen, path)
	readBundle(shen, path)
}

// readBundle downloads the bundle and checks it. Nothing is stamped here.
func readBundle(p *person, path string) {
	p.Helper()
	file := p.submit(p.get(path), path+"/bundles", nil).is(http.StatusOK)
	if file.header.Get("Content-Type") != "application/wacz" || !strings.HasSuffix(file.header.Get("Content-Disposition"), ".wacz") {
		p.Errorf("%v", file.header)
	}
	sum, err := bundle.Verify(p.Context(), strings.NewReader(file.body), int64(len(file.body)), x509.NewCertPool(), func(file, detail string) { p.Error(file, detail) })
	if err != nil || sum.Matches == 0 || sum.Events == 0 {
		p.Errorf("%+v, %v", sum, err)
	}
	p.get(path).says("制作证据包")
}

func csrf(page *answer) string {
	return attr(cascadia.Query(page.root, cascadia.MustCompile("input[name=csrf]")), "value")
}

// verify stands for the first segment of an article from the page of a case.
func verify(p *person, path, article string) {
	p.Helper()
	page := p.get(path)
	p.submit(page, "/desk/articles/"+article+"/segments", url.Values{
		"holder": {"临江日报社"}, "document": {"劳动合同2019-07"}, "verified": {"yes"}, "reason": {"已核对署名和合同"},
	}).to(path + "?article=" + article + "#segments")
	p.get(path).silent("权属尚未经人核实")
}

// answerAll answers every question with a no.
func answerAll(p *person, path string) {
	p.Helper()
	page := p.get(path)
	given := url.Values{}
	for _, q := range cascadia.QueryAll(page.root, cascadia.MustCompile("input[name=question]")) {
		id := attr(q, "value")
		given["applies-"+id], given["reason-"+id] = []string{"no"}, []string{"全文转载，不是引用"}
	}
	if len(given) == 0 {
		p.Fatal("there are no questions")
	}
	p.submit(page, path+"/answers", given).to(path)
}

// readReports opens every file of the letters.
func readReports(p *person, path string) {
	p.Helper()
	links := cascadia.QueryAll(p.get(path).root, cascadia.MustCompile(".reports .links a"))
	if len(links) != 4 {
		p.Fatalf("%d links to letters", len(links))
	}
	for _, a := range links {
		file := p.get(attr(a, "href")).is(http.StatusOK)
		policy := file.header.Get("Content-Security-Policy")
		if !strings.HasPrefix(file.header.Get("Content-Disposition"), "inline") || file.header.Get("X-Content-Type-Options") != "nosniff" {
			p.Errorf("%s: %v", attr(a, "href"), file.header)
		}
		if strings.Contains(attr(a, "href"), "pdf") {
			if !strings.HasPrefix(file.body, "%PDF-") {
				p.Errorf("%s is no PDF", attr(a, "href"))
			}
			continue
		}
		if !strings.HasPrefix(policy, "sandbox;") || strings.Contains(file.body, "<script>") {
			p.Errorf("%s: policy %q", attr(a, "href"), policy)
		}
	}
}

func TestSendingLooksAtThePage(t *testing.T) {
	h := open(t)
	h.sweep()
	shen, gu := h.as("shen"), h.as("gu")
	path := "/desk/cases/" + h.caseOn("/bridge.html")
	shen.submit(shen.get(path), path+"/moves/confirm", nil).to(path)
	verify(shen, path, h.bridge.ID)
	answerAll(shen, path)
	gu.submit(gu.get(path), path+"/moves/approve", nil).to(path)
	h.site.gone["/bridge.html"] = true
	page := shen.submit(shen.get(path), path+"/moves/send", url.Values{"to": {"云城网法务"}, "detail": {"EMS 42"}}).is(http.StatusConflict)
	page.says("对方页面现已看不到涉案文字", "404")
	if values := inputs(page, path+"/moves/send"); values.Get("to") != "云城网法务" || values.Get("detail") != "EMS 42" {
		t.Errorf("what was typed is lost: %v", values)
	}
	if k := h.readCase(h.caseOn("/bridge.html")); k.State != rights.CaseApproved {
		t.Errorf("the case is %s", k.State)
	}
}

// inputs are what a form on a page holds.
func inputs(page *answer, action string) url.Values {
	page.Helper()
	form := cascadia.Query(page.root, cascadia.MustCompile(`form[action="`+action+`"]`))
	if form == nil {
		page.Fatalf("there is no form to %s", action)
	}
	return filled(form, nil)
}

func TestStaleForm(t *testing.T) {
	h := open(t)
	h.sweep()
	shen, gu := h.as("shen"), h.as("gu")
	path := "/desk/cases/" + h.caseOn("/bridge.html")
	old := shen.get(path)
	gu.submit(gu.get(path), path+"/operator", url.Values{"name": {"云城网"}, "role": {"host"}}).to(path)
	for _, tt := range []struct {
		action string
		given  url.Values
		kept   string
	}{
		{path + "/moves/hold", url.Values{"reason": {"先问编辑部"}}, "reason"},
		{path + "/answers", url.Values{"applies-fact": {"no"}, "reason-fact": {"有独创表达"}}, "reason-fact"},
		{path + "/operator", url.Values{"name": {"云城网络"}}, "name"},
	} {
		page := shen.submit(old, tt.action, tt.given).is(http.StatusConflict)
		page.says("云城网")
		if page.one("[role=alert] > p") == "" {
			t.Errorf("%s: no message", tt.action)
		}
		now := inputs(page, tt.action)
		if now.Get(tt.kept) != tt.given.Get(tt.kept) {
			t.Errorf("%s: what was typed is lost: %v", tt.action, now)
		}
		if now.Get("version") != "2" {
			t.Errorf("%s: version %q", tt.action, now.Get("version"))
		}
	}
	if k := h.readCase(h.caseOn("/bridge.html")); k.State != rights.CaseOpen || k.Operator.Name != "云城网" || len(k.Answers) != 0 || k.Version != 2 {
		t.Errorf("case %+v", k)
	}
	again := shen.submit(old, path+"/moves/hold", url.Values{"reason": {"先问编辑部"}})
	shen.submit(again, path+"/moves/hold", nil).to(path)
}

func TestAnswersWantReasons(t *testing.T) {
	h := open(t)
	h.sweep()
	shen := h.as("shen")
	id := h.caseOn("/bridge.html")
	path := "/desk/cases/" + id
	page := shen.submit(shen.get(path), path+"/answers", url.Values{
		"applies-fact": {"no"}, "reason-fact": {"有独创表达"}, "applies-news": {"yes"}, "reason-speech": {"不是讲话"},
	}).is(http.StatusUnprocessableEntity)
	page.says("答复不完整，尚未保存", "写了理由，但没有选择是否适用")
	if got := page.all("[role=alert] li"); len(got) != 2 {
		t.Errorf("faults %q", got)
	}
	if len(h.readCase(id).Answers) != 0 {
		t.Error("a part of the answers was kept")
	}
	shen.submit(page, path+"/answers", url.Values{"reason-news": {"通讯社报道"}, "applies-speech": {"no"}}).to(path)
	if got := h.readCase(id).Answers; len(got) != 3 {
		t.Errorf("answers %+v", got)
	}
	shen.submit(shen.get(path), path+"/answers", nil).is(http.StatusUnprocessableEntity).says("没有新的答复")
}
