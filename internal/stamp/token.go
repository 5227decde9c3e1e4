// Package stamp has digests stamped by RFC 3161 authorities, and checks their
// tokens.
//
// [Authority.Ask] asks for a token, [Parse] reads one, [Token.Check] holds it to a
// digest, and [Token.Trust] to the roots that one trusts.
package stamp

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/notaryproject/tspclient-go"
)

// maxResponse is more than any authority sends, its whole chain included.
const maxResponse = 1 << 20

// Token is a time stamp as it was read: what it says counts only when
// [Token.Trust] has found the signature good.
type Token struct {
	At     time.Time // the instant that the authority names, UTC
	Serial string    // decimal

	digest []byte
	signed *tspclient.SignedToken
}

// Parse reads a response (TimeStampResp, DER), as it lies in a .tsr file.
func Parse(response []byte) (*Token, error) {
	if len(response) > maxResponse {
		return nil, fmt.Errorf("a time stamp of %d bytes", len(response))
	}
	var r tspclient.Response
	if err := r.UnmarshalBinary(response); err != nil {
		return nil, fmt.Errorf("read a time stamp: %w", err)
	}
	signed, err := r.SignedToken()
	if err != nil {
		return nil, fmt.Errorf("read a time stamp: %w", err)
	}
	info, err := signed.Info()
	if err != nil {
		return nil, fmt.Errorf("read a time stamp: %w", err)
	}
	if len(signed.SignerInfos) != 1 || info.SerialNumber == nil || len(info.MessageImprint.HashedMessage) != sha256.Size ||
		info.MessageImprint.HashAlgorithm.Algorithm.String() != oidSHA256 {
		return nil, errors.New("the time stamp is not one signer's over one SHA-256")
	}
	return &Token{At: info.GenTime.UTC(), Serial: info.SerialNumber.String(), digest: info.MessageImprint.HashedMessage, signed: signed}, nil
}

const oidSHA256 = "2.16.840.1.101.3.4.2.1"

// Check holds the token to a SHA-256, in hex.
func (t *Token) Check(digest string) error {
	if want, err := hex.DecodeString(digest); err != nil || !bytes.Equal(want, t.digest) {
		return fmt.Errorf("the time stamp is of %x, not of %s", t.digest, digest)
	}
	return nil
}

// Trust checks the signature and holds the signer to the roots, as of the instant
// that the token names. It returns the root in which the signer's chain ends. The
// signer's certificate must be for time stamps and nothing else.
func (t *Token) Trust(ctx context.Context, roots *x509.CertPool) (*x509.Certificate, error) {
	chain, err := t.signed.Verify(ctx, x509.VerifyOptions{Roots: roots, CurrentTime: t.At})
	if err != nil {
		return nil, fmt.Errorf("the time stamp is not trusted: %w", err)
	}
	return chain[len(chain)-1], nil
}
