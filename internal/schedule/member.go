package schedule

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"rightsdesk/internal/store"
)

const (
	beatEvery = 5 * time.Second
	// silent is how long a worker on another machine may not be heard of before its
	// jobs are given to others.
	silent = 30 * time.Second
)

// Member is this process among those that work on one database. Each says again
// and again that it is alive; one that is not heard of is given up, and what it
// still does, should it only have slept, is not committed.
type Member struct {
	db   *store.DB
	log  *slog.Logger
	name string

	stop context.CancelFunc
	done sync.WaitGroup

	mu     sync.Mutex
	worker store.Worker
	since  time.Time // the beats have been heard since
}

// Join makes the process known under the name of its machine, which no other
// living process has.
func Join(ctx context.Context, db *store.DB, name string, log *slog.Logger) (*Member, error) {
	m := &Member{db: db, log: log, name: name, stop: func() {}}
	if err := m.enlist(ctx); err != nil {
		return nil, err
	}
	if !db.Shared() {
		return m, nil
	}
	ctx, m.stop = context.WithCancel(context.WithoutCancel(ctx))
	m.done.Go(func() {
		for tick := time.NewTicker(beatEvery); ; {
			select {
			case <-tick.C:
				m.beat(ctx)
			case <-ctx.Done():
				tick.Stop()
				return
			}
		}
	})
	return m, nil
}

func (m *Member) enlist(ctx context.Context) error {
	return m.db.Update(ctx, func(tx *store.Tx) error {
		w, err := tx.Enlist(ctx, m.name)
		m.mu.Lock()
		defer m.mu.Unlock()
		m.worker, m.since = w, time.Now()
		return err
	})
}

// As returns a context whose updates are this process's: see [store.Worker.As].
func (m *Member) As(ctx context.Context) context.Context {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.worker.As(ctx)
}

// beat says that the process is alive and gives up those that are not. While
// the database does not answer, nobody is heard of; so a process gives up others
// only when it has itself been heard of for as long.
func (m *Member) beat(ctx context.Context) {
	m.mu.Lock()
	w, since := m.worker, m.since
	m.mu.Unlock()
	var dead []string
	err := m.db.Update(ctx, func(tx *store.Tx) (err error) {
		if err := tx.Beat(ctx, w); err != nil {
			return err
		}
		if !since.IsZero() && time.Since(since) > silent {
			dead, err = tx.Bury(ctx, silent)
		}
		return err
	})
	switch {
	case err == nil:
		if len(dead) > 0 {
			m.log.WarnContext(ctx, "took up the jobs of workers that were not heard of", slog.Any("workers", dead))
		}
		if since.IsZero() {
			since = time.Now()
		}
	case ctx.Err() != nil:
		return
	case errors.Is(err, store.ErrBuried):
		m.log.WarnContext(ctx, "this process was not heard of and was given up; it joins again")
		if err = m.enlist(ctx); err == nil {
			return
		}
		fallthrough
	default:
		m.log.ErrorContext(ctx, "the database does not hear that this process is alive", slog.Any("error", err))
		since = time.Time{}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.since = since
}

// Leave takes the process off the list. It has no jobs any more.
func (m *Member) Leave(ctx context.Context) error {
	m.stop()
	m.done.Wait()
	return m.db.Update(ctx, func(tx *store.Tx) error { return tx.Leave(ctx, m.worker) })
}

// lead is a [gocron.Elector]: of the processes of one database, one fires the
// triggers. Should two think that they do, the queue still takes a tick once.
type lead struct {
	db     *store.DB
	holder string
}

var errFollower = errors.New("another process fires the triggers")

// IsLeader is part of gocron's interface.
func (l *lead) IsLeader(ctx context.Context) error {
	if !l.db.Shared() {
		return nil
	}
	return l.db.Update(ctx, func(tx *store.Tx) error {
		wait, err := tx.TakeLease(ctx, "triggers", l.holder, silent)
		if err == nil && wait > 0 {
			err = errFollower
		}
		return err
	})
}
