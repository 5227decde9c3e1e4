package fetch

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"net/http"
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

	entity := bytes.NewBuffer(make([]byte, 0, len(raw)+bytes.MinRead))
	_, err = entity.ReadFrom(resp.Body)
	return Response{Status: resp.StatusCode, Header: resp.Header, Entity: entity.Bytes(), Cut: err != nil}, nil
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
