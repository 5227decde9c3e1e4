package benchmark

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"rightsdesk/fingerprints"
	"rightsdesk/internal/index"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/scan"
	"rightsdesk/internal/store"
)

// ScanOptions say what [Scan] measures.
type ScanOptions struct {
	Articles int // that are registered
	Pages    int // that are saved
}

// Scan measures how fast saved pages are scanned, on all cores, from files in the
// system's cache and with the register in a database, beside the screen of the same
// pages in memory on as many cores. Both go in turns, some thousand pages at a time.
func Scan(ctx context.Context, o ScanOptions, yield func(Figure) error) error {
	if o.Articles < 1 || o.Pages < 1 {
		return errors.New("numbers of articles and pages are at least one")
	}
	paper, err := newArticles()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "rightsdesk-bench")
	if err != nil {
		return err
	}
	db, err := store.Open(ctx, filepath.Join(dir, "r.db"), slog.New(slog.DiscardHandler))
	if err != nil {
		return errors.Join(err, os.RemoveAll(dir))
	}
	return errors.Join(scanAll(ctx, &scanning{o: o, paper: paper, dir: dir, db: db}, yield), db.Close(), os.RemoveAll(dir))
}

// scanning is a scan that is measured.
type scanning struct {
	o     ScanOptions
	paper *articles
	dir   string
	db    *store.DB
	index *index.Index

	scanned, screened time.Duration
	copies, matched   int
}

func scanAll(ctx context.Context, s *scanning, yield func(Figure) error) error {
	if err := s.register(ctx); err != nil {
		return err
	}
	const turn = 2500 // pages
	a := newArchive(s.paper, s.o.Articles)
	for from := 0; from < s.o.Pages; from += turn {
		pages := make([][]byte, min(turn, s.o.Pages-from))
		for i := range pages {
			pages[i] = a.page(from + i)
			if a.copies(from + i) {
				s.copies++
			}
		}
		dir := filepath.Join(s.dir, fmt.Sprint("pages", from))
		if err := errors.Join(os.Mkdir(dir, 0o700), a.save(dir, pages)); err != nil {
			return err
		}
		if err := errors.Join(s.screen(ctx, pages), s.scan(ctx, dir)); err != nil {
			return err
		}
		if err := os.RemoveAll(dir); err != nil {
			return err
		}
	}
	of := fmt.Sprintf("%s saved pages among %s articles", grouped(s.o.Pages), grouped(s.o.Articles))
	second := func(d time.Duration) float64 { return float64(s.o.Pages) / d.Seconds() }
	speed := atLeast("scan of "+of+", share of the screen's speed in memory", s.screened.Seconds()/s.scanned.Seconds(), "x", 0.5)
	speed.Peer = fmt.Sprintf("on %d cores, scan %.0f pages/s, screen %.0f pages/s", runtime.GOMAXPROCS(0), second(s.scanned), second(s.screened))
	found := atLeast("copies that the scan finds", 100*float64(s.matched)/float64(s.copies), "%", 100)
	found.Peer = fmt.Sprintf("%d of %d, each two thirds of an article", s.matched, s.copies)
	return errors.Join(yield(speed), yield(found))
}

// register puts the articles into the database and makes the index of them.
func (s *scanning) register(ctx context.Context) (err error) {
	const together = 2000
	for from := 0; from < s.o.Articles && err == nil; from += together {
		err = s.db.Update(ctx, func(tx *store.Tx) error {
			for n := from; n < min(from+together, s.o.Articles); n++ {
				if err := tx.PutArticle(ctx, s.article(uint64(n)), ""); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err == nil {
		s.index, err = index.Load(ctx, index.Options{DB: s.db, File: filepath.Join(s.dir, "index"), Log: slog.New(slog.DiscardHandler)})
	}
	return err
}

// article is the made article of a number as the register has it.
func (s *scanning) article(n uint64) *rights.Article {
	const aDay = 100
	a := s.paper.article(n)
	day := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(n/aDay))
	return &rights.Article{
		ID: a.ID, Paper: "临江日报", IssueDate: day.Format(time.DateOnly), PageNo: "01", Headline: a.Title, Paragraphs: strings.Split(a.Text, "\n"),
	}
}

// screen has the screen look at pages in memory.
func (s *scanning) screen(ctx context.Context, pages [][]byte) error {
	start := time.Now()
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for _, raw := range pages {
		g.Go(func() error {
			_, err := s.index.Candidates(ctx, screened(raw))
			return err
		})
	}
	err := g.Wait()
	s.screened += time.Since(start)
	return err
}

// scan scans the pages of a folder.
func (s *scanning) scan(ctx context.Context, dir string) error {
	start := time.Now()
	out := dir + ".jsonl"
	counts, err := scan.Run(ctx, scan.Options{Paths: []string{dir}, Out: out, Index: s.index})
	s.scanned += time.Since(start)
	if err != nil {
		return err
	}
	f, err := os.Open(out)
	if err != nil {
		return err
	}
	lines := json.NewDecoder(f)
	for range counts.Matched {
		var found scan.Finding
		if err := lines.Decode(&found); err != nil {
			return errors.Join(err, f.Close())
		}
		if slices.ContainsFunc(found.Matches, func(m fingerprints.Match) bool { return !m.LinkOnly && m.Coverage > copied/2 }) {
			s.matched++
		}
	}
	return f.Close()
}
