package monitor_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"rightsdesk/config"
	"rightsdesk/internal/rights"
	"rightsdesk/policies"
)

const (
	credited = `<span>2026-03-10 09:30</span> <span>来源：临江日报</span> <span>作者：林远舟 何青禾</span>`
	bare     = `<span>2026-03-10 09:30</span> <span>来源：网络</span>`
)

// TestSweepJudges is what one page of one site comes to.
func TestSweepJudges(t *testing.T) {
	bridge, wire, library := text(t, "bridge"), text(t, "wire"), text(t, "library")
	const url = "http://www.yuncheng.example/n/1.html"
	excerpt := strings.Split(bridge, "\n")[1]
	for _, tt := range []struct {
		name   string
		page   any
		url    string // "" is url
		config func(*config.Config)
		source rights.Operator
		want   string // rule of the match, "+case"; "" where nothing is kept
		facts  func(policies.Facts) bool
	}{
		{
			name: "a full copy that names source and authors is offered a licence",
			page: site{title: "滨江大桥今起通车", info: credited, body: bridge}.String(),
			want: "bridge attributed_unlicensed +case",
			facts: func(f policies.Facts) bool {
				return f.Containment == 1 && f.SourceNamed && f.AuthorNamed && f.TitleSimilarity == 1 && f.NumbersChanged+f.NegationsChanged+f.QuotesChanged == 0 && f.TimesKnown && f.MinutesEarlier == -210
			},
		},
		{
			name:  "a full copy without credit",
			page:  site{title: "滨江大桥今起通车", info: bare, body: bridge}.String(),
			want:  "bridge unattributed +case",
			facts: func(f policies.Facts) bool { return !f.SourceNamed && !f.AuthorNamed && f.Online },
		},
		{
			name: "told again in other words, of which none is an alteration of ours",
			page: site{title: "两岸七分钟：老人留下一张旧船票", info: bare, body: text(t, "retold")}.String(),
			want: "bridge reworded +case",
			facts: func(f policies.Facts) bool {
				return f.Reworded && f.LongestRun < 40 && f.NumbersChanged+f.NegationsChanged+f.QuotesChanged == 0
			},
		},
		{
			name:  "headline and subtitle in one are no other title",
			page:  site{title: "滨江大桥今起通车 两岸七分钟可达", info: credited, body: bridge}.String(),
			want:  "bridge attributed_unlicensed +case",
			facts: func(f policies.Facts) bool { return f.TitleSimilarity > 0.95 },
		},
		{
			name:  "another title over our text, also where the old one is named",
			page:  site{title: "震撼！这座城市一夜之间变了天", info: credited + `<span>原标题：滨江大桥今起通车</span>`, body: bridge}.String(),
			want:  "bridge title_distorted +case",
			facts: func(f policies.Facts) bool { return f.TitleSimilarity < 0.4 },
		},
		{
			name:  "a number was changed",
			page:  site{title: "滨江大桥今起通车", info: credited, body: strings.Replace(bridge, "12680", "18680", 1)}.String(),
			want:  "bridge content_altered +case",
			facts: func(f policies.Facts) bool { return f.NumbersChanged == 1 && f.NegationsChanged == 0 },
		},
		{
			name:  "a negation was taken out of a quotation",
			page:  site{title: "滨江大桥今起通车", info: credited, body: strings.Replace(bridge, "我们没有降低", "我们有降低", 1)}.String(),
			want:  "bridge content_altered +case",
			facts: func(f policies.Facts) bool { return f.NegationsChanged == 1 },
		},
		{
			name:  "captions, page numbers and advertisements between paragraphs alter nothing",
			page:  site{title: "滨江大桥今起通车", info: credited, body: strings.ReplaceAll(bridge, "\n", "\n图3：12月5日拍摄\n")}.String(),
			want:  "bridge attributed_unlicensed +case",
			facts: func(f policies.Facts) bool { return f.NumbersChanged == 0 && f.Containment > 0.95 },
		},
		{
			name: "traditional characters hide nothing and change nothing",
			page: site{title: "濱江大橋今起通車", info: credited, body: traditional(bridge)}.String(),
			want: "bridge attributed_unlicensed +case",
			facts: func(f policies.Facts) bool {
				return f.Containment == 1 && f.NumbersChanged+f.NegationsChanged+f.QuotesChanged == 0 && f.TitleSimilarity == 1
			},
		},
		{
			name: "GB18030 under a meta that says UTF-8",
			page: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				b, err := simplifiedchinese.GB18030.NewEncoder().String(site{title: "滨江大桥今起通车", info: credited, body: bridge}.String())
				if err == nil {
					w.Header().Set("Content-Type", "text/html; charset=utf-8")
					fmt.Fprint(w, b)
				}
			}),
			want: "bridge attributed_unlicensed +case",
		},
		{
			name: "an excerpt without credit is a partial copy, and the missing credit weighs more",
			page: site{title: "新桥见闻", info: bare, body: "大桥通车了，小编带您看一看现场，江面上的风很大，桥上的人更多，大家都在拍照留念。\n" + excerpt + "\n您对新桥有什么看法，欢迎在评论区告诉我们，点赞最多的朋友可以得到一份小礼物。"}.String(),
			want: "bridge unattributed +case", facts: func(f policies.Facts) bool { return f.Containment > 0.1 && f.Containment < 0.4 && f.PageShare > 0.3 },
		},
		{
			name: "an excerpt in a roundup whose credit stands beside it",
			page: site{title: "本周桥事汇总", info: `<span>2026-03-12 10:00</span>`, body: strings.Repeat("各地的桥梁建设都在提速，南湖区的步行桥下月完工，山口镇的老石桥完成了加固，通行安全有了保障。\n", 4) + "据《临江日报》记者林远舟报道：\n" + excerpt + "\n" + strings.Repeat("北岭县的铁索桥也将迎来改造，届时游客可以在桥头的新广场休息，并能看到整条峡谷的风光。\n", 4)}.String(),
			want: "bridge partial_copy +case", facts: func(f policies.Facts) bool { return f.SourceNamed && f.AuthorNamed },
		},
		{
			name: "a headline with a link",
			page: site{title: "今日要闻", body: "今天的天气不错，适合出门走走，各位读者早上好，祝大家一天都有好心情。", tail: `<a href="http://epaper.linjiang.example/2026-03/10/bridge.htm">滨江大桥今起通车</a>`}.String(),
			want: "bridge link_or_headline", facts: func(f policies.Facts) bool { return f.LinkOnly && f.LinkPresent && f.Matched == 0 },
		},
		{name: "a licensed partner", url: "http://news.qingshi.example/1.html", page: site{title: "滨江大桥今起通车", info: credited, body: bridge}.String(), want: "bridge licensed", facts: func(f policies.Facts) bool { return f.Licence == "L-2026-01" }},
		{name: "a licence that is over", url: "http://news.qingshi.example/1.html", page: site{title: "滨江大桥今起通车", info: credited, body: bridge}.String(), config: func(c *config.Config) { c.Licences[0].To = "2026-01-31" }, want: "bridge attributed_unlicensed +case"},
		{name: "our own mirror", url: "http://m.linjiang.example/1.html", page: site{title: "滨江大桥今起通车", info: credited, body: bridge}.String(), want: "bridge own_mirror"},
		{name: "wire copy is not ours to claim", page: site{title: "全国农业气象工作会议部署春耕服务", info: `<span>来源：新华社</span>`, body: wire}.String(), want: "wire wire_copy +case", facts: func(f policies.Facts) bool { return f.MatchedOwn == 0 && f.MatchedWire > 200 && f.PageShare == 0 }},
		{name: "they were first, by the minute", page: site{title: "滨江大桥今起通车", info: `<span>2026-03-10 05:40</span>`, body: bridge}.String(), want: "bridge priority_conflict +case", facts: func(f policies.Facts) bool { return f.MinutesEarlier == 20 }},
		{name: "they were first, by the day", page: site{title: "滨江大桥今起通车", info: `<span>2026-03-09</span>`, body: bridge}.String(), want: "bridge priority_conflict +case"},
		{name: "the same day alone says nothing about who was first", page: site{title: "滨江大桥今起通车", info: `<span>2026-03-10</span> 来源：临江日报 作者：林远舟`, body: bridge}.String(), want: "bridge attributed_unlicensed +case", facts: func(f policies.Facts) bool { return !f.TimesKnown }},
		{name: "unrelated news", page: site{title: "山口镇举办草莓节", info: bare, body: strings.Repeat("山口镇的草莓熟了，周末有不少市民带着孩子来采摘，果农们忙着装箱发货。\n", 8)}.String()},
		{name: "another article of the paper", page: site{title: "夜读间的灯", info: `<span>来源：临江新闻网 作者：苏晚晴</span>`, body: library}.String(), want: "library attributed_unlicensed +case"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var change []func(*config.Config)
			if tt.config != nil {
				change = append(change, tt.config)
			}
			h := newHouse(t, change...)
			for _, name := range []string{"bridge", "wire", "library"} {
				h.register(name)
			}
			if tt.url == "" {
				tt.url = url
			}
			h.web.put(tt.url, tt.page)
			h.source(rights.Source{Kind: rights.SourceURLs, URLs: []string{tt.url}, Operator: tt.source})
			row := h.sweep()
			want := []string{}
			if tt.want != "" {
				want = append(want, strings.TrimPrefix(tt.url, "http://")+" "+tt.want)
			}
			same(t, "matches", h.matches(), want)
			if len(h.matches()) != 1 {
				return
			}
			m := h.allMatches()[0]
			if tt.facts != nil && !tt.facts(m.Facts) {
				t.Errorf("facts %+v", m.Facts)
			}
			if row.Matches != 1 || row.Candidates != 1 || row.Pages != 1 || row.Faults != 0 || row.EndedAt == nil || (row.Cases == 1) != strings.HasSuffix(tt.want, "+case") {
				t.Errorf("sweep %+v", row)
			}
			h.provable(m)
		})
	}
}

func TestTruthBeforeUs(t *testing.T) {
	// Nothing in the register: nothing is kept of a page but digest and counts.
	h := newHouse(t)
	const url = "http://www.yuncheng.example/n/1.html"
	h.web.put(url, site{title: "滨江大桥今起通车", info: credited, body: text(t, "bridge")}.String())
	h.watch(url)
	h.sweep()
	same(t, "matches", h.matches(), []string{})
	p := h.page(url)
	if p.Digest == "" || p.Chars < 400 || p.Candidates != 0 || p.Looks != 1 || p.Status != 200 || time.Since(p.FetchedAt) > time.Minute {
		t.Errorf("page %+v", p)
	}
}
