package scan

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"time"

	"golang.org/x/sync/errgroup"

	"rightsdesk/fingerprints"
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
	Files   int `json:"files"`
	Pages   int `json:"pages"`
	Matched int `json:"matched"` // pages on which something was found
	Damaged int `json:"damaged"` // files that could not be read to their end
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
	ahead     = 256 // records under way
	together  = 32  // of these, that are looked at by one look-up
)

// scan is one run.
type scan struct {
	opt   Options
	files []file
	total int64
	out   *os.File

	// What follows belongs to the goroutine that takes the results in.
	at      state
	last    time.Time
	damaged []error

	done int64 // bytes; belongs to the goroutine that reads
}

// Run scans, from where the last run on the same output ended. Files that are
// damaged are counted, and named in the error once the rest is done. A scan that
// is broken off keeps what it has.
func Run(ctx context.Context, opt Options) (Counts, error) {
	s := &scan{opt: opt, last: time.Now()}
	if err := s.open(); err != nil {
		return Counts{}, err
	}
	err := s.run(ctx)
	if err == nil || ctx.Err() != nil {
		err = errors.Join(err, s.save())
	}
	return s.at.Counts, errors.Join(err, s.out.Close(), errors.Join(s.damaged...))
}

// run reads the files, while pages are looked at beside it and the results are
// taken in, in the order of the records.
func (s *scan) run(whole context.Context) error {
	began := s.at
	group, ctx := errgroup.WithContext(whole)
	group.SetLimit(runtime.GOMAXPROCS(0) + 1)
	order := make(chan slot, ahead)
	group.Go(func() error { return s.collect(ctx, order) })
	var now batch
	put := func(one slot) error {
		now.add(one)
		if now.records >= together {
			now.look(ctx, s, group)
		}
		select {
		case order <- one:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	for _, f := range s.files {
		if f.path < began.File || f.path == began.File && began.Done {
			s.read(int(f.size), f.path)
			continue
		}
		skip := 0
		if f.path == began.File {
			skip = began.Records
		}
		fault := f.read(func(n int) { s.read(n, f.path) }, func(n int, p *page) error {
			if n < skip {
				return nil
			}
			return put(slot{file: f.path, records: n + 1, page: p, result: make(chan result, 1)})
		})
		if ctx.Err() != nil || put(slot{file: f.path, end: true, fault: fault}) != nil {
			break
		}
	}
	now.look(ctx, s, group)
	close(order)
	if err := group.Wait(); err != nil {
		return err
	}
	return whole.Err()
}

// slot is the place of a record in the order of the output, or of a file's end.
type slot struct {
	file    string
	records int // of the file, with this one
	page    *page
	result  chan result
	end     bool
	fault   error // why the file could not be read to its end
}

// result is what came of one record.
type result struct {
	line []byte
	page bool
	err  error
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

// collect takes the results in the order of their records.
func (s *scan) collect(ctx context.Context, order <-chan slot) error {
	for one := range order {
		if one.end {
			s.at.File, s.at.Records, s.at.Done = one.file, 0, true
			s.at.Counts.Files++
			if one.fault != nil {
				s.at.Counts.Damaged++
				s.damaged = append(s.damaged, fmt.Errorf("%s: %w", one.file, one.fault))
			}
			continue
		}
		select {
		case r := <-one.result:
			if err := s.take(r); err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
		s.at.File, s.at.Records, s.at.Done = one.file, one.records, false
		if time.Since(s.last) > saveEvery {
			if err := s.save(); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *scan) take(r result) error {
	if r.err != nil {
		return r.err
	}
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
	s.done += int64(n)
	if s.opt.Progress != nil {
		s.opt.Progress(s.done, s.total, path)
	}
}
