package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
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
		dsn := testenv.Postgres(t)
		exercise(t, func(t *testing.T) string { return schema(t, dsn) })
	})
}

// schema makes a schema of its own in the database, so that tests do not meet.
func schema(t *testing.T, dsn string) string {
	t.Helper()
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("s%d", time.Now().UnixNano())
	if _, err := db.ExecContext(t.Context(), "CREATE SCHEMA "+name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := db.ExecContext(context.Background(), "DROP SCHEMA "+name+" CASCADE"); err != nil {
			t.Error(err)
		}
		db.Close()
	})
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("search_path", name)
	u.RawQuery = q.Encode()
	return u.String()
}

func exercise(t *testing.T, place func(*testing.T) string) {
	for _, tt := range []struct {
		name string
		f    func(*testing.T, *store.DB)
	}{
		{"a failed update leaves nothing", rollback},
		{"a view cannot write", readOnly},
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
		n, err2 := tx.VerifyEvents(ctx, func(seq int64, detail string) { t.Errorf("event %d %s", seq, detail) })
		same(t, n, 3)
		return errors.Join(err, err2)
	})
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
		n, err := tx.VerifyEvents(ctx, func(seq int64, detail string) { t.Errorf("event %d %s", seq, detail) })
		same(t, n, writers*each)
		return err
	})
}

func jobs(t *testing.T, db *store.DB) {
	tick := time.Date(2026, 1, 8, 3, 0, 0, 0, time.UTC)
	var first, second, other bool
	update(t, db, func(ctx context.Context, tx *store.Tx) (err error) {
		first, err = tx.EnqueueSweep(ctx, "a", tick)
		return err
	})
	update(t, db, func(ctx context.Context, tx *store.Tx) (err error) {
		second, err = tx.EnqueueSweep(ctx, "a", tick)
		return err
	})
	update(t, db, func(ctx context.Context, tx *store.Tx) (err error) {
		other, err = tx.EnqueueSweep(ctx, "b", tick)
		return err
	})
	same(t, []bool{first, second, other}, []bool{true, false, true})
	view(t, db, func(ctx context.Context, tx *store.Tx) error {
		n, err := tx.JobsPending(ctx)
		same(t, n, 2)
		return err
	})
}
