package testenv

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Held is a lock that others wait for, so that a test can have two do something at
// the same instant.
type Held struct {
	tb testing.TB
	tx pgx.Tx
}

// Hold carries a statement out in a transaction on a PostgreSQL database, which ends
// with [Held.Release].
func Hold(tb testing.TB, at, statement string, args ...any) *Held {
	tb.Helper()
	conn, err := pgx.Connect(tb.Context(), at)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = conn.Close(context.WithoutCancel(tb.Context())) })
	tx, err := conn.Begin(tb.Context())
	if err != nil {
		tb.Fatal(err)
	}
	if _, err := tx.Exec(tb.Context(), statement, args...); err != nil {
		tb.Fatal(err)
	}
	return &Held{tb, tx}
}

// Release lets go of the lock when n sessions wait for it, or for one that does.
func (h *Held) Release(n int) {
	h.tb.Helper()
	const waiting = `WITH RECURSIVE w(pid) AS (
		SELECT pg_backend_pid() UNION SELECT a.pid FROM pg_stat_activity a JOIN w ON w.pid = ANY(pg_blocking_pids(a.pid))
	) SELECT count(*) - 1 FROM w`
	got := 0
	for end := time.Now().Add(time.Minute); got < n && time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if err := h.tx.QueryRow(h.tb.Context(), waiting).Scan(&got); err != nil {
			h.tb.Error(err)
			break
		}
	}
	if got < n {
		h.tb.Errorf("%d wait, want %d", got, n)
	}
	if err := h.tx.Rollback(h.tb.Context()); err != nil {
		h.tb.Error(err)
	}
}
