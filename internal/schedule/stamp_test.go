package schedule_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"rightsdesk/config"
	"rightsdesk/internal/fetch"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
	"rightsdesk/internal/tsa"
)

// TestStamps: what was recorded is sealed and stamped by both authorities,
// though one of them is down when it is first asked.
func TestStamps(t *testing.T) {
	address := site(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/robots.txt" {
			fmt.Fprint(w, "江水东流")
		}
	})
	dir := t.TempDir()
	var asked atomic.Int64
	var list []config.Authority
	for _, id := range []string{"yunzhang", "qingce"} {
		a, err := tsa.New(id)
		check(t, err)
		at := site(t, func(w http.ResponseWriter, r *http.Request) {
			if id == "qingce" && asked.Add(1) == 1 {
				w.WriteHeader(http.StatusServiceUnavailable)
				return
			}
			a.ServeHTTP(w, r)
		})
		roots := filepath.Join(t.TempDir(), id+".pem")
		check(t, os.WriteFile(roots, a.RootPEM(), 0o600))
		list = append(list, config.Authority{ID: id, URL: "http://" + at, Roots: roots})
	}
	h, done := open(t, dir, address, list...)
	defer done()
	ex, err := h.fetch.Get(t.Context(), fetch.Request{URL: "http://www.yuncheng.example/"})
	check(t, err)
	ref, err := h.keep.Put(t.Context(), ex)
	check(t, err)
	check(t, h.Start(t.Context()))
	var stamps []rights.Stamp
	h.wait("two stamps", func() bool {
		check(t, h.db.View(t.Context(), func(tx *store.Tx) error {
			seal, err := tx.Seal(t.Context(), "evidence/"+ref.File)
			if rights.KindOf(err) == rights.NotFound {
				return nil // not yet
			}
			if err == nil {
				stamps, err = tx.Stamps(t.Context(), seal.SHA256)
			}
			return err
		}))
		return len(stamps) == 2
	})
	check(t, h.Stop(t.Context()))
	for _, s := range stamps {
		files, err := filepath.Glob(filepath.Join(dir, "evidence", "*.warc.gz."+s.Authority+".tsr"))
		check(t, err)
		if len(files) != 1 {
			t.Errorf("the stamp of %s lies in %v", s.Authority, files)
		}
	}
	if asked.Load() < 2 {
		t.Errorf("the authority that was down was asked %d times", asked.Load())
	}
}
