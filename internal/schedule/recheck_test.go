package schedule_test

import (
	"database/sql"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"sync/atomic"
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

const pierText = "傍晚六点，临江老码头的灯一盏接一盏亮起来。三十年前停航的三号趸船如今改成了茶馆，老船工罗伯的收音机里放着戏，船舷边坐满了来吹江风的人。" +
	"街道办算过一笔账：一年下来，码头边新开了二十七家小店，没有一家是连锁。改造花了十四个月，设计师没有拆旧仓库，只把西墙换成玻璃。"

// TestRechecksAreTriedAgain: a look that saw nothing is followed by two more, six
// hours apart, and ends as not known; one that sees ends it. Text that is back reopens
// a closed case. The hours are taken out of the queue.
func TestRechecksAreTriedAgain(t *testing.T) {
	var flaky atomic.Int64
	address := site(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/down":
			w.WriteHeader(http.StatusServiceUnavailable)
		case "/flaky":
			if flaky.Add(1) == 1 {
				w.WriteHeader(http.StatusServiceUnavailable)
				return
			}
			http.NotFound(w, r)
		case "/back":
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprintf(w, `<title>老码头的灯又亮了</title><h1>老码头的灯又亮了</h1><div class="content"><p>%s</p></div>`, pierText)
		default:
			http.NotFound(w, r)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		h, done := open(t, t.TempDir(), address)
		defer done()
		begin := time.Now()
		a := &rights.Article{ID: "pier", Paper: "临江日报", IssueDate: "1999-12-31", PageNo: "02", Headline: "老码头的灯又亮了", Paragraphs: []string{pierText}}
		list := map[string]*rights.Case{
			"/down":  {State: rights.CaseSent},
			"/flaky": {State: rights.CaseSent},
			"/back":  {State: rights.CaseClosed, Articles: []string{a.ID}, GoneAt: &begin},
		}
		check(t, h.db.Update(t.Context(), func(tx *store.Tx) error {
			if err := tx.PutArticle(t.Context(), a, ""); err != nil {
				return err
			}
			for path, c := range list {
				c.URL, c.Severity = "http://www.yuncheng.example"+path, "S2"
				if err := tx.AddCase(t.Context(), c); err != nil {
					return err
				}
				if err := tx.EnqueueRecheck(t.Context(), store.RecheckJob{CaseID: c.ID, Step: rights.RecheckDay1}, begin); err != nil {
					return err
				}
			}
			return nil
		}))
		check(t, h.Start(t.Context()))
		var waiting []int // looks to come, after each round
		for range 3 {
			time.Sleep(2 * time.Minute)
			waiting = append(waiting, h.hasten(5*time.Hour+57*time.Minute))
		}
		check(t, h.Stop(t.Context()))
		if want := []int{2, 1, 0}; !slices.Equal(waiting, want) {
			t.Errorf("looks to come: %v, want %v", waiting, want)
		}
		for path, want := range map[string][]string{
			"/down":  {"case.recheck unknown", "case.recheck unknown", "case.recheck unknown"},
			"/flaky": {"case.recheck unknown", "case.recheck gone"},
			"/back":  {"case.recheck changed", "case.recurred open"},
		} {
			if got := h.looks(list[path].ID); !slices.Equal(got, want) {
				t.Errorf("%s: %q, want %q", path, got, want)
			}
		}
	})
}

// hasten makes due what is to be looked at, and returns how much that is. It must
// lie at least so far ahead, and not over six hours.
func (h *house) hasten(ahead time.Duration) (n int) {
	h.t.Helper()
	raw, err := sql.Open("sqlite", filepath.Join(h.dir, "rightsdesk.db")+"?_pragma=busy_timeout(20000)")
	check(h.t, err)
	defer raw.Close()
	rows, err := raw.QueryContext(h.t.Context(), `SELECT scheduled_at FROM river_job WHERE kind = 'recheck' AND state = 'scheduled'`)
	check(h.t, err)
	defer rows.Close()
	for ; rows.Next(); n++ {
		var at time.Time
		check(h.t, rows.Scan(&at))
		if d := time.Until(at); d < ahead || d > 6*time.Hour {
			h.t.Errorf("the next look is in %v", d)
		}
	}
	check(h.t, rows.Err())
	_, err = raw.ExecContext(h.t.Context(), `UPDATE river_job SET state = 'available', scheduled_at = '2000-01-01 00:00:00' WHERE kind = 'recheck' AND state = 'scheduled'`)
	check(h.t, err)
	return n
}

// looks are the entries of a case, without their times.
func (h *house) looks(caseID string) (list []string) {
	h.t.Helper()
	check(h.t, h.db.View(h.t.Context(), func(tx *store.Tx) error {
		events, err := tx.Events(h.t.Context(), caseID)
		for _, e := range events {
			list = append(list, e.Action+" "+e.To)
		}
		return err
	}))
	return list
}
