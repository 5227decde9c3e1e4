// Command rightsdesk is the copyright and reprint compliance service of a
// newspaper. Each command stands in a file of its name.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // for the time zones of sources, where the machine has no files of them

	"github.com/alecthomas/kong"

	"rightsdesk/config"
	"rightsdesk/internal/trace"
)

type cli struct {
	Config string `default:"rightsdesk.yaml" env:"RIGHTSDESK_CONFIG" help:"The configuration file; \"rightsdesk config\" prints one to start from." type:"path"`
	Debug  bool   `help:"Log more."`

	Demo    demoCmd    `cmd:"" help:"Show the whole service at work on a sample paper."`
	Serve   serveCmd   `cmd:"" help:"Run the service: API, desk, public pages and scheduled sweeps."`
	Import  importCmd  `cmd:"" help:"Register articles from files and folders."`
	Sweep   sweepCmd   `cmd:"" help:"Look at the pages of one source, or of all, now."`
	Report  reportCmd  `cmd:"" help:"Write the takedown report of a case."`
	Bundle  bundleCmd  `cmd:"" help:"Pack all that proves a case into one file."`
	Discard discardCmd `cmd:"" help:"Remove a file of evidence, by a counsel's decision."`
	Verify  verifyCmd  `cmd:"" help:"Re-read everything in a data folder, or in a bundle, and name what was changed."`
	Match   matchCmd   `cmd:"" help:"Find articles on pages, without a database."`
	Eval    evalCmd    `cmd:"" help:"Measure the detection on a folder of articles."`
	Bench   benchCmd   `cmd:"" help:"Measure speed and memory against their targets."`
	World   worldCmd   `cmd:"" help:"Show the whole service at work on a world of sites on this machine."`
	Scan    scanCmd    `cmd:"" help:"Look for the registered articles in WARC and WET files and saved pages."`
	Extract extractCmd `cmd:"" help:"Read saved pages and print what they say."`
	User    userCmd    `cmd:"" help:"Add people and tokens."`
	Example exampleCmd `cmd:"" help:"Print a configuration to start from."           name:"config"`
}

// shell is what a command is given: streams, the logger, the configuration file.
type shell struct {
	in       io.Reader
	out, err io.Writer
	log      *slog.Logger
	file     string
}

// config reads the configuration file.
func (s *shell) config() (config.Config, error) {
	cfg, err := config.Load(s.file)
	if errors.Is(err, os.ErrNotExist) {
		return cfg, fmt.Errorf("there is no configuration at %s; \"rightsdesk config\" prints one to start from", s.file)
	}
	return cfg, err
}

type exampleCmd struct{}

// Run prints the example.
func (exampleCmd) Run(s *shell) error {
	_, err := s.out.Write(config.Example())
	return err
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], &shell{in: os.Stdin, out: os.Stdout, err: os.Stderr})
	stop()
	os.Exit(code)
}

// errSilent ends a command with status 1; what there is to say has been said.
var errSilent = errors.New("failed")

// run carries out a command line: 0 for success, 1 for failure, 2 for a command
// line that makes no sense.
func run(ctx context.Context, args []string, s *shell) int {
	var c cli
	exit := -1
	parser, err := kong.New(&c, kong.Name("rightsdesk"), kong.Writers(s.out, s.err), kong.Exit(func(code int) { exit = code }),
		kong.Description("The copyright and reprint compliance service of a newspaper."),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}), kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(s))
	if err != nil {
		fmt.Fprintln(s.err, "rightsdesk:", err)
		return 2
	}
	command, err := parser.Parse(args)
	if exit >= 0 {
		return exit
	}
	if err != nil {
		fmt.Fprintf(s.err, "rightsdesk: %v\n", err)
		return 2
	}
	level := slog.LevelWarn
	switch {
	case c.Debug:
		level = slog.LevelDebug
	case command.Command() == "serve":
		level = slog.LevelInfo
	}
	s.log = slog.New(trace.Handler(slog.NewTextHandler(s.err, &slog.HandlerOptions{Level: level})))
	s.file = c.Config
	if err := command.Run(); err != nil {
		if !errors.Is(err, errSilent) {
			fmt.Fprintln(s.err, "rightsdesk:", say(err))
		}
		return 1
	}
	return 0
}
