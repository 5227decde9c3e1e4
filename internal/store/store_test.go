package store_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
	"rightsdesk/internal/testenv"
)

// TestStore runs the one behaviour suite over SQLite, and over PostgreSQL where
// RIGHTSDESK_TEST_POSTGRES holds the DSN of a database in which schemas may be
// created.
func TestStore(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		exercise(t, func(t *testing.T) string { return filepath.Join(t.TempDir(), "a b?.db") })
	})
	t.Run("postgres", func(t *testing.T) {
		testenv.Postgres(t)
		exercise(t, func(t *testing.T) string { return testenv.Schema(t) })
	})
}

func exercise(t *testing.T, place func(*testing.T) string) {
	for _, tt := range []struct {
		name string
		f    func(*testing.T, *store.DB)
	}{
		{"a failed update leaves nothing", rollback},
		{"a view cannot write", readOnly},
		{"what was cancelled says so", cancelled},
		{"articles", articles},
		{"sources, sweeps and pages", sources},
		{"what our requests are to hosts", hosts},
		{"cases", cases},
		{"two writers of one case", staleCase},
		{"matches", matches},
		{"matches in quarantine", quarantine},
		{"lines of a host", lines},
		{"texts of pages", pageTexts},
		{"reports", reports},
		{"claims", claims},
		{"users, sessions and tokens", users},
		{"seals and stamps", seals},
		{"the record is a chain", events},
		{"many writers at once", concurrent},
		{"a sweep is enqueued once a tick", jobs},
		{"jobs of a dead worker are taken up", retake},
		{"what a worker that was given up does is not committed", buried},
		{"leases", leases},
	} {
		t.Run(tt.name, func(t *testing.T) { tt.f(t, open(t, place(t))) })
	}
	t.Run("opening for reading alone", func(t *testing.T) { reader(t, place(t)) })
	t.Run("opening twice", func(t *testing.T) {
		at := place(t)
		update(t, open(t, at), func(ctx context.Context, tx *store.Tx) error {
			return tx.AddCase(ctx, &rights.Case{URL: "https://a.example/1", State: rights.CaseOpen})
		})
		view(t, open(t, at), func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.CaseByURL(ctx, "https://a.example/1")
			return err
		})
	})
}

func open(t *testing.T, at string) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), at, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// cancelled is a transaction that its context ended while nothing was asked of it: what
// it is asked then, and its commit, fail as cancelled.
func cancelled(t *testing.T, db *store.DB) {
	for name, do := range map[string]func(context.Context, func(*store.Tx) error) error{"view": db.View, "update": db.Update} {
		for _, told := range []bool{false, true} {
			ctx, cancel := context.WithCancel(t.Context())
			err := do(ctx, func(tx *store.Tx) error {
				cancel()
				var ended error
				for !errors.Is(ended, sql.ErrTxDone) {
					_, ended = tx.Roots(t.Context())
				}
				if told {
					return ended
				}
				return nil
			})
			if !errors.Is(err, context.Canceled) {
				t.Errorf("%s, the error returned: %t: %v", name, told, err)
			}
		}
	}
}

func update(t *testing.T, db *store.DB, f func(context.Context, *store.Tx) error) {
	t.Helper()
	if err := db.Update(t.Context(), func(tx *store.Tx) error { return f(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}

func view(t *testing.T, db *store.DB, f func(context.Context, *store.Tx) error) {
	t.Helper()
	if err := db.View(t.Context(), func(tx *store.Tx) error { return f(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}

func wantKind(t *testing.T, err error, kind rights.Kind) {
	t.Helper()
	if err == nil || rights.KindOf(err) != kind {
		t.Errorf("error %v of kind %d, want kind %d", err, rights.KindOf(err), kind)
	}
}

func same(t *testing.T, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func rollback(t *testing.T, db *store.DB) {
	stop := errors.New("stop")
	err := db.Update(t.Context(), func(tx *store.Tx) error {
		if err := tx.AddCase(t.Context(), &rights.Case{URL: "https://a.example/1", State: rights.CaseOpen}); err != nil {
			return err
		}
		return stop
	})
	if !errors.Is(err, stop) {
		t.Fatalf("error %v, want stop", err)
	}
	view(t, db, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.CaseByURL(ctx, "https://a.example/1")
		wantKind(t, err, rights.NotFound)
		return nil
	})
}

func readOnly(t *testing.T, db *store.DB) {
	err := db.View(t.Context(), func(tx *store.Tx) error {
		return tx.PutSource(t.Context(), &rights.Source{ID: "a", Origin: rights.OriginAPI})
	})
	if err == nil {
		t.Error("a view wrote a source")
	}
}

func users(t *testing.T, db *store.DB) {
	u := &rights.User{Login: "lin", Name: "林知远", Role: rights.RoleCounsel, PasswordHash: "secret hash"}
	soon := time.Now().Add(time.Hour).UTC().Truncate(time.Microsecond)
	past := time.Now().Add(-time.Hour)
	update(t, db, func(ctx context.Context, tx *store.Tx) error {
		if err := tx.AddUser(ctx, u); err != nil {
			return err
		}
		return errors.Join(
			tx.AddSession(ctx, rights.Session{TokenHash: "s1", UserID: u.ID, CSRF: "c", ExpiresAt: soon}),
			tx.AddSession(ctx, rights.Session{TokenHash: "s2", UserID: u.ID, ExpiresAt: past}),
			tx.AddToken(ctx, &rights.Token{Hash: "k1", UserID: u.ID, Kind: rights.TokenAPI}),
			tx.AddToken(ctx, &rights.Token{Hash: "k2", UserID: u.ID, Kind: rights.TokenAPI, ExpiresAt: &past}))
	})
	err := db.Update(t.Context(), func(tx *store.Tx) error { return tx.AddUser(t.Context(), &rights.User{Login: "lin"}) })
	wantKind(t, err, rights.Conflict)
	view(t, db, func(ctx context.Context, tx *store.Tx) error {
		got, err := tx.UserByLogin(ctx, "lin")
		same(t, got, u)
		s, err2 := tx.Session(ctx, "s1")
		same(t, s.ExpiresAt, soon)
		_, over := tx.Session(ctx, "s2")
		wantKind(t, over, rights.Unauthorised)
		_, err3 := tx.Token(ctx, rights.TokenAPI, "k1")
		_, over = tx.Token(ctx, rights.TokenAPI, "k2")
		wantKind(t, over, rights.Unauthorised)
		_, other := tx.Token(ctx, rights.TokenLogin, "k1")
		wantKind(t, other, rights.Unauthorised)
		list, err4 := tx.Users(ctx)
		if len(list) != 1 || list[0].PasswordHash != "" {
			t.Errorf("the list of users shows %+v", list)
		}
		return errors.Join(err, err2, err3, err4)
	})
	update(t, db, func(ctx context.Context, tx *store.Tx) error { return tx.DeleteLogins(ctx, u.ID) })
	view(t, db, func(ctx context.Context, tx *store.Tx) error {
		_, over := tx.Session(ctx, "s1")
		wantKind(t, over, rights.Unauthorised)
		_, over = tx.Token(ctx, rights.TokenAPI, "k1")
		wantKind(t, over, rights.Unauthorised)
		return nil
	})
}

func events(t *testing.T, db *store.DB) {
	for i := range 3 {
		update(t, db, func(ctx context.Context, tx *store.Tx) error {
			return tx.AddEvent(ctx, &rights.Event{Subject: "RD2026-0001", Action: fmt.Sprint("step ", i), Actor: "lin", Name: "林知远"})
		})
	}
	view(t, db, func(ctx context.Context, tx *store.Tx) error {
		list, err := tx.Events(ctx, "RD2026-0001")
		if len(list) != 3 || list[2].Action != "step 2" || list[2].Hash == list[1].Hash {
			t.Errorf("events %+v", list)
		}
		same(t, chained(ctx, t, tx), 3)
		return err
	})
}

// chained follows the chain and returns how many events it has.
func chained(ctx context.Context, t *testing.T, tx *store.Tx) (n int) {
	t.Helper()
	prev := ""
	check(t, tx.EachEvent(ctx, 0, 1000, func(r store.EventRow) error {
		var e rights.Event
		check(t, json.Unmarshal([]byte(r.Doc), &e))
		want, err := e.Follow(prev)
		if n++; e.Hash != want || e.Seq != int64(n) || r.Seq != e.Seq || r.Subject != e.Subject {
			t.Errorf("event %d: %+v", n, r)
		}
		prev = e.Hash
		return err
	}))
	seq, hash, err := tx.EventHead(ctx)
	if seq != int64(n) || hash != prev {
		t.Errorf("the head says %d, %s", seq, hash)
	}
	check(t, err)
	return n
}

func concurrent(t *testing.T, db *store.DB) {
	const writers, each = 8, 5
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			for range each {
				err := db.Update(t.Context(), func(tx *store.Tx) error {
					return tx.AddEvent(t.Context(), &rights.Event{Subject: "x", Action: "write"})
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	view(t, db, func(ctx context.Context, tx *store.Tx) error {
		same(t, chained(ctx, t, tx), writers*each)
		return nil
	})
}

func jobs(t *testing.T, db *store.DB) {
	tick := time.Date(2026, 1, 8, 3, 0, 0, 0, time.UTC)
	var first, second, other bool
	update(t, db, func(ctx context.Context, tx *store.Tx) (err error) {
		first, err = tx.EnqueueSweep(ctx, "a", tick, rights.SweepDue)
		return err
	})
	update(t, db, func(ctx context.Context, tx *store.Tx) (err error) {
		second, err = tx.EnqueueSweep(ctx, "a", tick, rights.SweepDue)
		return err
	})
	update(t, db, func(ctx context.Context, tx *store.Tx) (err error) {
		other, err = tx.EnqueueSweep(ctx, "b", tick, rights.SweepDue)
		return err
	})
	same(t, []bool{first, second, other}, []bool{true, false, true})
	view(t, db, func(ctx context.Context, tx *store.Tx) error {
		n, err := tx.JobsPending(ctx)
		same(t, n, 2)
		return err
	})
}
