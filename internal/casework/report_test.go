package casework_test

import (
	"errors"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"rightsdesk/internal/casework"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/testenv"
	"rightsdesk/policies"
)

// html is a report's HTML as a reader sees it: text alone, without white space.
func (h *house) html(k *rights.Case, r *rights.Report) string {
	h.Helper()
	b, err := h.cases.ReportFile(h.Context(), k.ID, r.ID, "html")
	if err != nil {
		h.Fatal(err)
	}
	text := regexp.MustCompile(`(?s)<style.*?</style>|<[^>]*>`).ReplaceAllString(string(b), "")
	return html.UnescapeString(regexp.MustCompile(`\s+`).ReplaceAllString(text, ""))
}

// contains reports what the text lacks; white space does not count.
func contains(t *testing.T, text string, wanted ...string) {
	t.Helper()
	for _, w := range wanted {
		if !strings.Contains(text, regexp.MustCompile(`\s+`).ReplaceAllString(w, "")) {
			t.Errorf("is not there: %s", w)
		}
	}
}

func (h *house) report(k *rights.Case) *rights.Report {
	h.Helper()
	r, err := h.cases.Report(h.Context(), reviewer(), k.ID)
	if err != nil {
		h.Fatal(err)
	}
	return r
}

func TestReport(t *testing.T) {
	h := open(t)
	k := h.file(h.copied(h.pier()))
	h.answerAll(k.ID)
	r := h.report(k)
	if !r.Draft || r.CaseID != k.ID || r.By != "shen" || r.Title != "侵权告知函" || len(r.Missing) != 0 || r.Undrawn != "" {
		t.Errorf("report: %+v", r)
	}
	now := time.Now().In(rights.China)
	text := h.html(k, r)
	contains(t, text,
		"草稿 待律师签署", "侵权告知函", "函号：临江日报法函〔"+now.Format("2006")+"〕第0001号", "案件编号："+k.ID,
		"致：云城网络传媒有限公司（内容发布者）", "云ICP备00000001号", "www.yuncheng.example", "云城市南湖区柳荫路9号",
		"临江日报社", "法定代表人周既明", "联系电话000-0000000",
		"作品名称老码头的灯又亮了", "副题——旧港改造一年间", "何小满、罗听雨", "第 02 版：要闻·综合", "2026年1月7日 06:00（UTC+8）",
		"全文：著作权人临江日报社；依据：《中华人民共和国著作权法》第十八条第二款第二项", "核验：沈知远，2026年1月8日",
		"“本网所有内容未经授权不得转载”（仅见于网站页脚）",
		pageURL, "旧码头亮灯了！网友：太美", "2026年1月8日 09:02:03（UTC+8）", "来源：未标注", "作者：未标注",
		"历时11个月", "历时12个月",
		"认定意见内容改动", "处理意见停止使用并删除", "数字改动 1 处", "界限：标题相似度 0.60", "规则版本 2026-11",
		"“转载授权”凡临江日报享有著作权的稿件", "（2026年1月1日起）", "《中华人民共和国著作权法》第十条第一款第三项、第四项",
		"已考虑的相反情形", "仅见于网站页脚，没有随文刊登", "比对发现数字、否定词或者引语不同共 1 处",
		"稿件是否属于没有独创表达的单纯事实消息？——经沈知远审核：不适用。通篇为记者采写的特写，有独创表达",
		"请贵方于"+now.AddDate(0, 0, 10).Format("2006年1月2日")+"前将处理结果书面函复权利人",
		"发现所涉页面并取证", "evidence/rightsdesk-20260108-00001.warc.gz", strings.Repeat("3b1f", 16),
	)
	for _, never := range []string{"待补", "%!", "<nil>", "map["} {
		if strings.Contains(text, never) {
			t.Errorf("the letter holds %q", never)
		}
	}
	if again := h.report(k); again.ID == r.ID || again.HTMLFile == r.HTMLFile {
		t.Errorf("two drafts are one: %+v", again)
	}
}

func TestReportPDF(t *testing.T) {
	pdftotext := testenv.Program(t, "pdftotext")
	h := open(t)
	k := h.file(h.copied(h.pier()))
	r := h.report(k)
	cmd := exec.CommandContext(t.Context(), pdftotext, "-layout", filepath.Join(h.cfg.Data, r.PDFFile), "-")
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	text := regexp.MustCompile(`\s+`).ReplaceAllString(string(out), "")
	contains(t, text, "侵权告知函", "致：云城网络传媒有限公司", "老码头的灯又亮了", "数字改动1处", "——尚待审核", "草稿待律师签署")
}

// A notice to a host or a search service is another letter.
func TestReportFitsTheOperator(t *testing.T) {
	for role, wants := range map[rights.OperatorRole][]string{
		rights.RoleHost:   {"侵权通知书", "网络服务提供者（信息存储空间）", "第一千一百九十五条", "将本通知转送发布该内容的用户"},
		rights.RoleSearch: {"侵权通知书", "网络服务提供者（搜索、链接）", "断开与列明的网络地址的链接"},
	} {
		h := open(t)
		k := h.file(h.copied(h.pier()))
		op := operator()
		op.Role = role
		if _, err := h.cases.SetOperator(t.Context(), reviewer(), k.ID, op); err != nil {
			t.Fatal(err)
		}
		contains(t, h.html(k, h.report(k)), wants...)
	}
}

// What a person chose to ask for stands in the letter.
func TestReportDemand(t *testing.T) {
	h := open(t)
	k := h.file(h.copied(h.pier()))
	contains(t, h.html(k, h.report(k)), "立即删除全部列明页面中的侵权内容")
	h.move(reviewer(), k.ID, casework.Move{Name: "confirm", Demand: policies.DemandOffer})
	contains(t, h.html(k, h.report(k)), "处理意见取得许可或者删除", "签订书面许可合同")
}

// From the approval on the letter is the one that was approved.
func TestReportAfterApproval(t *testing.T) {
	h := open(t)
	k := h.file(h.copied(h.pier()))
	draft := h.report(k)
	h.bring(k.ID, rights.CaseSent)
	f := h.read(k.ID)
	final := f.Reports[0]
	if len(f.Reports) != 2 || final.Draft || !f.Reports[1].Draft || final.PDFSHA == draft.PDFSHA || f.Case.Sent.Report != final.PDFSHA {
		t.Fatalf("reports: %+v", f.Reports)
	}
	if again := h.report(k); again.ID != final.ID {
		t.Errorf("another letter was written: %+v", again)
	}
	text := h.html(k, &final)
	contains(t, text, "经沈知远复核确认", "经顾闻笙批准出具本函")
	if strings.Contains(text, "草稿") || strings.Contains(text, "经核对") {
		t.Error("the final letter is marked as a draft, or says what was said inside the house")
	}
	h.move(reviewer(), k.ID, casework.Move{Name: "close", Reason: "已删除"})
	h.move(counsel(), k.ID, casework.Move{Name: "reopen", Reason: "又登载了"})
	second := h.report(k)
	contains(t, h.html(k, second), "第0001-2号", "前函已经发出")
}

// Only what the paper asserts is claimed; the rest is named and subtracted.
func TestReportSubtractsOthersText(t *testing.T) {
	h := open(t)
	flood := h.flood()
	k := h.file(h.match(flood, page{text: "转发一则消息。\n" + flood.Text(), title: "洪峰今晨过境"}))
	text := h.html(k, h.report(k))
	contains(t, text,
		"第1自然段：著作权人临江日报社", "第2自然段：", "第4自然段：",
		"《洪峰今晨过境》中，第3自然段系新华社的电讯稿，不在本函主张之列", "占作品的100.0%", "没有登载不许转载的声明",
		"【待补：权属核验人】",
	)
	if strings.Contains(text, "国家防汛抗旱总指挥部") {
		t.Error("the letter claims wire copy")
	}
	own := 0
	for i, p := range flood.Paragraphs {
		if i != 2 {
			own += utf8.RuneCountInString(regexp.MustCompile(`[^\p{L}\p{N}]`).ReplaceAllString(p, ""))
		}
	}
	contains(t, text, "相同的文字合计"+strconv.Itoa(own)+"字")
	h.bring(k.ID, rights.CaseConfirmed)
	h.answerAll(k.ID)
	_, err := h.cases.Move(t.Context(), counsel(), k.ID, casework.Move{Name: "approve"})
	var details []string
	for _, f := range fieldsOf(err) {
		details = append(details, f.Detail)
	}
	contains(t, strings.Join(details, "|"), "《洪峰今晨过境》第1自然段：权属尚未经人核实", "第2自然段：", "第4自然段：")
	if strings.Contains(strings.Join(details, ""), "第3自然段") {
		t.Error("standing is asked for text that is not claimed")
	}
}

func fieldsOf(err error) []rights.Field {
	var e *rights.Error
	if !errors.As(err, &e) {
		return nil
	}
	return e.Fields
}

// Of a page in parts every address is listed, each with its evidence.
func TestReportParts(t *testing.T) {
	h := open(t)
	pier := h.pier()
	k := h.file(h.match(pier, page{text: pier.Text(), title: "灯", parts: 3}))
	contains(t, h.html(k, h.report(k)),
		pageURL, "8812_2.html", "8812_3.html", "分页 1/3", "分页 3/3", "3个网络地址", "证据3", "起始字节与长度2000，900")
}

// Nothing to claim makes no letter.
func TestNoReportOfWireCopy(t *testing.T) {
	h := open(t)
	pier := h.pier()
	pier.Segments[0].Owner, pier.Segments[0].Basis, pier.Segments[0].Holder = rights.OwnerWire, rights.BasisWire, "新华社"
	h.register(pier)
	k := h.file(h.match(pier, page{text: pier.Text(), title: "灯", facts: func(f *policies.Facts) { f.MatchedOwn, f.MatchedWire = 0, 400 }}))
	_, err := h.cases.Report(t.Context(), reviewer(), k.ID)
	if err == nil || refusal(t, err) != "conflict claim" || !strings.Contains(err.Error(), "规则 G04（通讯社稿件）") {
		t.Error(err)
	}
	if files, _ := filepath.Glob(filepath.Join(h.cfg.Data, "reports", "*", "*")); files != nil {
		t.Errorf("left behind: %v", files)
	}
}

// A person who confirms against the machine gives the letter its ground; what
// the machine found speaks against it.
func TestReportAgainstTheMachine(t *testing.T) {
	h := open(t)
	pier := h.pier()
	k := h.file(h.match(pier, page{text: pier.Text(), title: "灯", facts: func(f *policies.Facts) {
		f.Gross, f.LongestRun, f.PageShare, f.SourceNamed, f.AuthorNamed = 0.05, 60, 0.1, true, true
	}}))
	if f := h.read(k.ID); !f.Steps[0].Reason || f.Steps[0].Demand != policies.DemandOffer {
		t.Errorf("confirm: %+v", f.Steps[0])
	}
	h.move(reviewer(), k.ID, casework.Move{Name: "confirm", Reason: "引用的是全文的核心段落，没有评论"})
	text := h.html(k, h.report(k))
	contains(t, text, "经人工复核认定的未经许可使用", "复核意见：引用的是全文的核心段落，没有评论", "引用量小、已注明出处，可能属于适当引用")
	if opinion, _, _ := strings.Cut(text, "已考虑的相反情形"); strings.Contains(opinion, "可能属于适当引用") {
		t.Error("fair quotation stands as a ground of the claim")
	}
}

// A long article stays readable: rows are short, and what is left out is said.
func TestReportLong(t *testing.T) {
	h := open(t)
	pier := h.pier()
	for i := range 60 {
		pier.Paragraphs = append(pier.Paragraphs, "第"+strconv.Itoa(i)+"处旧址的修缮记录写得很细，连换下来的每一块木板从哪里来、放到哪里去，都由值守的匠人一笔一笔记在本子上，编号"+strconv.Itoa(i*37)+"。")
	}
	pier.Segments[0].End = utf8.RuneCountInString(pier.Text())
	h.register(pier)
	k := h.file(h.match(pier, page{text: pier.Text(), title: "灯"}))
	text := h.html(k, h.report(k))
	contains(t, text, "另有相同文字")
	if n := utf8.RuneCountInString(text); n > 12000 {
		t.Errorf("the letter has %d characters", n)
	}
}

func TestReportFile(t *testing.T) {
	h := open(t)
	k := h.file(h.copied(h.pier()))
	r := h.report(k)
	for _, tt := range []struct {
		id     string
		report int64
		format string
		want   rights.Kind
	}{
		{k.ID, r.ID, "docx", rights.NotFound},
		{k.ID, r.ID + 1, "pdf", rights.NotFound},
		{"RD2026-0099", r.ID, "pdf", rights.NotFound},
	} {
		if _, err := h.cases.ReportFile(t.Context(), tt.id, tt.report, tt.format); rights.KindOf(err) != tt.want {
			t.Errorf("%+v: %v", tt, err)
		}
	}
	at := filepath.Join(h.cfg.Data, r.PDFFile)
	if b, err := h.cases.ReportFile(t.Context(), k.ID, r.ID, "pdf"); err != nil || !strings.HasPrefix(string(b), "%PDF-") {
		t.Error(err)
	}
	if err := os.WriteFile(at, []byte("%PDF-"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := h.cases.ReportFile(t.Context(), k.ID, r.ID, "pdf"); rights.KindOf(err) != rights.Conflict {
		t.Errorf("a changed file: %v", err)
	}
	if err := os.Remove(at); err != nil {
		t.Fatal(err)
	}
	if _, err := h.cases.ReportFile(t.Context(), k.ID, r.ID, "pdf"); rights.KindOf(err) != rights.NotFound {
		t.Errorf("a file that is gone: %v", err)
	}
}

// Every fact and threshold that a rule may show has a name in Chinese.
func TestFactNames(t *testing.T) {
	policy, err := policies.Default()
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]any{}
	for name := range policy.Thresholds {
		values[name] = 1.0
	}
	for _, f := range reflect.VisibleFields(reflect.TypeFor[policies.Facts]()) {
		values[f.Tag.Get("json")] = map[reflect.Kind]any{reflect.Bool: true, reflect.Float64: 2.0, reflect.String: "x"}[f.Type.Kind()]
	}
	for name, v := range values {
		if text := casework.FactText(name, v); strings.Contains(text, name) || strings.Contains(text, "%!") {
			t.Errorf("%s is said as %q", name, text)
		}
	}
	if got := casework.FactText("licence", ""); got != "" {
		t.Errorf("no licence is said as %q", got)
	}
}
