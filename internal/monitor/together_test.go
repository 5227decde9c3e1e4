package monitor_test

import (
	"slices"
	"sync"
	"testing"

	"rightsdesk/config"
	"rightsdesk/internal/audit"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
	"rightsdesk/internal/testenv"
)

// TestTwoMachinesFindOnePage: both have seen that the page has no case before either
// opens it, the page being named by two sources, or once by its own address and once
// by that of its AMP twin. It has one case, and neither sweep fails.
func TestTwoMachinesFindOnePage(t *testing.T) {
	const page, amp = "http://www.yuncheng.example/n/1.html", "http://www.yuncheng.example/amp/n/1"
	for name, other := range map[string]string{"the same address": page, "its twin": amp} {
		t.Run(name, func(t *testing.T) {
			database := testenv.Schema(t)
			on := func(c *config.Config) { c.Database = database }
			one, two := newHouse(t, on), newHouse(t, on)
			one.register("bridge")
			s := site{title: "滨江大桥今起通车", info: bare, body: text(t, "bridge")}
			s.head = `<link rel="canonical" href="` + page + `"><link rel="amphtml" href="` + amp + `">`
			for _, h := range []*house{one, two} {
				h.web.put(page, s.String())
				h.web.put(amp, s.String()+"<!-- amp -->")
			}
			for id, url := range map[string]string{"one": page, "two": other} {
				one.update(func(tx *store.Tx) error {
					return tx.PutSource(t.Context(), &rights.Source{
						ID: id, Name: "云城网", Origin: rights.OriginConfig, Kind: rights.SourceURLs, URLs: []string{url},
						Operator: rights.Operator{Name: "云城网络传媒有限公司", Role: rights.RolePublisher},
					})
				})
			}
			held := testenv.Hold(t, database, `LOCK TABLE cases IN SHARE MODE`) // nobody opens one
			rows, errs := make([]*rights.Sweep, 2), make([]error, 2)
			var wg sync.WaitGroup
			for i, sweep := range []func() (*rights.Sweep, error){
				func() (*rights.Sweep, error) { return one.Sweep(t.Context(), "one", nil) },
				func() (*rights.Sweep, error) { return two.Sweep(t.Context(), "two", nil) },
			} {
				wg.Go(func() { rows[i], errs[i] = sweep() })
			}
			held.Release(2)
			wg.Wait()
			for i, err := range errs {
				if err != nil || rows[i].Faults != 0 {
					t.Errorf("sweep %d: %+v, %v", i+1, rows[i], err)
				}
			}
			cases := one.cases()
			if len(cases) != 1 || cases[0].URL != page || cases[0].ID[len(cases[0].ID)-4:] != "0001" || rows[0].Cases+rows[1].Cases != 1 {
				t.Fatalf("cases %+v, by %+v and %+v", cases, rows[0], rows[1])
			}
			for _, m := range one.allMatches() {
				if m.URL != page || m.CaseID != cases[0].ID {
					t.Errorf("the match %+v", m)
				}
			}
			opened := slices.DeleteFunc(one.actions(cases[0].ID), func(a string) bool { return a != "case.opened" })
			if len(opened) != 1 {
				t.Errorf("the case was opened %d times", len(opened))
			}
			one.view(func(tx *store.Tx) error {
				_, err := audit.Verify(t.Context(), tx, func(seq int64, detail string) { t.Errorf("event %d: %s", seq, detail) })
				return err
			})
		})
	}
}
