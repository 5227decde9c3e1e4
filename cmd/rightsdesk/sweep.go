package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"text/tabwriter"

	"golang.org/x/sync/errgroup"

	"rightsdesk/internal/evidence"
	"rightsdesk/internal/monitor"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/schedule"
	"rightsdesk/internal/store"
)

// parallelSources is how many sources are swept at once; one host is still
// asked one page at a time.
const parallelSources = 4

type sweepCmd struct {
	Sources []string `arg:"" name:"source" optional:"" help:"IDs of sources; all of them where none is given."`
	DryRun  bool     `help:"Read the sources only, and list the pages that would be looked at."`
}

// Help is the long help.
func (sweepCmd) Help() string {
	return `Looks at every page of the sources now, whatever their schedule, and prints what came of it. Pages that cannot be read
are listed with the reason. The exit status is 1 where a source itself could not be read. While the service is running it
does the sweeps: order one at the desk, or by the API.`
}

// swept is what came of one source.
type swept struct {
	id     string
	row    *rights.Sweep
	faults []rights.Page
	err    error
}

// Run sweeps.
func (c sweepCmd) Run(ctx context.Context, s *shell) (err error) {
	a, err := s.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.close()) }()
	ids, err := a.sourceIDs(ctx, c.Sources)
	if err != nil {
		return err
	}
	if err := a.watch(); err != nil {
		return running(err, "order the sweep at its desk, or by POST "+a.cfg.Link("/v1/sources/SOURCE/sweeps"))
	}
	member, err := schedule.Join(ctx, a.db, a.monitor.Machine(), a.log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, member.Leave(context.WithoutCancel(ctx))) }()
	mode := rights.SweepAll
	if c.DryRun {
		mode = rights.SweepDry
	}
	results := a.sweepAll(member.As(ctx), s, ids, mode)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return s.showSweeps(results)
}

// running says what to do where the service holds the data folder.
func running(err error, advice string) error {
	if errors.Is(err, evidence.ErrLocked) {
		return fmt.Errorf("the service is running on this data folder; %s", advice)
	}
	return err
}

// sourceIDs checks the IDs, or lists all.
func (a *app) sourceIDs(ctx context.Context, ids []string) ([]string, error) {
	err := a.db.View(ctx, func(tx *store.Tx) error {
		for _, id := range ids {
			if _, err := tx.Source(ctx, id); err != nil {
				return err
			}
		}
		if len(ids) > 0 {
			return nil
		}
		sources, err := tx.Sources(ctx)
		for _, source := range sources {
			ids = append(ids, source.ID)
		}
		return err
	})
	if err == nil && len(ids) == 0 {
		err = errors.New("there are no sources; name some in the configuration")
	}
	return ids, err
}

func (a *app) sweepAll(ctx context.Context, s *shell, ids []string, mode rights.SweepMode) []swept {
	results := make([]swept, len(ids))
	bar := &sweepBar{progress: newProgress(s.err), at: make([]monitor.Progress, len(ids))}
	var group errgroup.Group
	group.SetLimit(parallelSources)
	for i, id := range ids {
		group.Go(func() error {
			r := swept{id: id}
			r.row, r.err = a.monitor.Run(ctx, monitor.Order{Source: id, Mode: mode}, func(p monitor.Progress) { bar.tell(i, p) })
			if r.row != nil {
				if err := a.db.View(ctx, func(tx *store.Tx) (err error) {
					r.faults, err = faults(ctx, tx, r.row)
					return err
				}); err != nil {
					r.err = errors.Join(r.err, err)
				}
			}
			results[i] = r
			if bar.w == nil {
				fmt.Fprintf(s.err, "%s: %s\n", id, r.summary())
			}
			return nil
		})
	}
	_ = group.Wait() // what went wrong is in the results
	bar.end()
	return results
}

// faults are the pages of a sweep that could not be read, or not to their end.
func faults(ctx context.Context, tx *store.Tx, row *rights.Sweep) ([]rights.Page, error) {
	pages, err := tx.Pages(ctx, row.SourceID)
	var list []rights.Page
	for _, p := range pages {
		if p.Fault != "" && !p.FetchedAt.Before(row.StartedAt) {
			list = append(list, p)
		}
	}
	return list, err
}

func (r swept) summary() string {
	if r.err != nil {
		return "not swept: " + say(r.err)
	}
	if r.row.Mode == rights.SweepDry {
		return fmt.Sprintf("would look at %d of %d pages", r.row.Named-r.row.Resting-r.row.Left, r.row.Named)
	}
	return fmt.Sprintf("%d pages, %d matches, %d new cases, %d faults", r.row.Pages, r.row.Matches, r.row.Cases, r.row.Faults)
}

// showSweeps prints the table, and below it what went wrong.
func (s *shell) showSweeps(results []swept) error {
	table := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "SOURCE\tPAGES\tUNCHANGED\tCANDIDATES\tMATCHES\tNEW CASES\tFAULTS")
	failed := false
	for _, r := range results {
		if r.row == nil {
			r.row = &rights.Sweep{}
		}
		fmt.Fprintf(table, "%s\t%d\t%d\t%d\t%d\t%d\t%d\n", r.id, r.row.Pages, r.row.Unchanged, r.row.Candidates, r.row.Matches, r.row.Cases, r.row.Faults)
		failed = failed || r.err != nil
	}
	if err := table.Flush(); err != nil {
		return err
	}
	for _, r := range results {
		switch {
		case r.err != nil:
			fmt.Fprintf(s.out, "%s: %s\n", r.id, r.summary())
		case r.row.Fault != "":
			fmt.Fprintf(s.out, "%s: %s\n", r.id, r.row.Fault)
		}
		if r.row.Mode == rights.SweepDry && r.err == nil {
			fmt.Fprintf(s.out, "%s: %s\n", r.id, r.summary())
			for _, address := range r.row.Sample {
				fmt.Fprintf(s.out, "%s: %s\n", r.id, address)
			}
		}
		for _, p := range r.faults {
			fmt.Fprintf(s.out, "%s: %s: %s\n", r.id, p.URL, p.Fault)
		}
	}
	if failed {
		return errSilent
	}
	return nil
}

// sweepBar is one bar over several sweeps.
type sweepBar struct {
	*progress
	mu sync.Mutex
	at []monitor.Progress
}

func (b *sweepBar) tell(i int, p monitor.Progress) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.at[i] = p
	done, total := 0, 0
	for _, p := range b.at {
		done, total = done+p.Done, total+p.Total
	}
	if b.bar != nil {
		b.bar.ChangeMax(total)
	}
	b.progress.tell(done, total, p.URL)
}
