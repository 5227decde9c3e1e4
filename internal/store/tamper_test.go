package store_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"testing"

	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

// TestTamperedRecord changes the record behind the store's back.
func TestTamperedRecord(t *testing.T) {
	for name, statement := range map[string]string{
		"an event reworded": `UPDATE events SET doc = replace(doc, 'lin', 'xin') WHERE seq = 2`,
		"an event removed":  `DELETE FROM events WHERE seq = 2`,
		"the end cut off":   `DELETE FROM events WHERE seq = 3`,
		"the head moved":    `UPDATE sequences SET value = 2 WHERE name = 'event'`,
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "a.db")
			db := open(t, path)
			for range 3 {
				update(t, db, func(ctx context.Context, tx *store.Tx) error {
					return tx.AddEvent(ctx, &rights.Event{Subject: "RD2026-0001", Action: "confirm", Actor: "lin"})
				})
			}
			raw, err := sql.Open("sqlite", path)
			if err != nil {
				t.Fatal(err)
			}
			defer raw.Close()
			if _, err := raw.ExecContext(t.Context(), statement); err != nil {
				t.Fatal(err)
			}
			found := 0
			view(t, db, func(ctx context.Context, tx *store.Tx) error {
				_, err := tx.VerifyEvents(ctx, func(int64, string) { found++ })
				return err
			})
			if found == 0 {
				t.Error("nothing was noticed")
			}
		})
	}
}
