package stamp

import (
	"bytes"
	"context"
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"github.com/notaryproject/tspclient-go"

	"rightsdesk/config"
	"rightsdesk/internal/rights"
)

const (
	patience = 30 * time.Second
	// slack is how far an authority's clock and ours may lie apart.
	slack = 10 * time.Minute
)

// Authority is a configured time-stamp authority.
type Authority struct {
	ID    string
	URL   string
	Roots *x509.CertPool // in which the chains of its tokens must end

	client *http.Client
}

// New prepares the configured authorities and reads their roots.
func New(list []config.Authority) ([]*Authority, error) {
	out := make([]*Authority, len(list))
	for i, c := range list {
		roots, err := Roots(c.Roots)
		if err != nil {
			return nil, fmt.Errorf("time_stamps[%d].roots: %w", i, err)
		}
		out[i] = &Authority{ID: c.ID, URL: c.URL, Roots: roots, client: &http.Client{
			Timeout:       patience,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		}}
	}
	return out, nil
}

// Roots reads PEM files beside the roots of this machine. Names that are empty are
// passed over.
func Roots(files ...string) (*x509.CertPool, error) {
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool() // a machine that has none
	}
	for _, path := range files {
		if path == "" {
			continue
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		if !pool.AppendCertsFromPEM(b) {
			return nil, fmt.Errorf("%s holds no certificate", path)
		}
	}
	return pool, nil
}

// Ask has a SHA-256, in hex, stamped. It returns the response as it came, which
// has been checked: for this digest, now, by one that the roots vouch for.
func (a *Authority) Ask(ctx context.Context, digest string) ([]byte, *Token, error) {
	response, token, err := a.ask(ctx, digest)
	if err != nil {
		return nil, nil, rights.Errorf(rights.Unavailable, "时间戳机构 %s 没有给出可用的时间戳", a.ID).Because(err)
	}
	return response, token, nil
}

func (a *Authority) ask(ctx context.Context, digest string) ([]byte, *Token, error) {
	sum, err := hex.DecodeString(digest)
	if err != nil || len(sum) != sha256.Size {
		return nil, nil, fmt.Errorf("%q is no SHA-256", digest)
	}
	request, err := newRequest(sum)
	if err != nil {
		return nil, nil, err
	}
	response, err := a.post(ctx, request)
	if err != nil {
		return nil, nil, err
	}
	var answer tspclient.Response
	if err := answer.UnmarshalBinary(response); err != nil {
		return nil, nil, err
	}
	if err := answer.Validate(request); err != nil {
		return nil, nil, err
	}
	token, err := Parse(response)
	if err != nil {
		return nil, nil, err
	}
	if off := time.Since(token.At).Abs(); off > slack {
		return nil, nil, fmt.Errorf("the authority's clock is %v away from ours", off)
	}
	_, err = token.Trust(ctx, a.Roots)
	return response, token, err
}

// newRequest asks for a stamp of a digest. The library takes what is to be
// digested, and has the digest replaced.
func newRequest(sum []byte) (*tspclient.Request, error) {
	r, err := tspclient.NewRequest(tspclient.RequestOptions{Content: []byte{}, HashAlgorithm: crypto.SHA256})
	if err != nil {
		return nil, err
	}
	r.MessageImprint.HashedMessage = sum
	return r, nil
}

func (a *Authority) post(ctx context.Context, request *tspclient.Request) ([]byte, error) {
	body, err := request.MarshalBinary()
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, a.URL, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", tspclient.MediaTypeTimestampQuery)
	resp, err := a.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close() //nolint:errcheck // only read from
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the authority answers %s", resp.Status)
	}
	return io.ReadAll(io.LimitReader(resp.Body, maxResponse+1))
}
