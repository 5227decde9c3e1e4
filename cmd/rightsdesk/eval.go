package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"rightsdesk/internal/evaluation"
)

// evalCmd measures the detection.
type evalCmd struct {
	Data string   `type:"path" placeholder:"DIR" help:"The folder of articles, pages and known reuse."`
	Seed []uint64 `default:"1" placeholder:"N,…"  help:"What is drawn from; one run for each."`
	Each int      `default:"2000" help:"Pages of each variant."`
	Left bool     `help:"Print instead what false alarms are left, by kind, as they were judged."`
	JSON bool     `name:"json" help:"Print JSON: an object for each seed, then one for what does not depend on it."`
}

// Help says what is measured.
func (evalCmd) Help() string {
	return `Deals the articles of DIR/articles/*.jsonl.gz out to a register, to unrelated pages and to background, makes pages that copy
registered articles in known ways, and looks for them. For every way it prints how many were found, how many were named as
common source because an older text has the same words, and precision and recall of the characters shown; for the unrelated
pages what was reported, with and without the pairs that truly share a passage, as judged (see --left) or, where they were
not, as mined (DIR/reuse/mined-pairs.tsv), and by what makes the two alike; the curve of both for our score and for the
counting rule that went before, and where either finds more at equal false alarms; the mined pairs, the rewordings of
DIR/reuse/reworded.jsonl by grade, and the cases of DIR/alignment. The same data and seed give the same figures.`
}

// Run prints a report for each seed.
func (c evalCmd) Run(ctx context.Context, s *shell) error {
	if c.Left {
		list, err := evaluation.LeftByKind()
		if err == nil {
			_, err = fmt.Fprint(s.out, list)
		}
		return err
	}
	if c.Data == "" {
		return errors.New("eval wants --data or --left")
	}
	data, err := evaluation.Load(c.Data)
	if err != nil {
		return err
	}
	out := json.NewEncoder(s.out)
	show := func(report interface{ Text() string }) error {
		if c.JSON {
			return out.Encode(report)
		}
		_, err := fmt.Fprintln(s.out, report.Text())
		return err
	}
	for _, seed := range c.Seed {
		r, err := data.Run(ctx, seed, c.Each)
		if err != nil {
			return err
		}
		if err := show(r); err != nil {
			return err
		}
	}
	known, err := data.Known(ctx)
	if err != nil {
		return err
	}
	return show(known)
}
