package schedule

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/riverqueue/river"

	"rightsdesk/internal/metrics"
	"rightsdesk/internal/monitor"
	"rightsdesk/internal/notary"
	"rightsdesk/internal/picture"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
	"rightsdesk/internal/trace"
)

const (
	// longest is what one sweep may take: 5,000 pages of one host, a few seconds
	// between two of them.
	longest  = 8 * time.Hour
	parallel = 4
)

// sweeper works the sweeps of the queue.
type sweeper struct {
	river.WorkerDefaults[store.SweepJob]

	monitor *monitor.Monitor
	log     *slog.Logger
	metrics *metrics.Metrics
	member  *Member // since the workers run
}

// Work carries out one sweep. A source that is being swept already, is gone or
// forbids it is not tried again; one that did not answer is, a few times.
func (w *sweeper) Work(ctx context.Context, job *river.Job[store.SweepJob]) error {
	ctx = w.member.As(ctx)
	sweep, err := w.monitor.Run(ctx, monitor.Order{Source: job.Args.SourceID, Mode: cmp.Or(job.Args.Mode, rights.SweepAll)}, nil)
	w.metrics.Swept(sweep, err)
	switch rights.KindOf(err) {
	case rights.Conflict, rights.NotFound, rights.Forbidden, rights.Invalid:
		w.log.WarnContext(ctx, "a source was not swept", slog.String("source", job.Args.SourceID), slog.Any("error", err))
		return river.JobCancel(err)
	case rights.Internal, rights.Unauthorised, rights.TooLarge, rights.Unavailable, rights.TooMany:
	}
	if err != nil {
		return err
	}
	w.log.InfoContext(ctx, "a source was swept", slog.String("source", sweep.SourceID), slog.Int("pages", sweep.Pages),
		slog.Int("matches", sweep.Matches), slog.Int("cases", sweep.Cases), slog.Int("faults", sweep.Faults))
	return nil
}

// stamper works the stamps of the queue. An authority that does not answer is
// asked again, ever more rarely; when the queue gives up, the notary asks anew.
type stamper struct {
	river.WorkerDefaults[store.StampJob]

	notary *notary.Notary
	log    *slog.Logger
}

// Work has one digest stamped.
func (w *stamper) Work(ctx context.Context, job *river.Job[store.StampJob]) error {
	err := w.notary.Stamp(ctx, job.Args.SHA256, job.Args.Authority)
	if rights.KindOf(err) == rights.NotFound {
		return river.JobCancel(err)
	}
	if err != nil {
		w.log.WarnContext(ctx, "a time stamp was not had", slog.String("authority", job.Args.Authority), slog.Int("attempt", job.Attempt), slog.Any("error", err))
	}
	return err
}

// Timeout is that of one job.
func (w *stamper) Timeout(*river.Job[store.StampJob]) time.Duration { return 2 * time.Minute }

const (
	mostTries  = 3             // looks of one recheck that see nothing
	triesApart = 6 * time.Hour // between them
)

// rechecker works the rechecks of the queue.
type rechecker struct {
	river.WorkerDefaults[store.RecheckJob]

	db      *store.DB
	monitor *monitor.Monitor
	log     *slog.Logger
}

// Work looks at one case. A look that saw nothing is followed by another.
func (w *rechecker) Work(ctx context.Context, job *river.Job[store.RecheckJob]) error {
	ask, ctx := job.Args, trace.Start(ctx)
	outcome, err := w.monitor.Recheck(ctx, ask.CaseID, ask.Step)
	if rights.KindOf(err) == rights.NotFound {
		return river.JobCancel(err)
	}
	if err != nil {
		return err
	}
	w.log.InfoContext(ctx, "a case was looked at again", slog.String("case", ask.CaseID), slog.String("step", ask.Step), slog.String("outcome", string(outcome)))
	if ask.Try++; outcome != rights.OutcomeUnknown || ask.Try >= mostTries {
		return nil
	}
	return w.db.Update(ctx, func(tx *store.Tx) error { return tx.EnqueueRecheck(ctx, ask, tx.Now.Add(triesApart)) })
}

// Timeout is that of one job: a page, its parts, and the rest of the host between.
func (w *rechecker) Timeout(*river.Job[store.RecheckJob]) time.Duration { return time.Hour }

// drawer works the pictures of the queue.
type drawer struct {
	river.WorkerDefaults[store.PictureJob]

	keeper *picture.Keeper
	log    *slog.Logger
}

// Work draws one page. A response that is gone or was changed is not drawn.
func (w *drawer) Work(ctx context.Context, job *river.Job[store.PictureJob]) error {
	ctx = trace.With(ctx, job.Args.Trace)
	err := w.keeper.Keep(ctx, job.Args.CaseID, job.Args.Evidence)
	if err != nil {
		w.log.WarnContext(ctx, "a page was not drawn", slog.String("url", job.Args.Evidence.URL), slog.Int("attempt", job.Attempt), slog.Any("error", err))
	}
	if kind := rights.KindOf(err); kind == rights.NotFound || kind == rights.Conflict {
		return river.JobCancel(err)
	}
	if err == nil {
		w.log.InfoContext(ctx, "drawn", slog.String("url", job.Args.Evidence.URL), slog.String("case", job.Args.CaseID))
	}
	return err
}

// Timeout is that of one job: a page, and those for which the browser is wanted before.
func (w *drawer) Timeout(*river.Job[store.PictureJob]) time.Duration { return 15 * time.Minute }

func newQueue(opt Options, s *sweeper) (*store.Queue, error) {
	workers := river.NewWorkers()
	machine := opt.Monitor.Machine()
	err := errors.Join(
		river.AddWorkerSafely(workers, &rechecker{db: opt.DB, monitor: opt.Monitor, log: opt.Log}),
		river.AddWorkerSafely(workers, s),
		river.AddWorkerSafely(workers, &stamper{notary: opt.Notary, log: opt.Log}),
	)
	queues := map[string]river.QueueConfig{
		river.QueueDefault: {MaxWorkers: parallel}, store.QueueStamps: {MaxWorkers: parallel}, store.QueueRechecks: {MaxWorkers: parallel},
	}
	if opt.Pictures != nil {
		err = errors.Join(err, river.AddWorkerSafely(workers, &drawer{keeper: opt.Pictures, log: opt.Log}))
		queues[store.PictureQueue(machine)] = river.QueueConfig{MaxWorkers: 1} // a browser takes much memory
	}
	if err != nil {
		return nil, err
	}
	return opt.DB.NewQueue(&river.Config{ID: machine, Logger: opt.Log, Workers: workers, JobTimeout: longest, Queues: queues})
}
