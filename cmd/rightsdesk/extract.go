package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"rightsdesk/internal/extract"
)

type extractCmd struct {
	Files []string `arg:"" help:"Saved pages, of any character set." name:"file"`
}

// Help is the long help.
func (extractCmd) Help() string {
	return `Prints one line of JSON for each file, in order: file, charset (decided from the bytes), title, byline, source (what
stands behind 来源), published_at (RFC 3339 with the page's offset, +08:00 where it names none, or a date alone) and text.
What a page does not say is empty. A file that cannot be read is named on standard error, the others are printed, and the
exit status is 1.`
}

// extracted is what is printed of a page.
type extracted struct {
	File        string `json:"file"`
	Charset     string `json:"charset"`
	Title       string `json:"title"`
	Byline      string `json:"byline"`
	Source      string `json:"source"`
	PublishedAt string `json:"published_at"`
	Text        string `json:"text"`
}

// Run reads pages.
func (c extractCmd) Run(ctx context.Context, s *shell) error {
	var failed error
	out := json.NewEncoder(s.out)
	out.SetEscapeHTML(false)
	for _, name := range c.Files {
		if err := ctx.Err(); err != nil {
			return err
		}
		d, err := readPage(name)
		if err != nil {
			fmt.Fprintf(s.err, "rightsdesk: %s: %s\n", name, say(err))
			failed = errSilent
			continue
		}
		if err := out.Encode(extracted{name, d.Charset, d.Title, d.Byline, d.Source, d.PublishedAt, d.Text}); err != nil {
			return err
		}
	}
	return failed
}

func readPage(name string) (*extract.Document, error) {
	raw, err := readRaw(name)
	if err != nil {
		return nil, err
	}
	return extract.HTML(raw, "", "")
}

// maxPage is more than is read of a page: see the limits of package extract.
const maxPage = 16 << 20

// readRaw reads the bytes of a saved page, as far as they count.
func readRaw(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, cause(err)
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, maxPage))
	if err != nil {
		return nil, cause(err)
	}
	return raw, nil
}
