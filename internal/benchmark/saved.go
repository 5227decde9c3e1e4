package benchmark

import (
	"context"
	"errors"
	"fmt"
	"html"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"rightsdesk/fingerprints"
	"rightsdesk/internal/evaluation"
	"rightsdesk/internal/extract"
)

// saved measures on saved pages of real sites.
func (r *register) saved(ctx context.Context, data string) error {
	raw, err := readPages(filepath.Join(data, "pages"))
	if err != nil {
		return err
	}
	screen, first, err := r.screen(ctx, raw)
	if err != nil {
		return err
	}
	of := fmt.Sprintf(" saved pages among %s articles", grouped(r.index.Len()))
	second := func(d time.Duration) float64 { return float64(len(raw)) / d.Seconds() }
	screened := atLeast("screen of"+of, second(screen), "pages/s", 1000)
	times := atLeast("screen of saved pages, times as fast as extraction first", float64(first)/float64(screen), "x", 8)
	times.Peer = fmt.Sprintf("extraction first %.0f pages/s", second(first))
	d, err := evaluation.Load(data)
	if err != nil {
		return err
	}
	kept, err := keeps(ctx, d, raw)
	return errors.Join(r.put(screened, nil), r.put(times, nil), r.put(kept, err))
}

// readPages reads the HTML files of a folder.
func readPages(dir string) ([][]byte, error) {
	var list [][]byte
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !slices.Contains([]string{".html", ".htm"}, filepath.Ext(path)) || filepath.Base(path) == "expected.html" {
			return err
		}
		raw, err := os.ReadFile(path)
		list = append(list, raw)
		return err
	})
	if err == nil && len(list) == 0 {
		err = fmt.Errorf("there are no pages in %s", dir)
	}
	return list, err
}

const base = "https://site.example/news/1.html"

// screened is a page as the screen sees it.
func screened(raw []byte) fingerprints.Page {
	title, text, links := extract.Screen(raw, "", base)
	p := fingerprints.Page{Title: title, Text: text}
	for _, l := range links {
		p.Links = append(p.Links, fingerprints.Link(l))
	}
	return p
}

// extracted is a page as it is read when the screen has found something; none
// where it cannot be.
func extracted(raw []byte) fingerprints.Page {
	d, err := extract.HTML(raw, "", base)
	if err != nil {
		return fingerprints.Page{}
	}
	return fingerprints.Page{Title: d.Title, Text: d.Text}
}

// screen is the time for all pages by the screen, and by extraction first.
func (r *register) screen(ctx context.Context, pages [][]byte) (screen, first time.Duration, err error) {
	each := func(read func(raw []byte) fingerprints.Page) (sum time.Duration, err error) {
		for _, raw := range pages {
			d, err := best(func(int) error {
				_, err := r.index.Candidates(ctx, read(raw))
				return err
			})
			if err != nil {
				return 0, err
			}
			sum += d
		}
		return sum, nil
	}
	if screen, err = each(screened); err != nil {
		return 0, 0, err
	}
	first, err = each(extracted)
	return screen, first, err
}

// keeps is how many of the copies that are found on pages which were extracted
// first pass the screen too.
func keeps(ctx context.Context, d *evaluation.Data, pages [][]byte) (Figure, error) {
	const seed, each = 1, 10
	parts := d.Deal(seed)
	x := fingerprints.NewIndex()
	for _, a := range parts.Registered {
		x.Add(a)
	}
	found, kept := 0, 0
	for i, c := range d.Copies(parts, seed, each) {
		raw := placed(pages[i%len(pages)], c.Text)
		matches, err := x.Match(ctx, extracted(raw))
		if err != nil {
			return Figure{}, err
		}
		if !slices.ContainsFunc(matches, func(m fingerprints.Match) bool { return m.Article == c.Article }) {
			continue
		}
		found++
		ids, err := x.Candidates(ctx, screened(raw))
		if err != nil {
			return Figure{}, err
		}
		if slices.Contains(ids, c.Article) {
			kept++
		}
	}
	f := atLeast("copies that extraction first finds, kept by the screen", 100*float64(kept)/float64(max(1, found)), "%", 100)
	f.Peer = fmt.Sprintf("extraction first finds %d", found)
	return f, nil
}

// placed puts a text between the paragraphs of a page.
func placed(raw []byte, text string) []byte {
	page, _ := extract.Decode(raw, "")
	paragraphs := "<p>" + strings.ReplaceAll(html.EscapeString(text), "\n", "</p><p>") + "</p>"
	ends := strings.Split(page, "</p>")
	middle := len(ends) / 2
	return []byte(strings.Join(ends[:middle], "</p>") + "</p>" + paragraphs + strings.Join(ends[middle:], "</p>"))
}
