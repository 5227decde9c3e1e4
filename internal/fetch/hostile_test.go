package fetch_test

import (
	"bytes"
	"compress/flate"
	"compress/zlib"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
	"golang.org/x/net/dns/dnsmessage"

	"rightsdesk/internal/fetch"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/testenv"
)

// coded applies codings in the order in which a header names them.
func coded(t *testing.T, codings string, body []byte) []byte {
	t.Helper()
	for coding := range strings.SplitSeq(codings, ", ") {
		var b bytes.Buffer
		var w io.WriteCloser
		var err error
		switch coding {
		case "gzip":
			body = gzipped(body)
			continue
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
			t.Fatal(err)
		}
		body = b.Bytes()
	}
	return body
}

func serveCoded(codings string, body []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", strings.ReplaceAll(codings, "raw ", ""))
		_, _ = w.Write(body)
	}
}

// TestBombs: of every coding, and of codings in codings, a page comes out whole,
// a bomb is cut at the limit and marked, and torn data is cut and marked.
func TestBombs(t *testing.T) {
	text := []byte(strings.Repeat("江水东流，两岸灯火。", 100))
	zeros := make([]byte, 64<<20)
	for _, codings := range []string{
		"gzip", "deflate", "raw deflate", "br", "zstd",
		"gzip, gzip", "br, gzip", "zstd, br", "deflate, zstd", "gzip, br, zstd",
	} {
		t.Run(codings, func(t *testing.T) {
			whole := coded(t, codings, text)
			mux := page("/whole", serveCoded(codings, whole))
			mux.HandleFunc("/bomb", serveCoded(codings, coded(t, codings, zeros)))
			mux.HandleFunc("/torn", serveCoded(codings, whole[:len(whole)-9]))
			mux.HandleFunc("/head", serveCoded(codings, whole[:1]))
			f := site(t, mux)
			if ex := get(t, f, "http://www.site.example/whole"); !bytes.Equal(ex.Body, text) || ex.Truncated {
				t.Errorf("whole: %d bytes, cut %q", len(ex.Body), ex.Cut)
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			ex := get(t, f, "http://www.site.example/bomb")
			runtime.ReadMemStats(&after)
			if len(ex.Body) != 1<<20 || ex.Cut != "length" || !ex.Truncated {
				t.Errorf("bomb: %d bytes, cut %q", len(ex.Body), ex.Cut)
			}
			if got := after.TotalAlloc - before.TotalAlloc; got > 48<<20 {
				t.Errorf("the bomb cost %d MB of memory", got>>20)
			}
			for _, path := range []string{"/torn", "/head"} {
				ex, err := f.Get(t.Context(), fetch.Request{URL: "http://www.site.example" + path})
				if err != nil || !ex.Truncated && !bytes.Equal(ex.Body, whole[:1]) || !bytes.HasPrefix(text, ex.Body) && ex.Truncated {
					t.Errorf("%s: %+v, %v", path, ex, err)
				}
			}
		})
	}
}

// TestInnerBombs are those whose page is small: what blows up is a layer between.
func TestInnerBombs(t *testing.T) {
	// Empty members without end, each of which unpacks to nothing.
	empty := bytes.Repeat(gzipped(nil), 1<<20)
	for name, c := range map[string]struct {
		codings string
		body    []byte
	}{
		"gzip of nothing in gzip": {"gzip, gzip", gzipped(empty)},
		"gzip of nothing in br":   {"gzip, br", coded(t, "br", empty)},
		"gzip of nothing in zstd": {"gzip, zstd", coded(t, "zstd", empty)},
	} {
		begin := time.Now()
		ex := get(t, site(t, page("/a", serveCoded(c.codings, c.body))), "http://www.site.example/a")
		if !ex.Truncated || len(ex.Body) != 0 {
			t.Errorf("%s: %d bytes, cut %q", name, len(ex.Body), ex.Cut)
		}
		if took := time.Since(begin); took > testenv.Patience(15*time.Second) {
			t.Errorf("%s took %v", name, took)
		}
	}
	many := site(t, page("/a", serveCoded("gzip, gzip, gzip, gzip", coded(t, "gzip, gzip, gzip, gzip", []byte("x")))))
	if _, err := many.Get(t.Context(), fetch.Request{URL: "http://www.site.example/a"}); rights.KindOf(err) != rights.Unavailable {
		t.Errorf("four codings: %v", err)
	}
	// A frame may ask for a window of 128 MB before its first byte.
	wide := append([]byte{0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x88}, bytes.Repeat([]byte{0x02, 0x00, 0x10, 'x'}, 100)...)
	if ex := get(t, site(t, page("/a", serveCoded("zstd", wide))), "http://www.site.example/a"); !ex.Truncated || len(ex.Body) != 0 {
		t.Errorf("a wide window: %d bytes, cut %q", len(ex.Body), ex.Cut)
	}
}

// TestAnswersThatNeverEnd: none takes longer than the time of one exchange.
func TestAnswersThatNeverEnd(t *testing.T) {
	drip := func(before string, drop string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				return
			}
			defer conn.Close()
			_, err = io.WriteString(conn, before)
			for err == nil {
				time.Sleep(10 * time.Millisecond)
				_, err = io.WriteString(conn, drop)
			}
		}
	}
	mux := page("/status", drip("HTTP/1.1 2", "0"))
	mux.HandleFunc("/header", drip("HTTP/1.1 200 OK\r\nX: ", "x"))
	mux.HandleFunc("/headers", drip("HTTP/1.1 200 OK\r\n", "X: y\r\n"))
	mux.HandleFunc("/interim", drip("HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 103 Early Hints\r\n\r\n"))
	mux.HandleFunc("/body", drip("HTTP/1.1 200 OK\r\n\r\n", "字"))
	mux.HandleFunc("/chunks", drip("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n"))
	mux.HandleFunc("/extension", drip("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;", "x"))
	mux.HandleFunc("/trailer", drip("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nX: ", "x"))
	limit := testenv.Patience(200 * time.Millisecond)
	for path, hasBody := range map[string]bool{
		"/status": false, "/header": false, "/headers": false, "/interim": false, "/body": true, "/chunks": true, "/extension": true, "/trailer": true,
	} {
		f := site(t, mux, func(o *fetch.Options) { o.Timeout = limit })
		begin := time.Now()
		ex, err := f.Get(t.Context(), fetch.Request{URL: "http://www.site.example" + path})
		if took := time.Since(begin); took > 10*limit {
			t.Errorf("%s took %v", path, took)
		}
		switch {
		case !hasBody && err == nil, hasBody && err != nil:
			t.Errorf("%s: %+v, %v", path, ex, err)
		case hasBody && !ex.Truncated:
			t.Errorf("%s passes for whole: %q", path, ex.Body)
		}
	}
}

// TestNamesThatResolveInside asks real DNS: what matters is the address, not the
// name, and one of several is not enough.
func TestNamesThatResolveInside(t *testing.T) {
	names := map[string][]string{
		"loopback.example.": {"127.0.0.1"}, "private.example.": {"10.1.2.3", "192.168.0.1"}, "meta.example.": {"169.254.169.254"},
		"carrier.example.": {"100.64.0.1"}, "mapped.example.": {"::ffff:127.0.0.1"}, "six.example.": {"::1", "fd00::1"}, "sixtofour.example.": {"2002:7f00:1::"},
		"nat64.example.": {"64:ff9b::7f00:1"}, "both.example.": {"10.0.0.1", "fe80::1"},
	}
	was := net.DefaultResolver
	t.Cleanup(func() { net.DefaultResolver = was })
	net.DefaultResolver = dns(t, names)
	f := site(t, page("/to/{host}", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://"+r.PathValue("host")+"/", http.StatusMovedPermanently)
	}), func(o *fetch.Options) { o.Allow = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")} })
	closed := fetch.New(fetch.Options{UserAgent: agent, Timeout: time.Second})
	for name := range names {
		host := strings.TrimSuffix(name, ".")
		if _, err := closed.Get(t.Context(), fetch.Request{URL: "http://" + host + "/"}); !errors.Is(err, fetch.ErrBlocked) {
			t.Errorf("%s: %v", host, err)
		}
		if _, err := f.Get(t.Context(), fetch.Request{URL: "http://www.site.example/to/" + host}); err == nil || !errors.Is(err, fetch.ErrBlocked) && host != "loopback.example" && host != "mapped.example" {
			t.Errorf("a redirect to %s: %v", host, err)
		}
	}
}

// dns is a resolver that asks a server of this test.
func dns(t *testing.T, names map[string][]string) *net.Resolver {
	t.Helper()
	var listen net.ListenConfig
	server, err := listen.ListenPacket(t.Context(), "udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
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

func FuzzDecode(f *testing.F) {
	f.Add("gzip", gzipped([]byte("江水")), 3)
	f.Add("gzip, deflate, br, zstd", []byte("x"), 1)
	f.Add("zstd", []byte{0x28, 0xb5, 0x2f, 0xfd, 0x04, 0x00, 0x01, 0x00, 0x00}, 9)
	f.Add("br", []byte{0x0b, 0x02, 0x80, 'a', 0x03}, 2)
	f.Fuzz(func(t *testing.T, coding string, data []byte, limit int) {
		limit = max(0, min(limit, 1<<16))
		header := http.Header{"Content-Encoding": {coding}}
		whole, cut, err := fetch.Decode(header, data, 1<<16)
		part, partCut, err2 := fetch.Decode(header, data, int64(limit))
		if (err == nil) != (err2 == nil) {
			t.Fatal(err, err2)
		}
		if !bytes.HasPrefix(whole, part) || len(part) > limit || len(whole) > len(part) && !partCut {
			t.Fatalf("%d of %d bytes, cut %v and %v", len(part), len(whole), partCut, cut)
		}
	})
}
