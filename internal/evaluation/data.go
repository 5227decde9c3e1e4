// Package evaluation measures the detection on real articles: it makes
// variants of known origin, looks for them, and counts what was found, what was
// missed and what was reported for nothing.
//
// Everything is drawn from a seed; the same data and seed give the same figures.
package evaluation

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"rightsdesk/fingerprints"
	"rightsdesk/internal/extract"
)

// Data is what an evaluation works on.
type Data struct {
	dir      string
	classes  map[string]string // of topics, by the IDs of articles
	Articles []fingerprints.Article
	mined    map[[2]string]bool // pairs of articles that were found to share text
	judged   map[[2]string]Left // pairs that were looked at
	// Lines are what sites put around articles.
	Lines    []string
	Reworded []Reworded
}

// Reworded is a rewording of an article, or a text on a like event that copies
// nothing.
type Reworded struct {
	ID, Source, Grade, Title, Text string
}

// Load reads a folder: articles/*.jsonl.gz, pages/various/*.html and
// reuse/.
func Load(dir string) (*Data, error) {
	d := &Data{dir: dir, classes: map[string]string{}, mined: map[[2]string]bool{}}
	names, err := filepath.Glob(filepath.Join(dir, "articles", "*.jsonl.gz"))
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("there are no articles/*.jsonl.gz in %s", dir)
	}
	for _, name := range names {
		if err := d.readArticles(name); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	if d.judged, err = left(); err != nil {
		return nil, err
	}
	if err := d.readMined(filepath.Join(dir, "reuse", "mined-pairs.tsv")); err != nil {
		return nil, err
	}
	if err := d.readReworded(filepath.Join(dir, "reuse", "reworded.jsonl")); err != nil {
		return nil, err
	}
	return d, d.readLines(filepath.Join(dir, "pages", "various"))
}

func (d *Data) readArticles(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // only read from
	z, err := gzip.NewReader(f)
	if err != nil {
		return err
	}
	in := json.NewDecoder(bufio.NewReader(z))
	for in.More() {
		var a struct {
			ID, Class, Title, Text string
			PublishedAt            string `json:"published_at"`
		}
		if err := in.Decode(&a); err != nil {
			return err
		}
		at, _ := time.Parse(time.DateOnly, a.PublishedAt) // zero where there is none
		if a.Class != "" {
			d.classes[a.ID] = a.Class
		}
		d.Articles = append(d.Articles, fingerprints.Article{ID: a.ID, Title: a.Title, Text: a.Text, PublishedAt: at})
	}
	return nil
}

func (d *Data) readMined(name string) error {
	raw, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(raw)) {
		if f := strings.Split(line, "\t"); len(f) > 2 && strings.Contains(f[0], "/") {
			d.mined[pairOf(f[0], f[1])] = true
		}
	}
	return nil
}

func (d *Data) readReworded(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // only read from
	for in := json.NewDecoder(f); in.More(); {
		var r Reworded
		if err := in.Decode(&r); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		d.Reworded = append(d.Reworded, r)
	}
	return nil
}

// readLines gathers the short lines of saved pages: menus, credits, footers.
func (d *Data) readLines(dir string) error {
	names, err := filepath.Glob(filepath.Join(dir, "*.html"))
	if err != nil {
		return err
	}
	for _, name := range names {
		raw, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		_, text, _ := extract.Screen(raw, "", "")
		for line := range strings.Lines(text) {
			line = strings.TrimSpace(line)
			if n := utf8.RuneCountInString(line); n >= 4 && n <= 40 {
				d.Lines = append(d.Lines, line)
			}
		}
	}
	return nil
}

// Parts are the articles, dealt out by a seed: no article is in two parts.
type Parts struct {
	Registered []fingerprints.Article
	Pages      []fingerprints.Article // unrelated pages
	Background []fingerprints.Article // text known before
}

const (
	shortestArticle = 300 // folded characters of one that variants are made of
	longestArticle  = 5000
)

// Deal deals out the articles: of those of a fair length a quarter is
// registered, of the rest a third are unrelated pages.
func (d *Data) Deal(seed uint64) Parts {
	r := rand.New(rand.NewPCG(seed, 1))
	list := slices.Clone(d.Articles)
	r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	var p Parts
	var rest []fingerprints.Article
	registered := len(list) / 4
	for _, a := range list {
		n := len(fingerprints.Fold(a.Text).Folded)
		switch {
		case len(p.Registered) < registered && n >= shortestArticle && n <= longestArticle:
			p.Registered = append(p.Registered, a)
		case n >= shortestArticle/5:
			rest = append(rest, a)
		}
	}
	pages := len(rest) * 2 / 5
	p.Pages, p.Background = rest[:pages], rest[pages:]
	return p
}

// Own are the registered articles that can be copied: those of whose runs of eight
// characters no older text, registered or known, has half or more. Of others the
// right answer is the older text.
func (p *Parts) Own() []fingerprints.Article {
	base := newCounting(p.Registered)
	older := make([]bool, len(p.Registered))
	var mu sync.Mutex
	see := func(text fingerprints.Article, known bool) {
		for n, runs := range base.shared(text.Text) {
			a := p.Registered[n]
			before := text.PublishedAt.Before(a.PublishedAt)
			if text.PublishedAt.IsZero() || a.PublishedAt.IsZero() {
				before = known && text.PublishedAt.IsZero()
			}
			if before && 2*runs >= len(base.texts[n])-countingGram+1 {
				mu.Lock()
				older[n] = true
				mu.Unlock()
			}
		}
	}
	each(len(p.Background), func(i int) { see(p.Background[i], true) })
	each(len(p.Registered), func(i int) { see(p.Registered[i], false) })
	var own []fingerprints.Article
	for n, a := range p.Registered {
		if !older[n] {
			own = append(own, a)
		}
	}
	return own
}

// Shared reports whether two articles are known to share a passage that was
// written once: as they were judged or, where they were not, because they were
// mined.
func (d *Data) Shared(a, b string) bool {
	pair := pairOf(a, b)
	if l, ok := d.judged[pair]; ok {
		return l.shared()
	}
	return d.mined[pair]
}
