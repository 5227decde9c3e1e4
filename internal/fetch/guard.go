package fetch

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http/httptrace"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"syscall"

	"code.dny.dev/ssrf"
)

// newDialer returns a dialer that refuses addresses of special ranges and other
// ports than those given (nil: none is refused), at the moment of connecting:
// after DNS, for every attempt. Behind other ports are mail, shells, databases
// and caches, which an HTTP request can be abused to talk to.
func newDialer(allow []netip.Prefix, ports []uint16) *net.Dialer {
	var v4, v6 []netip.Prefix
	for _, prefix := range allow {
		if prefix.Addr().Is4() {
			v4 = append(v4, prefix)
		} else {
			v6 = append(v6, prefix)
		}
	}
	guard := ssrf.New(ssrf.WithAnyPort(), ssrf.WithAllowedV4Prefixes(v4...), ssrf.WithAllowedV6Prefixes(v6...))
	return &net.Dialer{Control: func(network, address string, conn syscall.RawConn) error {
		if err := guard.Safe(network, address, conn); err != nil {
			return fmt.Errorf("%w: %w", ErrBlocked, err)
		}
		target, err := netip.ParseAddrPort(address)
		if err != nil {
			return fmt.Errorf("%w: %w", ErrBlocked, err)
		}
		if port := target.Port(); ports != nil && !slices.Contains(ports, port) {
			return fmt.Errorf("%w: port %d", ErrBlocked, port)
		}
		return nil
	}}
}

// dial connects to the host of u, by the resolver map or by DNS, and returns a
// connection that records plain HTTP bytes.
func (f *Fetcher) dial(ctx context.Context, u *url.URL, limit int64) (*recorder, error) {
	port := u.Port()
	if port == "" {
		port = "80"
		if u.Scheme == "https" {
			port = "443"
		}
	}
	address, dialer := net.JoinHostPort(u.Hostname(), port), f.dialer
	if mapped, ok := f.resolver[u.Hostname()]; ok {
		address, dialer = mapped, f.mapped
	}
	var resolved []string
	watched := httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{DNSDone: func(info httptrace.DNSDoneInfo) {
		for _, a := range info.Addrs {
			resolved = append(resolved, a.String())
		}
	}})
	conn, err := dialer.DialContext(watched, "tcp", address)
	if err != nil {
		return nil, err
	}
	rec := &recorder{Conn: conn, left: limit, remote: conn.RemoteAddr().String(), resolved: resolved}
	if u.Scheme == "https" {
		secure := tls.Client(conn, &tls.Config{ServerName: u.Hostname(), NextProtos: []string{"http/1.1"}, MinVersion: tls.VersionTLS12})
		if err := secure.HandshakeContext(ctx); err != nil {
			return nil, errors.Join(err, conn.Close())
		}
		state := secure.ConnectionState()
		rec.Conn, rec.tls = secure, &state
	}
	return rec, nil
}

// recorder keeps what is written to and read from a connection. Reading fails
// with errTooLong once left bytes have come, so the record is all that was read.
type recorder struct {
	net.Conn
	remote   string
	resolved []string
	tls      *tls.ConnectionState

	mu   sync.Mutex
	left int64
	sent bytes.Buffer
	got  bytes.Buffer
}

func (r *recorder) Write(p []byte) (int, error) {
	n, err := r.Conn.Write(p)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sent.Write(p[:n])
	return n, err
}

func (r *recorder) Read(p []byte) (int, error) {
	r.mu.Lock()
	left := r.left
	r.mu.Unlock()
	if left <= 0 {
		return 0, errTooLong
	}
	n, err := r.Conn.Read(p[:min(int64(len(p)), left)])
	r.mu.Lock()
	defer r.mu.Unlock()
	r.left -= int64(n)
	r.got.Write(p[:n])
	return n, err
}

// mapResolver lowers the names of a resolver map, as hosts are compared.
func mapResolver(m map[string]string) map[string]string {
	out := make(map[string]string, len(m))
	for name, address := range m {
		if host, err := canonicalHost("", name); err == nil {
			name = host
		}
		out[strings.ToLower(name)] = address
	}
	return out
}
