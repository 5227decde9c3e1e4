package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"rightsdesk/internal/world"
)

// worldCmd runs the whole service through a world of sites on this machine.
type worldCmd struct {
	Hosts    int           `default:"60"      help:"Sites."`
	Pages    int           `default:"200"     help:"Pages of each site."`
	Reprints int           `default:"600"     help:"Pages, of all, that reprint an article."`
	Articles int           `default:"800"     help:"Articles in the register."`
	Seed     uint64        `default:"1"       help:"What the texts are drawn from."`
	Rest     time.Duration `default:"100ms"   help:"Least rest of a host between two requests; in earnest it is 3s."`
	Timeout  time.Duration `default:"2s"      help:"Of one exchange."`
	MaxBytes int64         `default:"2097152" help:"Of a page; what follows is cut."`
}

// Help says what is shown.
func (worldCmd) Help() string {
	return `Serves fictitious sites on loopback, one page in twenty of which misbehaves (bombs, endless and dripping answers, redirects
in circles and to addresses inside, lies about type, coding and character set, errors, traps), registers articles of which
some are reprinted there, and sweeps every site once. Prints what was found, what the servers' own log says of the rests
between our requests, and the most memory that was held. The exit status is 1 where reprints were missed, other pages were taken for
reprints, a host was not left alone as it is due, an address inside was reached, or more than 600 MB were needed.`
}

// Run goes through the world.
func (c worldCmd) Run(ctx context.Context, s *shell) error {
	if c.Hosts < 1 || c.Hosts > 100 || c.Pages < 20 || c.Reprints < 0 || c.Reprints > c.Hosts*c.Pages/2 || c.Articles < c.Reprints {
		return errors.New("wants 1 to 100 hosts, 20 pages or more on each, reprints on at most half of them, and as many articles")
	}
	dir, err := os.MkdirTemp("", "rightsdesk-world")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a temporary folder
	bar := newProgress(s.err)
	report, err := world.Run(ctx, world.Options{
		Dir: dir, Hosts: c.Hosts, Pages: c.Pages, Reprints: c.Reprints, Articles: c.Articles, Seed: c.Seed,
		Rest: c.Rest, Timeout: c.Timeout, MaxBytes: c.MaxBytes, Log: s.log,
		Progress: func(done, total int) { bar.tell(done, total, "") },
	})
	bar.end()
	if err != nil {
		return err
	}
	fmt.Fprint(s.out, report.Text())
	if len(report.Shortfalls()) > 0 {
		return errSilent
	}
	return nil
}
