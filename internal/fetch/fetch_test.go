package fetch_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rightsdesk/internal/fetch"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/testenv"
)

const agent = "Rightsdesk/1.0 (+https://linjiang.example/bot)"

// site serves h for www.site.example on loopback; robots.txt is h's own, or 404.
func site(t *testing.T, h http.Handler, change ...func(*fetch.Options)) *fetch.Fetcher {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	opt := fetch.Options{
		UserAgent: agent, Timeout: 3 * time.Second, MaxBytes: 1 << 20,
		Allow:    []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
		Resolver: map[string]string{"www.site.example": server.Listener.Addr().String(), "Other.example": server.Listener.Addr().String()},
	}
	for _, f := range change {
		f(&opt)
	}
	return fetch.New(opt)
}

func page(pattern string, h http.HandlerFunc) *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc(pattern, h)
	return mux
}

func get(t *testing.T, f *fetch.Fetcher, url string) *fetch.Exchange {
	t.Helper()
	ex, err := f.Get(t.Context(), fetch.Request{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	return ex
}

func TestGetRecordsWhatWentOverTheWire(t *testing.T) {
	f := site(t, page("/a", func(w http.ResponseWriter, r *http.Request) {
		if r.Host != "www.site.example" || r.UserAgent() != agent || r.Header.Get("Accept-Encoding") != "gzip" {
			t.Errorf("host %q, agent %q, header %v", r.Host, r.UserAgent(), r.Header)
		}
		w.Header().Set("ETag", `"v1"`)
		fmt.Fprint(w, "江水")
		w.(http.Flusher).Flush() // makes it chunked
		fmt.Fprint(w, "东流")
	}))
	ex := get(t, f, "http://www.site.example/a")
	sum := sha256.Sum256([]byte("江水东流"))
	if string(ex.Body) != "江水东流" || ex.Digest != hex.EncodeToString(sum[:]) || ex.ETag != `"v1"` || ex.Truncated || ex.Status != 200 {
		t.Errorf("%+v", ex)
	}
	if !bytes.HasPrefix(ex.RequestRaw, []byte("GET /a HTTP/1.1\r\nHost: www.site.example\r\n")) || !bytes.HasSuffix(ex.RequestRaw, []byte("\r\n\r\n")) {
		t.Errorf("request %q", ex.RequestRaw)
	}
	if !bytes.HasPrefix(ex.ResponseRaw, []byte("HTTP/1.1 200 OK\r\n")) || !bytes.HasSuffix(ex.ResponseRaw, []byte("\r\n6\r\n东流\r\n0\r\n\r\n")) {
		t.Errorf("response %q", ex.ResponseRaw)
	}
	if !strings.HasPrefix(ex.RemoteAddr, "127.0.0.1:") || ex.FetchedAt.IsZero() {
		t.Errorf("remote %q at %v", ex.RemoteAddr, ex.FetchedAt)
	}
}

func TestGetOverTLS(t *testing.T) {
	server := httptest.NewTLSServer(page("/s", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "安全") }))
	t.Cleanup(server.Close)
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	opt := fetch.Options{
		UserAgent: agent, Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
		Resolver: map[string]string{"example.com": server.Listener.Addr().String(), "wrong.example": server.Listener.Addr().String()},
	}
	// The system's roots are read once, by the first handshake of this process.
	t.Setenv("SSL_CERT_FILE", ca)
	ex, err := fetch.New(opt).Get(t.Context(), fetch.Request{URL: "https://example.com/s"})
	if err != nil {
		t.Fatal(err)
	}
	if string(ex.Body) != "安全" || !bytes.HasPrefix(ex.ResponseRaw, []byte("HTTP/1.1 200")) {
		t.Errorf("%q", ex.ResponseRaw)
	}
	if ex.TLS == nil || !ex.TLS.PeerCertificates[0].Equal(server.Certificate()) {
		t.Errorf("the certificate was not kept: %+v", ex.TLS)
	}
	if _, err := fetch.New(opt).Get(t.Context(), fetch.Request{URL: "https://wrong.example/s"}); rights.KindOf(err) != rights.Unavailable {
		t.Errorf("a certificate for another name: %v", err)
	}
}

// TestResolved: what DNS answered is kept.
func TestResolved(t *testing.T) {
	server := httptest.NewServer(page("/", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "正文") }))
	t.Cleanup(server.Close)
	at := netip.MustParseAddrPort(server.Listener.Addr().String())
	opt := fetch.Options{UserAgent: agent, Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Ports: []uint16{at.Port()}}
	ex := get(t, fetch.New(opt), fmt.Sprintf("http://localhost:%d/", at.Port()))
	if !slices.Contains(ex.Resolved, "127.0.0.1") || ex.TLS != nil {
		t.Errorf("resolved %v, TLS %v", ex.Resolved, ex.TLS)
	}
}

func TestConditionalGet(t *testing.T) {
	f := site(t, page("/a", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"v1"`)
		w.Header().Set("Last-Modified", "Mon, 02 Nov 2026 00:00:00 GMT")
		http.ServeContent(w, r, "a.html", time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC), strings.NewReader("正文"))
	}))
	first := get(t, f, "http://www.site.example/a")
	for _, r := range []fetch.Request{{ETag: first.ETag}, {LastModified: first.LastModified}} {
		r.URL = first.URL
		again, err := f.Get(t.Context(), r)
		if err != nil || !again.NotModified || len(again.Body) != 0 {
			t.Errorf("%+v: %+v, %v", r, again, err)
		}
	}
	smuggled, err := f.Get(t.Context(), fetch.Request{URL: first.URL, ETag: "x\r\nX-Evil: 1"})
	if err != nil || bytes.Contains(smuggled.RequestRaw, []byte("\r\nX-Evil")) {
		t.Errorf("a stored value broke into the header: %q, %v", smuggled.RequestRaw, err)
	}
}

func gzipped(data []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write(data)
	_ = z.Close()
	return b.Bytes()
}

func TestBodiesThatFightBack(t *testing.T) {
	bomb := gzipped(make([]byte, 64<<20))
	mux := http.NewServeMux()
	encoded := func(coding string, body []byte) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", coding)
			_, _ = w.Write(body)
		}
	}
	mux.HandleFunc("/gzip", encoded("gzip", gzipped([]byte("压缩"))))
	mux.HandleFunc("/lie", encoded("gzip", []byte("没有压缩")))
	mux.HandleFunc("/bomb", encoded("gzip", bomb))
	mux.HandleFunc("/compress", encoded("compress", []byte("x")))
	mux.HandleFunc("/torn", encoded("gzip", bomb[:len(bomb)/4]))
	mux.HandleFunc("/endless", func(w http.ResponseWriter, _ *http.Request) {
		for {
			if _, err := w.Write(make([]byte, 32<<10)); err != nil {
				return
			}
		}
	})
	mux.HandleFunc("/short", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		fmt.Fprint(w, "half")
	})
	mux.HandleFunc("/head", func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("X-Long", strings.Repeat("x", 1<<20)) })
	mux.HandleFunc("/drip", func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			fmt.Fprint(w, "滴")
			w.(http.Flusher).Flush()
			select {
			case <-time.After(20 * time.Millisecond):
			case <-r.Context().Done():
			}
		}
	})
	fresh := func() *fetch.Fetcher { // to which the host is no slow one yet
		return site(t, mux, func(o *fetch.Options) { o.Timeout = testenv.Patience(500 * time.Millisecond) })
	}
	for _, c := range []struct {
		path, cut string
		size      int // -1: some
	}{
		{"/gzip", "", 6},
		{"/lie", "", 12},
		{"/bomb", "length", 1 << 20},
		{"/endless", "length", 1 << 20},
		{"/short", "disconnect", 4},
		{"/torn", "length", 1 << 20},
		{"/drip", "time", -1},
	} {
		ex, err := fresh().Get(t.Context(), fetch.Request{URL: "http://www.site.example" + c.path})
		if err != nil {
			t.Errorf("%s: %v", c.path, err)
			continue
		}
		if ex.Cut != c.cut || ex.Truncated != (c.cut != "") || c.size >= 0 && len(ex.Body) != c.size || len(ex.Body) == 0 {
			t.Errorf("%s: cut %q, %d bytes", c.path, ex.Cut, len(ex.Body))
		}
		if len(ex.ResponseRaw) > 2<<20 {
			t.Errorf("%s: %d bytes on the wire", c.path, len(ex.ResponseRaw))
		}
	}
	if _, err := fresh().Get(t.Context(), fetch.Request{URL: "http://www.site.example/head"}); rights.KindOf(err) != rights.TooLarge {
		t.Errorf("a head without end: %v", err)
	}
	if _, err := fresh().Get(t.Context(), fetch.Request{URL: "http://www.site.example/compress"}); rights.KindOf(err) != rights.Unavailable {
		t.Errorf("an encoding nobody asked for: %v", err)
	}
}

func TestRedirects(t *testing.T) {
	to := func(location string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", location)
			w.WriteHeader(http.StatusFound)
		}
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/1", to("/2"))
	mux.HandleFunc("/2", to("http://other.example/end#part"))
	mux.HandleFunc("/end", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.Host) })
	mux.HandleFunc("/loop", to("/pool"))
	mux.HandleFunc("/pool", to("/loop"))
	mux.HandleFunc("/n/{n}", func(w http.ResponseWriter, r *http.Request) { to("/n/"+r.PathValue("n")+"x")(w, r) })
	mux.HandleFunc("/meta", to("http://169.254.169.254/latest/meta-data/"))
	mux.HandleFunc("/file", to("file:///etc/passwd"))
	mux.HandleFunc("/user", to("http://a:b@other.example/"))
	mux.HandleFunc("/forbidden", to("/secret/x"))
	mux.HandleFunc("/robots.txt", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "User-agent: *\nDisallow: /secret/\n") })
	f := site(t, mux)
	ex := get(t, f, "http://www.site.example/1")
	if string(ex.Body) != "other.example" || ex.URL != "http://www.site.example/1" || ex.FinalURL != "http://other.example/end" ||
		len(ex.Redirects) != 2 || ex.Redirects[1].FinalURL != "http://www.site.example/2" || len(ex.Redirects[0].ResponseRaw) == 0 {
		t.Errorf("%+v", ex)
	}
	for path, want := range map[string]error{
		"/loop": fetch.ErrRedirects, "/n/1": fetch.ErrRedirects, "/meta": fetch.ErrBlocked, "/forbidden": fetch.ErrRobots, "/file": nil, "/user": nil,
	} {
		_, err := f.Get(t.Context(), fetch.Request{URL: "http://www.site.example" + path})
		if err == nil || want != nil && !errors.Is(err, want) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestAddressesThatAreRefused(t *testing.T) {
	for _, address := range testenv.InsideAddresses() {
		host := netip.MustParseAddr(address).String()
		port := netip.AddrPortFrom(netip.MustParseAddr(address), 80).String()
		f := fetch.New(fetch.Options{UserAgent: agent, Timeout: time.Second, Resolver: map[string]string{"mapped.example": port}})
		if strings.Contains(host, ":") {
			host = "[" + host + "]"
		}
		inward := site(t, page("/out", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://"+host+"/", http.StatusFound)
		}),
			func(o *fetch.Options) { o.Allow = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")} })
		if _, err := inward.Get(t.Context(), fetch.Request{URL: "http://www.site.example/out"}); netip.MustParseAddr(address).Unmap().String() != "127.0.0.1" && !errors.Is(err, fetch.ErrBlocked) {
			t.Errorf("a redirect to %s: %v", address, err)
		}
		for _, url := range []string{"http://" + host + "/", "https://" + host + "/", "http://mapped.example/"} {
			_, err := f.Get(t.Context(), fetch.Request{URL: url})
			if !errors.Is(err, fetch.ErrBlocked) || rights.KindOf(err) != rights.Forbidden {
				t.Errorf("%s (%s): %v", url, address, err)
			}
		}
	}
	f := fetch.New(fetch.Options{Timeout: time.Second})
	for _, port := range testenv.ClosedPorts() {
		if _, err := f.Get(t.Context(), fetch.Request{URL: "http://8.8.8.8:" + port + "/"}); !errors.Is(err, fetch.ErrBlocked) {
			t.Errorf("port %s: %v", port, err)
		}
	}
	for _, url := range []string{"http://localhost/", "http://2130706433/", "http://0x7f.1/", "http://0177.0.0.1/"} {
		if _, err := f.Get(t.Context(), fetch.Request{URL: url}); err == nil {
			t.Errorf("%s was fetched", url)
		}
	}
}

func TestOneRequestAtATimeAndADelayBetween(t *testing.T) {
	var mu sync.Mutex
	var starts []time.Time
	var busy atomic.Int32
	f := site(t, page("/p/", func(http.ResponseWriter, *http.Request) {
		if busy.Add(1) > 1 {
			t.Error("two requests to one host at once")
		}
		defer busy.Add(-1)
		mu.Lock()
		defer mu.Unlock()
		starts = append(starts, time.Now())
	}), func(o *fetch.Options) { o.Delay = 200 * time.Millisecond })
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() { get(t, f, fmt.Sprintf("http://www.site.example/p/%d", i)) })
	}
	wg.Wait()
	for i := 1; i < len(starts); i++ {
		if gap := starts[i].Sub(starts[i-1]); gap < 100*time.Millisecond {
			t.Errorf("request %d came %v after the one before", i, gap)
		}
	}
}

func TestRetryAfterPutsTheHostOff(t *testing.T) {
	f := site(t, page("/", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/robots.txt" {
			w.Header().Set("Retry-After", "3600")
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	if ex := get(t, f, "http://www.site.example/"); ex.Status != 503 {
		t.Errorf("status %d", ex.Status)
	}
	_, err := f.Get(t.Context(), fetch.Request{URL: "http://www.site.example/2"})
	if !errors.Is(err, fetch.ErrPostponed) || rights.KindOf(err) != rights.Unavailable {
		t.Errorf("asked again at once: %v", err)
	}
}

func TestACallerWhoGivesUpGetsHisReason(t *testing.T) {
	f := site(t, page("/", func(_ http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/robots.txt" {
			<-r.Context().Done()
		}
	}))
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := f.Get(ctx, fetch.Request{URL: "http://www.site.example/"}); !errors.Is(err, context.DeadlineExceeded) || rights.KindOf(err) != rights.Internal {
		t.Errorf("%v", err)
	}
	// The robots.txt that was read before is still known: nothing was cached as a fault.
	_, err := f.Get(t.Context(), fetch.Request{URL: "http://www.site.example/"})
	if rights.KindOf(err) != rights.Unavailable || errors.Is(err, fetch.ErrRobots) {
		t.Errorf("%v", err)
	}
}
