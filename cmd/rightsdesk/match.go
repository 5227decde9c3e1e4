package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"

	"golang.org/x/sync/errgroup"

	"rightsdesk/fingerprints"
	"rightsdesk/internal/extract"
)

// matchCmd finds articles on pages. What it reads and prints is a public
// contract; Help states it whole.
type matchCmd struct {
	Articles string `required:"" placeholder:"A.jsonl" help:"The articles, one JSON object a line."`
	Pages    string `required:"" placeholder:"P.jsonl" help:"The pages, one JSON object a line."`

	Background string `placeholder:"T.jsonl" help:"Text that was known before, in the form of the articles."`
}

// Help is the contract.
func (matchCmd) Help() string {
	return `Both files are JSON lines in UTF-8; other fields than these are passed over.

Articles: {"id", "text"} and, where known, "title" and "published_at" (RFC 3339, or a date alone). An id stands once. The
title is not part of the text that is compared; it finds pages that carry it as a link.

Background: the form of the articles. It is text that is nobody's here: what stands in it is common source for the articles
that are published after it, and for all articles where it gives no date. It also teaches what is formula and what is not, as
do the articles; the more of it there is, the fewer innocent pages are reported. An id of an article must not stand in it.

Pages: {"id", "url"} and one of
  "text"  the text of the page,
  "html"  its markup,
  "file"  the path of its bytes, in any character set, relative to the folder of P.jsonl.
The url may be left out; relative links of a page without one stay relative.

One line of JSON is printed for each page, in the order of the pages:
  {"page": "...", "matches": [{"article": "...", "coverage": 0.93, "page_coverage": 0.41, "longest_run": 312,
   "simhash_distance": 7, "passages": [{"article": [s, e], "page": [s, e]}], "score": 2.31, "own": 412, "common": 25}]}
The best covered article comes first. Passages are in the order of the page; offsets are half-open and count Unicode code
points of the text as given. For "html" and "file" pages they count those of the text that was extracted from the page,
which is printed as "text" then. Texts are compared folded: NFKC, lower case, traditional characters as simplified ones,
letters and numbers only. coverage is the union of the passages over the folded article, page_coverage over the folded
page, both from 0 to 1; longest_run counts folded characters; simhash_distance is 0 to 64 bits. A match with
"link_only": true has no passages: the page carries the article's exact title as a link, and none of its text.

score is 1 for the least that is reported; it grows with how much of the article's text is there and how little of it others
would have written. own counts the folded characters of the article in the passages that no older text has which stands on the
page too, common the others; older is an article published before, or background. An article of which only such text is there
is no match: it is named under "common_source", which is left out where there is none, in the form of a match with
"holders", the ids of the others that have the text. With none, it is a few sentences, too little for a match.

A match with "reworded": true shares no text at length: the page may tell the article again in other words. Its passages are
the pieces that stayed, names, numbers and quotations, and a person must compare.

A line that is wrong is named with file, line and field on standard error; nothing is printed for it, the rest is done, and
the exit status is 1. No configuration and no database are needed.`
}

// found is what is printed of a page.
type found struct {
	Page    string               `json:"page"`
	Matches []fingerprints.Match `json:"matches"`
	// CommonSource names the articles of which only others' text or a few sentences are there.
	CommonSource []fingerprints.CommonSource `json:"common_source,omitempty"`
	// Text is what was extracted, where the page was given as html or file.
	Text *string `json:"text,omitempty"`
}

// Run finds articles on pages.
func (c matchCmd) Run(ctx context.Context, s *shell) error {
	m := matcher{index: fingerprints.NewIndex(), folder: filepath.Dir(c.Pages), shell: s}
	pages, err := os.Open(c.Pages)
	if err != nil {
		return err
	}
	defer pages.Close()
	articles, err := os.Open(c.Articles)
	if err != nil {
		return err
	}
	defer articles.Close()
	if err := m.take(ctx, c.Articles, articles, m.index.Add); err != nil {
		return err
	}
	if err := m.known(ctx, c.Background); err != nil {
		return err
	}
	if err := m.pages(ctx, c.Pages, pages); err != nil {
		return err
	}
	if m.faults > 0 {
		return errSilent
	}
	return nil
}

type matcher struct {
	index  *fingerprints.Index
	folder string // that files of pages are relative to
	shell  *shell
	faults int
}

// take reads articles and hands those that are right to add.
func (m *matcher) take(ctx context.Context, name string, r io.Reader, add func(fingerprints.Article)) error {
	return readArticles(name, r, func(a fingerprints.Article, fault error) error {
		if fault != nil {
			m.fault(fault)
			return nil
		}
		add(a)
		return ctx.Err()
	})
}

// known takes in the background, if there is one. Text under the ID of an
// article would be in the article's place.
func (m *matcher) known(ctx context.Context, name string) error {
	if name == "" {
		return nil
	}
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	return m.take(ctx, name, f, func(a fingerprints.Article) {
		if m.index.Has(a.ID) {
			m.fault(fmt.Errorf("%s: id: %q is an article's", name, a.ID))
			return
		}
		m.index.AddKnown(a)
	})
}

func (m *matcher) fault(err error) {
	m.faults++
	fmt.Fprintln(m.shell.err, err)
}

// answer is the line that a page is answered with, or what is wrong with it.
type answer struct {
	line  []byte
	fault error
}

// job is a page, or what is wrong with its line, and where the answer is waited
// for.
type job struct {
	page  page
	fault error
	ready chan<- answer
}

// pages answers each page, on all cores and in the order of the pages. No more
// of them are in memory than the queue holds.
func (m *matcher) pages(ctx context.Context, name string, r io.Reader) error {
	cores := runtime.GOMAXPROCS(0)
	queue, jobs := make(chan chan answer, 4*cores), make(chan job)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(queue)
		defer close(jobs)
		return readPages(name, r, func(p page, fault error) error {
			ready := make(chan answer, 1)
			if err := send(ctx, queue, ready); err != nil {
				return err
			}
			return send(ctx, jobs, job{p, fault, ready})
		})
	})
	for range cores {
		g.Go(func() error {
			for j := range jobs {
				j.ready <- m.answer(ctx, j)
			}
			return nil
		})
	}
	g.Go(func() error { return m.print(ctx, queue) })
	return g.Wait()
}

func send[T any](ctx context.Context, to chan<- T, v T) error {
	select {
	case to <- v:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (m *matcher) print(ctx context.Context, queue <-chan chan answer) error {
	for ready := range queue {
		select {
		case a := <-ready:
			if a.fault != nil {
				m.fault(a.fault)
			} else if _, err := m.shell.out.Write(a.line); err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// answer looks for the articles on one page.
func (m *matcher) answer(ctx context.Context, j job) answer {
	if j.fault != nil {
		return answer{fault: j.fault}
	}
	p := j.page
	result := found{Page: p.id}
	var page fingerprints.Page
	if p.text != nil {
		page.Text = *p.text
	} else {
		raw, err := p.raw(m.folder)
		if err != nil {
			return answer{fault: err}
		}
		// A page without any text gives a document all the same.
		d, _ := extract.HTML(raw, "", p.url)
		links := make([]fingerprints.Link, len(d.Links))
		for i, l := range d.Links {
			links[i] = fingerprints.Link{Text: l.Text, URL: l.URL}
		}
		page = fingerprints.Page{Title: d.Title, Text: d.Text, Links: links}
		result.Text = &d.Text
	}
	var err error
	if result.Matches, result.CommonSource, err = m.index.Find(ctx, page); err != nil {
		return answer{fault: err}
	}
	var line bytes.Buffer
	out := json.NewEncoder(&line)
	out.SetEscapeHTML(false)
	err = out.Encode(result)
	return answer{line: line.Bytes(), fault: err}
}
