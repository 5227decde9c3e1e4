package extract_test

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"rightsdesk/internal/extract"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/testenv"
)

// TestHostile holds every attack to a time that a sweep can bear; under the race
// detector, smaller ones.
func TestHostile(t *testing.T) {
	var fonts strings.Builder
	for i := range testenv.Size(400) {
		fmt.Fprintf(&fonts, "<font size=%d><b id=x%d>", i, i)
	}
	tests := []struct{ name, page string }{
		{"nested divs", strings.Repeat("<div>", testenv.Size(100_000)) + "正文"},
		{"nested anchors and tables", strings.Repeat("<table><tr><td><a href=x>", testenv.Size(50_000))},
		{"nested lists", strings.Repeat("<ul><li>", testenv.Size(50_000)) + "正文"},
		{"unclosed type", fonts.String() + strings.Repeat("<p>字", testenv.Size(300_000))},
		{"one line", strings.Repeat("江畔新桥通车，", testenv.Size(500_000))},
		{"many paragraphs", strings.Repeat("<p>江畔新桥通车，两岸居民出行省时，这是一段正文。</p>", testenv.Size(100_000))},
		{"entities", strings.Repeat("&nbsp;&#x4e00;&notanentity;&", testenv.Size(300_000))},
		{"NULs", "<p>" + strings.Repeat("\x00", testenv.Size(5<<20)) + "正文"},
		{"unclosed comment", "<p>正文</p><!--" + strings.Repeat("-", testenv.Size(5<<20))},
		{"attributes", "<div " + strings.Repeat("a=b c ", testenv.Size(800_000)) + ">正文</div>"},
		{"links", strings.Repeat("<a href=/x>链接</a>", testenv.Size(200_000))},
		{"dates", strings.Repeat("2026-01-01 10:00 来源：", testenv.Size(300_000))},
		{"comments", strings.Repeat("<!--enpcontent-->字<!--/enpcontent-->", testenv.Size(100_000))},
		{"founder", strings.Repeat("<founder-content>字", testenv.Size(50_000))},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			begin := time.Now()
			_, _ = extract.HTML([]byte(tt.page), "", "https://site.example/a")
			html := time.Since(begin)
			extract.Screen([]byte(tt.page), "", "https://site.example/a")
			extract.Articles(strings.NewReader(tt.page), extract.Options{}, func(*rights.Article) error { return nil })
			t.Logf("HTML %v, all %v", html, time.Since(begin))
			if took := time.Since(begin); took > 10*time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte("正文"), "text/html; charset=gbk")
	f.Add([]byte("\xd5\xfd\xce\xc4\xff\xfe"), "")
	f.Fuzz(func(t *testing.T, raw []byte, header string) {
		text, charset := extract.Decode(raw, header)
		if !utf8.ValidString(text) || charset == "" || strings.ContainsRune(text, 0) {
			t.Fatalf("%q in %s", text, charset)
		}
	})
}

func FuzzHTML(f *testing.F) {
	f.Add("<title>题_站</title><h1>题</h1><p>2026-01-01 来源：临江日报</p><p>正文，正文。</p>")
	f.Add("<table><a><font><p></table>")
	f.Fuzz(func(t *testing.T, page string) {
		d, _ := extract.HTML([]byte(page), "", "https://site.example/")
		if d == nil || !utf8.ValidString(d.Text+d.Title+d.Source+d.Byline) {
			t.Fatalf("%+v", d)
		}
		extract.Attribute(d, []string{"临江日报"}, []string{"林远舟"})
	})
}

func articles(t *testing.T, r io.Reader) {
	t.Helper()
	extract.Articles(r, extract.Options{Paper: "临江日报", IssueDate: "2026-03-09"}, func(a *rights.Article) error {
		if err := a.Validate(); err != nil {
			t.Fatal(err)
		}
		return nil
	})
}

func FuzzFounder(f *testing.F) {
	f.Add("<div id=ozoom><p>" + bridge + "</div><!--enpproperty <title>题</title>-->")
	f.Add("<!--enpcontent--><p>字<!--/enpcontent-->")
	f.Fuzz(func(t *testing.T, s string) {
		articles(t, strings.NewReader("<html>"+s))
		_, _ = extract.Layout([]byte(s), "", "")
	})
}

func FuzzNinjs(f *testing.F) {
	f.Add(`{"uri":"x","by":"本报记者 林远舟","headlines":[{"value":"题"}],"bodies":[{"contentType":"text/html","value":"<p>字"}]}`)
	f.Fuzz(func(t *testing.T, s string) { articles(t, strings.NewReader("["+s+"]")) })
}

func FuzzJSONLines(f *testing.F) {
	f.Add([]byte(`{"headline":"题","paragraphs":["字"]}` + "\n{}"))
	f.Fuzz(func(t *testing.T, b []byte) { articles(t, bytes.NewReader(append([]byte("{"), b...))) })
}

func FuzzPlain(f *testing.F) {
	f.Add("题\n——副题\n□本报记者 林远舟\n正文。\n【第 03 版:民生】\n未经授权，不得转载")
	f.Fuzz(func(t *testing.T, s string) { articles(t, strings.NewReader(s)) })
}
