package fingerprints_test

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"rightsdesk/fingerprints"
)

func ExampleFold() {
	t := fingerprints.Fold("《臨江日報》第０２版")
	fmt.Println(string(t.Folded))
	fmt.Println(t.Origin)
	// Output:
	// 临江日报第02版
	// [1 2 3 4 6 7 8 9]
}

func ExampleIndex_Match() {
	x := fingerprints.NewIndex()
	x.Add(fingerprints.Article{ID: "2026-01-08/02/1", Title: "江堤加固工程昨日合龙", Text: dike})
	matches, err := x.Match(context.Background(), fingerprints.Page{Text: "本网讯 " + dike})
	if err != nil {
		fmt.Println(err)
	}
	for _, m := range matches {
		fmt.Printf("%s %.0f%% %v\n", m.Article, 100*m.Coverage, m.Passages[0].Page)
	}
	// Output: 2026-01-08/02/1 100% [4 200]
}

// An article that is made from older text shares that with whoever has it too.
func ExampleIndex_Find() {
	x := fingerprints.NewIndex()
	x.AddKnown(fingerprints.Article{ID: "wire", Text: market, PublishedAt: time.Date(2026, 1, 7, 0, 0, 0, 0, time.UTC)})
	x.Add(fingerprints.Article{ID: "ours", Text: market, PublishedAt: time.Date(2026, 1, 8, 0, 0, 0, 0, time.UTC)})
	matches, common, err := x.Find(context.Background(), fingerprints.Page{Text: market})
	if err != nil {
		fmt.Println(err)
	}
	fmt.Println(len(matches), "matches")
	for _, c := range common {
		fmt.Println(c.Article, "has what", c.Holders, "has")
	}
	// Output:
	// 0 matches
	// ours has what [wire] has
}

// A snapshot has no texts; the index asks a source for those it compares.
func ExampleOpenIndex() {
	a := fingerprints.Article{ID: "dike", Text: dike}
	x := fingerprints.NewIndex()
	x.Add(a)
	var file bytes.Buffer
	if err := x.Snapshot(&file); err != nil {
		fmt.Println(err)
	}
	source := func(context.Context, []string) ([]fingerprints.Article, error) {
		return []fingerprints.Article{a}, nil
	}
	opened, err := fingerprints.OpenIndex(file.Bytes(), source)
	if err != nil {
		fmt.Println(err)
		return
	}
	ids, err := opened.Candidates(context.Background(), fingerprints.Page{Text: dike})
	fmt.Println(ids, err)
	// Output: [dike] <nil>
}

func ExampleAlign() {
	ours := "家住渡口边的老船工冯守义说，今年可以睡个囫囵觉了。"
	theirs := "家住渡口旁的老船工馮守義說：今年可以睡個囫圇覺了！"
	for _, p := range fingerprints.Align(fingerprints.Fold(theirs), fingerprints.Fold(ours)) {
		fmt.Println(string([]rune(ours)[p.Article[0]:p.Article[1]]), string([]rune(theirs)[p.Page[0]:p.Page[1]]))
	}
	// Output:
	// 家住渡口 家住渡口
	// 的老船工冯守义说，今年可以睡个囫囵觉了 的老船工馮守義說：今年可以睡個囫圇覺了
}

func ExampleChanges() {
	for _, c := range fingerprints.Changes("工程将按期完工，总投资12亿元。", "工程将不按期完工，总投资18亿元。") {
		fmt.Printf("%s %q %q\n", c.Kind, c.Ours, c.Theirs)
	}
	// Output:
	// negation "" "不"
	// number "2" "8"
}
