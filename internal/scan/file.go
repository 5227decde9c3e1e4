package scan

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// file is a file to scan.
type file struct {
	path string
	size int64
}

// find lists the files of paths, and those below folders that may be archives or
// saved pages, in the order of their names.
func find(paths []string) ([]file, error) {
	var list []file
	for _, root := range paths {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case d.IsDir() || path != root && !isArchive(path):
				return nil
			}
			info, err := os.Stat(path)
			if err == nil && info.Mode().IsRegular() {
				list = append(list, file{path, info.Size()})
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	slices.SortFunc(list, func(a, b file) int { return cmp.Compare(a.path, b.path) })
	list = slices.CompactFunc(list, func(a, b file) bool { return a.path == b.path })
	if len(list) == 0 {
		return nil, errors.New("there is no archive and no saved page")
	}
	return list, nil
}

func isArchive(path string) bool {
	name := strings.TrimSuffix(strings.ToLower(path), ".gz")
	switch filepath.Ext(name) {
	case ".warc", ".wet", ".html", ".htm", ".shtml", ".xhtml", ".txt":
		return true
	}
	return false
}

// read gives yield the pages of a file, with the number of each. Of what the
// file has beside them yield gets the numbers, without a page.
func (f file) read(count func(n int), yield func(n int, p *page) error) error {
	r, err := os.Open(f.path)
	if err != nil {
		return err
	}
	defer r.Close() //nolint:errcheck // it was only read
	in, err := unpacked(bufio.NewReaderSize(&counter{r, count}, 256<<10))
	if err != nil {
		return err
	}
	if start, _ := in.Peek(5); string(start) == "WARC/" {
		return records(in, yield)
	}
	body, err := io.ReadAll(io.LimitReader(in, maxPage))
	if err != nil {
		return err
	}
	return yield(0, saved(f.path, body))
}

// saved is a page that was saved as a file. Browsers write its address into it.
func saved(path string, body []byte) *page {
	p := &page{url: "file:" + filepath.ToSlash(path), body: body}
	if m := savedFrom.FindSubmatch(body[:min(len(body), 4<<10)]); m != nil {
		p.url = string(m[1])
	}
	p.plain = !bytes.Contains(body[:min(len(body), 64<<10)], []byte("<"))
	return p
}

var savedFrom = regexp.MustCompile(`<!-- saved from url=\(\d+\)(https?://[^\s>]+) -->`)

// counter tells how many bytes were read.
type counter struct {
	r     io.Reader
	count func(n int)
}

// Read makes counter an io.Reader.
func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.count(n)
	return n, err
}
