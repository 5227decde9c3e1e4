package monitor_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

const host = "http://www.yuncheng.example"

const hotline = "本站新闻热线二十四小时接听市民来电，欢迎提供线索"

// story is news of a third party's own, each another.
func story(n int) string {
	town := []string{"山口镇", "北岭县", "南湖区", "石桥乡", "青田村", "白沙港", "东坝街道", "柳荫社区", "七里铺", "云台山"}[n%10]
	return fmt.Sprintf("%s的%d户菜农昨天领到了今年第%d批种苗补贴，农技员在田头讲解了换茬的办法。\n", town, 30+7*n, n+1) +
		fmt.Sprintf("据%s的会计介绍，这笔钱由县里和合作社各出一半，共计%d万元，月底前发完。\n", town, 12+5*n) +
		fmt.Sprintf("“地里的事耽误不得，”种了%d年菜的老周说，%s的大棚这几天就要腾出来，头一茬黄瓜和番茄赶在清明以前下地，五月就能上市。\n", 11+n, town) +
		fmt.Sprintf("合作社还请来了省农科院的技术员，在%s办了%d场培训，讲的是水肥一体化和病虫害的早期识别，听课的有%d人次，年纪最大的一位已经七十多岁。\n", town, 2+n, 80+3*n) +
		fmt.Sprintf("到%d月底，%s计划把剩下的%d亩旧棚全部改造完，沿路的灌渠也要清一遍淤。", 3+n%9, town, 200+9*n)
}

// posting is a page of a test: its title, body, and what stands below it.
type posting struct{ title, body, below string }

func (p posting) String() string {
	s := site{title: p.title, info: bare, body: p.body}
	for line := range strings.SplitSeq(p.below, "\n") {
		if line != "" {
			s.tail += "<div class=\"footer\"><p>" + line + "</p></div>"
		}
	}
	return s.String()
}

// stories are pages n to m-1 of a third party's own, with the same below.
func stories(n, m int, below string) (list []posting) {
	for i := n; i < m; i++ {
		list = append(list, posting{fmt.Sprintf("乡村见闻之%d", i), story(i), below})
	}
	return list
}

// TestBoilerplate is what is learned of a site, and what that does to the
// comparison.
func TestBoilerplate(t *testing.T) {
	bridge, notice := text(t, "bridge"), text(t, "notice")
	opening, _, _ := strings.Cut(bridge, "\n")
	copied := func(titles ...string) (list []posting) {
		for _, title := range titles {
			list = append(list, posting{title, bridge, hotline})
		}
		return list
	}
	for _, tt := range []struct {
		name    string
		pages   []posting
		learned []string // of these lines: those that are learned
		matches []string // article, page and "+case"
	}{
		{
			name:  "a footer on five stories is learned",
			pages: stories(0, 5, hotline), learned: []string{hotline},
		},
		{
			name:  "on four it is not yet",
			pages: stories(0, 4, hotline),
		},
		{
			name:  "nor on five of sixty",
			pages: slices.Concat(stories(0, 1, hotline), stories(10, 65, ""), stories(1, 5, hotline)),
		},
		{
			name:    "a footer that is new on an old site is learned from then on",
			pages:   slices.Concat(stories(10, 65, ""), stories(0, 5, hotline)),
			learned: []string{hotline},
		},
		{
			name:    "a footer that quotes the disclaimer of the paper is no reprint of it",
			pages:   stories(0, 6, notice),
			learned: strings.Split(notice, "\n"),
		},
		{
			name:    "on fewer pages it is one, and a person looks",
			pages:   stories(0, 2, notice),
			matches: []string{"notice 0 +case", "notice 1 +case"},
		},
		{
			name:    "the disclaimer as the text of a page is a reprint also where footers quote it",
			pages:   append(stories(0, 6, strings.Split(notice, "\n")[0]), posting{"临江日报版权声明", notice, hotline}),
			learned: strings.Split(notice, "\n")[:1],
			matches: []string{"notice 6 +case"},
		},
		{
			name:    "a reprint over that footer is found, and the footer is not",
			pages:   append(stories(0, 6, notice), posting{"滨江大桥今起通车", bridge, notice}),
			learned: strings.Split(notice, "\n"),
			matches: []string{"bridge 6 +case"},
		},
		{
			name:    "one article in five sections is no boilerplate, under one title",
			pages:   copied("滨江大桥今起通车", "滨江大桥今起通车", "滨江大桥今起通车", "滨江大桥今起通车", "滨江大桥今起通车"),
			matches: []string{"bridge 0 quarantined", "bridge 1 quarantined", "bridge 2 quarantined", "bridge 3 quarantined", "bridge 4 quarantined"},
		},
		{
			name: "nor where each section adds a line",
			pages: []posting{
				{"滨江大桥今起通车", bridge + "\n城事频道编辑整理，转给家住西岸的朋友看看。", hotline},
				{"大桥通车", bridge + "\n生活频道编辑整理，出行的市民请留意公交改线。", hotline},
				{"桥通了", bridge + "\n财经频道编辑整理，水产市场的摊主最关心这件事。", hotline},
				{"七分钟过江", bridge + "\n旅游频道编辑整理，周末可以去桥头拍一组江景。", hotline},
				{"今天过江不坐船", bridge + "\n视频频道编辑整理，航拍画面稍后在本频道播出。", hotline},
			},
			matches: []string{"bridge 0 +case", "bridge 1 +case", "bridge 2 +case", "bridge 3 +case", "bridge 4 +case"},
		},
		{
			name: "nor an excerpt in six stories of the site's own, on every page there is",
			pages: func() (list []posting) {
				for i := range 6 {
					list = append(list, posting{fmt.Sprintf("乡村见闻之%d", i), story(i) + "\n" + opening + "\n" + story(i+20), ""})
				}
				return list
			}(),
			learned: []string{opening}, // and yet it stays in the comparison
			matches: []string{"bridge 0 +case", "bridge 1 +case", "bridge 2 +case", "bridge 3 +case", "bridge 4 +case", "bridge 5 +case"},
		},
		{
			name:    "nor one at the end of every story, where a footer would stand",
			pages:   append(stories(0, 6, opening), posting{"滨江大桥今起通车", bridge, opening}),
			learned: []string{opening},
			matches: []string{"bridge 0 +case", "bridge 1 +case", "bridge 2 +case", "bridge 3 +case", "bridge 4 +case", "bridge 5 +case", "bridge 6 +case"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := newHouse(t)
			h.register("bridge")
			h.register("notice")
			h.publish(tt.pages)
			h.sweep()
			want := map[string]bool{}
			for _, line := range append(tt.learned, hotline, opening) {
				want[line] = slices.Contains(tt.learned, line)
			}
			got := h.learned("www.yuncheng.example")
			for line, w := range want {
				if slices.Contains(got, line) != w {
					t.Errorf("learned is %v: %s", !w, line)
				}
			}
			for _, line := range strings.Split(bridge, "\n")[1:] {
				if slices.Contains(got, line) {
					t.Errorf("a line of the article is learned: %s", line)
				}
			}
			same(t, "matches", h.found(), append([]string{}, tt.matches...))
			for _, m := range h.allMatches() {
				h.provable(m)
			}
		})
	}
}

// publish puts pages on the site and watches them.
func (h *house) publish(pages []posting) {
	h.t.Helper()
	var urls []string
	for i, p := range pages {
		urls = append(urls, fmt.Sprintf("%s%d.html", base, i))
		h.web.put(urls[i], p.String())
	}
	h.watch(urls...)
}

// found says what is kept: "article page", "+case" or "quarantined".
func (h *house) found() []string {
	h.t.Helper()
	list := []string{}
	for _, m := range h.allMatches() {
		line := m.ArticleID + " " + strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(m.URL, base), host), ".html")
		switch {
		case m.Quarantined():
			line += " quarantined"
		case m.CaseID != "":
			line += " +case"
		}
		list = append(list, line)
	}
	slices.Sort(list)
	return list
}

// learned are the texts of the lines that are learned of a host.
func (h *house) learned(host string) (list []string) {
	h.t.Helper()
	h.view(func(tx *store.Tx) error {
		pages, err := tx.OwnPages(h.t.Context(), host)
		if err != nil {
			return err
		}
		lines, err := tx.Lines(h.t.Context(), host, 1)
		for i := range lines {
			if lines[i].Learned(pages) {
				list = append(list, lines[i].Text)
				if len(lines[i].URLs) != 2 || lines[i].FirstSeen.IsZero() || lines[i].LastSeen.Before(lines[i].FirstSeen) {
					h.t.Errorf("evidence of a line: %+v", lines[i])
				}
			}
		}
		return err
	})
	return list
}

// TestLearnedLinesAreNotThePage: a footer that is learned does not make the
// page longer, and what was left out is said.
func TestLearnedLinesAreNotThePage(t *testing.T) {
	h := newHouse(t)
	h.register("bridge")
	long := strings.Repeat("本网所载信息仅供参考，使用者据此操作的，风险自行承担；", 9)
	h.publish(append(stories(0, 6, long), posting{"滨江大桥今起通车", strings.Join(strings.Split(text(t, "bridge"), "\n")[:1], "\n") + "\n" + long, ""}))
	h.sweep()
	m := h.allMatches()[0]
	if m.Facts.PageShare < 0.9 {
		t.Errorf("page share %v with %v left out", m.Facts.PageShare, m.Capture.Boilerplate)
	}
	var left []string
	for _, s := range m.Capture.Boilerplate {
		left = append(left, string([]rune(m.Capture.Text)[s[0]:s[1]]))
	}
	same(t, "left out", left, []string{long})
}

// TestAPageCountsOnce: the next sweeps add nothing, whether the page changed or
// not.
func TestAPageCountsOnce(t *testing.T) {
	h := newHouse(t)
	h.publish(stories(0, 4, hotline))
	for i := range 3 {
		h.sweep()
		h.web.put(base+"0.html", posting{"又一则", story(30 + i), hotline}.String())
	}
	same(t, "learned", h.learned("www.yuncheng.example"), nil)
	h.publish(stories(0, 5, hotline))
	h.sweep()
	if got := h.learned("www.yuncheng.example"); !slices.Contains(got, hotline) {
		t.Errorf("learned %q", got)
	}
}

// TestACaseKeepsItsText: what is learned later does not tell a case that its
// text is gone.
func TestACaseKeepsItsText(t *testing.T) {
	h := newHouse(t)
	h.register("notice")
	h.publish(stories(0, 1, text(t, "notice")))
	h.sweep()
	h.publish(stories(0, 8, text(t, "notice")))
	h.web.put(base+"0.html", posting{"乡村见闻", story(40), text(t, "notice")}.String())
	h.sweep()
	same(t, "matches", h.found(), []string{"notice 0 +case", "notice 0 +case"})
	if c := h.cases(); len(c) != 1 || c[0].GoneAt != nil {
		t.Errorf("cases %+v", c)
	}
	sight, err := h.Look(t.Context(), &h.cases()[0])
	if err != nil || !sight.Shown {
		t.Errorf("look: %+v, %v", sight, err)
	}
}

// TestManyLines: what is kept of a host is bounded, and what was learned stays.
func TestManyLines(t *testing.T) {
	h := newHouse(t)
	h.publish(stories(0, 5, hotline))
	h.sweep()
	var long strings.Builder
	for i := range 12_000 {
		fmt.Fprintf(&long, "第%d号公告所列的事项由主管科室负责解释\n", i)
	}
	h.publish([]posting{{"公告", long.String(), ""}})
	h.web.put(base+"0.html", posting{"公告", long.String(), ""}.String())
	h.watch(base+"0.html", base+"99.html")
	h.web.put(base+"99.html", posting{"公告", long.String(), ""}.String())
	h.sweep()
	h.view(func(tx *store.Tx) error {
		lines, err := tx.Lines(t.Context(), "www.yuncheng.example", 1)
		if len(lines) > 5000 || lines[0].Pages < rights.LearnedPages {
			t.Errorf("%d lines, first %+v", len(lines), lines[0])
		}
		return err
	})
}
