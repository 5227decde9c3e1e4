package store_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

// worker begins jobs and ends none before its context does.
type worker struct {
	river.WorkerDefaults[store.SweepJob]

	begun chan string
}

func (w *worker) Work(ctx context.Context, job *river.Job[store.SweepJob]) error {
	w.begun <- job.Args.SourceID
	<-ctx.Done()
	return ctx.Err()
}

func retake(t *testing.T, db *store.DB) {
	w := &worker{begun: make(chan string, 10)}
	workers := river.NewWorkers()
	river.AddWorker(workers, w)
	queue, err := db.NewQueue(&river.Config{
		ID: "host-1", Logger: slog.New(slog.DiscardHandler), Workers: workers, FetchPollInterval: 100 * time.Millisecond,
		Queues: map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 2}},
	})
	if err != nil {
		t.Fatal(err)
	}
	update(t, db, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.EnqueueSweep(ctx, "a", time.Now(), rights.SweepDue)
		return err
	})
	if err := queue.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	<-w.begun
	update(t, db, func(ctx context.Context, tx *store.Tx) error {
		n, err := tx.RetakeJobs(ctx, "host-1")
		if n != 1 {
			t.Errorf("%d jobs were taken up, want 1", n)
		}
		return err
	})
	<-w.begun // again
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := queue.Stop(ended); err != nil {
		t.Error(err)
	}
}

func reader(t *testing.T, at string) {
	update(t, open(t, at), func(ctx context.Context, tx *store.Tx) error {
		return tx.AddEvent(ctx, &rights.Event{Subject: "x", Action: "case.opened"})
	})
	db, err := store.OpenReader(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	view(t, db, func(ctx context.Context, tx *store.Tx) error {
		same(t, chained(ctx, t, tx), 1)
		return tx.CheckFile(ctx, func(detail string) { t.Error(detail) })
	})
}

func TestOpenReaderNeedsADatabase(t *testing.T) {
	if _, err := store.OpenReader(t.Context(), t.TempDir()+"/none.db"); err == nil {
		t.Error("a file that is not there was opened")
	}
}
