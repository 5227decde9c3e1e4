package picture_test

import (
	"bytes"
	"fmt"
	"image/png"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"path/filepath"
	"testing"

	"rightsdesk/internal/browser"
	"rightsdesk/internal/evidence"
	"rightsdesk/internal/fetch"
	"rightsdesk/internal/picture"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
	"rightsdesk/internal/testenv"
)

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestKeep: picture and text lie beside the exchange, and the record of events names
// them.
func TestKeep(t *testing.T) {
	program := testenv.Program(t, "chromium")
	dir := t.TempDir()
	db, err := store.Open(t.Context(), filepath.Join(dir, "a.db"), slog.New(slog.DiscardHandler))
	check(t, err)
	defer db.Close()
	keep, err := evidence.Open(dir)
	check(t, err)
	defer keep.Close()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<p>另一页</p>") }))
	t.Cleanup(server.Close)
	f := fetch.New(fetch.Options{
		UserAgent: "Rightsdesk/1.0 (+https://linjiang.example/bot)", Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")},
		Resolver: map[string]string{"www.yuncheng.example": server.Listener.Addr().String()},
	})
	ex, err := f.Get(t.Context(), fetch.Request{URL: "http://www.yuncheng.example/other.html"})
	check(t, err)
	ref, err := keep.Put(t.Context(), ex)
	check(t, err)
	k := &picture.Keeper{DB: db, Evidence: keep, Browser: chromium(t, program, f)}
	check(t, k.Keep(t.Context(), "RD2026-0001", rights.Evidence(ref)))
	parts, err := evidence.Folder{Dir: dir}.Parts(t.Context(), []evidence.Ref{ref}, nil)
	check(t, err)
	digests := map[string]string{}
	for _, p := range parts {
		digests[p.Record.URL] = p.SHA256
		switch p.Record.URL {
		case "urn:fullPage:" + ref.URL:
			if _, err := png.Decode(bytes.NewReader(p.Record.Block)); err != nil || p.Record.ConcurrentTo != ref.RecordID {
				t.Errorf("picture: %v, concurrent to %s", err, p.Record.ConcurrentTo)
			}
		case "urn:text:" + ref.URL:
			if string(p.Record.Block) != "另一页" {
				t.Errorf("text %q", p.Record.Block)
			}
		}
	}
	check(t, db.View(t.Context(), func(tx *store.Tx) error {
		events, err := tx.Events(t.Context(), "RD2026-0001")
		want := digests["urn:fullPage:"+ref.URL] + " " + digests["urn:text:"+ref.URL] + " " + ref.File
		if len(events) != 1 || events[0].Reason != want || events[0].To != ref.RecordID || len(want) != 130+len(ref.File) {
			t.Errorf("events %+v, want %s", events, want)
		}
		return err
	}))
	if sum, err := evidence.Verify(dir, func(p evidence.Problem) { t.Errorf("%+v", p) }); err != nil || sum.Records < 6 {
		t.Errorf("%+v, %v", sum, err)
	}
	wrong := rights.Evidence(ref)
	wrong.RecordID = "urn:uuid:0"
	if err := k.Keep(t.Context(), "RD2026-0001", wrong); rights.KindOf(err) != rights.Conflict {
		t.Errorf("another record: %v", err)
	}
	k.Browser = chromium(t, "/nowhere/chromium", f)
	if err := k.Keep(t.Context(), "RD2026-0001", rights.Evidence(ref)); rights.KindOf(err) != rights.Unavailable {
		t.Errorf("no browser: %v", err)
	}
}

func chromium(t *testing.T, program string, f *fetch.Fetcher) *browser.Browser {
	t.Helper()
	b, err := browser.New(browser.Options{Program: program, Fetcher: f, Folder: t.TempDir()})
	check(t, err)
	return b
}
