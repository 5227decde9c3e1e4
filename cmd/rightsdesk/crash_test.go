package main

import (
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// TestCrash kills sweeps with -9 at random instants, again and again, on one data
// folder: after each, verify holds, and the last sweep ends with the cases that
// one finds which nothing disturbs. make crash does it 200 times.
func TestCrash(t *testing.T) {
	kills, err := strconv.Atoi(os.Getenv("RIGHTSDESK_TRIAL_KILLS"))
	if err != nil {
		kills = 8
	}
	w := newTrialSites(t, 6, 20)
	place := func() (file, database string) {
		dir := t.TempDir()
		file = w.configure(dir, "", 0)
		if code, out, errs := command(t.Context(), t, "--config", file, "import", w.articles(dir)); code != 0 {
			t.Fatalf("import: %s%s", out, errs)
		}
		return file, filepath.Join(dir, "data", "rightsdesk.db")
	}
	sweep := func(file string) {
		t.Helper()
		if code, out, errs := command(t.Context(), t, "--config", file, "sweep"); code != 0 {
			t.Fatalf("sweep: %s%s", out, errs)
		}
	}
	calm, calmDB := place()
	begun := time.Now()
	sweep(calm)
	took := time.Since(begun)
	want, _ := casesOf(t, trialDB(t, calmDB))
	if len(want) != len(w.reprints) {
		t.Fatalf("%d cases of %d reprints", len(want), len(w.reprints))
	}

	file, database := place()
	r := rand.New(rand.NewPCG(uint64(kills), 7))
	ended := 0
	for n := range kills {
		cmd, err := child(t.Context(), "--config", file, "sweep")
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(r.Int64N(int64(took))))
		_ = cmd.Process.Kill() // it may have ended
		if err := cmd.Wait(); err == nil {
			ended++
		}
		verifyAfterCrash(t, file, n)
	}
	sweep(file)
	verifyAfterCrash(t, file, kills)
	got, matches := casesOf(t, trialDB(t, database))
	if !maps.Equal(got, want) || len(matches) != len(want) {
		t.Errorf("%d cases and %d matches, want %d of each", len(got), len(matches), len(want))
	}
	t.Logf("killed %d times in up to %v, %d sweeps had ended; cases %d, matches %d, as without", kills, took.Round(time.Millisecond), ended, len(got), len(matches))
}

// verifyAfterCrash has the next process take the folder up, as any start does,
// and verifies what it then holds.
func verifyAfterCrash(t *testing.T, file string, n int) {
	t.Helper()
	if code, out, errs := command(t.Context(), t, "--config", file, "sweep", "site00"); code != 0 {
		t.Fatalf("after crash %d: %s%s", n, out, errs)
	}
	if code, out, errs := command(t.Context(), t, "--config", file, "verify"); code != 0 {
		t.Fatalf("verify after crash %d: %s%s", n, out, errs)
	}
}
