package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"rightsdesk/internal/benchmark"
)

// benchCmd measures speed and memory.
type benchCmd struct {
	Data     string `type:"path" placeholder:"DIR" help:"A folder of articles and saved pages, as for eval; without it, saved pages are not measured."`
	Articles []int  `default:"10000,100000,1000000" placeholder:"N,…" help:"Sizes of the index, up to 10000000."`
	Hashes   int    `default:"10000000" placeholder:"N" help:"Simhashes that are searched."`
	Pages    int    `default:"2000" placeholder:"N" help:"Pages in each of five rounds."`
	Scan     int    `placeholder:"N" help:"Measure the scan of N saved pages instead, among the most of the articles; the status is 1 where it falls short."`
	JSON     bool   `name:"json" help:"Print a JSON array of {name, value, unit, target, ratio}."`
}

// Help says how it is measured.
func (benchCmd) Help() string {
	return `Prints how fast the detection is on one core and how much memory it takes, each figure with its target, the ratio of the two
(1 or more where the target is met, whichever way it points), and what else was measured in the same run. Articles are made: they
have the characters of the sample paper, and stretches recur in them as often as in real news. The index reads from a mapped file,
as the service's does; the articles' texts come from memory. Rounds are measured in time of the processor, and the best counts; no
round has the pages of another. Memory is what the process holds for the index, and the whole file, for one article. A million
articles take some minutes and 2 GB of memory and temporary files, ten million an hour and 20 GB.`
}

// Run prints a line for each figure, or JSON at the end.
func (c benchCmd) Run(ctx context.Context, s *shell) error {
	var list []benchmark.Figure
	err := c.measure(ctx, func(f benchmark.Figure) error {
		list = append(list, f)
		if c.JSON {
			return nil
		}
		if len(list) == 1 {
			fmt.Fprintf(s.out, "%6s %12s %12s %-8s\n", "ratio", "value", "target", "unit")
		}
		_, err := fmt.Fprintf(s.out, "%6.2f %12.6g %12.6g %-8s %s\n", f.Ratio, f.Value, f.Target, f.Unit, f.Name)
		if err == nil && f.Peer != "" {
			_, err = fmt.Fprintf(s.out, "%42s(%s)\n", "", f.Peer)
		}
		return err
	})
	if err == nil && c.JSON {
		err = json.NewEncoder(s.out).Encode(list)
	}
	short := func(f benchmark.Figure) bool { return f.Ratio < 1 }
	if err == nil && c.Scan > 0 && slices.ContainsFunc(list, short) {
		return errSilent
	}
	return err
}

func (c benchCmd) measure(ctx context.Context, yield func(benchmark.Figure) error) error {
	if c.Scan > 0 && len(c.Articles) > 0 {
		return benchmark.Scan(ctx, benchmark.ScanOptions{Articles: slices.Max(c.Articles), Pages: c.Scan}, yield)
	}
	return benchmark.Run(ctx, benchmark.Options{Data: c.Data, Articles: c.Articles, Hashes: c.Hashes, Pages: c.Pages}, yield)
}
