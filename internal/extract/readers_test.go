package extract_test

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"rightsdesk/internal/extract"
	"rightsdesk/internal/rights"
)

func TestPlain(t *testing.T) {
	raw, err := os.ReadFile("testdata/linjiang.txt")
	if err != nil {
		t.Fatal(err)
	}
	got, errs := read(t, raw, extract.Options{Paper: "临江日报", IssueDate: "2026-03-09"})
	if len(got) != 1 || errs != nil {
		t.Fatalf("%d articles, %v", len(got), errs)
	}
	a := got[0]
	if a.Headline != "江畔新桥通车 两岸居民出行省时" || a.Subtitle != "临江市滨江大桥建成通车首日见闻" || a.PageNo != "03" || a.PageName != "民生·城事" ||
		!slices.Equal(a.Bylines, []string{"林远舟", "何青禾"}) || len(a.Paragraphs) != 4 || a.Paragraphs[1] != "过桥只要五分钟" {
		t.Errorf("got %+v", a)
	}
	var strengths []rights.Strength
	for _, r := range a.Reservations {
		strengths = append(strengths, r.Strength)
	}
	if !slices.Equal(strengths, []rights.Strength{rights.StrengthStrong, rights.StrengthMedium, rights.StrengthWeak}) {
		t.Errorf("reservations %+v", a.Reservations)
	}
}

const (
	bridge  = "滨江大桥昨日建成通车，首日有一万两千余辆车驶过桥面。"
	bridge2 = "大桥全长一千二百六十米，两侧留有步行道和自行车道。"
)

func TestFounder(t *testing.T) {
	props := `<!--enpproperty <founder-date>2026-03-09 00:00:00</founder-date><founder-pagenum>3</founder-pagenum><founder-papername>临江日报</founder-papername><founder-type>1</founder-type> /enpproperty-->`
	cms := `<!--enpproperty <articleid>77</articleid><date>2026-03-09 06:00:00.0</date><author>林远舟</author><title>江畔新桥通车</title><introtitle>民生</introtitle><sourcename>临江日报</sourcename>/enpproperty-->`
	tests := []struct{ name, html string }{
		{"ozoom", `<html><body><h1>江畔新桥通车</h1>第03版：民生<div id="ozoom"><p>` + bridge + `</p><p>` + bridge2 + `</p></div></body></html>` + props},
		{"founder-content", `<html><body><founder-title>江畔新桥通车</founder-title><founder-author>林远舟</founder-author><founder-content style="x"><P>　　` + bridge + `<P>&nbsp;&nbsp;` + bridge2 + `</founder-content></body></html>` + props},
		{"npm comments", `<body><founder-title>江畔新桥通车</founder-title><founder-content><p>` + bridge + `</p><!--<npm:article-content>--><p>` + bridge2 + `</p><!--</npm:article-content>--></founder-content></body>` + props},
		{"enpcontent nested", `<body><h1>江畔新桥通车</h1><div><!--enpcontent--><!--enpcontent--><p>` + bridge + `</p><p>` + bridge2 + `</p><!--/enpcontent--><!--/enpcontent--></div><p>脚注</p></body>` + cms},
		{"spans and table", `<body><span id="NewsArticleTitle">江畔新桥通车</span><span id="NewsEditionNumber">第03版：民生</span><span id="NewsArticleAuthor">林远舟</span><table id=ozoom><tr><td>` + bridge + `<br>` + bridge2 + `</td></tr></table></body>` + props},
		{"printed twice", `<body><h1>江畔新桥通车</h1><div id=ozoom><p>` + bridge + `<p>` + bridge2 + `<p>` + bridge + `<p>` + bridge2 + `</div></body>` + props},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, charset := range []string{"utf-8", "gbk"} {
				raw := []byte(tt.html)
				if charset == "gbk" {
					var err error
					if raw, err = simplifiedchinese.GBK.NewEncoder().Bytes(raw); err != nil {
						t.Fatal(err)
					}
				}
				got, errs := read(t, raw, extract.Options{Paper: "临江日报", File: "a.htm"})
				if len(got) != 1 || errs != nil {
					t.Fatalf("%s: %d articles, %v", charset, len(got), errs)
				}
				a := got[0]
				if a.Headline != "江畔新桥通车" || a.Paper != "临江日报" || a.IssueDate != "2026-03-09" || !slices.Equal(a.Paragraphs, []string{bridge, bridge2}) {
					t.Errorf("%s: got %+v", charset, a)
				}
			}
		})
	}
}

func TestLayoutIsNamed(t *testing.T) {
	page := `<html><head><title>临江日报</title></head><body><map><area href="content_1.htm"><area href="content_2.htm"></map>第A01版：头版 <a href="content_1.htm">江畔新桥通车</a><a href="content_2.htm">春耕开犁</a><a href="content_9.htm">别版稿件</a><a href="a.pdf">PDF</a></body></html>`
	got, errs := read(t, []byte(page), extract.Options{File: "node_1.htm"})
	if len(got) != 0 || len(errs) != 1 || !errors.Is(errs[0], extract.ErrLayout) || !strings.Contains(errs[0].Error(), "node_1.htm") {
		t.Errorf("%d articles, %v", len(got), errs)
	}
	l, err := extract.Layout([]byte(page), "", "https://epaper.example/html/2026-03/09/node_1.htm")
	if err != nil || len(l.Articles) != 2 || l.PageNo != "A01" || l.PageName != "头版" || l.IssueDate != "2026-03-09" || l.PDF != "https://epaper.example/html/2026-03/09/a.pdf" {
		t.Errorf("got %+v, %v", l, err)
	}
}

func TestJSONLines(t *testing.T) {
	in := `{"paper":"临江日报","issue_date":"2026-03-09","page_no":"03","headline":"江畔新桥通车","credit_line":"本报记者 林远舟","paragraphs":["` + bridge + `"]}
{"paper":"临江日报","headline":"坏","colour":"red","paragraphs":["x"]}
{"paper":"临江日报","issue_date":"2026-13-09","headline":"坏","paragraphs":["x"]}
not json
{"headline":"缺省","paragraphs":["` + bridge + `"]}
`
	got, errs := read(t, []byte(in), extract.Options{Paper: "临江日报", IssueDate: "2026-03-10", File: "a.jsonl"})
	if len(got) != 2 || len(errs) != 3 {
		t.Fatalf("%d articles, %v", len(got), errs)
	}
	for i, want := range []string{"a.jsonl:2：记录有误; colour", "a.jsonl:3", "a.jsonl:4"} {
		if !strings.HasPrefix(errs[i].Error(), want) {
			t.Errorf("error %d is %q, want it to begin with %q", i, errs[i], want)
		}
	}
	if !strings.Contains(errs[1].Error(), "issue_date") || got[1].IssueDate != "2026-03-10" || got[0].Bylines[0] != "林远舟" || got[0].Segments[0].Owner != rights.OwnerStaff {
		t.Errorf("got %+v, %v", got[0], errs)
	}
}

func TestNinjs(t *testing.T) {
	in := `[{"uri":"https://news.example/1","standard":{"name":"ninjs","version":"3.1"},"by":"本报记者 林远舟","firstCreated":"2026-03-08T20:00:00Z","usageTerms":"未经授权，不得转载","headlines":[{"role":"main","value":"江畔新桥通车"},{"role":"sub","value":"首日见闻"}],"bodies":[{"role":"main","contentType":"text/plain","value":"别的"},{"role":"main","contentType":"application/xhtml+xml","value":"<p>` + bridge + `</p><p>` + bridge2 + `</p>"}]},
{"uri":"urn:x","headlines":[{"value":"外电一则"}],"infosources":[{"name":"新华社"}],"versionCreated":"2026-03-09T01:00:00+08:00","bodies":[{"contentType":"text/plain","value":"` + bridge + `\n` + bridge2 + `"}]},
{"uri":"urn:y","headlines":7}]`
	got, errs := read(t, []byte(in), extract.Options{Paper: "临江日报", File: "n.json"})
	if len(got) != 2 || len(errs) != 1 || !strings.Contains(errs[0].Error(), "n.json:3") || !strings.Contains(errs[0].Error(), "headlines") {
		t.Fatalf("%d articles, %v", len(got), errs)
	}
	a, b := got[0], got[1]
	if a.Headline != "江畔新桥通车" || a.Subtitle != "首日见闻" || a.IssueDate != "2026-03-09" || len(a.Paragraphs) != 2 || a.Reservation().Strength != rights.StrengthStrong || a.Segments[0].Owner != rights.OwnerStaff {
		t.Errorf("got %+v", a)
	}
	if b.Segments[0].Owner != rights.OwnerWire || b.Segments[0].Holder != "新华社" || len(b.Paragraphs) != 2 {
		t.Errorf("got %+v", b)
	}
}

func TestSegments(t *testing.T) {
	tests := []struct {
		credit     string
		paragraphs []string
		want       []rights.Owner
	}{
		{"本报记者 林远舟", []string{"甲"}, []rights.Owner{rights.OwnerStaff}},
		{"本报记者 林远舟 通讯员 何青禾", []string{"甲"}, []rights.Owner{rights.OwnerUnknown}},
		{"新华社北京1月7日电", []string{"甲"}, []rights.Owner{rights.OwnerWire}},
		{"通讯员 何青禾", []string{"甲"}, []rights.Owner{rights.OwnerFreelance}},
		{"读者 何青禾", []string{"甲"}, []rights.Owner{rights.OwnerReader}},
		{"", []string{"甲"}, []rights.Owner{rights.OwnerUnknown}},
		{"本报综合", []string{"本报讯 甲", "新华社北京1月7日电 乙", "丙", "本报讯 丁"}, []rights.Owner{rights.OwnerStaff, rights.OwnerWire, rights.OwnerStaff}},
	}
	for _, tt := range tests {
		a := &rights.Article{Paper: "临江日报", IssueDate: "2026-03-09", Headline: "题", CreditLine: tt.credit, Paragraphs: tt.paragraphs}
		a.Segments = extract.Segments(a)
		var owners []rights.Owner
		for _, s := range a.Segments {
			owners = append(owners, s.Owner)
			if s.Why == "" || s.VerifiedBy != "" {
				t.Errorf("%q: segment %+v", tt.credit, s)
			}
		}
		if !slices.Equal(owners, tt.want) {
			t.Errorf("%q: owners %v, want %v", tt.credit, owners, tt.want)
		}
		if err := a.Validate(); err != nil {
			t.Errorf("%q: %v", tt.credit, err)
		}
	}
}

// TestReservationLine tells a line that keeps a text from one that forbids
// something else, which stays in the text.
func TestReservationLine(t *testing.T) {
	for line, kept := range map[string]bool{
		"未经本报书面授权，不得转载、摘编。":       true,
		"本报稿件未经许可，任何单位不得复制使用。":    true,
		"转载请注明来源：临江日报":            true,
		"林区严禁使用明火，违者依法处罚。":        false,
		"烟花爆竹未经许可不得使用，违者由公安机关处理。": false,
		"古塔修缮期间，禁止攀爬，请勿触摸。":       false,
	} {
		in := "森林防火一日\n本报记者 林远舟\n清晨五点，巡护队从三号卡口出发，沿山脊走了十一公里。\n队长每隔一刻钟报一次位置。\n" + line
		articles, errs := read(t, []byte(in), extract.Options{Paper: "临江日报", IssueDate: "2026-01-07", File: "a.txt"})
		if len(errs) > 0 || len(articles) != 1 {
			t.Fatalf("%s: %v", line, errs)
		}
		got := articles[0]
		if in := strings.Contains(got.Text(), line); in == kept || (len(got.Reservations) > 0) != kept {
			t.Errorf("%s: in the text %v, reservations %v", line, in, got.Reservations)
		}
	}
}
