package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"rightsdesk/internal/rights"
	"rightsdesk/internal/trace"
)

// SweepJob asks for a sweep of a source. Two jobs for the same source and tick
// are one.
type SweepJob struct {
	SourceID string `json:"source_id" river:"unique"`
	Tick     string `json:"tick"      river:"unique"` // RFC 3339, UTC
	// Mode is which pages; empty, in jobs of an older version, means all.
	Mode rights.SweepMode `json:"mode,omitempty"`
}

// Kind names the job in the queue.
func (SweepJob) Kind() string { return "sweep" }

// EnqueueSweep asks for a sweep of a source at a tick, once, however many
// machines ask. It reports whether this call was the one.
func (t *Tx) EnqueueSweep(ctx context.Context, sourceID string, tick time.Time, mode rights.SweepMode) (bool, error) {
	job := SweepJob{SourceID: sourceID, Tick: tick.UTC().Format(time.RFC3339Nano), Mode: mode}
	res, err := t.jobs.InsertTx(ctx, t.tx, job, &river.InsertOpts{
		MaxAttempts: 5,
		UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: []rivertype.JobState{
			rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRunning, rivertype.JobStateScheduled,
			rivertype.JobStateRetryable, rivertype.JobStateCompleted, rivertype.JobStateCancelled, rivertype.JobStateDiscarded,
		}},
	})
	if err != nil {
		return false, fmt.Errorf("enqueue a sweep: %w", err)
	}
	return !res.UniqueSkippedAsDuplicate, nil
}

// StampJob asks an authority to stamp a digest. Two jobs for the same digest and
// authority are one while it is not done.
type StampJob struct {
	SHA256    string `json:"sha256"    river:"unique"`
	Authority string `json:"authority" river:"unique"` // its ID
}

// Kind names the job in the queue.
func (StampJob) Kind() string { return "stamp" }

// QueueStamps is the queue of stamps: they must not wait for sweeps, which take
// hours.
const QueueStamps = "stamps"

// EnqueueStamp asks for the stamp of an authority, unless it was asked for and is
// still being tried.
func (t *Tx) EnqueueStamp(ctx context.Context, digest, authority string) error {
	_, err := t.jobs.InsertTx(ctx, t.tx, StampJob{SHA256: digest, Authority: authority}, &river.InsertOpts{
		Queue: QueueStamps,
		UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: []rivertype.JobState{
			rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRunning, rivertype.JobStateScheduled,
			rivertype.JobStateRetryable,
		}},
	})
	if err != nil {
		return fmt.Errorf("enqueue a stamp: %w", err)
	}
	return nil
}

// RecheckJob asks for a look at the page of a case with a notice out. Try counts
// the looks of one step that saw nothing.
type RecheckJob struct {
	CaseID string `json:"case_id" river:"unique"`
	Step   string `json:"step"    river:"unique"`
	Due    string `json:"due"     river:"unique"` // RFC 3339, UTC
	Try    int    `json:"try"     river:"unique"`
}

// Kind names the job in the queue.
func (RecheckJob) Kind() string { return "recheck" }

// QueueRechecks is the queue of rechecks, which must not wait for sweeps.
const QueueRechecks = "rechecks"

// EnqueueRecheck asks for a look at an instant, once.
func (t *Tx) EnqueueRecheck(ctx context.Context, job RecheckJob, due time.Time) error {
	job.Due = due.UTC().Format(time.RFC3339)
	_, err := t.jobs.InsertTx(ctx, t.tx, job, &river.InsertOpts{Queue: QueueRechecks, ScheduledAt: due, UniqueOpts: river.UniqueOpts{ByArgs: true}})
	if err != nil {
		return fmt.Errorf("enqueue a recheck: %w", err)
	}
	return nil
}

// PictureJob asks for the picture of the page of a recorded response. A response is
// drawn once.
type PictureJob struct {
	CaseID   string          `json:"case_id"`
	RecordID string          `json:"record_id" river:"unique"`
	Evidence rights.Evidence `json:"evidence"`
	Trace    string          `json:"trace"` // the ID of the page in the log
}

// Kind names the job in the queue.
func (PictureJob) Kind() string { return "picture" }

// PictureQueue is the queue of the pictures that a machine draws: those of evidence
// that lies in its data folder.
func PictureQueue(machine string) string {
	sum := sha256.Sum256([]byte(machine))
	return "pictures-" + hex.EncodeToString(sum[:8])
}

// EnqueuePicture asks the machine for a picture.
func (t *Tx) EnqueuePicture(ctx context.Context, machine, caseID string, of rights.Evidence) error {
	_, err := t.jobs.InsertTx(ctx, t.tx, PictureJob{CaseID: caseID, RecordID: of.RecordID, Evidence: of, Trace: trace.ID(ctx)}, &river.InsertOpts{
		Queue: PictureQueue(machine), MaxAttempts: 5, UniqueOpts: river.UniqueOpts{ByArgs: true},
	})
	if err != nil {
		return fmt.Errorf("enqueue a picture: %w", err)
	}
	return nil
}

// RetakeJobs makes the jobs available again that a worker of this name began and,
// its process being dead, will not end. It returns how many there were.
func (t *Tx) RetakeJobs(ctx context.Context, worker string) (int64, error) {
	return t.exec(ctx, `UPDATE river_job SET state = 'available' WHERE state = 'running' AND `+t.dialect.jobsOf, worker)
}

// JobsPending returns how many jobs wait or run, without the rechecks of days to
// come.
func (t *Tx) JobsPending(ctx context.Context) (int, error) {
	return t.count(ctx, `SELECT COUNT(*) FROM river_job WHERE state IN ('available', 'pending', 'running', 'scheduled', 'retryable')
		AND NOT (kind = 'recheck' AND state = 'scheduled')`)
}

// Queue works the jobs of the database.
type Queue struct{ client *river.Client[*sql.Tx] }

// NewQueue prepares the workers of a configuration; [Queue.Start] lets them run.
func (db *DB) NewQueue(c *river.Config) (*Queue, error) {
	client, err := river.NewClient(db.dialect.river(db.write), c)
	if err != nil {
		return nil, fmt.Errorf("prepare the workers: %w", err)
	}
	return &Queue{client: client}, nil
}

// Start runs the workers until Stop.
func (q *Queue) Start(ctx context.Context) error { return q.client.Start(ctx) }

// Stop lets running jobs end; when the context ends first, they are cancelled.
func (q *Queue) Stop(ctx context.Context) error {
	if err := q.client.Stop(ctx); err == nil {
		return nil
	}
	return q.client.StopAndCancel(context.WithoutCancel(ctx))
}
