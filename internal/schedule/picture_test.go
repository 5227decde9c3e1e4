package schedule_test

import (
	"fmt"
	"net/http"
	"testing"

	"rightsdesk/internal/fetch"
	"rightsdesk/internal/monitor"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
	"rightsdesk/internal/testenv"
)

// TestPictures: the page of a case is drawn by the machine that holds its evidence,
// once.
func TestPictures(t *testing.T) {
	testenv.Program(t, "chromium")
	address := site(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/robots.txt" {
			fmt.Fprint(w, "江水东流")
		}
	})
	dir := t.TempDir()
	h, done := open(t, dir, address)
	defer done()
	ex, err := h.fetch.Get(t.Context(), fetch.Request{URL: "http://www.yuncheng.example/"})
	check(t, err)
	ref, err := h.keep.Put(t.Context(), ex)
	check(t, err)
	check(t, h.db.Update(t.Context(), func(tx *store.Tx) error {
		for range 2 {
			check(t, tx.EnqueuePicture(t.Context(), monitor.Machine(dir), "RD2026-0001", rights.Evidence(ref)))
		}
		return tx.EnqueuePicture(t.Context(), "elsewhere", "RD2026-0002", rights.Evidence{RecordID: "urn:uuid:1"})
	}))
	check(t, h.Start(t.Context()))
	h.wait("the picture", func() (drawn bool) {
		check(t, h.db.View(t.Context(), func(tx *store.Tx) error {
			events, err := tx.Events(t.Context(), "RD2026-0001")
			drawn = len(events) == 1 && events[0].Action == "case.pictured" && events[0].To == ref.RecordID
			return err
		}))
		return drawn
	})
	check(t, h.Stop(t.Context()))
	check(t, h.db.View(t.Context(), func(tx *store.Tx) error {
		n, err := tx.JobsPending(t.Context())
		if n != 1 {
			t.Errorf("%d jobs wait, want the one of the other machine", n)
		}
		return err
	}))
}
