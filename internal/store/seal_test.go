package store_test

import (
	"context"
	"testing"
	"time"

	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func seals(t *testing.T, db *store.DB) {
	one, two := rights.Seal{Subject: "evidence/1.warc.gz", SHA256: "aa"}, rights.Seal{Subject: "evidence/2.warc.gz", SHA256: "bb"}
	stamp := rights.Stamp{SHA256: "aa", Authority: "yunzhang", At: time.Date(2026, 1, 8, 3, 0, 0, 0, time.UTC), Serial: "7", Response: []byte{0x30, 0, 0xff}}
	update(t, db, func(ctx context.Context, tx *store.Tx) error {
		for _, tt := range []struct {
			seal rights.Seal
			want bool
		}{{one, true}, {two, true}, {one, false}} {
			if added, err := tx.AddSeal(ctx, &tt.seal); added != tt.want || err != nil {
				t.Errorf("%+v: %v, %v", tt.seal, added, err)
			}
		}
		for _, want := range []bool{true, false} {
			if added, err := tx.AddStamp(ctx, &stamp); added != want || err != nil {
				t.Errorf("a stamp: %v, %v", added, err)
			}
		}
		return nil
	})
	err := db.Update(t.Context(), func(tx *store.Tx) error {
		_, err := tx.AddSeal(t.Context(), &rights.Seal{Subject: one.Subject, SHA256: "cc"})
		return err
	})
	if rights.KindOf(err) != rights.Conflict {
		t.Errorf("sealed anew with another digest: %v", err)
	}
	view(t, db, func(ctx context.Context, tx *store.Tx) error {
		all, err := tx.Seals(ctx)
		check(t, err)
		same(t, []string{all[0].Subject, all[1].Subject}, []string{one.Subject, two.Subject})
		stamps, err := tx.Stamps(ctx, "aa")
		check(t, err)
		same(t, stamps, []rights.Stamp{stamp})
		for authority, want := range map[string]int{"yunzhang": 1, "qingce": 2} {
			left, err := tx.Unstamped(ctx, authority)
			check(t, err)
			same(t, len(left), want)
		}
		_, err = tx.Seal(ctx, "evidence/3.warc.gz")
		if rights.KindOf(err) != rights.NotFound {
			t.Errorf("a seal that is not there: %v", err)
		}
		return nil
	})
	update(t, db, func(ctx context.Context, tx *store.Tx) error {
		for range 2 { // asked for twice is once
			check(t, tx.EnqueueStamp(ctx, "bb", "qingce"))
		}
		n, err := tx.JobsPending(ctx)
		same(t, n, 1)
		return err
	})
}
