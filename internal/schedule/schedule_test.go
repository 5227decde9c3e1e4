package schedule_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"rightsdesk/config"
	"rightsdesk/internal/audit"
	"rightsdesk/internal/browser"
	"rightsdesk/internal/casework"
	"rightsdesk/internal/evidence"
	"rightsdesk/internal/fetch"
	"rightsdesk/internal/index"
	"rightsdesk/internal/monitor"
	"rightsdesk/internal/notary"
	"rightsdesk/internal/picture"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/schedule"
	"rightsdesk/internal/stamp"
	"rightsdesk/internal/store"
	"rightsdesk/policies"
)

// house is the service over a data folder, its one site outside of any bubble.
type house struct {
	t   *testing.T
	dir string
	db  *store.DB
	*schedule.Scheduler

	keep  *evidence.Store
	fetch *fetch.Fetcher
}

func site(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server.Listener.Addr().String()
}

// open puts the service together; what it returns closes it.
func open(t *testing.T, dir, address string, list ...config.Authority) (*house, func()) {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	cfg := config.Default()
	cfg.Data, cfg.Paper = dir, config.Paper{Name: "临江日报", Owner: "临江日报社"}
	policy, err := policies.Default()
	check(t, err)
	db, err := store.Open(t.Context(), cfg.DatabaseURL(), log)
	check(t, err)
	keep, err := evidence.Open(dir)
	check(t, err)
	x, err := index.Load(t.Context(), index.Options{DB: db, Log: slog.New(slog.DiscardHandler)})
	check(t, err)
	f := fetch.New(fetch.Options{
		UserAgent: "Rightsdesk/1.0", Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
		Resolver: map[string]string{"www.yuncheng.example": address},
	})
	m := monitor.New(monitor.Options{
		DB: db, Index: x, Evidence: keep, Policy: policy, Config: cfg, Log: log,
		Cases:   casework.New(casework.Options{DB: db, Policy: policy, Config: cfg}),
		Fetcher: f,
	})
	authorities, err := stamp.New(list)
	check(t, err)
	key, err := audit.OpenKey(dir)
	check(t, err)
	n := notary.New(notary.Options{DB: db, Evidence: keep, Key: key, Authorities: authorities})
	b, err := browser.New(browser.Options{Program: "chromium", Fetcher: f, Folder: t.TempDir()})
	check(t, err)
	pictures := &picture.Keeper{DB: db, Evidence: keep, Browser: b}
	s, err := schedule.New(schedule.Options{DB: db, Monitor: m, Index: x, Notary: n, Pictures: pictures, Log: log})
	check(t, err)
	return &house{t, dir, db, s, keep, f}, func() {
		check(t, keep.Close())
		check(t, db.Close())
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (h *house) put(id, cron string) {
	h.t.Helper()
	check(h.t, h.db.Update(h.t.Context(), func(tx *store.Tx) error {
		return tx.PutSource(h.t.Context(), &rights.Source{
			ID: id, Name: "云城网", Kind: rights.SourceURLs, URLs: []string{"http://www.yuncheng.example/" + id}, Cron: cron, Origin: rights.OriginAPI,
			Operator: rights.Operator{Name: "云城网络传媒有限公司", Role: rights.RolePublisher},
		})
	}))
}

// ended are the sources of the sweeps that ended, oldest first, with the minute
// in China.
func (h *house) ended() (list []string) {
	h.t.Helper()
	check(h.t, h.db.View(h.t.Context(), func(tx *store.Tx) error {
		rows, err := tx.Sweeps(h.t.Context(), "", 100000)
		for _, s := range rows {
			if s.EndedAt != nil {
				list = append(list, s.SourceID+" "+s.StartedAt.In(rights.China).Format("Mon 15:04"))
			}
		}
		return err
	}))
	slices.Reverse(list)
	return list
}

func (h *house) wait(what string, done func() bool) {
	h.t.Helper()
	for end := time.Now().Add(time.Minute); !done(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			h.t.Fatalf("waited in vain for %s", what)
		}
	}
}

// TestCron runs the real triggers, queue, workers and sweeps through minutes
// that take no time. It begins on a Saturday at 08:00 in China, which is
// midnight in UTC.
func TestCron(t *testing.T) {
	var asked atomic.Int64
	address := site(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/robots.txt" && r.URL.Path != "/.well-known/tdmrep.json" {
			asked.Add(1)
		}
		fmt.Fprint(w, "江水东流")
	})
	synctest.Test(t, func(t *testing.T) {
		h, done := open(t, t.TempDir(), address)
		defer done()
		h.put("often", "*/3 * * * *")
		h.put("saturday", "4 8 * * 6")
		h.put("sunday", "4 8 * * 0")
		h.put("utc", "4 0 * * *")
		h.put("demand", "")
		check(t, h.Start(t.Context()))
		time.Sleep(5 * time.Minute)
		h.put("late", "7 8 * * *") // another process adds a source
		time.Sleep(150 * time.Second)
		check(t, h.Stop(t.Context()))
		want := []string{"often Sat 08:03", "saturday Sat 08:04", "often Sat 08:06", "late Sat 08:07"}
		if got := h.ended(); !slices.Equal(got, want) {
			t.Errorf("sweeps:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		if asked.Load() != 4 {
			t.Errorf("the site was asked %d times", asked.Load())
		}
	})
}

func TestRunNow(t *testing.T) {
	address := site(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "江水东流") })
	h, done := open(t, t.TempDir(), address)
	defer done()
	h.put("demand", "")
	by := rights.Actor{Login: "lin", Name: "林远舟", Role: rights.RoleReviewer}
	if err := h.RunNow(t.Context(), by, monitor.Order{Source: "demand", Mode: rights.SweepAll}); rights.KindOf(err) != rights.Unavailable {
		t.Errorf("before the start: %v", err)
	}
	check(t, h.Start(t.Context()))
	if err := h.RunNow(t.Context(), by, monitor.Order{Source: "nobody", Mode: rights.SweepAll}); rights.KindOf(err) != rights.NotFound {
		t.Errorf("a source that is not there: %v", err)
	}
	for n := 1; n <= 2; n++ { // also twice within a minute
		check(t, h.RunNow(t.Context(), by, monitor.Order{Source: "demand", Mode: rights.SweepAll}))
		h.wait("the sweep", func() bool { return len(h.ended()) == n })
	}
	check(t, h.Stop(t.Context()))
	check(t, h.db.View(t.Context(), func(tx *store.Tx) error {
		events, err := tx.Events(t.Context(), "demand")
		var steps []string
		for _, e := range events {
			steps = append(steps, e.Action+" "+e.Actor)
		}
		once := []string{"source.sweep lin", "sweep.begun system", "sweep.ended system"}
		if !slices.Equal(steps, append(slices.Clone(once), once...)) {
			t.Errorf("record %+v", events)
		}
		return err
	}))
	if err := h.RunNow(t.Context(), by, monitor.Order{Source: "demand", Mode: rights.SweepAll}); rights.KindOf(err) != rights.Unavailable {
		t.Errorf("after the end: %v", err)
	}
}

// TestStopAndResume: a sweep that a stop cancels is taken up by the next process.
func TestStopAndResume(t *testing.T) {
	arrived := make(chan struct{}, 10)
	var open1 atomic.Bool
	address := site(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			return
		}
		arrived <- struct{}{}
		if !open1.Load() {
			<-r.Context().Done()
		}
		fmt.Fprint(w, "江水东流")
	})
	dir := t.TempDir()
	h, done := open(t, dir, address)
	h.put("demand", "")
	check(t, h.Start(t.Context()))
	check(t, h.RunNow(t.Context(), rights.SystemActor(), monitor.Order{Source: "demand", Mode: rights.SweepAll}))
	<-arrived
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	check(t, h.Stop(ctx))
	cancel()
	if got := h.ended(); len(got) != 1 {
		t.Errorf("the cancelled sweep is not closed: %v", got)
	}
	done()
	open1.Store(true)
	h, done = open(t, dir, address)
	defer done()
	check(t, h.Start(t.Context()))
	h.wait("the sweep to be taken up", func() bool { return len(h.ended()) == 2 })
	check(t, h.Stop(t.Context()))
}

func TestCheckCron(t *testing.T) {
	for _, tt := range []struct {
		expr string
		ok   bool
	}{
		{"*/30 * * * *", true},
		{"0 9-17 * * 1-5", true},
		{"30 7 1,15 * *", true},
		{"0 0 9 * * *", false},
		{"@hourly", false},
		{"TZ=UTC 0 9 * * *", false},
		{"61 * * * *", false},
		{"0 0 31 2 *", false},
		{"每天 九点 * * *", false},
		{"", false},
	} {
		err := schedule.CheckCron(tt.expr)
		if (err == nil) != tt.ok || err != nil && rights.KindOf(err) != rights.Invalid {
			t.Errorf("%q: %v", tt.expr, err)
		}
	}
}

// TestAPausedSourceIsNotSwept until it is resumed, but for a person who asks.
func TestAPausedSourceIsNotSwept(t *testing.T) {
	address := site(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "江水东流") })
	synctest.Test(t, func(t *testing.T) {
		h, done := open(t, t.TempDir(), address)
		defer done()
		h.put("often", "*/2 * * * *")
		check(t, h.Start(t.Context()))
		check(t, h.Pause(t.Context(), rights.SystemActor(), "often"))
		check(t, h.Pause(t.Context(), rights.SystemActor(), "often")) // once more changes nothing
		time.Sleep(3 * time.Minute)
		check(t, h.RunNow(t.Context(), rights.SystemActor(), monitor.Order{Source: "often", Mode: rights.SweepDry}))
		check(t, h.Resume(t.Context(), rights.SystemActor(), "often"))
		time.Sleep(2 * time.Minute)
		check(t, h.Stop(t.Context()))
		want := []string{"often Sat 08:03", "often Sat 08:04"}
		if got := h.ended(); !slices.Equal(got, want) {
			t.Errorf("sweeps %q, want %q", got, want)
		}
		var actions []string
		check(t, h.db.View(t.Context(), func(tx *store.Tx) error {
			events, err := tx.Events(t.Context(), "often")
			for _, e := range events {
				if strings.HasPrefix(e.Action, "source.") {
					actions = append(actions, e.Action+" "+e.To)
				}
			}
			return err
		}))
		if want := []string{"source.paused ", "source.sweep dry", "source.resumed "}; !slices.Equal(actions, want) {
			t.Errorf("the record says %q, want %q", actions, want)
		}
	})
}
