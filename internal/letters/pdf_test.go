package letters_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"rightsdesk/internal/letters"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/testenv"
)

// readBack gives the text of a PDF in the order in which it was written: cell
// by cell, where a reader would go across the columns.
func readBack(t *testing.T, pdf []byte) string {
	t.Helper()
	tool := testenv.Program(t, "pdftotext")
	file := filepath.Join(t.TempDir(), "letter.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), tool, "-raw", "-enc", "UTF-8", file, "-")
	var faults bytes.Buffer
	cmd.Stderr = &faults
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	if faults.Len() > 0 {
		t.Errorf("the PDF is not clean: %s", faults.String())
	}
	return string(out)
}

// dense drops white space: a reader breaks lines where the page does.
func dense(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

// pages splits what was read back and counts the pages by their feet.
func pages(t *testing.T, text string) []string {
	t.Helper()
	all := strings.Split(strings.TrimSuffix(text, "\f"), "\f")
	for i, page := range all {
		if want := fmt.Sprintf("第%d页共%d页", i+1, len(all)); !strings.Contains(dense(page), want) {
			t.Errorf("page %d does not say %s", i+1, want)
		}
	}
	return all
}

func holds(t *testing.T, text string, wants ...string) {
	t.Helper()
	text = dense(text)
	for _, want := range wants {
		if !strings.Contains(text, dense(want)) {
			t.Errorf("the letter lacks %q", want)
		}
	}
}

func TestLetterToPublisher(t *testing.T) {
	r := ready()
	pdf, undrawn := write(t, r)
	if len(undrawn) > 0 {
		t.Errorf("undrawn %q", string(undrawn))
	}
	if m := r.Missing(); len(m) > 0 {
		t.Errorf("missing %v", m)
	}
	text := readBack(t, pdf)
	if n := len(pages(t, text)); n != 5 {
		t.Errorf("%d pages, want 5", n)
	}
	holds(t, text,
		"侵权告知函", "函号：临报法函〔2026〕第0007号", "致：云渡信息技术有限公司（内容发布者）", "出具日期：2026年1月9日",
		"老码头的灯又亮了", "2026年1月7日", "第 02 版：要闻·综合", "何小满、罗听雨（本报记者）",
		"2026年1月8日 09:02:03（UTC+8）", "93.1%", "来源：“临江日报”", "作者：未标注", "最长连续相同312字",
		"傍晚六点，旧港三号码头的第一盏灯亮了。", "守灯人老秦站在栈桥尽头，", "《中华人民共和国著作权法》第十条第一款第二项、第五十三条第一项",
		"标注来源不等于取得许可", r.Demands[0], r.Demands[2], "2026年1月23日前将处理结果书面函复", r.Statement,
		"权利人（签章）：", "承办律师（签字）：", digest, "204833，18211", "特此函告。")
	if strings.Contains(dense(text), "草稿") || strings.Contains(text, "待补") {
		t.Error("an approved and complete letter is marked as a draft or incomplete")
	}
}

func TestDraftIsMarkedOnEveryPage(t *testing.T) {
	r := ready()
	r.Draft = true
	for i, page := range pages(t, readBack(t, first(write(t, r)))) {
		if !strings.Contains(dense(page), "草稿待律师签署") {
			t.Errorf("page %d is not marked as a draft", i+1)
		}
	}
	if page := html(t, r); !strings.Contains(page, "草稿 待律师签署") {
		t.Error("the page is not marked as a draft")
	}
}

func first(pdf []byte, _ []rune) []byte { return pdf }

func html(t *testing.T, r *letters.Report) string {
	t.Helper()
	var b strings.Builder
	if err := letters.HTML(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestMissingIsShown empties what the law wants, one field at a time: the field
// is named, and both letters show it.
func TestMissingIsShown(t *testing.T) {
	cases := []struct {
		name, want, shown string
		empty             func(*letters.Report)
	}{
		{"number", "函号", "函号", func(r *letters.Report) { r.Number = "" }},
		{"date", "出具日期", "出具日期", func(r *letters.Report) { r.Date = " " }},
		{"recipient", "收函人名称", "收函人名称", func(r *letters.Report) { r.Recipient.Name = "" }},
		{"identity", "权利人统一社会信用代码", "统一社会信用代码", func(r *letters.Report) { r.Sender.IDNumber = "" }},
		{"representative", "法定代表人", "法定代表人", func(r *letters.Report) { r.Sender.Representative = "\u200b" }},
		{"address", "权利人通信地址", "权利人通信地址", func(r *letters.Report) { r.Sender.Address = "" }},
		{"phone", "联系电话", "联系电话", func(r *letters.Report) { r.Sender.Phone = "" }},
		{"authority", "授权委托书", "授权委托书", func(r *letters.Report) { r.Sender.Authority = "" }},
		{"works", "被侵权作品", "被侵权作品", func(r *letters.Report) { r.Articles = nil }},
		{"headline", "作品名称", "作品名称", func(r *letters.Report) { r.Articles[0].Headline = "" }},
		{"standing", "权属证明", "权属证明", func(r *letters.Report) { r.Articles[0].Standing = nil }},
		{"verified", "权属核验人", "权属核验人", func(r *letters.Report) { r.Articles[0].Standing[0].VerifiedBy = "" }},
		{"urls", "侵权内容网络地址", "侵权内容网络地址", func(r *letters.Report) { r.Infringements = nil }},
		{"captured", "取证时间", "取证时间", func(r *letters.Report) { r.Infringements[0].CapturedAt = time.Time{} }},
		{"digest", "证据摘要值", "证据摘要值", func(r *letters.Report) { r.Evidence[0].SHA256 = "" }},
		{"evidence", "证据摘要值", "初步证明材料", func(r *letters.Report) { r.Evidence = nil }},
		{"law", "法律依据", "法律依据", func(r *letters.Report) { r.Verdict.Findings = nil }},
		{"demands", "通知要求", "通知要求", func(r *letters.Report) { r.Demands = []string{"\n"} }},
		{"answer", "答复期限", "答复期限", func(r *letters.Report) { r.AnswerBy = "" }},
		{"statement", "真实性声明", "真实性声明", func(r *letters.Report) { r.Statement = "" }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := ready()
			r.Kind, r.Title = rights.RoleHost, ""
			if m := r.Missing(); len(m) > 0 {
				t.Fatalf("complete, but missing %v", m)
			}
			c.empty(r)
			if m := r.Missing(); !slices.Contains(m, c.want) {
				t.Errorf("missing %v, want %s among them", m, c.want)
			}
			shown := "【待补：" + c.shown + "】"
			if !strings.Contains(html(t, r), "<mark>"+shown+"</mark>") {
				t.Errorf("the page does not show %s", shown)
			}
			holds(t, readBack(t, first(write(t, r))), "侵权通知书", shown)
		})
	}
}

func TestSameReportSameBytes(t *testing.T) {
	a, _ := write(t, ready())
	b, _ := write(t, ready())
	if !bytes.Equal(a, b) {
		t.Error("two letters of one report differ")
	}
	first, second := html(t, ready()), html(t, ready())
	if first != second {
		t.Error("two pages of one report differ")
	}
	if !bytes.Contains(a, []byte("/CreationDate(D:20260109000000+08'00')")) {
		t.Error("the file is not dated by the letter")
	}
}

func TestNoticeToHost(t *testing.T) {
	for _, kind := range []rights.OperatorRole{rights.RoleHost, rights.RoleSearch} {
		r := ready()
		r.Kind = kind
		holds(t, readBack(t, first(write(t, r))),
			"侵权通知书", "网络服务提供者", "必要措施", "《信息网络传播权保护条例》第十六条", "00000000LINJIANG00", "周既明", "特此通知。")
	}
}

// TestLong has more of everything than a letter should have.
func TestLong(t *testing.T) {
	r := ready()
	inf := r.Infringements[0]
	r.Articles[0].Headline = strings.Repeat("这个标题特别长而且没有一处可以停顿的地方", 12)
	one := inf.Passages[0]
	inf.Passages = nil
	for i := range 50 {
		p := letters.Passage{Ours: slices.Clone(one.Ours), Theirs: one.Theirs}
		p.Ours = append(p.Ours, span(letters.Equal, fmt.Sprintf("第%d段到此为止。", i+1)))
		inf.Passages = append(inf.Passages, p)
	}
	inf.Passages[7].Ours = append(inf.Passages[7].Ours, span(letters.Missing, strings.Repeat("江水绕城向东去，", 700)+"大段结束。"))
	r.Infringements = []letters.Infringement{inf}
	r.Evidence = nil
	for i := range 200 {
		extra := inf
		extra.Passages = nil
		extra.URL = fmt.Sprintf("https://m%d.yundu.example/%s/%d.html?trace=%s", i, strings.Repeat("news/", 8), i, strings.Repeat("f0e1", 30))
		r.Infringements = append(r.Infringements, extra)
		r.Evidence = append(r.Evidence, letters.EvidenceRef{URL: extra.URL, File: "evidence/a.warc.gz", SHA256: digest, CapturedAt: captured()})
	}
	text := readBack(t, first(write(t, r)))
	all := pages(t, text)
	if len(all) < 80 || len(all) > 130 {
		t.Errorf("%d pages", len(all))
	}
	flat := dense(text)
	for i := range 50 {
		if !strings.Contains(flat, fmt.Sprintf("第%d段到此为止。", i+1)) && i != 7 {
			t.Errorf("passage %d is not whole", i+1)
		}
	}
	holds(t, text, "大段结束。", r.Articles[0].Headline[:60])
	if n := strings.Count(flat, digest); n != 201 {
		t.Errorf("%d digests, want 201", n)
	}
	if n := strings.Count(flat, "江水绕城向东去"); n < 650 {
		t.Errorf("%d of 700 repeats of the long passage are on one line", n)
	}
}

// TestHostile has what a page may try: markup, controls, direction marks,
// characters that no font has.
func TestHostile(t *testing.T) {
	r := ready()
	inf := &r.Infringements[0]
	inf.PageTitle = "<script>alert(1)</script>\x00\x1b[31m标题\u202e反转\u2066\u200b尾\r\n第二行"
	inf.URL = "https://x.example/\"><img src=x onerror=alert(1)>?q=\u202egpj.exe"
	r.Evidence[0].URL = inf.URL
	inf.Passages[0].Theirs = append(inf.Passages[0].Theirs, span(letters.Added, "😀 שלום مرحبا 👨‍👩‍👧 𠮷野家 \xff\xfe ）（\\)(/Type"))
	pdf, undrawn := write(t, r)
	if want := "😀"; !strings.Contains(string(undrawn), want) || strings.ContainsRune(string(undrawn), '𠮷') {
		t.Errorf("undrawn %q", string(undrawn))
	}
	if !slices.IsSorted(undrawn) {
		t.Errorf("undrawn is not sorted: %q", undrawn)
	}
	text := readBack(t, pdf)
	pages(t, text)
	holds(t, text, "标题反转尾第二行", "〔U+1F600〕", "〔U+05E9〕", `）（\)(/Type`, "gpj.exe")
	page := html(t, r)
	for _, bad := range []string{"<script", "<img", "\x00", "\x1b", "\u202e", "\u2066"} {
		if strings.Contains(page, bad) {
			t.Errorf("the page holds %q", bad)
		}
	}
}

// TestHTMLAndPDFSayTheSame compares every cell of the page with the PDF.
func TestHTMLAndPDFSayTheSame(t *testing.T) {
	r := ready()
	text := dense(readBack(t, first(write(t, r))))
	page := html(t, r)
	body := page[strings.Index(page, "<main>"):]
	plain := regexp.MustCompile(`</?(?:u|del|ins|code|mark|strong)>`).ReplaceAllString(body, "")
	parts := regexp.MustCompile(`<[^>]*>`).Split(plain, -1)
	unescape := strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&", "&#34;", `"`, "&#39;", "'", "&#43;", "+")
	have := map[rune]int{}
	for _, c := range text {
		have[c]++
	}
	want := map[rune]int{}
	for _, p := range parts {
		for _, c := range dense(unescape.Replace(p)) {
			want[c]++
		}
	}
	for c, n := range want {
		if have[c] < n {
			t.Errorf("%q stands %d times in the page and %d times in the PDF", c, n, have[c])
		}
	}
}

// TestEmptyReport writes a letter about nothing: all gaps, no fault.
func TestEmptyReport(t *testing.T) {
	r := &letters.Report{Draft: true}
	pages(t, readBack(t, first(write(t, r))))
	if len(r.Missing()) < 10 {
		t.Errorf("missing only %v", r.Missing())
	}
}

func FuzzPDF(f *testing.F) {
	f.Add("标题", "我方文字，“引用”。", "https://a.example/b?c=d", 0.5)
	f.Add("", "\x00\u202e😀", "：：：（（（（））））", -1.0)
	f.Add(strings.Repeat("（", 90), strings.Repeat("a", 400), strings.Repeat("，", 200), 3e9)
	f.Fuzz(func(t *testing.T, title, body, url string, share float64) {
		if len(title)+len(body)+len(url) > 4000 {
			t.Skip("long enough elsewhere")
		}
		r := ready()
		r.Articles[0].Headline, r.Infringements[0].URL, r.Infringements[0].PageTitle = title, url, body
		r.Infringements[0].Coverage = share
		r.Infringements[0].Passages[0].Ours = []letters.Span{span(letters.Missing, body), span(letters.Changed, title)}
		pdf, _ := write(t, r)
		if !bytes.HasPrefix(pdf, []byte("%PDF-")) || !bytes.HasSuffix(pdf, []byte("%%EOF\n")) {
			t.Error("no PDF")
		}
		if page := html(t, r); strings.Contains(page, "<script") {
			t.Error("the page holds a script")
		}
	})
}
