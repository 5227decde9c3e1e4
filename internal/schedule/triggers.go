package schedule

import (
	"context"
	"log/slog"
	"time"

	"github.com/go-co-op/gocron/v2"
	"github.com/google/uuid"

	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

// when is a cron expression and its time zone.
type when struct{ expr, zone string }

// trigger is the gocron job of a source.
type trigger struct {
	when when
	id   uuid.UUID
	cron *zoneCron
	// queued is up to when all its minutes are sure to be in the queue.
	queued time.Time
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
			if err := s.catchUp(ctx, id); err != nil {
				return err
			}
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
	cron := &zoneCron{zone: zone}
	job, err := s.cron.NewJob(gocron.CronJob(w.expr, false), gocron.NewTask(func() {
		tick := time.Now().UTC().Add(early).Truncate(time.Minute)
		if err := s.enqueue(ctx, id, tick); err != nil {
			s.log.ErrorContext(ctx, "a sweep cannot be queued", slog.String("source", id), slog.Any("error", err))
		}
	}), gocron.WithName(id), gocron.WithCronImplementation(cron))
	if err != nil {
		return err
	}
	s.jobs[id] = trigger{w, job.ID(), cron, time.Now()}
	return nil
}

// late is by when a minute is in the queue, if the machine that fires lives.
const late = 15 * time.Second

// catchUp puts the minutes of a source into the queue at which no machine fired,
// because the one that was to had just died. Those that are there stay once.
func (s *Scheduler) catchUp(ctx context.Context, id string) error {
	t := s.jobs[id]
	for next := t.cron.Next(t.queued); !next.IsZero() && time.Since(next) > late; next = t.cron.Next(t.queued) {
		if err := s.enqueue(ctx, id, next.UTC()); err != nil {
			return err
		}
		t.queued = next
		s.jobs[id] = t
	}
	return nil
}

func (s *Scheduler) enqueue(ctx context.Context, id string, tick time.Time) error {
	return s.db.Update(ctx, func(tx *store.Tx) error {
		_, err := tx.EnqueueSweep(ctx, id, tick, rights.SweepDue)
		return err
	})
}
