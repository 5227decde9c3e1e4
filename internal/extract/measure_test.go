package extract_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"rightsdesk/internal/extract"
)

const shared = "../../../shared"

type truth struct{ File, URL, Title, Date, Source, Author, Body string }

func sharedFile(t *testing.T, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(shared, name))
	if err != nil {
		t.Skipf("%s is not here; nothing to measure", name)
	}
	return raw
}

// TestTruth measures extraction on real pages whose truth was made by hand.
func TestTruth(t *testing.T) {
	var pages []truth
	if err := json.Unmarshal(sharedFile(t, "data/pages/truth.json"), &pages); err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	miss, asked := map[string]int{}, map[string]int{}
	check := func(file, field, got, want string) {
		if want == "?" {
			return
		}
		asked[field]++
		if got != want {
			miss[field]++
			t.Logf("%s: %s is %q, want %q", file, field, got, want)
		}
	}
	for _, p := range pages {
		d, err := extract.HTML(sharedFile(t, "data/pages/"+p.File), "", p.URL)
		if err != nil {
			t.Fatal(err)
		}
		f := f1(d.Text, p.Body)
		sum += f
		if f < 0.97 {
			lines := strings.Split(d.Text, "\n")
			t.Logf("%s: F1 %.3f\n  first %s\n  last  %s", p.File, f, strings.Join(lines[:min(3, len(lines))], " | "), strings.Join(lines[max(0, len(lines)-4):], " | "))
		}
		check(p.File, "title", d.Title, p.Title)
		check(p.File, "date", d.PublishedAt[:min(10, len(d.PublishedAt))], p.Date)
		check(p.File, "source", d.Source, p.Source)
		check(p.File, "author", d.Byline, p.Author)
		if d.Kind != extract.KindArticle {
			t.Logf("%s: kind %s", p.File, d.Kind)
		}
	}
	mean := sum / float64(len(pages))
	t.Logf("mean body F1 %.4f over %d pages; misses: title %d/%d, date %d/%d, source %d/%d, author %d/%d", mean, len(pages),
		miss["title"], asked["title"], miss["date"], asked["date"], miss["source"], asked["source"], miss["author"], asked["author"])
	if mean < 0.97 {
		t.Errorf("mean body F1 %.4f, want at least 0.97", mean)
	}
	for _, field := range []string{"title", "date", "source"} {
		if miss[field] > 1 {
			t.Errorf("%d misses in %s, want at most one", miss[field], field)
		}
	}
}

func f1(got, want string) float64 {
	a, b := grams(got), grams(want)
	both, total := 0, 0
	for g, n := range a {
		both += min(n, b[g])
		total += n
	}
	for _, n := range b {
		total += n
	}
	return 2 * float64(both) / float64(total)
}

func grams(s string) map[string]int {
	var rs []rune
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			rs = append(rs, r)
		}
	}
	out := map[string]int{}
	for i := 0; i+4 <= len(rs); i++ {
		out[string(rs[i:i+4])]++
	}
	return out
}

// TestCharsetOfRealPages decodes pages in GB18030 without a broken character.
func TestCharsetOfRealPages(t *testing.T) {
	files, _ := filepath.Glob(filepath.Join(shared, "data/pages/netease-gb18030/*.html"))
	if len(files) == 0 {
		t.Skip("no real pages here; nothing to measure")
	}
	for _, f := range append(files, filepath.Join(shared, "data/pages/various/xinhuanet-archive-gbk-bytes-meta-utf8.html")) {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		text, charset := extract.Decode(raw, "text/html; charset=utf-8")
		if charset != "gb18030" || strings.Count(text, "\ufffd") > 0 {
			t.Errorf("%s: %s with %d broken characters", filepath.Base(f), charset, strings.Count(text, "\ufffd"))
		}
	}
}

// TestRealLayout reads a real layout page.
func TestRealLayout(t *testing.T) {
	raw := sharedFile(t, "data/pages/epaper/jjjcb_2017-07-22_node_2.htm")
	l, err := extract.Layout(raw, "", "http://csr.example/html/2017-07/22/node_2.htm")
	if err != nil {
		t.Fatal(err)
	}
	if len(l.Articles) != 7 || l.PageNo != "1" || l.PageName != "要闻" || l.IssueDate != "2017-07-22" || len(l.Pages) != 4 || l.PDF == "" {
		t.Errorf("got %+v", l)
	}
	for _, a := range l.Articles {
		if a.Text == "" || !strings.Contains(a.URL, "content_520") {
			t.Errorf("article %+v", a)
		}
	}
	d, err := extract.HTML(raw, "", "")
	if err != nil || d.Kind != extract.KindLayout {
		t.Errorf("kind %v, %v", d.Kind, err)
	}
}
