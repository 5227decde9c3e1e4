package benchmark

import (
	"bytes"
	"fmt"
	"html"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/gzip"
)

// archive makes saved pages: made text in the frame of a site, as HTML.
type archive struct {
	paper    *articles
	articles int // that there are
	frames   []frame
}

// frame is what all pages of a site have around their text.
type frame struct{ head, foot string }

// A page is about as large as the median of 48 saved pages of news sites: 124 KB,
// 45 of them styles and programs, with 180 links among 1,600 tags.
const (
	sites     = 20
	links     = 180 // of a site, on each of its pages
	ruleBytes = 15 << 10
	codeBytes = 30 << 10
	copyOneIn = 20 // pages
	copied    = 2. / 3
	fileOneIn = 5 // pages that are saved as a file each
	recordsOf = 500
)

func newArchive(paper *articles, size int) *archive {
	a := &archive{paper: paper, articles: size}
	for n := range sites {
		r := rand.New(rand.NewPCG(uint64(n), 3))
		var head, foot strings.Builder
		fmt.Fprintf(&head, "<meta charset=utf-8><style>%s</style><script>%s</script></head><body><ul>",
			filler(r, ".c%x{margin:%dpx}\n", ruleBytes), filler(r, "var v%x=%d;\n", codeBytes))
		for i := range links {
			label := html.EscapeString(strings.Join(strings.Fields(string(paper.text(r.Uint64())[:12])), ""))
			fmt.Fprintf(&head, `<li class="item item-%x" data-spm="%x"><div class="item-inner clearfix"><div class="item-text" style="margin-left:%dpx">`+
				`<span class="dot"></span><a href="/news/%d/%d.html" target="_blank" rel="noopener" title="%s" data-track="list.%x.%x">%[6]s</a>`+
				"</div></div></li>\n\t\t\t", r.Uint32(), r.Uint64(), i, n, i, label, r.Uint64(), r.Uint64())
		}
		head.WriteString("</ul><article>")
		fmt.Fprintf(&foot, "</article><footer><p>第%d号站 版权所有</p><p>联系我们 网站地图</p></footer></body></html>", n)
		a.frames = append(a.frames, frame{head.String(), foot.String()})
	}
	return a
}

// filler is what no reader sees, of so many bytes.
func filler(r *rand.Rand, format string, size int) string {
	var b strings.Builder
	for b.Len() < size {
		fmt.Fprintf(&b, format, r.Uint32(), r.IntN(99))
	}
	return b.String()
}

// copies reports whether a page has a part of an article.
func (a *archive) copies(n int) bool { return n%copyOneIn == 0 }

// page is the page of a number. Those that copy have two thirds of an article
// after other text.
func (a *archive) page(n int) []byte {
	text := a.paper.text(firstPage + uint64(n))
	if a.copies(n) {
		article := a.paper.text(rand.New(rand.NewPCG(uint64(n), 4)).Uint64N(uint64(a.articles)))
		text = append(text[:len(text)/3], article[:int(copied*float64(len(article)))]...)
	}
	f := a.frames[n%len(a.frames)]
	var b bytes.Buffer
	fmt.Fprintf(&b, "<!doctype html><html><head><title>%s</title>%s", html.EscapeString(string(text[:headline])), f.head)
	for line := range strings.SplitSeq(string(text), "\n") {
		fmt.Fprintf(&b, "<p>%s</p>", html.EscapeString(line))
	}
	b.WriteString(f.foot)
	return b.Bytes()
}

// save writes pages into a folder, some as a file each and the others in gzipped
// WARC files, a member a record.
func (a *archive) save(dir string, pages [][]byte) error {
	var warc bytes.Buffer
	z := gzip.NewWriter(&warc)
	for i, body := range pages {
		if i%fileOneIn == 0 {
			if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%06d.html", i)), body, 0o600); err != nil {
				return err
			}
			continue
		}
		z.Reset(&warc)
		answer := "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
		_, err := fmt.Fprintf(z, "WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: http://s%d.example/%d\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n%s%s\r\n\r\n",
			i%sites, i, len(answer)+len(body), answer, body)
		if err == nil {
			err = z.Close()
		}
		if err != nil {
			return err
		}
		if i%recordsOf == recordsOf-1 || i == len(pages)-1 {
			if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%06d.warc.gz", i)), warc.Bytes(), 0o600); err != nil {
				return err
			}
			warc.Reset()
		}
	}
	return nil
}
