// Package schedule decides when sources are swept (gocron) and by whom (River).
//
// A gocron job per source fires by its cron expression, in the time of China,
// and does no more than put a sweep into the queue: two machines that fire for
// the same minute make one. The workers of the queue sweep. Every hour the notary
// makes its round; the stamps that it asks for are jobs too.
package schedule

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/go-co-op/gocron/v2"
	"github.com/google/uuid"

	"rightsdesk/internal/metrics"
	"rightsdesk/internal/monitor"
	"rightsdesk/internal/notary"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

const (
	// early is by how much a timer may fire before its minute and still count for it.
	early = 5 * time.Second
	// reloadEvery is how often changes by another process are looked for.
	reloadEvery = time.Minute
	// sealEvery is how long evidence waits at most to be sealed.
	sealEvery = time.Hour
)

// Scheduler triggers sweeps by cron and works the queue.
type Scheduler struct {
	db    *store.DB
	log   *slog.Logger
	me    string // the machine, for the queue
	cron  gocron.Scheduler
	queue *store.Queue
	round func(context.Context) error // of the notary

	mu      sync.Mutex
	started bool
	jobs    map[string]trigger // by source ID
}

// when is a cron expression and its time zone.
type when struct{ expr, zone string }

// trigger is the gocron job of a source.
type trigger struct {
	when when
	id   uuid.UUID
}

// Options of a [Scheduler].
type Options struct {
	DB      *store.DB
	Monitor *monitor.Monitor
	Notary  *notary.Notary
	Metrics *metrics.Metrics // nil counts nothing
	Log     *slog.Logger
}

// New returns a scheduler; [Scheduler.Start] lets it run.
func New(opt Options) (*Scheduler, error) {
	cron, err := gocron.NewScheduler(gocron.WithLocation(rights.China))
	if err != nil {
		return nil, err
	}
	queue, err := newQueue(opt.DB, &sweeper{monitor: opt.Monitor, log: opt.Log, metrics: opt.Metrics}, &stamper{notary: opt.Notary, log: opt.Log})
	if err != nil {
		return nil, err
	}
	return &Scheduler{
		db: opt.DB, log: opt.Log, me: opt.Monitor.Machine(), cron: cron, queue: queue, round: opt.Notary.Round, jobs: map[string]trigger{},
	}, nil
}

// Start takes up what a dead process left, sets the triggers of the sources and
// starts the workers. They run until [Scheduler.Stop], whatever becomes of ctx.
func (s *Scheduler) Start(ctx context.Context) error {
	err := s.db.Update(ctx, func(tx *store.Tx) error {
		n, err := tx.RetakeJobs(ctx, s.me)
		if n > 0 {
			s.log.InfoContext(ctx, "took up jobs of a process that died", slog.Int64("jobs", n))
		}
		return err
	})
	if err != nil {
		return err
	}
	running := context.WithoutCancel(ctx)
	if err := s.queue.Start(running); err != nil {
		return err
	}
	s.mu.Lock()
	s.started = true
	s.mu.Unlock()
	if err := s.Reload(ctx); err != nil {
		return err
	}
	if err := s.every(running); err != nil {
		return err
	}
	s.cron.Start()
	return nil
}

// every sets what is done again and again. The notary begins at once: a process
// that died may have left something unsealed.
func (s *Scheduler) every(ctx context.Context) error {
	_, err := s.cron.NewJob(gocron.DurationJob(reloadEvery), gocron.NewTask(func() {
		if err := s.Reload(ctx); err != nil {
			s.log.ErrorContext(ctx, "the sources cannot be reloaded", slog.Any("error", err))
		}
	}))
	if err != nil {
		return err
	}
	_, err = s.cron.NewJob(gocron.DurationJob(sealEvery), gocron.NewTask(func() {
		if err := s.round(ctx); err != nil {
			s.log.ErrorContext(ctx, "the evidence cannot be sealed", slog.Any("error", err))
		}
	}), gocron.WithStartAt(gocron.WithStartImmediately()), gocron.WithSingletonMode(gocron.LimitModeReschedule))
	return err
}

// Reload takes in that sources were added, changed or deleted.
func (s *Scheduler) Reload(ctx context.Context) error {
	var sources []rights.Source
	err := s.db.View(ctx, func(tx *store.Tx) (err error) {
		sources, err = tx.Sources(ctx)
		return err
	})
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	wanted := map[string]when{}
	for _, source := range sources {
		if source.Cron != "" && !source.Paused {
			wanted[source.ID] = when{source.Cron, source.Zone}
		}
	}
	for id, t := range s.jobs {
		if wanted[id] == t.when {
			delete(wanted, id)
			continue
		}
		if err := s.cron.RemoveJob(t.id); err != nil {
			return err
		}
		delete(s.jobs, id)
	}
	for id, w := range wanted {
		if err := s.set(context.WithoutCancel(ctx), id, w); err != nil {
			// One expression that another version wrote must not stop the rest.
			s.log.ErrorContext(ctx, "a source has no trigger", slog.String("source", id), slog.Any("error", err))
		}
	}
	return nil
}

func (s *Scheduler) set(ctx context.Context, id string, w when) error {
	zone, err := Zone(w.zone)
	if err != nil {
		return err
	}
	job, err := s.cron.NewJob(gocron.CronJob(w.expr, false), gocron.NewTask(func() {
		tick := time.Now().UTC().Add(early).Truncate(time.Minute)
		if err := s.enqueue(ctx, id, tick); err != nil {
			s.log.ErrorContext(ctx, "a sweep cannot be queued", slog.String("source", id), slog.Any("error", err))
		}
	}), gocron.WithName(id), gocron.WithCronImplementation(&zoneCron{zone: zone}))
	if err != nil {
		return err
	}
	s.jobs[id] = trigger{w, job.ID()}
	return nil
}

func (s *Scheduler) enqueue(ctx context.Context, id string, tick time.Time) error {
	return s.db.Update(ctx, func(tx *store.Tx) error {
		_, err := tx.EnqueueSweep(ctx, id, tick)
		return err
	})
}

// RunNow triggers the sweep of a source at this moment, as its cron would. It
// returns when the sweep is queued.
func (s *Scheduler) RunNow(ctx context.Context, by rights.Actor, sourceID string) error {
	s.mu.Lock()
	started := s.started
	s.mu.Unlock()
	if !started {
		return rights.Errorf(rights.Unavailable, "定时巡查没有运行")
	}
	done := make(chan error, 1)
	_, err := s.cron.NewJob(gocron.OneTimeJob(gocron.OneTimeJobStartImmediately()), gocron.NewTask(func() {
		done <- s.order(ctx, by, sourceID)
	}), gocron.WithName(sourceID))
	if err != nil {
		return err
	}
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// order queues a sweep that a person asked for, and says so in the record.
func (s *Scheduler) order(ctx context.Context, by rights.Actor, sourceID string) error {
	return s.db.Update(ctx, func(tx *store.Tx) error {
		if _, err := tx.Source(ctx, sourceID); err != nil {
			return err
		}
		if _, err := tx.EnqueueSweep(ctx, sourceID, tx.Now); err != nil {
			return err
		}
		return tx.AddEvent(ctx, &rights.Event{Subject: sourceID, Action: "source.sweep", Actor: by.Login, Name: by.Name})
	})
}

// Ready says why no sweeps are worked here, if none are.
func (s *Scheduler) Ready(context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.started {
		return errors.New("the workers do not run")
	}
	return nil
}

// Stop lets running sweeps end, or cancels them when ctx ends. A sweep that was
// cancelled is taken up after the next start.
func (s *Scheduler) Stop(ctx context.Context) error {
	s.mu.Lock()
	started := s.started
	s.started = false
	s.mu.Unlock()
	if err := s.cron.Shutdown(); err != nil || !started {
		return err
	}
	return s.queue.Stop(ctx)
}
