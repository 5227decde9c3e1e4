package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
)

// peer is a method of finding articles on pages.
type peer struct {
	name, how  string
	documented []float64 // the least scores that its documentation or a paper names
	tuned      bool      // whether other least scores are tried
	open       func(ctx context.Context, s *set) (*opened, error)
}

// opened is a peer that has taken the articles in.
type opened struct {
	// look finds articles on a page, by their number.
	look func(ctx context.Context, page string) ([]answer, error)
	// processes run for the peer besides this one.
	processes []int
	close     func() error
}

// answer is an article that may stand on a page; the greater the score, the
// surer.
type answer struct {
	Article int
	Score   float64
}

// outcome is what a peer answered.
type outcome struct {
	Articles, Unrelated   int
	Copies                []found
	Alarms                []alarm
	PerCopy, PerUnrelated float64 // seconds of the processor a page
	Bytes                 int     // of memory that it took
}

// found is the best score of the right article on a page that copies it; lowest
// where it was not named.
type found struct {
	Variant string
	Score   float64
}

const lowest = -math.MaxFloat64

// alarm is an article named on an unrelated page.
type alarm struct {
	Page   int
	Score  float64
	Shared bool // the two are known to share text
}

// measure asks a peer about every page, one after another.
func measure(ctx context.Context, p peer, s *set) (*outcome, error) {
	before, err := memory(nil)
	if err != nil {
		return nil, err
	}
	o, err := p.open(ctx, s)
	if err != nil {
		return nil, err
	}
	got := &outcome{Articles: len(s.registered), Unrelated: len(s.unrelated)}
	if got.PerUnrelated, err = each(o, len(s.unrelated), func(i int) error {
		return got.unrelated(ctx, o, s, i)
	}); err == nil {
		got.PerCopy, err = each(o, len(s.copies), func(i int) error { return got.copy(ctx, o, s, i) })
	}
	if err != nil {
		return nil, errors.Join(err, o.close())
	}
	after, err := memory(o.processes)
	runtime.KeepAlive(s)
	got.Bytes = after - before
	return got, errors.Join(err, o.close())
}

// each calls look for every page and returns the seconds that a page took of the
// processor.
func each(o *opened, pages int, look func(i int) error) (float64, error) {
	before, err := worked(o.processes)
	if err != nil {
		return 0, err
	}
	for i := range pages {
		if err := look(i); err != nil {
			return 0, fmt.Errorf("page %d: %w", i, err)
		}
	}
	after, err := worked(o.processes)
	return (after - before).Seconds() / float64(max(1, pages)), err
}

func (got *outcome) unrelated(ctx context.Context, o *opened, s *set, i int) error {
	answers, err := o.look(ctx, s.unrelated[i].Text)
	for _, w := range answers {
		known := s.shared(s.unrelated[i].ID, s.registered[w.Article].ID)
		got.Alarms = append(got.Alarms, alarm{i, w.Score, known})
	}
	return err
}

func (got *outcome) copy(ctx context.Context, o *opened, s *set, i int) error {
	c := s.copies[i]
	answers, err := o.look(ctx, c.Text)
	f := found{c.Variant, lowest}
	for _, w := range answers {
		if id := s.registered[w.Article].ID; id == c.Article || s.shared(id, c.Article) {
			f.Score = max(f.Score, w.Score)
		}
	}
	got.Copies = append(got.Copies, f)
	return err
}
