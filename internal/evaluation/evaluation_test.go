package evaluation_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"rightsdesk/fingerprints"
	"rightsdesk/internal/evaluation"
	"rightsdesk/internal/testenv"
)

// TestRun holds a small run to the targets, as far as so few pages can tell. Under
// the race detector it looks for races among fewer.
func TestRun(t *testing.T) {
	d := load(t)
	d.Articles = d.Articles[:testenv.Size(len(d.Articles))]
	r, err := d.Run(t.Context(), 3, testenv.Size(100))
	if err != nil {
		t.Fatal(err)
	}
	t.Log("\n" + r.Text())
	if testenv.Raced() {
		return
	}
	for _, v := range r.Variants {
		if got := float64(v.Found+v.Common) / float64(v.Pages); got < 0.97 || v.Precision < 0.98 || v.Recall < 0.98 {
			t.Errorf("%s: found %.3f, precision %.3f, recall %.3f", v.Name, got, v.Precision, v.Recall)
		}
	}
	for _, p := range r.Curve {
		if p.Rule == "ours" && p.From == 1 && (p.Million > 8 || p.Percent > 1.5) {
			t.Errorf("%.1f false alarms per million pairs, on %.2f %% of the pages", p.Million, p.Percent)
		}
	}
}

// TestOwn: what is copied is never mostly an older text's.
func TestOwn(t *testing.T) {
	text := "傍晚六点，旧港三号码头的第一盏灯亮了，守灯人老秦站在栈桥尽头，望着江面上最后一班轮渡缓缓靠岸。"
	more := "三十七年来，他每天都在这个时辰点灯，风雨无阻，船家都认得那一点黄光。"
	at := func(day int) time.Time { return time.Date(2026, 1, day, 0, 0, 0, 0, time.UTC) }
	parts := evaluation.Parts{
		Registered: []fingerprints.Article{
			{ID: "first", Text: text, PublishedAt: at(2)},
			{ID: "again", Text: text + more, PublishedAt: at(3)},
			{ID: "of a known text", Text: "云城区图书馆延长开放时间，周末至晚上九点，阅览室另设自习座位六十个。", PublishedAt: at(2)},
			{ID: "before a known text", Text: "城西菜场本周末重新开市，摊位从八十个增加到一百二十个。", PublishedAt: at(2)},
			{ID: "a third of it older", Text: more + more[:90] + "今年开春，区里把栈桥修好，又把老秦请了回来，他说灯还是那盏灯，只是油换成了电，手也跟着闲了下来。", PublishedAt: at(1)},
		},
		Background: []fingerprints.Article{
			{ID: "known", Text: "通知：云城区图书馆延长开放时间，周末至晚上九点，阅览室另设自习座位六十个。"},
			{ID: "later", Text: "城西菜场本周末重新开市，摊位从八十个增加到一百二十个。", PublishedAt: at(4)},
		},
	}
	var ids []string
	for _, a := range parts.Own() {
		ids = append(ids, a.ID)
	}
	if want := []string{"first", "before a known text", "a third of it older"}; !slices.Equal(ids, want) {
		t.Errorf("%q, want %q", ids, want)
	}
}

// TestKnown: no pair that shares text is missed, and what was taken of a text is
// told in one piece.
func TestKnown(t *testing.T) {
	if testenv.Raced() {
		t.Skip("measured without the race detector")
	}
	d := load(t)
	known, err := d.Known(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Log("\n" + known.Text())
	if p := known.Pairs; p.Of == 0 || len(p.Missed) > 0 || p.Matched+p.Common+p.Quoted != p.Of {
		t.Errorf("of %d pairs %v are missed", p.Of, p.Missed)
	}
	want := map[string]float64{"all": 0.70, "artificial none": 0.90}
	for _, a := range known.Alignments {
		if a.Plagdet < want[a.Kind] || a.Granularity > 1.05 {
			t.Errorf("%s: plagdet %.3f, granularity %.2f", a.Kind, a.Plagdet, a.Granularity)
		}
		delete(want, a.Kind)
	}
	if len(want) > 0 {
		t.Errorf("no cases for %v", want)
	}
}

func load(t *testing.T) *evaluation.Data {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "shared", "data")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("no real articles here: ", err)
	}
	d, err := evaluation.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestLoadNamesWhatIsMissing(t *testing.T) {
	if _, err := evaluation.Load(t.TempDir()); err == nil || !strings.Contains(err.Error(), "articles/*.jsonl.gz") {
		t.Errorf("got %v", err)
	}
}
