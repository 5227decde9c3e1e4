package main

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"rightsdesk/fingerprints"
	"rightsdesk/internal/evaluation"
)

// TestPeers asks each peer for a copy of an article, and about a page of
// something else.
func TestPeers(t *testing.T) {
	article := func(id, text string) fingerprints.Article { return fingerprints.Article{ID: id, Text: text} }
	bridge := `临江市新落成的跨江大桥昨日清晨通车。七十二岁的退休教师陈守义天没亮便骑车赶到桥头，他说自己年轻时坐渡船去对岸上课，遇上大雾要等半天。
大桥全长三千一百米，设双向六车道，两侧留有步道与自行车道。桥面铺设的降噪沥青由本地企业研制，夜间测得的声响比旧桥低了近一半。`
	s := &set{
		registered: []fingerprints.Article{
			article("bridge", bridge),
			article("market", `青石镇的早市今年搬进了新大棚。卖豆腐的周家嫂子凌晨三点磨浆，六点出摊，她的摊位换到了通风的东门口，生意比往年好了三成，老主顾一个没丢。`),
		},
		unrelated: []fingerprints.Article{article("whale", "一头座头鲸本周在南部海湾搁浅，志愿者用湿布和水桶守了它十四个小时，终于等来涨潮，鲸鱼摆尾游回深水。")},
		copies:    []evaluation.Copy{{Variant: "verbatim", Article: "bridge", Text: "本地要闻\n" + strings.ReplaceAll(bridge, "，", ", ")}},
	}
	for _, p := range peers() {
		t.Run(p.name, func(t *testing.T) {
			if strings.HasPrefix(p.name, "PostgreSQL") && os.Getenv("RIGHTSDESK_TEST_POSTGRES") == "" && os.Getenv("RIGHTSDESK_REQUIRE_ALL") == "" {
				t.Skip("RIGHTSDESK_TEST_POSTGRES is not set")
			}
			got, err := measure(t.Context(), p, s)
			if err != nil {
				t.Fatal(err)
			}
			if len(got.Copies) != 1 || got.Copies[0].Score == lowest {
				t.Fatalf("the copy was not found: %+v", got.Copies)
			}
			for _, a := range got.Alarms {
				if a.Score >= got.Copies[0].Score {
					t.Errorf("the unrelated page scores %v, the copy %v", a.Score, got.Copies[0].Score)
				}
			}
			if got.PerCopy < 0 || got.PerUnrelated < 0 {
				t.Errorf("%+v", got)
			}
			var b strings.Builder
			table := table{Rows: rows(p, got, got)}
			table.describe(got)
			if err := table.print(&b); err != nil || !strings.Contains(b.String(), fmt.Sprintf("%-40s%8.1f", "verbatim", 100.0)) {
				t.Errorf("%v in\n%s", err, b.String())
			}
		})
	}
}
