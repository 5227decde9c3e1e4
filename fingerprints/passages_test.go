package fingerprints_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"rightsdesk/fingerprints"
)

var update = flag.Bool("update", false, "write what was found into testdata/passages")

// TestPassages holds the index to the files of testdata/passages: in each, some
// pages are looked at against the articles and known texts above them, and what
// is wanted of a page stands below it. A want gives for each match the passages
// as offsets in the article and on the page, and quotes them from the page; where
// the article has it otherwise, from both.
func TestPassages(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "passages", "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatal("no files: ", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			s := &specification{index: fingerprints.NewIndex(), texts: map[string]string{}}
			for i := range archive.Files {
				s.section(t, &archive.Files[i])
			}
			if *update {
				if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// specification is a file of testdata/passages, read up to some section.
type specification struct {
	index *fingerprints.Index
	texts map[string]string // by ID
	name  string            // of the last page
	page  *fingerprints.Page
}

func (s *specification) section(t *testing.T, f *txtar.File) {
	t.Helper()
	head, body := strings.Fields(f.Name), strings.TrimSuffix(string(f.Data), "\n")
	switch {
	case head[0] == "article" && len(head) == 3:
		title, text, _ := strings.Cut(body, "\n")
		s.texts[head[1]] = text
		s.index.Add(fingerprints.Article{ID: head[1], Title: title, Text: text, PublishedAt: day(t, head[2])})
	case head[0] == "known" && len(head) <= 3:
		a := fingerprints.Article{ID: head[1], Text: body}
		if len(head) == 3 {
			a.PublishedAt = day(t, head[2])
		}
		s.index.AddKnown(a)
	case head[0] == "page:":
		s.name, s.page = strings.TrimPrefix(f.Name, "page: "), readPage(body)
	case f.Name == "want" && s.page != nil:
		t.Run(s.name, func(t *testing.T) {
			got := s.found(t)
			if *update {
				f.Data = []byte(got)
			} else if diff := cmp.Diff(string(f.Data), got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
		s.page = nil
	default:
		t.Fatalf("section %q: is none of article, known, page and want, or is out of place", f.Name)
	}
}

func day(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.DateOnly, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// readPage reads a page: "# " stands before its headline, "=> " before a link,
// and characters that nobody sees are written as \u200b or \U000e0101.
func readPage(body string) *fingerprints.Page {
	p := new(fingerprints.Page)
	var lines []string
	for line := range strings.Lines(body) {
		line = strings.TrimSuffix(line, "\n")
		if title, ok := strings.CutPrefix(line, "# "); ok {
			p.Title = title
		} else if link, ok := strings.CutPrefix(line, "=> "); ok {
			p.Links = append(p.Links, fingerprints.Link{Text: link, URL: "http://a.example/"})
		} else {
			lines = append(lines, line)
		}
	}
	p.Text = unescape(strings.Join(lines, "\n"))
	return p
}

func unescape(s string) string {
	var b strings.Builder
	for s != "" {
		if r, _, tail, err := strconv.UnquoteChar(s, 0); err == nil {
			b.WriteRune(r)
			s = tail
		}
	}
	return b.String()
}

// found tells what the index finds on the page.
func (s *specification) found(t *testing.T) string {
	t.Helper()
	matches, sources := find(t, s.index, *s.page)
	var b strings.Builder
	for _, m := range matches {
		switch {
		case m.LinkOnly:
			fmt.Fprintf(&b, "%s: linked\n", m.Article)
		case m.Reworded:
			s.tell(t, &b, "reworded", m)
		default:
			s.tell(t, &b, "copied", m)
		}
	}
	for _, c := range sources {
		kind := "common with " + strings.Join(c.Holders, ", ")
		if len(c.Holders) == 0 {
			kind = "quoted"
		}
		s.tell(t, &b, kind, c.Match)
	}
	return b.String()
}

func (s *specification) tell(t *testing.T, b *strings.Builder, kind string, m fingerprints.Match) {
	t.Helper()
	fmt.Fprintf(b, "%s: %s, %.0f %% of the article and %.0f %% of the page, longest run %d; %d characters its own and %d common\n",
		m.Article, kind, 100*m.Coverage, 100*m.PageCoverage, m.LongestRun, m.Own, m.Common)
	article, page := []rune(s.texts[m.Article]), []rune(s.page.Text)
	for _, p := range m.Passages {
		ours, theirs := string(article[p.Article[0]:p.Article[1]]), string(page[p.Page[0]:p.Page[1]])
		if !slices.Equal(fingerprints.Fold(ours).Folded, fingerprints.Fold(theirs).Folded) {
			t.Errorf("%q is not %q", ours, theirs)
		}
		fmt.Fprintf(b, "%d-%d on %d-%d: %s\n", p.Article[0], p.Article[1], p.Page[0], p.Page[1], quote(theirs))
		if ours != theirs {
			fmt.Fprintf(b, "\tfrom %s\n", quote(ours))
		}
	}
}

// quote shows a passage on one line, a long one by its ends.
func quote(s string) string {
	const ends = 14
	if r := []rune(s); len(r) > 3*ends {
		s = string(r[:ends]) + "……" + string(r[len(r)-ends:])
	}
	return strings.Trim(strconv.QuoteToGraphic(s), `"`)
}
