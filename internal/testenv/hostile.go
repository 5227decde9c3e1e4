package testenv

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"context"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
	"golang.org/x/net/dns/dnsmessage"
)

// What the fetcher is tested with, and the browser behind it.

// InsideAddresses are of every range that no page may lead to.
func InsideAddresses() []string {
	return []string{
		"10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "127.0.0.1", "127.8.8.8", "169.254.169.254", "0.0.0.0",
		"192.0.0.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
		"::1", "::", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "fe80::1", "fc00::1", "fd00:ec2::254", "64:ff9b::7f00:1", "64:ff9b::a00:1",
		"64:ff9b::a9fe:a9fe", "64:ff9b:1::a00:1", "2002:7f00:1::", "2002:a9fe:a9fe::1", "2002:c0a8:101::1", "2001::1", "2001:db8::1", "2001:10::1", "100::1",
		"fec0::1", "ff02::1", "::ffff:169.254.169.254", "::ffff:100.64.0.1", "::ffff:0:127.0.0.1", "192.88.99.1", "100.127.255.254", "198.19.255.255", "239.255.255.250",
	}
}

// InsideNames are names with the addresses that DNS gives for them, of which at least
// one is inside.
func InsideNames() map[string][]string {
	return map[string][]string{
		"loopback.example.": {"127.0.0.1"}, "private.example.": {"10.1.2.3", "192.168.0.1"}, "meta.example.": {"169.254.169.254"},
		"carrier.example.": {"100.64.0.1"}, "mapped.example.": {"::ffff:127.0.0.1"}, "six.example.": {"::1", "fd00::1"}, "sixtofour.example.": {"2002:7f00:1::"},
		"nat64.example.": {"64:ff9b::7f00:1"}, "both.example.": {"10.0.0.1", "fe80::1"},
	}
}

// ClosedPorts are ports at which no site is.
func ClosedPorts() []string {
	return []string{
		"1", "21", "22", "25", "53", "81", "110", "139", "445", "2049", "2375", "3306", "3389", "5432", "6379", "8500", "9200", "11211", "27017", "65535",
	}
}

// Resolver asks a server of the test, which answers by names, for A and AAAA.
func Resolver(tb testing.TB, names map[string][]string) *net.Resolver {
	tb.Helper()
	var listen net.ListenConfig
	server, err := listen.ListenPacket(tb.Context(), "udp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = server.Close() }) // it was only read from
	go func() {
		packet := make([]byte, 512)
		for {
			n, from, err := server.ReadFrom(packet)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(packet[:n]) != nil || len(m.Questions) != 1 {
				continue
			}
			answer := dnsmessage.Message{Header: dnsmessage.Header{ID: m.ID, Response: true, RecursionAvailable: true}, Questions: m.Questions}
			q := m.Questions[0]
			for _, text := range names[q.Name.String()] {
				ip := netip.MustParseAddr(text)
				head := dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class}
				switch {
				case ip.Is4() && q.Type == dnsmessage.TypeA:
					answer.Answers = append(answer.Answers, dnsmessage.Resource{Header: head, Body: &dnsmessage.AResource{A: ip.As4()}})
				case ip.Is6() && q.Type == dnsmessage.TypeAAAA:
					answer.Answers = append(answer.Answers, dnsmessage.Resource{Header: head, Body: &dnsmessage.AAAAResource{AAAA: ip.As16()}})
				}
			}
			if packed, err := answer.Pack(); err == nil {
				_, _ = server.WriteTo(packed, from)
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", server.LocalAddr().String())
	}}
}

// Codings are content codings, and codings in codings.
func Codings() []string {
	return []string{
		"gzip", "deflate", "raw deflate", "br", "zstd", "gzip, gzip", "br, gzip", "zstd, br", "deflate, zstd", "gzip, br, zstd",
	}
}

// Coded applies codings in the order in which a header names them.
func Coded(tb testing.TB, codings string, body []byte) []byte {
	tb.Helper()
	for coding := range strings.SplitSeq(codings, ", ") {
		var b bytes.Buffer
		var w io.WriteCloser
		var err error
		switch coding {
		case "gzip":
			w = gzip.NewWriter(&b)
		case "deflate":
			w = zlib.NewWriter(&b)
		case "raw deflate":
			w, err = flate.NewWriter(&b, flate.BestSpeed)
		case "br":
			w = brotli.NewWriterLevel(&b, 1)
		case "zstd":
			w, err = zstd.NewWriter(&b, zstd.WithEncoderConcurrency(1))
		}
		if err == nil {
			_, err = w.Write(body)
		}
		if err != nil || w.Close() != nil {
			tb.Fatal(err)
		}
		body = b.Bytes()
	}
	return body
}

// Drip is an answer without end, a little at a time.
type Drip struct {
	Before, Drop string
	Body         bool // it has come to the body
}

// Drips are those of every part of an answer, by path.
func Drips() map[string]Drip {
	return map[string]Drip{
		"/status":    {"HTTP/1.1 2", "0", false},
		"/header":    {"HTTP/1.1 200 OK\r\nX: ", "x", false},
		"/headers":   {"HTTP/1.1 200 OK\r\n", "X: y\r\n", false},
		"/interim":   {"HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 103 Early Hints\r\n\r\n", false},
		"/body":      {"HTTP/1.1 200 OK\r\n\r\n", "字", true},
		"/chunks":    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n", true},
		"/extension": {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;", "x", true},
		"/trailer":   {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nX: ", "x", true},
	}
}

// Serve gives the answer until nobody takes it any more.
func (d Drip) Serve(w http.ResponseWriter, _ *http.Request) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	defer conn.Close() //nolint:errcheck // a test's own server
	_, err = io.WriteString(conn, d.Before)
	for err == nil {
		time.Sleep(10 * time.Millisecond)
		_, err = io.WriteString(conn, d.Drop)
	}
}
