package extract_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"rightsdesk/internal/extract"
	"rightsdesk/internal/rights"
)

func read(t *testing.T, raw []byte, opt extract.Options) ([]*rights.Article, []error) {
	t.Helper()
	var out []*rights.Article
	errs := extract.Articles(bytes.NewReader(raw), opt, func(a *rights.Article) error {
		out = append(out, a)
		return nil
	})
	return out, errs
}

// TestSeed reads a real saved e-paper page.
func TestSeed(t *testing.T) {
	raw := sharedFile(t, "seed/dezhou-daily-2022-01-11-page02.txt")
	got, errs := read(t, raw, extract.Options{Paper: "德州日报", IssueDate: "2022-01-11", File: "seed.txt"})
	if len(errs) > 0 || len(got) != 1 {
		t.Fatalf("%d articles, %v", len(got), errs)
	}
	a := got[0]
	t.Logf("%+v", a)
	if a.Headline != "锚定目标勇突破 唯旗是夺激干劲" || a.Subtitle != "市委经济工作会议暨全市高质量发展现场观摩侧记" ||
		!slices.Equal(a.Bylines, []string{"王贺", "王志强"}) || a.CreditLine != "本报记者 王贺 王志强" || a.PageNo != "02" || a.PageName != "要闻·综合" {
		t.Errorf("head is %q %q %q %q %q %q", a.Headline, a.Subtitle, a.Bylines, a.CreditLine, a.PageNo, a.PageName)
	}
	for _, crosshead := range []string{"项目出彩 比学赶超激斗志", "目标明确 全力以赴稳增长", "路径明晰 扭住重点求突破"} {
		if !slices.Contains(a.Paragraphs, crosshead) {
			t.Errorf("crosshead %s is missing", crosshead)
		}
	}
	if strings.ContainsAny(a.Text(), "【】") || strings.Contains(a.Text(), "免责") || strings.Contains(a.Text(), "更多") || len(a.Paragraphs) != 15 {
		t.Errorf("%d paragraphs, last %s", len(a.Paragraphs), a.Paragraphs[len(a.Paragraphs)-1])
	}
	if len(a.Reservations) != 1 || a.Reservations[0].Strength != rights.StrengthWeak || !strings.Contains(a.Reservations[0].Text, "禁止其他网站") {
		t.Errorf("reservations %+v", a.Reservations)
	}
	if len(a.Segments) != 1 || a.Segments[0].Owner != rights.OwnerStaff || a.Segments[0].VerifiedBy != "" {
		t.Errorf("segments %+v", a.Segments)
	}
}
