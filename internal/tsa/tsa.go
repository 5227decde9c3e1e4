// Package tsa is a small time-stamp authority (RFC 3161 over HTTP) with a root of
// its own, for the demo and the tests. Nobody outside has reason to trust it.
package tsa

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"time"

	"github.com/digitorus/timestamp"
)

const (
	day        = 24 * time.Hour
	maxRequest = 64 << 10
)

// Authority answers requests for time stamps.
type Authority struct {
	key  *ecdsa.PrivateKey
	cert *x509.Certificate
	root *x509.Certificate
	pem  []byte
}

// New makes an authority with a root certificate of its own, good for a year.
func New(name string) (*Authority, error) {
	now := time.Now()
	rootKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	root := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name + " Root"},
		NotBefore: now.Add(-day), NotAfter: now.Add(365 * day),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	if root, err = issue(root, root, &rootKey.PublicKey, rootKey); err != nil {
		return nil, err
	}
	a := &Authority{root: root, pem: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: root.Raw})}
	if a.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		return nil, err
	}
	usage, err := asn1.Marshal([]asn1.ObjectIdentifier{{1, 3, 6, 1, 5, 5, 7, 3, 8}})
	if err != nil {
		return nil, err
	}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: name},
		NotBefore: now.Add(-day), NotAfter: now.Add(365 * day), KeyUsage: x509.KeyUsageDigitalSignature,
		// RFC 3161 wants this extension critical, which x509 would not make it.
		ExtraExtensions: []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 37}, Critical: true, Value: usage}},
	}
	a.cert, err = issue(leaf, root, &a.key.PublicKey, rootKey)
	return a, err
}

func issue(template, parent *x509.Certificate, public crypto.PublicKey, signer crypto.Signer) (*x509.Certificate, error) {
	der, err := x509.CreateCertificate(rand.Reader, template, parent, public, signer)
	if err != nil {
		return nil, fmt.Errorf("issue a certificate: %w", err)
	}
	return x509.ParseCertificate(der)
}

// RootPEM is the root certificate, for who is to trust the authority.
func (a *Authority) RootPEM() []byte { return a.pem }

// ServeHTTP answers one request.
func (a *Authority) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if err != nil || r.Method != http.MethodPost {
		http.Error(w, "a request for a time stamp is wanted", http.StatusBadRequest)
		return
	}
	response, err := a.Stamp(body, time.Now())
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/timestamp-reply")
	_, _ = w.Write(response) // who asked is gone where this fails
}

// Stamp answers a request (TimeStampReq, DER) as of an instant.
func (a *Authority) Stamp(request []byte, at time.Time) ([]byte, error) {
	req, err := timestamp.ParseRequest(request)
	if err != nil {
		return nil, err
	}
	ts := timestamp.Timestamp{
		HashAlgorithm: req.HashAlgorithm, HashedMessage: req.HashedMessage, Time: at, Nonce: req.Nonce,
		Policy: asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 99999, 1}, Ordering: false, Accuracy: time.Second,
		AddTSACertificate: req.Certificates,
	}
	if req.Certificates {
		ts.Certificates = []*x509.Certificate{a.root}
	}
	return ts.CreateResponseWithOpts(a.cert, a.key, crypto.SHA256)
}
