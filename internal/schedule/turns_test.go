package schedule_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rightsdesk/internal/fetch"
	"rightsdesk/internal/store"
	"rightsdesk/internal/testenv"
)

// TestMachinesShareTurns: two machines ask one host, one at a time and no faster
// than one of them may.
func TestMachinesShareTurns(t *testing.T) {
	for name, place := range map[string]func(*testing.T) string{
		"sqlite":   func(t *testing.T) string { return filepath.Join(t.TempDir(), "r.db") },
		"postgres": func(t *testing.T) string { return testenv.Schema(t) },
	} {
		t.Run(name, func(t *testing.T) { shareTurns(t, place(t)) })
	}
}

func shareTurns(t *testing.T, database string) {
	db, err := store.Open(t.Context(), database, slog.New(slog.DiscardHandler))
	check(t, err)
	t.Cleanup(func() { check(t, db.Close()) })
	const rest = 60 * time.Millisecond
	var asking atomic.Int64
	var mu sync.Mutex
	var ended time.Time
	var asked int
	address := site(t, func(w http.ResponseWriter, _ *http.Request) {
		begun := time.Now()
		if n := asking.Add(1); n != 1 {
			t.Errorf("%d requests at once", n)
		}
		defer asking.Add(-1)
		mu.Lock()
		defer mu.Unlock()
		if since := begun.Sub(ended); asked > 0 && since < rest {
			t.Errorf("%v after the last answer", since)
		}
		time.Sleep(5 * time.Millisecond)
		fmt.Fprint(w, "江水东流")
		asked, ended = asked+1, time.Now()
	})
	var machines sync.WaitGroup
	for _, machine := range []string{"one", "two"} {
		f := fetch.New(fetch.Options{
			UserAgent: "Rightsdesk/1.0", Delay: rest, Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
			Resolver: map[string]string{"www.yuncheng.example": address}, Turns: db.Turns(machine),
		})
		machines.Go(func() {
			for n := range 5 {
				if _, err := f.Get(t.Context(), fetch.Request{URL: fmt.Sprintf("http://www.yuncheng.example/%d", n)}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	machines.Wait()
	if asked != 14 { // and twice robots.txt and tdmrep.json
		t.Errorf("%d requests", asked)
	}
}
