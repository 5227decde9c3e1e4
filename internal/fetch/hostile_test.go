package fetch_test

import (
	"bytes"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"runtime"
	"strings"
	"testing"
	"time"

	"rightsdesk/internal/fetch"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/testenv"
)

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
	for _, codings := range testenv.Codings() {
		t.Run(codings, func(t *testing.T) {
			whole := testenv.Coded(t, codings, text)
			mux := page("/whole", serveCoded(codings, whole))
			mux.HandleFunc("/bomb", serveCoded(codings, testenv.Coded(t, codings, zeros)))
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
		"gzip of nothing in br":   {"gzip, br", testenv.Coded(t, "br", empty)},
		"gzip of nothing in zstd": {"gzip, zstd", testenv.Coded(t, "zstd", empty)},
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
	many := site(t, page("/a", serveCoded("gzip, gzip, gzip, gzip", testenv.Coded(t, "gzip, gzip, gzip, gzip", []byte("x")))))
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
	mux := http.NewServeMux()
	for path, d := range testenv.Drips() {
		mux.HandleFunc(path, d.Serve)
	}
	limit := testenv.Patience(200 * time.Millisecond)
	for path, d := range testenv.Drips() {
		f := site(t, mux, func(o *fetch.Options) { o.Timeout = limit })
		begin := time.Now()
		ex, err := f.Get(t.Context(), fetch.Request{URL: "http://www.site.example" + path})
		if took := time.Since(begin); took > 10*limit {
			t.Errorf("%s took %v", path, took)
		}
		switch {
		case !d.Body && err == nil, d.Body && err != nil:
			t.Errorf("%s: %+v, %v", path, ex, err)
		case d.Body && !ex.Truncated:
			t.Errorf("%s passes for whole: %q", path, ex.Body)
		}
	}
}

// TestNamesThatResolveInside asks real DNS: what matters is the address, not the
// name, and one of several is not enough.
func TestNamesThatResolveInside(t *testing.T) {
	names := testenv.InsideNames()
	was := net.DefaultResolver
	t.Cleanup(func() { net.DefaultResolver = was })
	net.DefaultResolver = testenv.Resolver(t, names)
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
