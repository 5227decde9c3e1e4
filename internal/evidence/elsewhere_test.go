package evidence_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rightsdesk/internal/evidence"
	"rightsdesk/internal/fetch"
	"rightsdesk/internal/rights"
)

// TestElsewhere: what another machine recorded reads as it does there, the picture of
// a page too, which lies in a later file. The other's manifest is not asked.
func TestElsewhere(t *testing.T) {
	there := t.TempDir()
	s, f := open(t, there), fetcher(t)
	s.Name("two")
	put(t, s, get(t, f, "/gone"))
	ref := put(t, s, get(t, f, "/moved"))
	_, err := s.Seal()
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	check(err)
	view := &fetch.View{PNG: []byte("\x89PNG"), Text: "临江大桥合龙", Browser: "Chromium/1", At: time.Now().UTC(), Exchanges: []*fetch.Exchange{get(t, f, "/gzip")}}
	pictured, err := s.PutView(t.Context(), ref, view)
	check(err)
	if pictured.File == ref.File {
		t.Fatal("the picture lies in the file of the page")
	}
	want, err := evidence.Folder{Dir: there}.Parts(t.Context(), []evidence.Ref{ref}, nil)
	check(err)

	here := t.TempDir()
	own := open(t, here)
	put(t, own, get(t, f, "/plain"))
	var asked []string
	folder := evidence.Folder{Dir: here, Elsewhere: func(_ context.Context, file string) (*os.File, error) {
		asked = append(asked, file)
		return os.Open(filepath.Join(there, "evidence", file))
	}}
	got, err := folder.Parts(t.Context(), []evidence.Ref{ref}, []string{pictured.File})
	check(err)
	if diff := cmp.Diff(want, got); diff != "" || len(got) < 10 {
		t.Errorf("%d parts: %s", len(got), diff)
	}
	if files := []string{ref.File, pictured.File}; !slices.Equal(asked, files) {
		t.Errorf("asked for %v, want %v", asked, files)
	}
	record, err := folder.Read(t.Context(), ref)
	if err != nil || string(record.Body) != "临江大桥合龙" {
		t.Errorf("%+v, %v", record, err)
	}
	other := ref
	other.SHA256 = want[0].SHA256
	if _, err := folder.Parts(t.Context(), []evidence.Ref{other}, nil); rights.KindOf(err) != rights.NotFound {
		t.Errorf("a record of another digest: %v", err)
	}
	if _, err := folder.Parts(t.Context(), []evidence.Ref{ref}, []string{"../rightsdesk.yaml"}); rights.KindOf(err) != rights.Invalid {
		t.Errorf("a path as a file name: %v", err)
	}
	cut := folder
	cut.Elsewhere = func(_ context.Context, file string) (*os.File, error) {
		b, err := os.ReadFile(filepath.Join(there, "evidence", file))
		if err != nil {
			return nil, err
		}
		path := filepath.Join(t.TempDir(), file)
		if err := os.WriteFile(path, b[:len(b)-9], 0o600); err != nil {
			return nil, err
		}
		return os.Open(path)
	}
	if _, err := cut.Parts(t.Context(), []evidence.Ref{ref}, nil); rights.KindOf(err) != rights.Conflict {
		t.Errorf("a file that was cut: %v", err)
	}
}

// FuzzElsewhere reads what is no evidence in the place of another machine's file.
func FuzzElsewhere(f *testing.F) {
	var member bytes.Buffer
	z := gzip.NewWriter(&member)
	if _, err := z.Write([]byte("WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:2>\r\n\r\n")); err != nil || z.Close() != nil {
		f.Fatal(err)
	}
	f.Add(member.Bytes())
	f.Add(append(member.Bytes(), member.Bytes()[:9]...))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		path := filepath.Join(t.TempDir(), "other")
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		folder := evidence.Folder{Dir: t.TempDir(), Elsewhere: func(context.Context, string) (*os.File, error) { return os.Open(path) }}
		ref := evidence.Ref{File: "rightsdesk-20261125-00001-two.warc.gz", Length: 1, RecordID: "urn:uuid:1"}
		if _, err := folder.Parts(t.Context(), []evidence.Ref{ref}, nil); err == nil {
			t.Error("it has a record that nobody wrote")
		}
	})
}
