package scan

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"rightsdesk/fingerprints"
	"rightsdesk/internal/extract"
	"rightsdesk/internal/index"
)

// Options of a scan.
type Options struct {
	Paths []string // files and folders
	Out   string   // where the findings are written
	Index *index.Index
	// Progress is told how many bytes of the files were read; it may be nil.
	Progress func(done, total int64, file string)
}

// Counts are what a scan went through, from its first start on.
type Counts struct {
	Files      int `json:"files"`
	Pages      int `json:"pages"`
	Candidates int `json:"candidates"`
	Matched    int `json:"matched"` // pages on which something was found
	Damaged    int `json:"damaged"` // files that could not be read to their end
}

// Finding is a page on which articles were found: a line of the output.
type Finding struct {
	File    string               `json:"file"`
	Record  int                  `json:"record"` // its number in the file, from 0
	URL     string               `json:"url"`
	Title   string               `json:"title"`
	Matches []fingerprints.Match `json:"matches"` // page offsets are of the screened text
}

const (
	saveEvery = 5 * time.Second
	ahead     = 256 // pages under way
)

// scan is one run.
type scan struct {
	opt   Options
	files []file
	total int64
	out   *os.File

	mu   sync.Mutex // guards what follows: one stretch after the other is taken in
	at   state
	done int64 // bytes
	last time.Time
}

// Run scans, from where the last run on the same output ended. Files that are
// damaged are counted, and named in the error once the rest is done.
func Run(ctx context.Context, opt Options) (Counts, error) {
	s := &scan{opt: opt, last: time.Now()}
	if err := s.open(); err != nil {
		return Counts{}, err
	}
	var damaged []error
	for i, f := range s.files {
		if f.path < s.at.File || f.path == s.at.File && s.at.Done {
			s.read(int(f.size), f.path)
			continue
		}
		skip := 0
		if f.path == s.at.File {
			skip = s.at.Records
		}
		fault, err := s.file(ctx, f, skip)
		if err != nil {
			return s.at.Counts, errors.Join(err, s.out.Close())
		}
		s.at.Counts.Files++
		if fault != nil {
			s.at.Counts.Damaged++
			damaged = append(damaged, fmt.Errorf("%s: %w", f.path, fault))
		}
		s.at.File, s.at.Records, s.at.Done = f.path, 0, true
		if i == len(s.files)-1 || time.Since(s.last) > saveEvery {
			if err := s.save(); err != nil {
				return s.at.Counts, errors.Join(err, s.out.Close())
			}
		}
	}
	return s.at.Counts, errors.Join(append(damaged, s.out.Close())...)
}

// open finds the files and cuts the output back to what the state vouches for.
func (s *scan) open() (err error) {
	if s.files, err = find(s.opt.Paths); err != nil {
		return err
	}
	for _, f := range s.files {
		s.total += f.size
	}
	if s.at, err = load(s.opt.Out); err != nil {
		return err
	}
	if s.out, err = os.OpenFile(s.opt.Out, os.O_CREATE|os.O_RDWR, 0o600); err != nil {
		return err
	}
	if err = s.out.Truncate(s.at.Output); err == nil {
		_, err = s.out.Seek(0, io.SeekEnd)
	}
	if err != nil {
		return errors.Join(err, s.out.Close())
	}
	return nil
}

// result is what came of one record.
type result struct {
	line       []byte
	page       bool
	candidates bool
}

// file scans one file from a record on. fault says that the file is damaged; err
// ends the scan. A scan that was broken off keeps what it has.
func (s *scan) file(broken context.Context, f file, skip int) (fault, err error) {
	s.at.File, s.at.Records, s.at.Done = f.path, skip, false
	group, ctx := errgroup.WithContext(broken)
	group.SetLimit(runtime.GOMAXPROCS(0) + 1)
	order := make(chan chan result, ahead)
	group.Go(func() error { return s.collect(ctx, order) })
	fault = f.read(func(n int) { s.read(n, f.path) }, func(n int, p *page) error {
		if n < skip {
			return nil
		}
		one := make(chan result, 1)
		select {
		case order <- one:
		case <-ctx.Done():
			return ctx.Err()
		}
		if p == nil {
			one <- result{}
			return nil
		}
		group.Go(func() error {
			r, err := s.look(ctx, f, n, p)
			if err == nil {
				one <- r
			}
			return err
		})
		return ctx.Err()
	})
	close(order)
	err = group.Wait()
	if broken.Err() != nil {
		return nil, errors.Join(broken.Err(), s.save())
	}
	return fault, err
}

// look screens a page, and compares it where it has candidates.
func (s *scan) look(ctx context.Context, f file, n int, p *page) (result, error) {
	shown := fingerprints.Page{}
	if p.plain {
		shown.Text, _ = extract.Decode(p.body, p.contentType)
	} else {
		var links []extract.Link
		shown.Title, shown.Text, links = extract.Screen(p.body, p.contentType, p.url)
		for _, l := range links {
			shown.Links = append(shown.Links, fingerprints.Link(l))
		}
	}
	candidates, err := s.opt.Index.Candidates(ctx, shown)
	if err != nil || len(candidates) == 0 {
		return result{page: true}, err
	}
	matches, err := s.opt.Index.Match(ctx, shown)
	if err != nil || len(matches) == 0 {
		return result{page: true, candidates: true}, err
	}
	line, err := json.Marshal(Finding{File: f.path, Record: n, URL: p.url, Title: shown.Title, Matches: matches})
	return result{line: append(line, '\n'), page: true, candidates: true}, err
}

// collect takes the results in the order of their records.
func (s *scan) collect(ctx context.Context, order <-chan chan result) error {
	for one := range order {
		select {
		case r := <-one:
			if err := s.take(r); err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

func (s *scan) take(r result) error {
	if len(r.line) > 0 {
		if _, err := s.out.Write(r.line); err != nil {
			return err // the next run cuts off what of the line was written
		}
		s.at.Output += int64(len(r.line))
		s.at.Counts.Matched++
	}
	if r.page {
		s.at.Counts.Pages++
	}
	if r.candidates {
		s.at.Counts.Candidates++
	}
	s.at.Records++
	if time.Since(s.last) > saveEvery {
		return s.save()
	}
	return nil
}

func (s *scan) save() error {
	s.last = time.Now()
	if err := s.out.Sync(); err != nil {
		return err
	}
	return s.at.save(s.opt.Out)
}

// read counts bytes of a file.
func (s *scan) read(n int, path string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.done += int64(n)
	if s.opt.Progress != nil {
		s.opt.Progress(s.done, s.total, path)
	}
}
