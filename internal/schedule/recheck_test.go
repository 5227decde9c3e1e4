package schedule_test

import (
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

// TestRechecksComeWhenTheyAreDue, once each, and a look that saw nothing is kept
// as one.
func TestRechecksComeWhenTheyAreDue(t *testing.T) {
	address := site(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/down" {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		http.NotFound(w, r)
	})
	synctest.Test(t, func(t *testing.T) {
		h, done := open(t, t.TempDir(), address)
		defer done()
		begin := time.Now()
		gone := &rights.Case{URL: "http://www.yuncheng.example/gone", State: rights.CaseSent, Severity: "S2"}
		down := &rights.Case{URL: "http://www.yuncheng.example/down", State: rights.CaseSent, Severity: "S2"}
		check(t, h.db.Update(t.Context(), func(tx *store.Tx) error {
			for _, c := range []*rights.Case{gone, down} {
				if err := tx.AddCase(t.Context(), c); err != nil {
					return err
				}
				for range 2 { // asked for twice is asked for once
					if err := tx.EnqueueRecheck(t.Context(), store.RecheckJob{CaseID: c.ID, Step: rights.RecheckDay1}, begin.Add(3*time.Minute)); err != nil {
						return err
					}
				}
			}
			return nil
		}))
		check(t, h.Start(t.Context()))
		looks := func(c *rights.Case) (list []string) {
			check(t, h.db.View(t.Context(), func(tx *store.Tx) error {
				events, err := tx.Events(t.Context(), c.ID)
				for _, e := range events {
					list = append(list, e.Action+" "+e.To+" "+e.At.Sub(begin).Round(time.Minute).String())
				}
				return err
			}))
			return list
		}
		time.Sleep(2 * time.Minute)
		if got := append(looks(gone), looks(down)...); len(got) != 0 {
			t.Errorf("too early: %q", got)
		}
		time.Sleep(6 * time.Minute)
		check(t, h.Stop(t.Context()))
		if got, want := looks(gone), []string{"case.recheck gone 3m0s"}; !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
		if got, want := looks(down), []string{"case.recheck unknown 3m0s"}; !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	})
}
