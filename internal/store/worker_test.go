package store_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

func buried(t *testing.T, db *store.DB) {
	enlist := func(name string) (w store.Worker) {
		update(t, db, func(ctx context.Context, tx *store.Tx) (err error) {
			w, err = tx.Enlist(ctx, name)
			return err
		})
		return w
	}
	bury := func(silent time.Duration) (names []string) {
		update(t, db, func(ctx context.Context, tx *store.Tx) (err error) {
			names, err = tx.Bury(ctx, silent)
			return err
		})
		return names
	}
	putSource := func(w store.Worker, id string) error {
		ctx := w.As(t.Context())
		return db.Update(ctx, func(tx *store.Tx) error {
			return tx.PutSource(ctx, &rights.Source{ID: id, Name: id, Kind: rights.SourceURLs, Origin: rights.OriginAPI})
		})
	}
	asleep, awake := enlist("asleep"), enlist("awake")
	if err := putSource(asleep, "one"); err != nil {
		t.Fatal(err)
	}
	time.Sleep(50 * time.Millisecond)
	update(t, db, func(ctx context.Context, tx *store.Tx) error { return tx.Beat(ctx, awake) })
	if got := bury(time.Minute); len(got) > 0 {
		t.Errorf("%v were given up at once", got)
	}
	same(t, bury(40*time.Millisecond), []string{"asleep"})
	if err := putSource(asleep, "two"); !errors.Is(err, store.ErrBuried) {
		t.Errorf("what the dead one does: %v", err)
	}
	if err := db.Update(t.Context(), func(tx *store.Tx) error { return tx.Beat(t.Context(), asleep) }); !errors.Is(err, store.ErrBuried) {
		t.Errorf("the dead one says that it lives: %v", err)
	}
	again := enlist("asleep")
	if err := errors.Join(putSource(again, "three"), putSource(awake, "four")); err != nil {
		t.Error(err)
	}
	if err := putSource(asleep, "five"); !errors.Is(err, store.ErrBuried) {
		t.Errorf("what it did before it joined again: %v", err)
	}
	update(t, db, func(ctx context.Context, tx *store.Tx) error { return tx.Leave(ctx, again) })
	view(t, db, func(ctx context.Context, tx *store.Tx) error {
		sources, err := tx.Sources(ctx)
		var ids []string
		for _, s := range sources {
			ids = append(ids, s.ID)
		}
		same(t, ids, []string{"four", "one", "three"})
		for name, want := range map[string]bool{"asleep": false, "awake": true} {
			got, err := tx.Enlisted(ctx, name)
			if err != nil {
				return err
			}
			same(t, got, want)
		}
		return err
	})
}

func leases(t *testing.T, db *store.DB) {
	take := func(holder string, hold time.Duration) (wait time.Duration) {
		update(t, db, func(ctx context.Context, tx *store.Tx) (err error) {
			wait, err = tx.TakeLease(ctx, "triggers", holder, hold)
			return err
		})
		return wait
	}
	if wait := take("a", time.Hour); wait != 0 {
		t.Errorf("the first waits %v", wait)
	}
	if wait := take("b", time.Hour); wait < 59*time.Minute || wait > time.Hour {
		t.Errorf("the second waits %v", wait)
	}
	if wait := take("a", 50*time.Millisecond); wait != 0 {
		t.Errorf("the holder waits %v", wait)
	}
	time.Sleep(60 * time.Millisecond)
	if wait := take("b", time.Hour); wait != 0 {
		t.Errorf("after the end, the second waits %v", wait)
	}
	update(t, db, func(ctx context.Context, tx *store.Tx) error {
		return errors.Join(tx.RestLease(ctx, "triggers", "a", 0), tx.RestLease(ctx, "triggers", "b", time.Minute))
	})
	for _, holder := range []string{"a", "b"} {
		if wait := take(holder, time.Second); wait < 50*time.Second || wait > time.Minute {
			t.Errorf("%s waits %v for the rest to end", holder, wait)
		}
	}
}
