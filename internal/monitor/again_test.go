package monitor_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

const one = "http://www.yuncheng.example/n/1.html"

// reprint is our article on a third party's page.
func reprint(t *testing.T) string {
	return site{title: "滨江大桥今起通车", info: credited, body: text(t, "bridge")}.String()
}

func TestASecondSweepChangesNothing(t *testing.T) {
	h := newHouse(t)
	h.register("bridge")
	h.web.put(one, reprint(t))
	h.watch(one)
	h.sweep()
	before, case1 := h.allMatches(), h.cases()[0]
	row := h.sweep()
	if row.Unchanged != 1 || row.Matches != 0 || row.Cases != 0 || row.Candidates != 0 {
		t.Errorf("second sweep %+v", row)
	}
	same(t, "requests", h.web.requests(), []string{one, one + " conditional"})
	again := h.cases()
	if len(again) != 1 || len(h.allMatches()) != len(before) || again[0].Version != case1.Version || !again[0].LastSeen.After(case1.LastSeen) {
		t.Errorf("case %+v, then %+v", case1, again)
	}
	same(t, "record", h.actions(case1.ID), []string{"case.opened"})
	if p := h.page(one); p.Looks != 2 || p.Matches != 1 {
		t.Errorf("page %+v", p)
	}
}

func TestSameBytesWithoutAValidator(t *testing.T) {
	h := newHouse(t)
	h.register("bridge")
	body := reprint(t)
	h.web.put(one, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, body) }))
	h.watch(one)
	h.sweep()
	if row := h.sweep(); row.Unchanged != 1 {
		t.Errorf("second sweep %+v", row)
	}
}

func TestAChangedPageJoinsItsCase(t *testing.T) {
	h := newHouse(t)
	h.register("bridge")
	h.web.put(one, reprint(t))
	h.watch(one)
	h.sweep()
	h.web.put(one, site{title: "滨江大桥今起通车", info: bare, body: text(t, "bridge")}.String())
	if row := h.sweep(); row.Matches != 1 || row.Cases != 0 || row.Unchanged != 0 {
		t.Errorf("second sweep %+v", row)
	}
	same(t, "matches", h.matches(), []string{"www.yuncheng.example/n/1.html bridge attributed_unlicensed +case", "www.yuncheng.example/n/1.html bridge unattributed +case"})
	cases := h.cases()
	if len(cases) != 1 || cases[0].Severity != "S3" {
		t.Errorf("cases %+v", cases)
	}
	same(t, "record", h.actions(cases[0].ID), []string{"case.opened", "case.seen"})
}

func TestAPageThatIsGone(t *testing.T) {
	for _, tt := range []struct {
		name   string
		answer any
		gone   bool
		fault  string
	}{
		{"404", nil, true, "对方服务器返回 404"},
		{"410", status(http.StatusGone), true, "对方服务器返回 410"},
		{"503 is not gone", status(http.StatusServiceUnavailable), false, "对方服务器返回 503"},
		{"another text", site{title: "草莓节开幕", info: bare, body: strings.Repeat("山口镇的草莓熟了，周末有不少市民带着孩子来采摘。\n", 9)}.String(), true, ""},
		{"a connection that breaks is not gone", http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }), false, "无法取得网页：" + one},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := newHouse(t)
			h.register("bridge")
			h.web.put(one, reprint(t))
			h.watch(one)
			h.sweep()
			h.web.put(one, tt.answer)
			h.sweep()
			row := h.sweep() // says it once
			if (row.Faults == 1) != (tt.fault != "") || h.page(one).Fault != tt.fault {
				t.Errorf("sweep %+v, fault %q", row, h.page(one).Fault)
			}
			c := h.cases()[0]
			want := []string{"case.opened"}
			if tt.gone {
				want = append(want, "case.gone")
			}
			same(t, "record", h.actions(c.ID), want)
			if (c.GoneAt != nil) != tt.gone {
				t.Errorf("gone at %v", c.GoneAt)
			}
			if tt.gone && !strings.Contains(strings.Join(h.reasons(c.ID), ""), "取证记录 ") {
				t.Errorf("no evidence in the record: %q", h.reasons(c.ID))
			}
			h.web.put(one, reprint(t))
			h.sweep()
			if c := h.cases()[0]; c.GoneAt != nil {
				t.Errorf("it is back, and the case says gone at %v", c.GoneAt)
			}
		})
	}
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

func TestAnArticleRegisteredAfterTheFirstLook(t *testing.T) {
	h := newHouse(t)
	h.register("library")
	h.web.put(one, reprint(t))
	h.watch(one)
	h.sweep()
	same(t, "matches", h.matches(), []string{})
	h.register("bridge")
	h.web.requests()
	h.sweep()
	same(t, "requests", h.web.requests(), []string{one}) // unconditional
	same(t, "matches", h.matches(), []string{"www.yuncheng.example/n/1.html bridge attributed_unlicensed +case"})
}

func TestALicenceThatEndsMakesACaseOfTheSameBytes(t *testing.T) {
	const partner = "http://news.qingshi.example/1.html"
	h := newHouse(t)
	h.register("bridge")
	h.web.put(partner, reprint(t))
	h.watch(partner)
	h.sweep()
	same(t, "matches", h.matches(), []string{"news.qingshi.example/1.html bridge licensed"})
	h.cfg.Licences[0].To = time.Now().AddDate(0, 0, -2).Format(time.DateOnly)
	h.start()
	if row := h.sweep(); row.Cases != 1 || row.Matches != 0 {
		t.Errorf("sweep %+v", row)
	}
	same(t, "matches", h.matches(), []string{"news.qingshi.example/1.html bridge attributed_unlicensed +case"})
	h.provable(h.allMatches()[0])
}

func TestCancelledSweepLeavesNothingHalf(t *testing.T) {
	h := newHouse(t)
	h.register("bridge")
	const two = "http://www.yuncheng.example/n/2.html"
	arrived := make(chan struct{})
	h.web.put(one, reprint(t))
	h.web.put(two, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(arrived)
		<-r.Context().Done()
	}))
	h.watch(one, two)
	ctx, cancel := cancelOn(t, arrived)
	defer cancel()
	row, err := h.Sweep(ctx, "site", nil)
	if err == nil || row.EndedAt == nil || row.Fault != "巡查被中断" {
		t.Errorf("sweep %+v, %v", row, err)
	}
	same(t, "matches", h.matches(), []string{})
	if len(h.cases()) != 0 {
		t.Errorf("cases %+v", h.cases())
	}
	h.web.put(two, nil)
	h.sweep()
	same(t, "matches", h.matches(), []string{"www.yuncheng.example/n/1.html bridge attributed_unlicensed +case"})
}

func TestASourceIsNotSweptTwiceAtOnce(t *testing.T) {
	h := newHouse(t)
	arrived, leave := make(chan struct{}), make(chan struct{})
	h.web.put(one, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(arrived)
		<-leave
		fmt.Fprint(w, "<p>江水</p>")
	}))
	h.watch(one)
	done := make(chan error, 1)
	go func() {
		_, err := h.Sweep(t.Context(), "site", nil)
		done <- err
	}()
	<-arrived
	if _, err := h.Sweep(t.Context(), "site", nil); rights.KindOf(err) != rights.Conflict {
		t.Errorf("a second sweep: %v", err)
	}
	close(leave)
	if err := <-done; err != nil {
		t.Error(err)
	}
	// On another machine, and after that machine died.
	other := &rights.Sweep{SourceID: "site", Machine: "elsewhere", StartedAt: time.Now().Add(-time.Hour)}
	var elsewhere store.Worker
	h.update(func(tx *store.Tx) (err error) {
		if elsewhere, err = tx.Enlist(t.Context(), "elsewhere"); err != nil {
			return err
		}
		return tx.PutSweep(t.Context(), other)
	})
	if _, err := h.Sweep(t.Context(), "site", nil); rights.KindOf(err) != rights.Conflict {
		t.Errorf("a sweep beside another machine's: %v", err)
	}
	h.update(func(tx *store.Tx) error { return tx.Leave(t.Context(), elsewhere) })
	h.web.put(one, "<p>江水</p>")
	h.sweep()
	h.view(func(tx *store.Tx) error {
		rows, err := tx.Sweeps(t.Context(), "site", 10)
		i := slices.IndexFunc(rows, func(s rights.Sweep) bool { return s.ID == other.ID })
		if i < 0 || rows[i].EndedAt == nil || rows[i].Fault == "" {
			t.Errorf("the dead sweep is still open: %+v", rows)
		}
		return err
	})
}
