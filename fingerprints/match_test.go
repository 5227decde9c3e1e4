package fingerprints_test

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"rightsdesk/fingerprints"
)

const (
	dike = "临江市江堤加固工程昨日在青石渡口合龙。连日来，三百多名建设者冒雨奋战，把最后一段混凝土护坡浇筑完成。" +
		"据市水务局介绍，这段堤防始建于四十年前，堤身单薄，去年汛期曾出现两处管涌。此次加固把堤顶抬高一米二，" +
		"并在背水坡铺设了排渗盲沟。家住渡口边的老船工冯守义说：“往年一到六月，夜里总要起来看几回水，今年可以睡个囫囵觉了。”" +
		"记者在现场看到，护坡上新栽的狗牙根已经返青，几名养护工人正沿着马道清点测压管。"
	market = "入冬以来，临江南门菜市场的改造成了街坊们茶余饭后的话题。顶棚换成了透光板，地面找了坡，污水不再四处横流。" +
		"卖了二十年豆腐的邵桂兰把摊位擦得锃亮，她说最满意的是每个摊位都装了独立电表，用多少交多少，心里有数。" +
		"市场管理方表示，改造期间摊位费减半收取，春节前全部商户可以回迁。"
)

// testingT is what the tests, the benchmarks and the drawn ones share.
type testingT interface {
	Helper()
	Context() context.Context
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

func match(t testingT, x *fingerprints.Index, p fingerprints.Page) []fingerprints.Match {
	t.Helper()
	matches, _ := find(t, x, p)
	return matches
}

func find(t testingT, x *fingerprints.Index, p fingerprints.Page) ([]fingerprints.Match, []fingerprints.CommonSource) {
	t.Helper()
	matches, sources, err := x.Find(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	return matches, sources
}

func candidates(t testingT, x *fingerprints.Index, p fingerprints.Page) []string {
	t.Helper()
	ids, err := x.Candidates(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

func index(articles ...fingerprints.Article) *fingerprints.Index {
	x := fingerprints.NewIndex()
	for _, a := range articles {
		x.Add(a)
	}
	return x
}

func TestRemove(t *testing.T) {
	x := index(fingerprints.Article{ID: "dike", Title: "江堤加固工程昨日合龙", Text: dike})
	x.Add(fingerprints.Article{ID: "dike", Title: "南门菜市场改造记", Text: market})
	if got := match(t, x, fingerprints.Page{Text: dike, Links: []fingerprints.Link{{Text: "江堤加固工程昨日合龙"}}}); len(got) > 0 {
		t.Errorf("the replaced text is still found: %+v", got)
	}
	if got := match(t, x, fingerprints.Page{Text: market}); len(got) != 1 {
		t.Errorf("%d matches, want 1", len(got))
	}
	x.Remove("dike")
	x.Remove("dike")
	if x.Len() != 0 || len(match(t, x, fingerprints.Page{Text: market})) != 0 {
		t.Error("the removed article is still there")
	}
}

// TestPassagesAreEqual holds every passage to its definition on edited texts.
func TestPassagesAreEqual(t *testing.T) {
	x := index(fingerprints.Article{ID: "dike", Text: dike}, fingerprints.Article{ID: "market", Text: market})
	rapid.Check(t, func(t *rapid.T) {
		page := []rune(rapid.SampledFrom([]string{dike, market, dike + market}).Draw(t, "base"))
		for range rapid.IntRange(0, 5).Draw(t, "edits") {
			at := rapid.IntRange(0, len(page)).Draw(t, "at")
			page = slices.Insert(page, at, []rune(rapid.StringN(0, 20, -1).Draw(t, "insert"))...)
		}
		checkMatches(t, x, map[string]string{"dike": dike, "market": market}, fingerprints.Page{Text: string(page)})
	})
}

func checkMatches(t testingT, x *fingerprints.Index, texts map[string]string, page fingerprints.Page) {
	t.Helper()
	candidates := candidates(t, x, page)
	matches, sources := find(t, x, page)
	taken := 0
	for _, m := range matches {
		if !slices.Contains(candidates, m.Article) && (!m.Reworded || len(candidates) == 0) {
			t.Fatalf("%s is no candidate", m.Article)
		}
		if m.LinkOnly {
			continue
		}
		checkMatch(t, m, texts[m.Article], page.Text)
		taken += int(math.Round(m.PageCoverage * float64(len(fingerprints.Fold(page.Text).Folded))))
	}
	if all := len(fingerprints.Fold(page.Text).Folded); taken > all {
		t.Fatalf("%d characters of %d count for a match", taken, all)
	}
	for _, s := range sources {
		checkMatch(t, s.Match, texts[s.Article], page.Text)
	}
}

func checkMatch(t testingT, m fingerprints.Match, article, page string) {
	t.Helper()
	if m.Coverage <= 0 || m.Coverage > 1 || m.PageCoverage <= 0 || m.PageCoverage > 1 {
		t.Fatalf("coverage %v and %v", m.Coverage, m.PageCoverage)
	}
	if m.Own < 0 || m.Common < 0 || m.Own+m.Common > len(fingerprints.Fold(article).Folded) || m.LongestRun > m.Own+m.Common {
		t.Fatalf("own %d, common %d, longest run %d", m.Own, m.Common, m.LongestRun)
	}
	checkPassages(t, m.Passages, article, page)
}

// checkPassages holds passages to their definition: in range, in the order of the
// page and apart there, and equal once folded.
func checkPassages(t testingT, list []fingerprints.Passage, article, page string) {
	t.Helper()
	ours, theirs, after := []rune(article), []rune(page), 0
	for _, p := range list {
		if p.Page[0] < after || p.Page[0] >= p.Page[1] || p.Article[0] >= p.Article[1] {
			t.Fatalf("passage %v after %d", p, after)
		}
		after = p.Page[1]
		a, b := string(ours[p.Article[0]:p.Article[1]]), string(theirs[p.Page[0]:p.Page[1]])
		if !slices.Equal(fingerprints.Fold(a).Folded, fingerprints.Fold(b).Folded) {
			t.Fatalf("passage %v: %q is not %q", p, a, b)
		}
	}
}

// FuzzFind has two articles and an older text with pieces of the first, and a page
// of anybody's making with pieces of all.
func FuzzFind(f *testing.F) {
	f.Add(dike, market, market+dike, "江堤", []byte{})
	f.Add(dike, dikeOther, dikeRetold, "江堤加固工程昨日合龙", []byte{0, 90, 0, 100, 60, 9})
	f.Add(strings.Repeat("a", 40), strings.Repeat("a", 50), strings.Repeat("a", 60), strings.Repeat("a", 12), []byte{1, 30, 2})
	f.Add("가"+dike+"é", "", "가"+dike+"e\u0301。", "", []byte{})
	f.Add(dike+"㎏㏎ﷺ"+dike, "", dike+"kg km صلى"+dike+"\xff\xe4\xb8", "\xff", []byte{7, 50, 3})
	f.Fuzz(func(t *testing.T, first, second, page, link string, pieces []byte) {
		texts := map[string]string{"a": first, "b": second}
		x := index(fingerprints.Article{ID: "a", Title: link, Text: first}, fingerprints.Article{ID: "b", Text: second})
		known := put(link, first, pieces)
		x.AddKnown(fingerprints.Article{ID: "k", Text: known})
		for _, text := range []string{known, second, first} {
			page = put(page, text, pieces)
		}
		checkMatches(t, x, texts, fingerprints.Page{Title: link, Text: page, Links: []fingerprints.Link{{Text: link}}})
	})
}

func utf8Valid(s string) bool { return strings.ToValidUTF8(s, "") == s }

func TestDiff(t *testing.T) {
	ours, theirs := "堤顶抬高一米二，背水坡铺设盲沟。", "堤顶抬高二米一，铺设盲沟并绿化。"
	var a, b strings.Builder
	for _, e := range fingerprints.Diff(ours, theirs) {
		a.WriteString(e.Ours)
		b.WriteString(e.Theirs)
	}
	if a.String() != ours || b.String() != theirs {
		t.Errorf("the edits make %q and %q", a.String(), b.String())
	}
}

func TestChanges(t *testing.T) {
	tests := []struct {
		name, ours, theirs string
		want               []fingerprints.ChangeKind
	}{
		{"nothing", "投资12亿元。", "投资12亿元。", nil},
		{"punctuation only", "他说：“好。”", "他说:“好！”", nil},
		{"digits", "投资12亿元，工期三年。", "投资18亿元，工期三年。", []fingerprints.ChangeKind{fingerprints.ChangeNumber}},
		{"numerals", "三百多名建设者冒雨奋战", "五百多名建设者冒雨奋战", []fingerprints.ChangeKind{fingerprints.ChangeNumber}},
		{"negation put in", "工程将按期完工。", "工程将不按期完工。", []fingerprints.ChangeKind{fingerprints.ChangeNegation}},
		{"a quote", "他说：“今年可以睡个囫囵觉了。”", "他说：“今年可以睡个安稳觉了。”", []fingerprints.ChangeKind{fingerprints.ChangeQuote}},
		{"a word outside quotes", "几名养护工人正沿着马道清点测压管。", "几名养护人员正沿着马道清点测压管。", nil},
		{"a cut", dike, string([]rune(dike)[:100]), nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []fingerprints.ChangeKind
			for _, c := range fingerprints.Changes(tt.ours, tt.theirs) {
				got = append(got, c.Kind)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("-want +got:\n%s\n%+v", diff, fingerprints.Changes(tt.ours, tt.theirs))
			}
		})
	}
}

func FuzzDiff(f *testing.F) {
	f.Add("堤顶抬高一米二", "堤顶抬高二米一")
	f.Fuzz(func(t *testing.T, ours, theirs string) {
		if !utf8Valid(ours) || !utf8Valid(theirs) {
			t.Skip("edits are made of valid text")
		}
		var a, b strings.Builder
		for _, e := range fingerprints.Diff(ours, theirs) {
			a.WriteString(e.Ours)
			b.WriteString(e.Theirs)
		}
		if a.String() != ours || b.String() != theirs {
			t.Fatalf("the edits make %q and %q", a.String(), b.String())
		}
		fingerprints.Changes(ours, theirs)
	})
}

// TestRealArticles prints what the rule finds and what it wrongly reports among
// real articles, and holds it to the measured baseline: excerpts of 100
// characters are found, and fewer than 20 in a million unrelated pairs are.
func TestRealArticles(t *testing.T) {
	texts := realArticles(t)
	x, rest := fingerprints.NewIndex(), texts[len(texts)/2:]
	for i, s := range texts[:len(texts)/2] {
		x.Add(fingerprints.Article{ID: strconv.Itoa(i), Text: s})
	}
	r := rand.New(rand.NewPCG(1, 2))
	found, tried := 0, 0
	for i, s := range texts[:len(texts)/2] {
		runes := []rune(s)
		if len(runes) < 400 || tried == 300 {
			continue
		}
		at := r.IntN(len(runes) - 100)
		host := rest[r.IntN(len(rest))]
		tried++
		for _, m := range match(t, x, fingerprints.Page{Text: host + "\n" + string(runes[at:at+100])}) {
			if m.Article == strconv.Itoa(i) {
				found++
			}
		}
	}
	pairs, alarms := 0, 0
	for _, s := range rest {
		alarms += len(match(t, x, fingerprints.Page{Text: s}))
		pairs += x.Len()
	}
	t.Logf("100-character excerpts found: %d of %d; reported among %d other pairs: %d (%.1f per million)", found, tried, pairs, alarms, float64(alarms)*1e6/float64(pairs))
	if float64(found) < 0.9*float64(tried) {
		t.Errorf("found %d of %d excerpts", found, tried)
	}
}

func realArticles(t *testing.T) []string {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "..", "shared", "data", "articles", "cnews-1000.jsonl.gz"))
	if err != nil {
		t.Skip("no real articles here: ", err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	s := bufio.NewScanner(z)
	s.Buffer(nil, 1<<24)
	for s.Scan() {
		var a struct{ Text string }
		if err := json.Unmarshal(s.Bytes(), &a); err != nil {
			t.Fatal(err)
		}
		texts = append(texts, a.Text)
	}
	return texts
}

func BenchmarkMatch(b *testing.B) {
	x := index(fingerprints.Article{ID: "dike", Text: dike}, fingerprints.Article{ID: "market", Text: market})
	page := fingerprints.Page{Text: strings.Repeat("各地的消息汇集在这里，每天更新。", 100) + dike}
	for b.Loop() {
		match(b, x, page)
	}
}

func BenchmarkAdd(b *testing.B) {
	x := fingerprints.NewIndex()
	for i := 0; b.Loop(); i++ {
		x.Add(fingerprints.Article{ID: strconv.Itoa(i), Text: dike})
	}
}
