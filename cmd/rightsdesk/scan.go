package main

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/schollz/progressbar/v3"

	"rightsdesk/internal/scan"
)

// scanCmd looks for the register's articles in archives.
type scanCmd struct {
	Paths   []string `arg:"" name:"path" help:"WARC and WET files, gzipped or not, saved pages, and folders of them."`
	Out     string   `default:"scan.jsonl" placeholder:"FILE" help:"Where the findings are written, a line of JSON for each page."`
	Restart bool     `help:"Begin anew, whatever a broken run left."`
}

// Help is the long help.
func (scanCmd) Help() string {
	return `Reads archives on all cores through the screen that sweeps have. A run that is broken off goes on where it stopped when the same
command is given again. Findings open no cases: what others recorded is a lead, not our evidence; watch the pages that are
still there. The exit status is 1 where a file could not be read to its end.`
}

// Run scans.
func (c scanCmd) Run(ctx context.Context, s *shell) (err error) {
	a, err := s.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.close()) }()
	if c.Restart {
		if err := scan.Forget(c.Out); err != nil {
			return err
		}
	}
	bar := newProgress(s.err, progressbar.OptionShowBytes(true))
	counts, err := scan.Run(ctx, scan.Options{Paths: c.Paths, Out: c.Out, Index: a.index, Progress: func(done, total int64, file string) {
		bar.tell(int(min(done, math.MaxInt)), int(min(total, math.MaxInt)), file)
	}})
	bar.end()
	if ctx.Err() != nil {
		return fmt.Errorf("broken off after %d pages; give the same command again to go on: %w", counts.Pages, ctx.Err())
	}
	fmt.Fprintf(s.out, "%s, %d pages: %d with matches; %d damaged. Findings are in %s\n",
		count(counts.Files, "file"), counts.Pages, counts.Matched, counts.Damaged, c.Out)
	if counts.Damaged > 0 && err != nil {
		fmt.Fprintln(s.err, err)
		return errSilent
	}
	return err
}
