package scan_test

import (
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"rightsdesk/fingerprints"
	"rightsdesk/internal/extract"
	"rightsdesk/internal/scan"
)

// BenchmarkScan scans gzipped archives of 4,000 pages. "ratio" is its speed to
// that of the screen alone on the same pages in memory.
func BenchmarkScan(b *testing.B) {
	files, pages := map[string]string{}, []string{}
	for f := range 20 {
		parts := make([]string, 200)
		for i := range parts {
			var text strings.Builder
			for n := range 40 {
				fmt.Fprintf(&text, "云城第%d号观测点第%d次记录，江面水位平稳，比前一日低%d厘米，值守的人换了第%d班。\n", f*1000+i, n, i*7%90, n*31%17)
			}
			body := html("水情", text.String())
			pages, parts[i] = append(pages, body), response(fmt.Sprintf("http://a.example/%d/%d", f, i), "", body)
		}
		files[fmt.Sprintf("%02d.warc.gz", f)] = gzipped(parts...)
	}
	dir, x := write(b, files), register(b)
	begin := time.Now()
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for _, body := range pages {
		group.Go(func() error {
			title, text, _ := extract.Screen([]byte(body), "text/html; charset=utf-8", "http://a.example/")
			_, err := x.Candidates(b.Context(), fingerprints.Page{Title: title, Text: text})
			return err
		})
	}
	if err := group.Wait(); err != nil {
		b.Fatal(err)
	}
	alone := time.Since(begin)
	for b.Loop() {
		out := filepath.Join(b.TempDir(), "out.jsonl")
		if counts, err := scan.Run(b.Context(), scan.Options{Paths: []string{dir}, Out: out, Index: x}); err != nil || counts.Pages != len(pages) {
			b.Fatal(counts, err)
		}
	}
	each := b.Elapsed() / time.Duration(b.N)
	b.ReportMetric(float64(len(pages))/each.Seconds(), "pages/s")
	b.ReportMetric(alone.Seconds()/each.Seconds(), "ratio")
}
