package extract_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rightsdesk/fingerprints"
	"rightsdesk/internal/extract"
)

// realPages are the saved pages, by their names.
func realPages(tb testing.TB) map[string][]byte {
	tb.Helper()
	root := filepath.Join(shared, "data/pages")
	pages := make(map[string][]byte)
	err := fs.WalkDir(os.DirFS(root), ".", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".html") && !strings.HasSuffix(path, ".htm") || strings.HasSuffix(path, "expected.html") {
			return err
		}
		pages[path], err = os.ReadFile(filepath.Join(root, path))
		return err
	})
	if err != nil {
		tb.Skipf("no real pages here; nothing to measure: %v", err)
	}
	return pages
}

const realBase = "https://site.example/news/1.html"

// BenchmarkScreen screens every real page once an iteration: alone, and with
// the look into an index of other articles.
func BenchmarkScreen(b *testing.B) {
	pages := realPages(b)
	size := 0
	for _, raw := range pages {
		size += len(raw)
	}
	index := fingerprints.NewIndex()
	index.Add(fingerprints.Article{ID: "1", Title: "江畔新桥通车", Text: bridge + bridge2})
	figures := func(b *testing.B) {
		b.Helper()
		done := float64(b.N) / b.Elapsed().Seconds()
		b.ReportMetric(done*float64(len(pages)), "pages/s")
		b.ReportMetric(done*float64(size)/1e6, "MB/s")
	}
	b.Run("text", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			for _, raw := range pages {
				extract.Screen(raw, "", realBase)
			}
		}
		figures(b)
	})
	b.Run("candidates", func(b *testing.B) {
		for b.Loop() {
			for _, raw := range pages {
				title, text, links := extract.Screen(raw, "", realBase)
				list := make([]fingerprints.Link, len(links))
				for i, l := range links {
					list[i] = fingerprints.Link(l)
				}
				if _, err := index.Candidates(b.Context(), fingerprints.Page{Title: title, Text: text, Links: list}); err != nil {
					b.Fatal(err)
				}
			}
		}
		figures(b)
	})
}

// BenchmarkScreenAgainstHTML measures screening and extraction of each real page
// side by side, by the best time of each: how many pages a second are screened,
// how much less time that takes over all pages, and on the page where it saves
// least.
func BenchmarkScreenAgainstHTML(b *testing.B) {
	pages := realPages(b)
	type spent struct{ screen, html time.Duration }
	best := make(map[string]spent)
	for b.Loop() {
		for name, raw := range pages {
			now := spent{html: time.Hour, screen: time.Hour}
			if was, ok := best[name]; ok {
				now = was
			}
			for range 5 {
				begin := time.Now()
				extract.Screen(raw, "", realBase)
				now.screen = min(now.screen, time.Since(begin))
			}
			begin := time.Now()
			_, _ = extract.HTML(raw, "", realBase)
			now.html = min(now.html, time.Since(begin))
			best[name] = now
		}
	}
	var all spent
	least, slowest, size := 0.0, "", 0
	for name, s := range best {
		all.screen += s.screen
		all.html += s.html
		size += len(pages[name])
		if ratio := float64(s.html) / float64(s.screen); least == 0 || ratio < least {
			least, slowest = ratio, name
		}
	}
	b.ReportMetric(float64(len(pages))/all.screen.Seconds(), "pages/s")
	b.ReportMetric(float64(size)/1e6/all.screen.Seconds(), "MB/s")
	b.ReportMetric(float64(all.html)/float64(all.screen), "times-faster")
	b.ReportMetric(least, "times-faster-worst-page")
	b.Logf("it saves least on %s", slowest)
}
