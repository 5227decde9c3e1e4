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
	"strings"
)

// Response is what recorded bytes say.
type Response struct {
	Status int
	Header http.Header
	Entity []byte // chunking removed, content encoding left
	Cut    bool   // the bytes end before the message does
}

// ParseResponse reads the final response in recorded bytes, past interim ones
// (1xx). A body that ends early is not an error but Cut; a head that does is.
func ParseResponse(raw []byte) (Response, error) {
	resp, err := readResponse(bufio.NewReader(bytes.NewReader(raw)))
	if err != nil {
		return Response{}, err
	}
	defer resp.Body.Close() //nolint:errcheck // it reads from memory
	entity, err := io.ReadAll(resp.Body)
	return Response{Status: resp.StatusCode, Header: resp.Header, Entity: entity, Cut: err != nil}, nil
}

func readResponse(r *bufio.Reader) (*http.Response, error) {
	for range 8 {
		resp, err := http.ReadResponse(r, nil)
		if err != nil {
			return nil, fmt.Errorf("response head: %w", err)
		}
		if resp.StatusCode >= 200 || resp.StatusCode == http.StatusSwitchingProtocols {
			return resp, nil
		}
	}
	return nil, errors.New("response head: nothing but interim responses")
}

// Decode removes the content encoding of an entity (gzip or deflate), giving at
// most limit bytes. cut says that there was more, or that the coded data breaks off
// or is damaged; what could be decoded is returned, and a smaller limit gives a prefix of it.
// A body that is labelled gzip and is not is returned as it is, as browsers do.
func Decode(header http.Header, entity []byte, limit int64) (body []byte, cut bool, err error) {
	var r io.Reader = bytes.NewReader(entity)
	coding := strings.ToLower(strings.TrimSpace(strings.Join(header.Values("Content-Encoding"), ",")))
	if coding != "" && coding != "identity" {
		if r, err = decoder(coding, entity); err != nil {
			return nil, false, err
		}
	}
	body, err = io.ReadAll(io.LimitReader(r, limit+1))
	if int64(len(body)) > limit {
		return body[:limit], true, nil
	}
	return body, err != nil, nil
}

func decoder(coding string, data []byte) (io.Reader, error) {
	plain := bytes.NewReader(data)
	switch coding {
	case "gzip", "x-gzip":
		if r, err := gzip.NewReader(plain); err == nil {
			return r, nil
		}
		return bytes.NewReader(data), nil
	case "deflate":
		if r, err := zlib.NewReader(plain); err == nil {
			return r, nil
		}
		return flate.NewReader(bytes.NewReader(data)), nil
	}
	return nil, fmt.Errorf("%w: %q", errEncoding, coding)
}
