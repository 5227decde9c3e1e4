package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"time"
	"unicode/utf8"

	"rightsdesk/fingerprints"
	"rightsdesk/internal/rights"
)

// maxLine is what a line of articles or pages may have, in bytes.
const maxLine = 32 << 20

// lineError is what is wrong with a line of a file.
type lineError struct {
	file   string
	line   int
	field  string
	detail string
}

func (f *lineError) Error() string {
	return fmt.Sprintf("%s:%d: %s: %s", f.file, f.line, f.field, f.detail)
}

// readArticles hands each article, or what is wrong with its line, to yield; an
// error of yield ends the reading.
func readArticles(name string, r io.Reader, yield func(fingerprints.Article, error) error) error {
	lines := map[string]int{} // by ID
	return readLines(name, r, func(number int, raw []byte, fault error) error {
		var a struct {
			ID          string  `json:"id"`
			Title       string  `json:"title"`
			Text        *string `json:"text"`
			PublishedAt string  `json:"published_at"`
		}
		wrong := func(field, detail string) error {
			return yield(fingerprints.Article{}, &lineError{name, number, field, detail})
		}
		if fault == nil {
			fault = decode(name, number, raw, &a)
		}
		published, err := instant(a.PublishedAt)
		switch {
		case fault != nil:
			return yield(fingerprints.Article{}, fault)
		case a.ID == "":
			return wrong("id", "is missing")
		case lines[a.ID] > 0:
			return wrong("id", fmt.Sprintf("%q stands on line %d already", a.ID, lines[a.ID]))
		case a.Text == nil:
			return wrong("text", "is missing")
		case err != nil:
			return wrong("published_at", err.Error())
		}
		lines[a.ID] = number
		return yield(fingerprints.Article{ID: a.ID, Title: a.Title, Text: *a.Text, PublishedAt: published}, nil)
	})
}

// instant reads RFC 3339, or a date, which means the start of the day in China.
func instant(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	if at, err := time.Parse(time.RFC3339, s); err == nil {
		return at, nil
	}
	at, err := time.ParseInLocation(time.DateOnly, s, rights.China)
	if err != nil {
		return time.Time{}, fmt.Errorf("wants RFC 3339 or a date as 2006-01-02, is %q", s)
	}
	return at, nil
}

// page is a line of the pages; one of text, html and file is there.
type page struct {
	id, url          string
	text, html, file *string
	origin           lineError // where it stands
}

// raw are the bytes of a page that has no text of its own.
func (p page) raw(folder string) ([]byte, error) {
	if p.html != nil {
		return []byte(*p.html), nil
	}
	path := *p.file
	if !filepath.IsAbs(path) {
		path = filepath.Join(folder, path)
	}
	raw, err := readRaw(path)
	if err != nil {
		fault := p.origin
		fault.field, fault.detail = "file", fmt.Sprintf("%s: %v", path, err)
		return nil, &fault
	}
	return raw, nil
}

// readPages is readArticles for pages.
func readPages(name string, r io.Reader, yield func(page, error) error) error {
	return readLines(name, r, func(number int, raw []byte, fault error) error {
		var p struct {
			ID   string  `json:"id"`
			URL  string  `json:"url"`
			Text *string `json:"text"`
			HTML *string `json:"html"`
			File *string `json:"file"`
		}
		if fault == nil {
			fault = decode(name, number, raw, &p)
		}
		wrong := func(field, detail string) error {
			return yield(page{}, &lineError{name, number, field, detail})
		}
		given := 0
		for _, body := range []*string{p.Text, p.HTML, p.File} {
			if body != nil {
				given++
			}
		}
		switch {
		case fault != nil:
			return yield(page{}, fault)
		case p.ID == "":
			return wrong("id", "is missing")
		case given == 0:
			return wrong("text", "is missing, as are html and file")
		case given > 1:
			return wrong("text", "wants one of text, html and file, has more")
		case p.File != nil && *p.File == "":
			return wrong("file", "is empty")
		}
		return yield(page{p.ID, p.URL, p.Text, p.HTML, p.File, lineError{file: name, line: number}}, nil)
	})
}

// decode reads the object of a line.
func decode(name string, number int, raw []byte, into any) error {
	if !utf8.Valid(raw) {
		return &lineError{name, number, "json", "is not UTF-8"}
	}
	err := json.Unmarshal(raw, into)
	var kind *json.UnmarshalTypeError
	switch {
	case err == nil && !bytes.HasPrefix(raw, []byte("{")):
		return &lineError{name, number, "json", "wants an object"} // null
	case err == nil:
		return nil
	case errors.As(err, &kind) && kind.Field != "":
		return &lineError{name, number, kind.Field, "wants a string, is " + kind.Value}
	case errors.As(err, &kind):
		return &lineError{name, number, "json", "wants an object, is " + kind.Value}
	}
	return &lineError{name, number, "json", err.Error()}
}

// readLines hands each line that is not blank to yield, with its number and
// without the white space around it, or the fault of a line that is too long.
func readLines(name string, r io.Reader, yield func(number int, raw []byte, fault error) error) error {
	in := bufio.NewReaderSize(r, 256<<10)
	for number := 1; ; number++ {
		raw, err := readLine(in)
		if number == 1 {
			raw = bytes.TrimPrefix(raw, []byte("\ufeff"))
		}
		raw = bytes.TrimSpace(raw)
		var fault error
		if errors.Is(err, bufio.ErrTooLong) {
			fault = &lineError{name, number, "json", fmt.Sprintf("the line is longer than %d MiB", maxLine>>20)}
		}
		if len(raw) > 0 || fault != nil {
			if err := yield(number, raw, fault); err != nil {
				return err
			}
		}
		switch {
		case err == nil || fault != nil:
		case errors.Is(err, io.EOF):
			return nil
		default:
			return fmt.Errorf("%s:%d: %w", name, number, err)
		}
	}
}

// readLine returns a line, or bufio.ErrTooLong once it has passed over a line
// that is longer than maxLine.
func readLine(in *bufio.Reader) ([]byte, error) {
	var line []byte
	long := false
	for {
		part, err := in.ReadSlice('\n')
		if long = long || len(line)+len(part) > maxLine; long {
			line = nil
		} else {
			line = append(line, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
		case long && (err == nil || errors.Is(err, io.EOF)):
			return nil, bufio.ErrTooLong
		default:
			return line, err
		}
	}
}
