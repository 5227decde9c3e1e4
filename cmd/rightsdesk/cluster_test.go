package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"rightsdesk/internal/audit"
	"rightsdesk/internal/evidence"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
	"rightsdesk/internal/testenv"
)

const clusterRest = time.Second

// TestCluster is make cluster: three processes share one PostgreSQL. One is
// killed, one is stopped until the others give it up and continued, and the
// database is restarted, in the middle of the sweeps. It takes some minutes.
func TestCluster(t *testing.T) {
	restart := os.Getenv("RIGHTSDESK_TRIAL_RESTART")
	if restart == "" {
		t.Skip("make cluster runs it")
	}
	w, database := newTrialSites(t, 24, 30), testenv.Schema(t)
	db, dirs := trialDB(t, database), []string{t.TempDir(), t.TempDir(), t.TempDir()}
	files := make([]string, len(dirs))
	for i, dir := range dirs {
		files[i] = w.configure(dir, database, clusterRest)
	}
	if code, out, errs := command(t.Context(), t, "--config", files[0], "import", w.articles(dirs[0])); code != 0 {
		t.Fatalf("import: %s%s", out, errs)
	}
	processes := make([]*exec.Cmd, len(files))
	for i, file := range files {
		processes[i] = serveChild(t, file)
	}
	w.order(db)
	all := w.hosts * w.pages
	reach := func(share float64) {
		t.Helper()
		for end := time.Now().Add(5 * time.Minute); float64(w.requests()) < share*float64(all); time.Sleep(50 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("%d requests in five minutes", w.requests())
			}
		}
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	begun := time.Now()
	say := func(what string) { t.Logf("%6.1f s, %d requests: %s", time.Since(begun).Seconds(), w.requests(), what) }
	reach(0.2)
	must(processes[0].Process.Kill())
	say("one process killed")
	reach(0.35)
	must(processes[1].Process.Signal(syscall.SIGSTOP))
	say("one process stopped")
	time.Sleep(3 * time.Second)
	if out, err := exec.CommandContext(t.Context(), "bash", "-c", restart).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", restart, err, out)
	}
	say("the database restarted")
	time.Sleep(100 * time.Second) // it counts as dead by then
	must(processes[1].Process.Signal(syscall.SIGCONT))
	say("the stopped process continued")
	for end := time.Now().Add(10 * time.Minute); ; time.Sleep(time.Second) {
		if left := w.left(db); left == 0 {
			break
		} else if time.Now().After(end) {
			t.Fatalf("%d jobs are left", left)
		}
	}
	say("no job is left")
	_ = processes[0].Wait() // it was killed
	processes[0] = serveChild(t, files[0])
	for i, p := range processes {
		must(p.Process.Signal(syscall.SIGTERM))
		if err := p.Wait(); err != nil {
			log, _ := os.ReadFile(files[i] + ".log")
			t.Errorf("process %d: %v\n%s", i, err, log[max(0, len(log)-3000):])
		}
	}
	w.check(db, dirs)
}

// order asks for a sweep of every source.
func (w *trialSites) order(db *store.DB) {
	w.t.Helper()
	err := db.Update(w.t.Context(), func(tx *store.Tx) error {
		for h := range w.hosts {
			if _, err := tx.EnqueueSweep(w.t.Context(), fmt.Sprintf("site%02d", h), tx.Now, rights.SweepAll); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *trialSites) left(db *store.DB) (n int) {
	w.t.Helper()
	err := db.View(w.t.Context(), func(tx *store.Tx) (err error) {
		n, err = tx.JobsPending(w.t.Context())
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

// check counts what there is, and fails where it is not what there should be.
func (w *trialSites) check(db *store.DB, dirs []string) {
	t := w.t
	cases, matches := casesOf(t, db)
	read, faults := 0, 0
	view := func(f func(ctx context.Context, tx *store.Tx) error) {
		t.Helper()
		if err := db.View(t.Context(), func(tx *store.Tx) error { return f(t.Context(), tx) }); err != nil {
			t.Error(err)
		}
	}
	view(func(ctx context.Context, tx *store.Tx) error {
		for h := range w.hosts {
			for p := range w.pages {
				page, err := tx.Page(ctx, w.url(h, p))
				if err != nil {
					t.Errorf("%s was not looked at: %v", w.url(h, p), err)
					continue
				}
				read++
				if page.Fault != "" {
					faults++
					t.Errorf("%s: %s", page.URL, page.Fault)
				}
			}
		}
		return nil
	})
	for u := range w.reprints {
		if _, ok := cases[u]; !ok {
			t.Errorf("%s has no case", u)
		}
	}
	kept, records := w.records(dirs)
	for _, m := range matches {
		for _, ref := range m.Evidence {
			if n := kept[ref.RecordID]; n != 1 {
				t.Errorf("the exchange %s of match %d is kept %d times", ref.RecordID, m.ID, n)
			}
		}
	}
	var sum audit.Summary
	view(func(ctx context.Context, tx *store.Tx) (err error) {
		sum, err = audit.Verify(ctx, tx, func(seq int64, detail string) { t.Errorf("event %d: %s", seq, detail) })
		return err
	})
	if len(cases) != len(w.reprints) || len(matches) != len(w.reprints) {
		t.Errorf("%d cases and %d matches of %d reprints", len(cases), len(matches), len(w.reprints))
	}
	if w.doubled > 0 {
		t.Errorf("%d requests came beside another to the same host", w.doubled)
	}
	if rest := w.shortestRest(); rest < clusterRest {
		t.Errorf("a host had %v of rest, want %v", rest, clusterRest)
	}
	t.Logf("pages %d of %d, faults %d; reprints %d: cases %d, matches %d; evidence records %d, events %d; requests %d, shortest rest %v",
		read, w.hosts*w.pages, faults, len(w.reprints), len(cases), len(matches), records, sum.Events, w.requests(), w.shortestRest().Round(time.Millisecond))
}

// records counts how often each record is in the evidence of all machines, which
// must be whole.
func (w *trialSites) records(dirs []string) (kept map[string]int, n int) {
	kept = map[string]int{}
	for _, dir := range dirs {
		data := filepath.Join(dir, "data")
		sum, err := evidence.Verify(data, func(p evidence.Problem) { w.t.Errorf("evidence of %s: %+v", dir, p) })
		if err != nil {
			w.t.Error(err)
		}
		n += sum.Records
		for _, id := range recordIDs(w.t, data) {
			kept[id]++
		}
	}
	return kept, n
}

// recordIDs are the records that a manifest names.
func recordIDs(t *testing.T, data string) (ids []string) {
	t.Helper()
	f, err := os.Open(filepath.Join(data, "evidence", "manifest.jsonl"))
	if errors.Is(err, os.ErrNotExist) {
		return nil // it kept nothing
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for lines := json.NewDecoder(f); lines.More(); {
		var line struct {
			RecordID string `json:"record_id"`
		}
		if err := lines.Decode(&line); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, line.RecordID)
	}
	return ids
}
