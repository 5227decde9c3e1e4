package evidence_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rightsdesk/internal/evidence"
	"rightsdesk/internal/fetch"
)

// fetcher serves plain, chunked, gzip, cut and redirected pages of www.site.example.
func fetcher(t *testing.T) *fetch.Fetcher {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("/plain", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "临江大桥合龙") })
	mux.HandleFunc("/chunked", func(w http.ResponseWriter, _ *http.Request) {
		for range 3 {
			fmt.Fprint(w, "一段。")
			w.(http.Flusher).Flush()
		}
	})
	mux.HandleFunc("/gzip", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		fmt.Fprint(z, strings.Repeat("压缩的正文。", 100))
		_ = z.Flush()
		w.(http.Flusher).Flush()
		_ = z.Close()
	})
	mux.HandleFunc("/long", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(bytes.Repeat([]byte("x"), 1<<20)) })
	mux.HandleFunc("/bomb", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		_, _ = z.Write(make([]byte, 1<<20))
		_ = z.Close()
	})
	mux.HandleFunc("/moved", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/plain", http.StatusMovedPermanently)
	})
	mux.HandleFunc("/gone", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGone) })
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return fetch.New(fetch.Options{
		UserAgent: "Rightsdesk/1.0 (+https://linjiang.example/bot)", MaxBytes: 64 << 10,
		Allow:    []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
		Resolver: map[string]string{"www.site.example": server.Listener.Addr().String()},
	})
}

func get(t *testing.T, f *fetch.Fetcher, path string) *fetch.Exchange {
	t.Helper()
	ex, err := f.Get(t.Context(), fetch.Request{URL: "http://www.site.example" + path})
	if err != nil {
		t.Fatal(err)
	}
	return ex
}

func open(t *testing.T, dir string) *evidence.Store {
	t.Helper()
	s, err := evidence.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func put(t *testing.T, s *evidence.Store, ex *fetch.Exchange) evidence.Ref {
	t.Helper()
	ref, err := s.Put(t.Context(), ex)
	if err != nil {
		t.Fatal(err)
	}
	return ref
}

func verify(t *testing.T, dir string) (evidence.Summary, []evidence.Problem) {
	t.Helper()
	var problems []evidence.Problem
	sum, err := evidence.Verify(dir, func(p evidence.Problem) { problems = append(problems, p) })
	if err != nil {
		t.Fatal(err)
	}
	return sum, problems
}

func sound(t *testing.T, dir string, records int) evidence.Summary {
	t.Helper()
	sum, problems := verify(t, dir)
	if len(problems) > 0 || sum.Records != records {
		t.Errorf("%d records, problems %+v", sum.Records, problems)
	}
	return sum
}

// small makes a folder with two exchanges and gives its WARC and the refs.
func small(t *testing.T) (dir, warc string, refs []evidence.Ref) {
	t.Helper()
	dir = t.TempDir()
	s, f := open(t, dir), fetcher(t)
	refs = []evidence.Ref{put(t, s, get(t, f, "/plain")), put(t, s, get(t, f, "/gone"))}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return dir, filepath.Join(dir, "evidence", refs[0].File), refs
}

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func writeFile(t *testing.T, path string, b []byte) {
	t.Helper()
	if err := os.WriteFile(path, b, 0o640); err != nil {
		t.Fatal(err)
	}
}

type line struct {
	Offset   int64  `json:"offset"`
	Length   int64  `json:"length"`
	RecordID string `json:"record_id"`
	URL      string `json:"url"`
}

func lines(t *testing.T, dir string) []line {
	t.Helper()
	var out []line
	for text := range bytes.Lines(readFile(t, filepath.Join(dir, "evidence", "manifest.jsonl"))) {
		var l line
		if err := json.Unmarshal(text, &l); err != nil {
			t.Fatal(err)
		}
		out = append(out, l)
	}
	return out
}

// names says whether the line at offset was named, and its record by one of the
// problems: by the line, or by the WARC that it no longer names.
func names(problems []evidence.Problem, offset int64, id string) bool {
	byLine, byID := false, false
	for _, p := range problems {
		byLine = byLine || p.File == "manifest.jsonl" && p.Offset == offset
		byID = byID || p.RecordID == id
	}
	return byLine && byID
}

func glob(t *testing.T, pattern string) []string {
	t.Helper()
	names, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	return names
}
