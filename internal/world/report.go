package world

import (
	"context"
	"fmt"
	"maps"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"rightsdesk/internal/fetch"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

// MostMemory is what a run may take, in bytes.
const MostMemory = 600 << 20

// Report is what came of a run.
type Report struct {
	Hosts, Pages, Reprints, Misbehaving int

	Named, Looked, Traps int
	Failures             map[rights.Failure]int
	Found                int      // reprints that were found
	Missed               []string // reprints that were not
	False                []string // pages that were taken for reprints
	Cases                int
	Manners              Manners
	Inside               int64  // connections to an address inside
	Memory               uint64 // most that the process ever held, in bytes
	Took                 time.Duration
}

func (w *run) report(ctx context.Context, took time.Duration) (Report, error) {
	r := Report{
		Hosts: w.opt.Hosts, Pages: w.opt.Hosts * w.opt.Pages, Failures: map[rights.Failure]int{},
		Took: took, Inside: w.inside.Load(), Manners: w.server.manners(w.opt.Rest, w.opt.Timeout), Memory: mostMemory(),
	}
	wanted := map[string]bool{}
	for _, s := range w.sites {
		for i := range s.pages {
			switch p := &s.pages[i]; p.kind {
			case reprint:
				key, err := fetch.Canonical(p.url())
				if err != nil {
					return Report{}, err
				}
				wanted[key] = true
			case bad:
				r.Misbehaving++
			case plain:
			}
		}
	}
	r.Reprints = len(wanted)
	err := w.db.View(ctx, func(tx *store.Tx) error {
		if err := r.sweeps(ctx, tx, w.sites); err != nil {
			return err
		}
		matches, err := tx.Matches(ctx, store.MatchFilter{})
		if err != nil {
			return err
		}
		found := map[string]bool{}
		for _, m := range matches {
			found[m.URL] = true
		}
		for url := range wanted {
			if found[url] {
				r.Found++
			} else {
				r.Missed = append(r.Missed, url)
			}
		}
		for url := range found {
			if !wanted[url] {
				r.False = append(r.False, url)
			}
		}
		_, r.Cases, err = tx.Cases(ctx, store.CaseFilter{Limit: 1})
		return err
	})
	return r, err
}

func (r *Report) sweeps(ctx context.Context, tx *store.Tx, sites []*site) error {
	for _, s := range sites {
		rows, err := tx.Sweeps(ctx, s.source().ID, 1)
		if err != nil {
			return err
		}
		for _, row := range rows {
			r.Named, r.Looked, r.Traps = r.Named+row.Named, r.Looked+row.Pages, r.Traps+row.Traps
			for why, n := range row.Failures {
				r.Failures[why] += n
			}
		}
	}
	return nil
}

// mostMemory is the most that the process held at once: what the system counted,
// or what Go has from it where it does not say.
func mostMemory() uint64 {
	status, _ := os.ReadFile("/proc/self/status") // other systems have none
	for line := range strings.Lines(string(status)) {
		if value, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			if kb, err := strconv.ParseUint(strings.Fields(value)[0], 10, 64); err == nil {
				return kb << 10
			}
		}
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.Sys
}

// Shortfalls names what falls short of what a run must show.
func (r *Report) Shortfalls() []string {
	var list []string
	short := func(is bool, format string, args ...any) {
		if is {
			list = append(list, fmt.Sprintf(format, args...))
		}
	}
	short(len(r.Missed) > 0, "%d reprints were missed, as %s", len(r.Missed), first(r.Missed))
	short(len(r.False) > 0, "%d pages were taken for reprints, as %s", len(r.False), first(r.False))
	short(r.Cases != r.Reprints, "%d cases for %d reprints", r.Cases, r.Reprints)
	short(r.Looked != r.Pages, "%d of %d pages were looked at", r.Looked, r.Pages)
	short(len(r.Manners.Faults) > 0, "%d times a host was not left alone as it is due, as %s", len(r.Manners.Faults), first(r.Manners.Faults))
	short(r.Inside > 0, "%d connections to an address inside", r.Inside)
	short(r.Memory > MostMemory, "%d MB of memory, more than %d", r.Memory>>20, MostMemory>>20)
	return list
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return slices.Min(list)
}

// Text is the report for a terminal.
func (r *Report) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "world        %d hosts, %d pages, %d of them reprints, %d misbehaving\n", r.Hosts, r.Pages, r.Reprints, r.Misbehaving)
	fmt.Fprintf(&b, "found        %d reprints, %d missed, %d false; %d cases\n", r.Found, len(r.Missed), len(r.False), r.Cases)
	fmt.Fprintf(&b, "looked at    %d pages of %d named; %d URLs passed over as traps\n", r.Looked, r.Named, r.Traps)
	var why []string
	for _, f := range slices.Sorted(maps.Keys(r.Failures)) {
		why = append(why, fmt.Sprintf("%s %d", f, r.Failures[f]))
	}
	fmt.Fprintf(&b, "failed       %s\n", strings.Join(why, ", "))
	fmt.Fprintf(&b, "manners      %d requests in the servers' log, shortest rest of a host %v, %d faults\n", r.Manners.Requests, r.Manners.ShortestRest.Round(time.Millisecond), len(r.Manners.Faults))
	fmt.Fprintf(&b, "inside       %d connections to addresses inside\n", r.Inside)
	fmt.Fprintf(&b, "memory       %d MB at most, of %d\n", r.Memory>>20, MostMemory>>20)
	fmt.Fprintf(&b, "took         %v\n", r.Took.Round(time.Second))
	for _, s := range r.Shortfalls() {
		b.WriteString("FALLS SHORT  " + s + "\n")
	}
	return b.String()
}
