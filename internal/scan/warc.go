package scan

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"strconv"
	"strings"

	"github.com/klauspost/compress/gzip"

	"rightsdesk/internal/fetch"
)

const (
	maxHead = 64 << 10 // of a record
	maxPage = 10 << 20 // of a page; what follows is not looked at
	maxRaw  = 32 << 20 // of a record that is read; longer ones are cut

	usualRaw = 1 << 20 // of a record, for which there is room at once
)

// page is a page of an archive.
type page struct {
	url         string
	contentType string
	raw         []byte // the answer as recorded, until it is read
	body        []byte
	plain       bool // text without markup, as in WET files
}

// records reads the records of a WARC file and gives yield the number of each and
// its page; records that hold none have no page. It ends with the first error of
// yield, or where the file is damaged.
func records(r io.Reader, yield func(n int, p *page) error) error {
	in := bufio.NewReaderSize(r, 256<<10)
	for n := 0; ; n++ {
		fields, err := head(in)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("record %d: %w", n, err)
		}
		length, err := strconv.ParseInt(fields["content-length"], 10, 64)
		if err != nil || length < 0 {
			return fmt.Errorf("record %d: its length is missing or wrong", n)
		}
		block := &io.LimitedReader{R: in, N: length}
		p, err := pageOf(fields, block)
		if err != nil {
			return fmt.Errorf("record %d: %w", n, err)
		}
		if _, err := io.Copy(io.Discard, block); err != nil {
			return fmt.Errorf("record %d: %w", n, err)
		}
		if err := yield(n, p); err != nil {
			return err
		}
	}
}

// head reads the named fields of the next record, names in lower case. It is
// io.EOF where there is none.
func head(in *bufio.Reader) (map[string]string, error) {
	var fields map[string]string
	for size := 0; ; {
		line, err := in.ReadSlice('\n')
		if size += len(line); size > maxHead || errors.Is(err, bufio.ErrBufferFull) {
			return nil, errors.New("its head is too long")
		}
		text := strings.TrimRight(string(line), "\r\n")
		switch {
		case err != nil && fields == nil && text == "":
			return nil, err
		case err != nil:
			return nil, io.ErrUnexpectedEOF
		case text == "" && fields == nil: // between two records
		case text == "":
			return fields, nil
		case fields == nil:
			if !strings.HasPrefix(text, "WARC/") {
				return nil, errors.New("this is no WARC record")
			}
			fields = map[string]string{}
		default:
			name, value, _ := strings.Cut(text, ":")
			fields[strings.ToLower(strings.TrimSpace(name))] = strings.TrimSpace(value)
		}
	}
}

// pageOf reads the page of a record: an answer of a server, a resource, or the
// text that was taken from one. Other records, and answers that are no pages,
// have none.
func pageOf(fields map[string]string, block *io.LimitedReader) (*page, error) {
	p := &page{url: strings.Trim(fields["warc-target-uri"], "<>"), contentType: fields["content-type"]}
	switch fields["warc-type"] {
	case "response":
		raw := bytes.NewBuffer(make([]byte, 0, min(block.N, usualRaw)+bytes.MinRead))
		_, err := raw.ReadFrom(io.LimitReader(block, maxRaw))
		p.raw = raw.Bytes()
		return p, err
	case "resource", "conversion":
		if !p.isPage() {
			return nil, nil
		}
		body, err := io.ReadAll(io.LimitReader(block, maxPage))
		p.body, p.plain = body, strings.HasPrefix(mediaType(p.contentType), "text/plain")
		return p, err
	}
	return nil, nil
}

// answer reads the page out of the recorded answer, and reports whether it holds
// one.
func (p *page) answer() bool {
	resp, err := fetch.ParseResponse(p.raw)
	p.raw = nil
	if err != nil || resp.Status < 200 || resp.Status > 299 {
		return false
	}
	if p.contentType = resp.Header.Get("Content-Type"); !p.isPage() {
		return false
	}
	p.body, _, err = fetch.Decode(resp.Header, resp.Entity, maxPage)
	return err == nil && len(p.body) > 0
}

// isPage leaves out what says that it is a picture, a style or a program.
func (p *page) isPage() bool {
	kind := mediaType(p.contentType)
	return kind == "" || strings.HasPrefix(kind, "text/html") || strings.HasPrefix(kind, "text/plain") || strings.Contains(kind, "xml")
}

func mediaType(contentType string) string {
	kind, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		kind, _, _ = strings.Cut(contentType, ";")
	}
	return strings.ToLower(strings.TrimSpace(kind))
}

// unpacked opens a file that is gzipped by its first bytes, whatever its name.
func unpacked(r *bufio.Reader) (*bufio.Reader, error) {
	if start, _ := r.Peek(2); !bytes.Equal(start, []byte{0x1f, 0x8b}) {
		return r, nil
	}
	z, err := gzip.NewReader(r)
	if err != nil {
		return nil, fmt.Errorf("gzip: %w", err)
	}
	return bufio.NewReaderSize(z, 64<<10), nil
}
