// Package schedule decides when sources are swept (gocron) and by whom (River).
//
// A gocron job per source fires by its cron expression, in the source's time zone,
// on one machine of those that share the database, and does no more than put a
// sweep into the queue, which takes a minute's once. The workers of the queue
// sweep, on all machines. What one does counts only while it is heard of: see
// [Member]. Every hour the notary
// makes its round; the stamps that it asks for are jobs too.
package schedule

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/go-co-op/gocron/v2"

	"rightsdesk/internal/claims"
	"rightsdesk/internal/index"
	"rightsdesk/internal/metrics"
	"rightsdesk/internal/monitor"
	"rightsdesk/internal/notary"
	"rightsdesk/internal/picture"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

const (
	// early is by how much a timer may fire before its minute and still count for it.
	early = 5 * time.Second
	// reloadEvery is how often changes by another process are looked for.
	reloadEvery = time.Minute
	// refreshEvery is how long an article that another process registered waits at
	// most to be looked for.
	refreshEvery = 2 * time.Second
	// sealEvery is how long evidence waits at most to be sealed.
	sealEvery = time.Hour
	// storeEvery is how long another machine waits at most for a claimant's file.
	storeEvery = time.Minute
	// eraseEvery is how often claims are looked through for what is to be erased.
	eraseEvery = 12 * time.Hour
)

// Scheduler triggers sweeps by cron and works the queue.
type Scheduler struct {
	db     *store.DB
	log    *slog.Logger
	index  *index.Index
	me     string // the machine, for the queue
	sweep  *sweeper
	queue  *store.Queue
	round  func(context.Context) error // of the notary
	claims *claims.Office

	cron   gocron.Scheduler // fires on one machine of all
	upkeep gocron.Scheduler // fires on each

	mu      sync.Mutex
	started bool
	member  *Member
	jobs    map[string]trigger // by source ID
}

// Options of a [Scheduler].
type Options struct {
	DB       *store.DB
	Monitor  *monitor.Monitor
	Index    *index.Index
	Notary   *notary.Notary
	Claims   *claims.Office   // nil erases nothing
	Pictures *picture.Keeper  // nil draws none
	Metrics  *metrics.Metrics // nil counts nothing
	Log      *slog.Logger
}

// New returns a scheduler; [Scheduler.Start] lets it run.
func New(opt Options) (*Scheduler, error) {
	cron, err := gocron.NewScheduler(gocron.WithLocation(rights.China), gocron.WithDistributedElector(&lead{opt.DB, opt.Monitor.Machine()}))
	if err != nil {
		return nil, err
	}
	upkeep, err := gocron.NewScheduler()
	if err != nil {
		return nil, err
	}
	s := &Scheduler{
		db: opt.DB, log: opt.Log, index: opt.Index, me: opt.Monitor.Machine(), cron: cron, upkeep: upkeep, round: opt.Notary.Round, claims: opt.Claims,
		sweep: &sweeper{monitor: opt.Monitor, log: opt.Log, metrics: opt.Metrics}, jobs: map[string]trigger{},
	}
	s.queue, err = newQueue(opt, s.sweep)
	return s, err
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
	member, err := Join(ctx, s.db, s.me, s.log)
	if err != nil {
		return err
	}
	s.sweep.member = member
	if err := s.queue.Start(running); err != nil {
		return err
	}
	s.mu.Lock()
	s.started, s.member = true, member
	s.mu.Unlock()
	if err := s.Reload(ctx); err != nil {
		return err
	}
	if err := s.every(running); err != nil {
		return err
	}
	s.cron.Start()
	s.upkeep.Start()
	return nil
}

// every sets what is done again and again. The notary begins at once: a process
// that died may have left something unsealed.
func (s *Scheduler) every(ctx context.Context) error {
	_, err := s.upkeep.NewJob(gocron.DurationJob(reloadEvery), gocron.NewTask(func() {
		if err := s.Reload(ctx); err != nil {
			s.log.ErrorContext(ctx, "the sources cannot be reloaded", slog.Any("error", err))
		}
	}))
	if err != nil {
		return err
	}
	if s.db.Shared() { // else this process registers all articles
		_, err = s.upkeep.NewJob(gocron.DurationJob(refreshEvery), gocron.NewTask(func() {
			if err := s.index.Refresh(ctx); err != nil {
				s.log.ErrorContext(ctx, "the index cannot be refreshed", slog.Any("error", err))
			}
		}), gocron.WithSingletonMode(gocron.LimitModeReschedule))
		if err != nil {
			return err
		}
	}
	if err := s.from(ctx, sealEvery, s.round, "seal the evidence"); err != nil || s.claims == nil {
		return err
	}
	if err := s.from(ctx, storeEvery, s.claims.Store, "copy the files of claimants"); err != nil {
		return err
	}
	return s.from(ctx, eraseEvery, s.erase, "erase claims")
}

func (s *Scheduler) erase(ctx context.Context) error {
	n, err := s.claims.Erase(ctx, time.Now())
	if n > 0 {
		s.log.InfoContext(ctx, "erased claims that were kept long enough", slog.Int("claims", n))
	}
	return err
}

// from does something now and again and again.
func (s *Scheduler) from(ctx context.Context, every time.Duration, do func(context.Context) error, task string) error {
	_, err := s.upkeep.NewJob(gocron.DurationJob(every), gocron.NewTask(func() {
		if err := do(ctx); err != nil {
			s.log.ErrorContext(ctx, "what is done again and again failed", slog.String("task", task), slog.Any("error", err))
		}
	}), gocron.WithStartAt(gocron.WithStartImmediately()), gocron.WithSingletonMode(gocron.LimitModeReschedule))
	return err
}

// RunNow queues a sweep of a source at this moment, whatever its cron.
func (s *Scheduler) RunNow(ctx context.Context, by rights.Actor, order monitor.Order) error {
	s.mu.Lock()
	started := s.started
	s.mu.Unlock()
	if !started {
		return rights.Errorf(rights.Unavailable, "定时巡查没有运行")
	}
	return s.order(ctx, by, order)
}

// order queues a sweep that a person asked for, and says so in the record.
func (s *Scheduler) order(ctx context.Context, by rights.Actor, order monitor.Order) error {
	return s.db.Update(ctx, func(tx *store.Tx) error {
		if _, err := tx.Source(ctx, order.Source); err != nil {
			return err
		}
		if _, err := tx.EnqueueSweep(ctx, order.Source, tx.Now, order.Mode); err != nil {
			return err
		}
		return tx.AddEvent(ctx, &rights.Event{Subject: order.Source, Action: "source.sweep", Actor: by.Login, Name: by.Name, To: string(order.Mode)})
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

// Pause takes a source from the schedule, until [Scheduler.Resume].
func (s *Scheduler) Pause(ctx context.Context, by rights.Actor, sourceID string) error {
	return s.mark(ctx, rights.Event{Subject: sourceID, Action: "source.paused", Actor: by.Login, Name: by.Name}, func(source *rights.Source) { source.Paused = true })
}

// Resume puts a source on the schedule again.
func (s *Scheduler) Resume(ctx context.Context, by rights.Actor, sourceID string) error {
	return s.mark(ctx, rights.Event{Subject: sourceID, Action: "source.resumed", Actor: by.Login, Name: by.Name}, func(source *rights.Source) { source.Paused = false })
}

// mark changes whether a source is paused; a change that changes nothing is no
// event.
func (s *Scheduler) mark(ctx context.Context, e rights.Event, change func(*rights.Source)) error {
	err := s.db.Update(ctx, func(tx *store.Tx) error {
		source, err := tx.Source(ctx, e.Subject)
		if err != nil {
			return err
		}
		was := source.Paused
		if change(source); source.Paused == was {
			return nil
		}
		return errors.Join(tx.PutSource(ctx, source), tx.AddEvent(ctx, &e))
	})
	if err != nil {
		return err
	}
	return s.Reload(ctx)
}

// Stop lets running sweeps end, or cancels them when ctx ends. A sweep that was
// cancelled is taken up after the next start.
func (s *Scheduler) Stop(ctx context.Context) error {
	s.mu.Lock()
	started := s.started
	s.started = false
	s.mu.Unlock()
	if err := errors.Join(s.cron.Shutdown(), s.upkeep.Shutdown()); err != nil || !started {
		return err
	}
	err := s.queue.Stop(ctx)
	return errors.Join(err, s.member.Leave(context.WithoutCancel(ctx)))
}
