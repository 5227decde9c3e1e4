package audit_test

import (
	"context"
	"path/filepath"
	"testing"

	"rightsdesk/internal/audit"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
	"rightsdesk/internal/testenv"
)

// BenchmarkEnter is one transaction with one entry, from many writers at once.
func BenchmarkEnter(b *testing.B) {
	for _, driver := range []string{"sqlite", "pgx"} {
		b.Run(driver, func(b *testing.B) {
			at := filepath.Join(b.TempDir(), "a.db")
			if driver == "pgx" {
				at = testenv.Schema(b)
			}
			h := open(b, driver, at)
			b.SetParallelism(4)
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					h.update(func(ctx context.Context, tx *store.Tx) error {
						return tx.AddEvent(ctx, &rights.Event{Subject: "RD2026-0001", Action: "step", Actor: "system", Name: "系统"})
					})
				}
			})
		})
	}
}

// BenchmarkRecord is what costs by the length of the record: 100,000 entries.
func BenchmarkRecord(b *testing.B) {
	const entries = 100_000
	h := open(b, "sqlite", filepath.Join(b.TempDir(), "a.db"))
	h.sign()
	h.update(func(ctx context.Context, tx *store.Tx) error {
		for i := range entries {
			id := "RD2026-0002"
			if i%1000 == 0 {
				id = "RD2026-0001"
			}
			if err := tx.AddEvent(ctx, &rights.Event{Subject: id, Action: "step", Actor: "system", Name: "系统", Reason: "巡查所见与上次相同"}); err != nil {
				return err
			}
		}
		return nil
	})
	h.sign()
	view := func(f func(context.Context, *store.Tx) error) {
		check(b, h.db.View(b.Context(), func(tx *store.Tx) error { return f(b.Context(), tx) }))
	}
	b.Run("verify", func(b *testing.B) {
		for b.Loop() {
			view(func(ctx context.Context, tx *store.Tx) error {
				_, err := audit.Verify(ctx, tx, func(seq int64, detail string) { b.Fatal(seq, detail) })
				return err
			})
		}
		b.ReportMetric(float64(entries*b.N)/b.Elapsed().Seconds(), "events/s")
	})
	b.Run("prove", func(b *testing.B) {
		for b.Loop() {
			view(func(ctx context.Context, tx *store.Tx) error {
				events, err := tx.Events(ctx, "RD2026-0001")
				check(b, err)
				_, err = audit.Prove(ctx, tx, events)
				return err
			})
		}
	})
}
