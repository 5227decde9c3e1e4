package evidence_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"rightsdesk/internal/evidence"
	"rightsdesk/internal/fetch"
	"rightsdesk/internal/rights"
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

func TestPutAndGet(t *testing.T) {
	dir := t.TempDir()
	s, f := open(t, dir), fetcher(t)
	type kept struct {
		ref evidence.Ref
		ex  *fetch.Exchange
	}
	var all []kept
	for _, path := range []string{"/plain", "/chunked", "/gzip", "/long", "/bomb", "/moved", "/gone"} {
		ex := get(t, f, path)
		all = append(all, kept{put(t, s, ex), ex})
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for _, k := range all {
		var ref evidence.Ref // as a database would give it back
		text, err := json.Marshal(k.ref)
		if err != nil || json.Unmarshal(text, &ref) != nil {
			t.Fatal(err)
		}
		r, err := evidence.Read(dir, ref)
		if err != nil {
			t.Errorf("%s: %v", k.ex.URL, err)
			continue
		}
		want := &evidence.Record{
			URL: k.ex.FinalURL, FetchedAt: k.ex.FetchedAt, Status: k.ex.Status, Header: k.ex.Header,
			Body: k.ex.Body, Raw: k.ex.ResponseRaw, Truncated: k.ex.Cut,
		}
		if diff := cmp.Diff(want, r); diff != "" {
			t.Errorf("%s: %s", k.ex.URL, diff)
		}
	}
	sound(t, dir, 1+7*2+2) // warcinfo, a pair each, one pair for the redirect
	if _, err := evidence.Read(dir, evidence.Ref{File: "../x" + ".warc.gz", Length: 1}); rights.KindOf(err) != rights.Invalid {
		t.Errorf("a path as a file name: %v", err)
	}
	if _, err := evidence.Read(dir, evidence.Ref{File: "x.warc.gz", Length: 1}); rights.KindOf(err) != rights.NotFound {
		t.Errorf("a missing file: %v", err)
	}
	wrong := all[0].ref
	wrong.URL = "http://else.example/"
	if _, err := evidence.Read(dir, wrong); rights.KindOf(err) != rights.Conflict {
		t.Errorf("another URL: %v", err)
	}
}

func TestPutRefusesWhatProvesNothing(t *testing.T) {
	dir := t.TempDir()
	s, f := open(t, dir), fetcher(t)
	ex := get(t, f, "/plain")
	for name, change := range map[string]func(*fetch.Exchange){
		"nothing recorded": func(x *fetch.Exchange) { x.ResponseRaw = nil },
		"no response":      func(x *fetch.Exchange) { x.ResponseRaw = []byte("临江") },
		"another body":     func(x *fetch.Exchange) { x.Body = []byte("不是原文") },
	} {
		bad := *ex
		change(&bad)
		if _, err := s.Put(t.Context(), &bad); rights.KindOf(err) != rights.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Put(ctx, ex); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	put(t, s, ex)
	sound(t, dir, 3)
	if _, err := evidence.Open(dir); rights.KindOf(err) != rights.Conflict {
		t.Errorf("a second writer: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Put(t.Context(), ex); err == nil {
		t.Error("a closed store took a record")
	}
}

func TestFilesRotate(t *testing.T) {
	dir := t.TempDir()
	f := fetcher(t)
	ex := get(t, f, "/plain")
	synctest.Test(t, func(t *testing.T) { // 1 January 2000, midnight UTC
		s := open(t, dir)
		put(t, s, ex)
		s.SetMaxSize(1)
		put(t, s, ex)
		s.SetMaxSize(1 << 30)
		time.Sleep(25 * time.Hour)
		put(t, s, ex)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		s = open(t, dir)
		put(t, s, ex) // goes on in the day's file
	})
	if sum := sound(t, dir, 4*2+3); sum.Files != 3 {
		t.Errorf("%+v", sum)
	}
	for _, name := range []string{"20000101-00001", "20000101-00002", "20000102-00001"} {
		if _, err := os.Stat(filepath.Join(dir, "evidence", "rightsdesk-"+name+".warc.gz")); err != nil {
			t.Error(err)
		}
	}
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

func TestEveryFlippedByteOfAWARCIsNamed(t *testing.T) {
	dir, warc, _ := small(t)
	data := readFile(t, warc)
	for _, l := range lines(t, dir) {
		for at := l.Offset; at < l.Offset+l.Length; at++ {
			for _, mask := range []byte{0x01, 0x20, 0xff} {
				data[at] ^= mask
				writeFile(t, warc, data)
				_, problems := verify(t, dir)
				data[at] ^= mask
				if len(problems) != 1 || problems[0].File != filepath.Base(warc) || problems[0].Offset != l.Offset ||
					problems[0].RecordID != l.RecordID || problems[0].URL != l.URL {
					t.Fatalf("byte %d ^ %#x: %+v", at, mask, problems)
				}
			}
		}
	}
	writeFile(t, warc, data)
	sound(t, dir, 5)
}

func TestEveryFlippedByteOfTheManifestIsFound(t *testing.T) {
	dir, _, _ := small(t)
	path := filepath.Join(dir, "evidence", "manifest.jsonl")
	data := readFile(t, path)
	all := lines(t, dir)
	var start int64
	n := 0
	for at := range data {
		for _, mask := range []byte{0x01, 0x20, 0xff, data[at] ^ '\n'} {
			if mask == 0 {
				continue
			}
			changed := bytes.Clone(data)
			changed[at] ^= mask
			writeFile(t, path, changed)
			_, problems := verify(t, dir)
			if !names(problems, start, all[n].RecordID) {
				t.Fatalf("byte %d ^ %#x of line %d: %+v", at, mask, n+1, problems)
			}
		}
		if data[at] == '\n' {
			start, n = int64(at)+1, n+1
		}
	}
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

func TestWhatIsTakenOutPutInOrCutOffIsFound(t *testing.T) {
	dir, warc, refs := small(t)
	path := filepath.Join(dir, "evidence", "manifest.jsonl")
	data, manifest := readFile(t, warc), readFile(t, path)
	text := bytes.SplitAfter(manifest, []byte("\n"))
	text = text[:len(text)-1]
	first := refs[0]
	member := data[first.Offset : first.Offset+first.Length]
	join := func(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
	for name, c := range map[string]struct {
		warc, manifest []byte
		id             string // a record that must be named
	}{
		"a member removed":      {join(data[:first.Offset], data[first.Offset+first.Length:]), manifest, first.RecordID},
		"a member added":        {join(data, member), manifest, first.RecordID},
		"a member truncated":    {data[:len(data)-1], manifest, lines(t, dir)[4].RecordID},
		"all truncated":         {nil, manifest, first.RecordID},
		"rubbish added":         {join(data, []byte("x")), manifest, ""},
		"two members swapped":   {join(data[:first.Offset], data[first.Offset+first.Length:], member), manifest, first.RecordID},
		"a line removed":        {data, join(append(append([][]byte{}, text[:1]...), text[2:]...)...), first.RecordID},
		"the last line removed": {data, join(text[:4]...), lines(t, dir)[4].RecordID},
		"a line twice":          {data, join(append(append([][]byte{}, text...), text[4])...), lines(t, dir)[4].RecordID},
		"two lines swapped":     {data, join(text[0], text[2], text[1], text[3], text[4]), ""},
		"no manifest":           {data, nil, ""},
		"a line removed with its member": {
			join(data[:first.Offset], data[first.Offset+first.Length:]), join(append(append([][]byte{}, text[:1]...), text[2:]...)...), "",
		},
	} {
		writeFile(t, warc, c.warc)
		writeFile(t, path, c.manifest)
		_, problems := verify(t, dir)
		found := c.id == "" && len(problems) > 0
		for _, p := range problems {
			found = found || c.id != "" && p.RecordID == c.id
		}
		if !found {
			t.Errorf("%s: %+v", name, problems)
		}
		if s, err := evidence.Open(dir); err == nil && strings.Contains("a member removed, a member truncated, all truncated, two lines swapped", name) {
			t.Errorf("%s: Open went on", name)
			_ = s.Close()
		}
		for _, torn := range glob(t, filepath.Join(dir, "evidence", "*.torn")) {
			_ = os.Remove(torn)
		}
	}
	writeFile(t, path, manifest)
	writeFile(t, warc, data)
	sound(t, dir, 5)
	if err := os.Rename(warc, warc+".away"); err != nil {
		t.Fatal(err)
	}
	if _, problems := verify(t, dir); len(problems) != 5 {
		t.Errorf("a missing file: %+v", problems)
	}
	writeFile(t, filepath.Join(dir, "evidence", "foreign.warc.gz"), member)
	if _, problems := verify(t, dir); len(problems) != 6 || problems[0].RecordID != first.RecordID {
		t.Errorf("a foreign file: %+v", problems)
	}
}

func glob(t *testing.T, pattern string) []string {
	t.Helper()
	names, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// TestATornTailIsMovedAside cuts the files at every byte that a killed process
// could have left behind, in the order in which they are written.
func TestATornTailIsMovedAside(t *testing.T) {
	dir, warc, refs := small(t)
	path := filepath.Join(dir, "evidence", "manifest.jsonl")
	data, manifest := readFile(t, warc), readFile(t, path)
	keptWARC := refs[1].Offset
	keptLines := int64(0)
	for i, text := range bytes.SplitAfter(manifest, []byte("\n")) {
		if i < 3 {
			keptLines += int64(len(text))
		}
	}
	ex := get(t, fetcher(t), "/plain")
	try := func(name string, warcBytes, lineBytes []byte) {
		writeFile(t, warc, warcBytes)
		writeFile(t, path, lineBytes)
		s := open(t, dir)
		if _, err := s.Get(refs[0]); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		put(t, s, ex)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if _, problems := verify(t, dir); len(problems) > 0 {
			t.Fatalf("%s: %+v", name, problems)
		}
		var torn []byte
		for _, aside := range glob(t, filepath.Join(dir, "evidence", "*.torn")) {
			torn = append(torn, readFile(t, aside)...)
			_ = os.Remove(aside)
		}
		whole := len(warcBytes) + len(lineBytes) - len(torn)
		if now := readFile(t, warc); !bytes.HasPrefix(now, warcBytes[:keptWARC]) || int64(whole) < keptWARC+keptLines {
			t.Fatalf("%s: what was listed did not stay", name)
		}
	}
	for end := keptWARC; end <= int64(len(data)); end += 7 {
		try(fmt.Sprintf("WARC to %d", end), data[:end], manifest[:keptLines])
	}
	for end := keptLines; end <= int64(len(manifest)); end += 5 {
		try(fmt.Sprintf("manifest to %d", end), data, manifest[:end])
	}
}

func TestAFirstPutThatNeverReturned(t *testing.T) {
	dir, warc, _ := small(t)
	path := filepath.Join(dir, "evidence", "manifest.jsonl")
	data := readFile(t, warc)
	ex := get(t, fetcher(t), "/plain")
	for _, n := range []int{0, 10, len(data)} {
		writeFile(t, warc, data[:n])
		writeFile(t, path, nil)
		s := open(t, dir)
		put(t, s, ex)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		sound(t, dir, 3)
	}
}

func TestAnEmptyFolderIsSound(t *testing.T) {
	sound(t, t.TempDir(), 0)
}

func FuzzMember(f *testing.F) {
	pack := func(s string) []byte {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		_, _ = z.Write([]byte(s))
		_ = z.Close()
		return b.Bytes()
	}
	f.Add(pack("WARC/1.1\r\nWARC-Type: response\r\nContent-Length: 2\r\n\r\nab\r\n\r\n"), "")
	f.Add([]byte(nil), "WARC/1.1\r\nContent-Length: 99999999999999\r\n\r\n")
	f.Fuzz(func(t *testing.T, member []byte, plain string) {
		if evidence.ParseMember(member) == nil && len(member) == 0 {
			t.Error("nothing is a record")
		}
		_ = evidence.ParseMember(pack(plain))
	})
}

func FuzzManifest(f *testing.F) {
	f.Add([]byte(`{"v":1,"n":1,"prev":"0","file":"a.warc.gz","offset":0,"length":1,"sha256":"","record_id":"","type":"","url":"","time":"","hash":"0"}` + "\n"))
	f.Add([]byte("\n{}\nnull\n[]"))
	f.Fuzz(func(t *testing.T, data []byte) {
		n, faults, end := evidence.ParseManifest(data)
		if int(end) > len(data) || n+faults < bytes.Count(data[:end], []byte("\n")) {
			t.Errorf("%d sound, %d faults, end %d of %d", n, faults, end, len(data))
		}
	})
}
