// Command peers measures other methods of finding copied text on the pages that
// "rightsdesk eval" measures ours on, and ours again beside them: recall by way
// of copying, false alarms on unrelated pages, pages a second, memory.
//
// Each method runs in a process of its own, on one core. All are given folded
// text, so that none loses by what [fingerprints.Fold] does for it. A method that
// gives a score is shown at the settings that its documentation names, at the
// one where recall less the share of unrelated pages reported is greatest, and at
// the one where it reports no more unrelated pairs than ours does; the last two
// are chosen on the very pages that they are measured on, in its favour.
//
// It is a module of its own, so that the product depends on none of them.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strings"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "peers:", err)
		stop()
		os.Exit(1)
	}
}

// options are the flags.
type options struct {
	data                  string
	articles, pages, each int
	seed                  uint64
	only                  string
	json                  bool
}

func run(ctx context.Context, args []string, out io.Writer) error {
	var o options
	f := flag.NewFlagSet("peers", flag.ContinueOnError)
	f.StringVar(&o.data, "data", "../shared/data", "the `folder` of articles, pages and known reuse")
	f.IntVar(&o.articles, "articles", 0, "registered articles, at most; 0 for all")
	f.IntVar(&o.pages, "pages", 0, "unrelated pages, at most; 0 for all")
	f.IntVar(&o.each, "each", 100, "pages of each variant")
	f.Uint64Var(&o.seed, "seed", 1, "what the articles are dealt by and the pages made from")
	f.StringVar(&o.only, "only", "", "print the `peer`'s raw answers as JSON: how each peer is run in a process of its own")
	f.BoolVar(&o.json, "json", false, "print JSON")
	if err := f.Parse(args); err != nil {
		return err
	}
	if o.only != "" {
		return one(ctx, o, out)
	}
	t := table{Command: "make bench-peers"}
	if len(args) > 0 {
		t.Command += " ARGS='" + strings.Join(args, " ") + "'"
	}
	var ours *outcome
	for _, p := range peers() {
		fmt.Fprintln(os.Stderr, p.name)
		got, err := apart(ctx, args, p.name)
		if err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
		if ours == nil {
			ours = got
			t.describe(got)
		}
		t.Rows = append(t.Rows, rows(p, got, ours)...)
	}
	if o.json {
		return json.NewEncoder(out).Encode(t)
	}
	return t.print(out)
}

// one measures a peer in this process.
func one(ctx context.Context, o options, out io.Writer) error {
	for _, p := range peers() {
		if p.name == o.only {
			s, err := readSet(o)
			if err != nil {
				return err
			}
			got, err := measure(ctx, p, s)
			if err != nil {
				return err
			}
			return json.NewEncoder(out).Encode(got)
		}
	}
	return fmt.Errorf("no peer is named %q", o.only)
}

// apart measures a peer in another process.
func apart(ctx context.Context, args []string, name string) (*outcome, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	c := exec.CommandContext(ctx, self, append(args, "--only", name)...)
	c.Env = append(os.Environ(), "GOMAXPROCS=1")
	c.Stderr = os.Stderr
	raw, err := c.Output()
	if err != nil {
		return nil, err
	}
	var got outcome
	return &got, json.Unmarshal(raw, &got)
}
