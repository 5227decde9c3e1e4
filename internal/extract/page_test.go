package extract_test

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"

	"rightsdesk/internal/extract"
)

const reprint = `<html><head><meta charset="utf-8"><title>江畔新桥通车 两岸居民出行省时_城事频道_某某网</title><link rel="canonical" href="/news/1.html"></head><body>
<div class="nav"><a href="/">首页</a><a href="/news/">新闻</a></div>
<h1>江畔新桥通车 两岸居民出行省时</h1><div class="info"><span>2026-03-09 08:30</span> <span>来源：临江日报</span> <span>作者：林远舟</span> <span>原创</span></div>
<div class="content"><p>` + bridge + bridge + `</p><p>过桥只要五分钟，家住西岸的居民对记者说，她专程来走一走这座盼了多年的桥，心里十分高兴。</p><p>` + bridge2 + bridge2 + `字𠮷㙍</p><p>（责任编辑：某人）</p></div>
<a href="1_2.html">下一页</a><a href="https://other.example/x">下一页</a><div class="footer">未经授权，不得转载本站内容</div></body></html>`

func TestHTML(t *testing.T) {
	d, err := extract.HTML([]byte(reprint), "", "https://site.example/news/1.html?from=x")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range [][3]string{
		{"kind", string(d.Kind), "article"},
		{"title", d.Title, "江畔新桥通车 两岸居民出行省时"},
		{"date", d.PublishedAt, "2026-03-09T08:30:00+08:00"},
		{"source", d.Source, "临江日报"},
		{"byline", d.Byline, "林远舟"},
		{"canonical", d.Canonical, "https://site.example/news/1.html"},
		{"next", d.Next, "https://site.example/news/1_2.html"},
	} {
		if f[1] != f[2] {
			t.Errorf("%s is %q, want %q", f[0], f[1], f[2])
		}
	}
	if len(d.Reservations) != 1 || strings.Contains(d.Text, "责任编辑") || !strings.Contains(d.Text, "盼了多年") || d.Original == "" {
		t.Errorf("got %+v", d)
	}
	a := extract.Attribute(d, []string{"临江日报", "临江新闻网"}, []string{"林远舟"})
	if !a.Source || !a.Author || !a.Original || a.Where != "来源行" {
		t.Errorf("attribution %+v", a)
	}
	if b := extract.Attribute(d, []string{"江州晚报"}, []string{"何青禾"}); b.Source || b.Author {
		t.Errorf("attribution to others %+v", b)
	}
}

func TestDecode(t *testing.T) {
	trad := "<p>滨江大橋昨日建成通車，首日有一萬兩千餘輛車駛過橋面。這是我們報紙的記者從現場發回的報導。</p>"
	tests := []struct {
		name, text, header, want string
		enc                      encoding.Encoding
	}{
		{"gb18030 under a lying meta", reprint, "text/html; charset=utf-8", "gb18030", simplifiedchinese.GB18030},
		{"gb18030 with nothing declared", "<p>" + bridge + bridge2 + "</p>", "", "gb18030", simplifiedchinese.GB18030},
		{"big5 with nothing declared", trad, "", "big5", traditionalchinese.Big5},
		{"big5 declared gbk", trad, "text/html; charset=gbk", "big5", traditionalchinese.Big5},
		{"utf-8 declared gb2312", reprint, "text/html; charset=gb2312", "utf-8", encoding.Nop},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			raw, err := tt.enc.NewEncoder().Bytes([]byte(tt.text))
			if err != nil {
				t.Fatal(err)
			}
			text, charset := extract.Decode(raw, tt.header)
			if charset != tt.want || text != tt.text {
				t.Errorf("%s: %.80s", charset, text)
			}
		})
	}
}

func TestKindOfList(t *testing.T) {
	page := "<title>新闻列表</title><ul>" + strings.Repeat(`<li><a href="/1.html">江畔新桥通车两岸居民出行省时</a></li>`, 30) + "</ul>"
	if d, _ := extract.HTML([]byte(page), "", "https://site.example/"); d.Kind != extract.KindList {
		t.Errorf("kind %s", d.Kind)
	}
	title, text, links := extract.Screen([]byte(page), "", "https://site.example/")
	if title != "新闻列表" || len(links) != 1 || links[0].URL != "https://site.example/1.html" || !strings.Contains(text, "江畔") {
		t.Errorf("%s %d links", title, len(links))
	}
}
