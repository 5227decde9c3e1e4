package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"time"
)

// Worker is a process that works jobs, by its name and by what it was enlisted
// with.
type Worker struct{ Name, Token string }

// ErrBuried says that a worker was given up as dead: others may have its jobs.
var ErrBuried = errors.New("this worker was given up as dead")

type workerKey struct{}

// As returns a context in which every update is the worker's: it is committed
// only as long as nobody gave the worker up, and is ErrBuried from then on.
func (w Worker) As(ctx context.Context) context.Context {
	return context.WithValue(ctx, workerKey{}, w)
}

// fence holds the worker's row until the end of the transaction, so that nobody
// gives it up before that.
func (t *Tx) fence(ctx context.Context) error {
	w, ok := ctx.Value(workerKey{}).(Worker)
	if !ok {
		return nil
	}
	switch alive, err := t.alive(ctx, w); {
	case err != nil:
		return err
	case !alive:
		return ErrBuried
	}
	return nil
}

func (t *Tx) alive(ctx context.Context, w Worker) (bool, error) {
	var one int
	err := t.tx.QueryRowContext(ctx, `SELECT 1 FROM workers WHERE name = $1 AND token = $2`+t.dialect.keepAlive, w.Name, w.Token).Scan(&one)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look for a worker: %w", err)
	}
	return true, nil
}

// Enlist makes a worker of a name known, in the place of one of the same name,
// whose process must be dead.
func (t *Tx) Enlist(ctx context.Context, name string) (Worker, error) {
	w := Worker{name, rand.Text()}
	_, err := t.exec(ctx, `INSERT INTO workers (name, token, seen_at) VALUES ($1, $2, `+t.clock()+`)
		ON CONFLICT (name) DO UPDATE SET token = excluded.token, seen_at = excluded.seen_at`, w.Name, w.Token)
	return w, err
}

// Beat says that a worker is alive; ErrBuried, that it was given up.
func (t *Tx) Beat(ctx context.Context, w Worker) error {
	n, err := t.exec(ctx, `UPDATE workers SET seen_at = `+t.clock()+` WHERE name = $1 AND token = $2`, w.Name, w.Token)
	if err == nil && n == 0 {
		return ErrBuried
	}
	return err
}

// Leave takes a worker off the list that has no jobs any more.
func (t *Tx) Leave(ctx context.Context, w Worker) error {
	_, err := t.exec(ctx, `DELETE FROM workers WHERE name = $1 AND token = $2`, w.Name, w.Token)
	return err
}

// Bury gives up the workers that were silent for so long and makes their jobs
// available again. It returns their names.
func (t *Tx) Bury(ctx context.Context, silent time.Duration) ([]string, error) {
	// One that is in the middle of a transaction waits for the next time.
	rows, err := t.tx.QueryContext(ctx, `SELECT name FROM workers WHERE seen_at < `+t.clock()+` - $1`+t.dialect.skipLocked, silent.Microseconds())
	if err != nil {
		return nil, fmt.Errorf("look for dead workers: %w", err)
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, fmt.Errorf("look for dead workers: %w", err)
		}
		names = append(names, name)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	for _, name := range names {
		if _, err := t.exec(ctx, `DELETE FROM workers WHERE name = $1`, name); err != nil {
			return nil, err
		}
		if _, err := t.RetakeJobs(ctx, name); err != nil {
			return nil, err
		}
	}
	return names, nil
}

// Enlisted reports whether a worker of that name counts as alive.
func (t *Tx) Enlisted(ctx context.Context, name string) (bool, error) {
	n, err := t.count(ctx, `SELECT COUNT(*) FROM workers WHERE name = $1`, name)
	return n > 0, err
}

// TakeLease has the holder hold what the name stands for, for so long; it may take
// again what it holds. Where another holds it, it returns how long that one may
// do so yet. The time is that of the database, so clocks need not agree.
func (t *Tx) TakeLease(ctx context.Context, name, holder string, hold time.Duration) (wait time.Duration, err error) {
	n, err := t.exec(ctx, `INSERT INTO leases (name, holder, until) VALUES ($1, $2, `+t.clock()+` + $3)
		ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
		WHERE leases.until <= `+t.clock()+` OR leases.holder = $2`, name, holder, hold.Microseconds())
	if err != nil || n > 0 {
		return 0, err
	}
	var left int64
	if err := t.tx.QueryRowContext(ctx, `SELECT until - `+t.clock()+` FROM leases WHERE name = $1`, name).Scan(&left); err != nil {
		return 0, fmt.Errorf("read a lease: %w", err)
	}
	return max(time.Millisecond, time.Duration(left)*time.Microsecond), nil
}

// RestLease ends the holder's lease; nobody can take it for so long.
func (t *Tx) RestLease(ctx context.Context, name, holder string, rest time.Duration) error {
	_, err := t.exec(ctx, `UPDATE leases SET holder = '', until = `+t.clock()+` + $3 WHERE name = $1 AND holder = $2`, name, holder, rest.Microseconds())
	return err
}

// clock is the time in microseconds of Unix time: that of the database where
// several machines share it.
func (t *Tx) clock() string {
	if t.dialect.clock != "" {
		return t.dialect.clock
	}
	return strconv.FormatInt(micros(t.Now), 10)
}

// Shared reports whether several processes may work on the database.
func (db *DB) Shared() bool { return db.dialect.clock != "" }

// Turns shares out turns at hosts among the machines of one database.
type Turns struct {
	db     *DB
	holder string
}

// Turns returns the turns of a holder, whose name no other process has.
func (db *DB) Turns(holder string) *Turns { return &Turns{db, holder} }

// Take takes the turn at a host for at most so long, or says how long to wait.
func (s *Turns) Take(ctx context.Context, host string, hold time.Duration) (wait time.Duration, err error) {
	err = s.db.Update(ctx, func(tx *Tx) (err error) {
		wait, err = tx.TakeLease(ctx, "host "+host, s.holder, hold)
		return err
	})
	return wait, err
}

// Rest gives the turn back and has everyone leave the host alone for so long.
func (s *Turns) Rest(ctx context.Context, host string, rest time.Duration) error {
	return s.db.Update(ctx, func(tx *Tx) error { return tx.RestLease(ctx, "host "+host, s.holder, rest) })
}
