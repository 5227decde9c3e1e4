package evidence

import (
	"bufio"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"strings"
)

// scan gives what a manifest would say of a file, from its first byte to its last,
// without the chain.
func scan(f *os.File, name string) ([]entry, error) {
	var list []entry
	src := &counter{r: bufio.NewReader(io.NewSectionReader(f, 0, 1<<62))}
	for {
		at := src.n
		z, err := gzip.NewReader(src)
		if errors.Is(err, io.EOF) {
			return list, nil
		}
		if err != nil {
			return nil, err
		}
		z.Multistream(false)
		body := bufio.NewReader(z)
		fields, err := readHead(body)
		if err != nil {
			return nil, err
		}
		if _, err := io.Copy(io.Discard, body); err != nil {
			return nil, err
		}
		h := sha256.New()
		if _, err := io.Copy(h, io.NewSectionReader(f, at, src.n-at)); err != nil {
			return nil, err
		}
		list = append(list, entry{
			File: name, Offset: at, Length: src.n - at, SHA256: hex.EncodeToString(h.Sum(nil)),
			RecordID: strings.Trim(fields["warc-record-id"], "<>"), Type: fields["warc-type"], URL: fields["warc-target-uri"], Time: fields["warc-date"],
		})
	}
}

// counter counts what was read. As it reads single bytes, gzip takes none of the next
// member.
type counter struct {
	r *bufio.Reader
	n int64
}

func (c *counter) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	c.n += int64(n)
	return n, err
}

func (c *counter) ReadByte() (byte, error) {
	b, err := c.r.ReadByte()
	if err == nil {
		c.n++
	}
	return b, err
}
