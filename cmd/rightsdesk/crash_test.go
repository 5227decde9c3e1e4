package main

import (
	"cmp"
	"log/slog"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"rightsdesk/internal/store"
)

// crashEach is after how many kills a sweep is timed that nothing disturbs: how long
// one lives depends on what else this machine does.
const crashEach = 4

// TestCrash kills sweeps with -9, each of a folder of its own and at an instant
// drawn from the whole time that such a process lives. The next sweep of the folder
// ends with the cases that one finds which nothing disturbs, and verify holds.
// make crash does it 200 times.
func TestCrash(t *testing.T) {
	kills, err := strconv.Atoi(os.Getenv("RIGHTSDESK_TRIAL_KILLS"))
	if err != nil {
		kills = 8
	}
	c := newCrash(t)
	var want map[string]string
	r := rand.New(rand.NewPCG(uint64(kills), 7))
	var life, shortest, longest time.Duration
	var hit [4]int
	ended := 0
	for n := range kills {
		if n%crashEach == 0 {
			life, want = c.undisturbed()
			shortest, longest = min(life, cmp.Or(shortest, life)), max(life, longest)
		}
		at := time.Duration(r.Int64N(int64(life)))
		file := c.folder()
		if c.killed(file, at) {
			hit[at*4/life]++
		} else {
			ended++
		}
		c.run(n, file, "sweep")
		c.run(n, file, "verify")
		if got := c.cases(file); !maps.Equal(got, want) {
			t.Errorf("after crash %d, %v after its start: %d cases, want %d", n, at, len(got), len(want))
		}
		if err := os.RemoveAll(filepath.Dir(file)); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("a sweep lives %v to %v; of %d kills its quarters were hit %d, %d, %d, %d times, and %d came after its end; cases %d each time, as without",
		shortest.Round(time.Millisecond), longest.Round(time.Millisecond), kills, hit[0], hit[1], hit[2], hit[3], ended, len(want))
}

// crash makes folders that are alike: the articles are there, nothing is swept.
type crash struct {
	t        *testing.T
	sites    *trialSites
	template string
}

func newCrash(t *testing.T) *crash {
	t.Helper()
	c := &crash{t: t, sites: newTrialSites(t, 6, 20), template: t.TempDir()}
	c.run(-1, c.sites.configure(c.template, "", 0), "import", c.sites.articles(c.template))
	return c
}

// folder returns the configuration of a new one.
func (c *crash) folder() (file string) {
	c.t.Helper()
	dir := filepath.Join(c.t.TempDir(), "machine")
	if err := os.CopyFS(dir, os.DirFS(c.template)); err != nil {
		c.t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(dir, "proofs.key"), 0o600); err != nil { // a copy does not keep it
		c.t.Fatal(err)
	}
	return c.sites.configure(dir, "", 0)
}

// undisturbed sweeps a folder in a process of its own, and returns how long that
// lives and which cases it opens.
func (c *crash) undisturbed() (life time.Duration, cases map[string]string) {
	c.t.Helper()
	file := c.folder()
	cmd, err := child(c.t.Context(), "--config", file, "sweep")
	if err != nil {
		c.t.Fatal(err)
	}
	begun := time.Now()
	if out, err := cmd.CombinedOutput(); err != nil {
		c.t.Fatalf("%v\n%s", err, out)
	}
	life = time.Since(begun)
	if cases = c.cases(file); len(cases) != len(c.sites.reprints) {
		c.t.Fatalf("%d cases of %d reprints", len(cases), len(c.sites.reprints))
	}
	return life, cases
}

// killed begins a sweep and kills it, unless it has ended by then.
func (c *crash) killed(file string, after time.Duration) bool {
	c.t.Helper()
	cmd, err := child(c.t.Context(), "--config", file, "sweep")
	if err != nil {
		c.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		c.t.Fatal(err)
	}
	time.Sleep(after)
	_ = cmd.Process.Kill() // it may have ended
	return cmd.Wait() != nil
}

func (c *crash) run(n int, file string, args ...string) {
	c.t.Helper()
	if code, out, errs := command(c.t.Context(), c.t, append([]string{"--config", file}, args...)...); code != 0 {
		c.t.Fatalf("%s after crash %d: %s%s", args[0], n, out, errs)
	}
}

// cases are those of a folder, each with a match of its own.
func (c *crash) cases(file string) map[string]string {
	c.t.Helper()
	db, err := store.Open(c.t.Context(), filepath.Join(filepath.Dir(file), "data", "rightsdesk.db"), slog.New(slog.DiscardHandler))
	if err != nil {
		c.t.Fatal(err)
	}
	defer db.Close()
	cases, matches := casesOf(c.t, db)
	if len(matches) != len(cases) {
		c.t.Errorf("%d matches of %d cases", len(matches), len(cases))
	}
	return cases
}
