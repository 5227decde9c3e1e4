// Package benchmark measures how fast the detection is and how much memory it
// takes, each figure beside its target.
//
// The articles are made, as nobody has ten million at hand, see [Run]. Look-ups
// go one after another, and what counts is the time that they had a processor,
// so that they say what one core does. The best of several rounds counts. No
// round has the pages of another, and together they have more than the caches of
// a processor hold.
package benchmark

import (
	"context"
	"errors"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"rightsdesk/internal/demo"
)

// Figure is something that was measured.
type Figure struct {
	Name   string  `json:"name"`
	Value  float64 `json:"value"`
	Unit   string  `json:"unit"` // x, µs, s, B, %, pages/s
	Target float64 `json:"target"`
	Ratio  float64 `json:"ratio"` // at least 1 where the target is met
	// Peer says what the value is to be compared with, and what that gave in the
	// same run.
	Peer string `json:"-"`
}

// atLeast is a figure that should be large.
func atLeast(name string, value float64, unit string, target float64) Figure {
	return Figure{Name: name, Value: value, Unit: unit, Target: target, Ratio: value / target}
}

// atMost is a figure that should be small.
func atMost(name string, value float64, unit string, target float64) Figure {
	return Figure{Name: name, Value: value, Unit: unit, Target: target, Ratio: target / value}
}

// Options say what is measured.
type Options struct {
	// Data is a folder as evaluation.Load reads it. Without it, no figures of
	// saved pages are measured.
	Data string
	// Articles are the sizes of the index; at the last all is measured, at the
	// others the time of a page.
	Articles []int
	Hashes   int // that are searched
	Pages    int // that are looked up in each of several rounds
}

// Run measures and hands every figure to yield as soon as it is there. The
// articles are made of the sample paper's characters, see [rightsdesk/internal/demo],
// and recur in each other as real ones do.
func Run(ctx context.Context, o Options, yield func(Figure) error) error {
	if len(o.Articles) == 0 || slices.Min(o.Articles) < 1 || o.Hashes < 1 || o.Pages < 1 {
		return errors.New("numbers of articles, hashes and pages are at least one")
	}
	paper, err := newArticles()
	if err != nil {
		return err
	}
	if err := yield(simhashes(paper)); err != nil {
		return err
	}
	f, err := hamming(o.Hashes)
	if err != nil {
		return err
	}
	if err := yield(f); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "rightsdesk-bench")
	if err != nil {
		return err
	}
	r := &register{paper: paper, dir: dir, pages: o.Pages, yield: yield}
	return errors.Join(r.measure(ctx, o), r.close(), os.RemoveAll(dir))
}

func newArticles() (*articles, error) {
	s, err := demo.Load()
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	for _, a := range s.Articles {
		b.WriteString(strings.Join(a.Paragraphs, "\n") + "\n")
	}
	return &articles{[]rune(b.String())}, nil
}

// rounds is how often something is measured.
const rounds = 5

// best is the time of a processor that the fastest round took.
func best(round func(i int) error) (time.Duration, error) {
	least := time.Duration(-1)
	for i := range rounds {
		start := worked()
		if err := round(i); err != nil {
			return 0, err
		}
		if d := worked() - start; least < 0 || d < least {
			least = d
		}
	}
	return max(least, 1), nil
}

// grouped writes a number with commas between thousands.
func grouped(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
