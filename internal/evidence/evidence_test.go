package evidence_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"rightsdesk/internal/evidence"
	"rightsdesk/internal/fetch"
	"rightsdesk/internal/rights"
)

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
	here := evidence.Folder{Dir: dir}
	for _, k := range all {
		var ref evidence.Ref // as a database would give it back
		text, err := json.Marshal(k.ref)
		if err != nil || json.Unmarshal(text, &ref) != nil {
			t.Fatal(err)
		}
		r, err := here.Read(t.Context(), ref)
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
	sound(t, dir, 1+7*3+3) // warcinfo, three each, three for the redirect
	if _, err := here.Read(t.Context(), evidence.Ref{File: "../x" + ".warc.gz", Length: 1}); rights.KindOf(err) != rights.Invalid {
		t.Errorf("a path as a file name: %v", err)
	}
	if _, err := here.Read(t.Context(), evidence.Ref{File: "x.warc.gz", Length: 1}); rights.KindOf(err) != rights.NotFound {
		t.Errorf("a missing file: %v", err)
	}
	wrong := all[0].ref
	wrong.URL = "http://else.example/"
	if _, err := here.Read(t.Context(), wrong); rights.KindOf(err) != rights.Conflict {
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
	sound(t, dir, 4)
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
	if sum := sound(t, dir, 4*3+3); sum.Files != 3 {
		t.Errorf("%+v", sum)
	}
	for _, name := range []string{"20000101-00001", "20000101-00002", "20000102-00001"} {
		if _, err := os.Stat(filepath.Join(dir, "evidence", "rightsdesk-"+name+".warc.gz")); err != nil {
			t.Error(err)
		}
	}
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
		if i < 4 {
			keptLines += int64(len(text))
		}
	}
	ex := get(t, fetcher(t), "/plain")
	try := func(name string, warcBytes, lineBytes []byte) {
		writeFile(t, warc, warcBytes)
		writeFile(t, path, lineBytes)
		s := open(t, dir)
		if _, err := s.Get(t.Context(), refs[0]); err != nil {
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
		sound(t, dir, 4)
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
