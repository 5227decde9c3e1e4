package letters_test

import (
	"strings"
	"testing"

	"rightsdesk/internal/letters"
)

func TestCompare(t *testing.T) {
	ours, theirs := "守灯人老秦站在栈桥尽头，灯亮了，历时11个月。", "灯亮了，历时12个月，令人欣喜。"
	p := letters.Compare(ours, theirs)
	if got := joined(p.Ours); got != ours {
		t.Errorf("ours became %q", got)
	}
	if got := joined(p.Theirs); got != theirs {
		t.Errorf("theirs became %q", got)
	}
	if p.Ours[0].Mark != letters.Missing {
		t.Errorf("the first span is marked %v, want missing: %q", p.Ours[0].Mark, p.Ours[0].Text)
	}
	seen := map[letters.Mark]bool{}
	for _, s := range p.Theirs {
		seen[s.Mark] = true
		if s.Mark == letters.Missing {
			t.Errorf("theirs cannot lack what it holds: %q", s.Text)
		}
	}
	if !seen[letters.Equal] || !seen[letters.Added] || !seen[letters.Changed] {
		t.Errorf("marks of theirs: %v", seen)
	}
}

// Another form of the same character is no difference; another number is.
func TestCompareForms(t *testing.T) {
	ours, theirs := "“这盏灯，我等了12年。”老秦说，现在灯亮了。", "「這盞燈，我等了１３年。」老秦說，現在燈亮了。"
	p := letters.Compare(ours, theirs)
	if joined(p.Ours) != ours || joined(p.Theirs) != theirs {
		t.Errorf("the texts became %q and %q", joined(p.Ours), joined(p.Theirs))
	}
	var marked []string
	for _, s := range append(p.Ours, p.Theirs...) {
		if s.Mark != letters.Equal {
			marked = append(marked, s.Text)
		}
	}
	if got := strings.Join(marked, " "); got != "2 ３" {
		t.Errorf("marked: %s", got)
	}
}

func joined(spans []letters.Span) string {
	var b strings.Builder
	for _, s := range spans {
		b.WriteString(s.Text)
	}
	return b.String()
}

func FuzzHTML(f *testing.F) {
	f.Add("<script>alert(1)</script>", "\x00\u202e😀", "https://a.example/\"><script>")
	f.Fuzz(func(t *testing.T, title, body, url string) {
		r := ready()
		r.Title, r.Sender.Name, r.Statement = title, body, body
		r.Infringements[0].URL, r.Infringements[0].PageTitle = url, title
		r.Infringements[0].Passages = []letters.Passage{letters.Compare(body, title)}
		page := html(t, r)
		for _, bad := range []string{"<script", "\x00", "\u202e"} {
			if strings.Contains(page, bad) {
				t.Errorf("the page holds %q", bad)
			}
		}
	})
}
