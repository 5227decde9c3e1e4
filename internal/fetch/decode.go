package fetch

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

const (
	maxCodings = 3
	// maxLayer is what an inner layer of codings may unpack to: the limit of the
	// body holds for the outermost one only.
	maxLayer = 16 << 20
	// zstdWindow is the largest window that RFC 9659 has a decoder support.
	zstdWindow = 8 << 20
)

// Decode removes the content codings of an entity (gzip, deflate, br, zstd, up
// to three of them), giving at most limit bytes. cut says that there was more, or
// that the coded data breaks off or is damaged; what could be decoded is
// returned, and a smaller limit gives a prefix of it. A body that is labelled
// gzip or zstd and is not is taken as it is, as browsers do. An entity without codings
// is not copied.
func Decode(header http.Header, entity []byte, limit int64) (body []byte, cut bool, err error) {
	var list []string
	for coding := range strings.SplitSeq(strings.Join(header.Values("Content-Encoding"), ","), ",") {
		if coding = strings.ToLower(strings.TrimSpace(coding)); coding != "" && coding != "identity" {
			list = append(list, coding)
		}
	}
	if len(list) > maxCodings {
		return nil, false, fmt.Errorf("%w: %q", errEncoding, list)
	}
	if len(list) == 0 {
		size := min(int64(len(entity)), limit)
		return entity[:size:size], size < int64(len(entity)), nil
	}
	var r io.Reader = bytes.NewReader(entity)
	for i, coding := range slices.Backward(list) { // the last one named was applied last
		layer, err := decoder(coding, r)
		if err != nil {
			return nil, false, err
		}
		defer layer.Close() //nolint:errcheck // it reads from memory
		if r = layer; i > 0 {
			r = &layerLimit{r: layer, left: maxLayer}
		}
	}
	body, err = io.ReadAll(io.LimitReader(r, limit+1))
	if int64(len(body)) > limit {
		return body[:limit], true, nil
	}
	return body, err != nil, nil
}

// decoder is a layer over r, the data of one coding.
func decoder(coding string, r io.Reader) (io.ReadCloser, error) {
	data := bufio.NewReader(r)
	start, _ := data.Peek(4) // a shorter body is none of the magic numbers
	switch coding {
	case "gzip", "x-gzip":
		if !bytes.HasPrefix(start, []byte{0x1f, 0x8b}) {
			return io.NopCloser(data), nil
		}
		return opened(gzip.NewReader(data))
	case "deflate":
		if len(start) >= 2 && start[0]&0x0f == 8 && (int(start[0])<<8|int(start[1]))%31 == 0 {
			return opened(zlib.NewReader(data))
		}
		return flate.NewReader(data), nil
	case "br":
		return io.NopCloser(brotli.NewReader(data)), nil
	case "zstd":
		if len(start) < 4 || !bytes.Equal(start[1:], []byte{0xb5, 0x2f, 0xfd}) && !bytes.Equal(start[1:], []byte{0x2a, 0x4d, 0x18}) {
			return io.NopCloser(data), nil
		}
		z, err := zstd.NewReader(data, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(zstdWindow))
		if err != nil {
			return nil, fmt.Errorf("zstd: %w", err)
		}
		return z.IOReadCloser(), nil
	}
	return nil, fmt.Errorf("%w: %q", errEncoding, coding)
}

// opened makes data whose head is damaged a layer that breaks off at once.
func opened[T io.ReadCloser](layer T, err error) (io.ReadCloser, error) {
	if err != nil {
		return io.NopCloser(&layerLimit{}), nil //nolint:nilerr // reading it says so
	}
	return layer, nil
}

var errLayer = errors.New("a coding is damaged, or unpacks to more than the limit")

// layerLimit fails after so many bytes, where io.LimitReader would pretend that
// the data ends.
type layerLimit struct {
	r    io.Reader
	left int64
}

func (l *layerLimit) Read(p []byte) (int, error) {
	if l.left <= 0 {
		return 0, errLayer
	}
	n, err := l.r.Read(p[:min(int64(len(p)), l.left)])
	l.left -= int64(n)
	return n, err
}
