package benchmark

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"slices"
	"sync"
	"time"

	"github.com/edsrzf/mmap-go"
	"golang.org/x/sync/errgroup"

	"rightsdesk/fingerprints"
)

// register is an index that grows. It reads from a file that is mapped, as the
// service's does; the texts come from memory.
type register struct {
	paper *articles
	dir   string
	pages int
	yield func(Figure) error

	index  *fingerprints.Index
	empty  int // bytes that the process held before there was an index
	mapped mmap.MMap

	mu    sync.Mutex
	texts map[string]fingerprints.Article // that were asked for
}

func (r *register) close() error {
	if r.mapped == nil {
		return nil
	}
	return r.mapped.Unmap()
}

func (r *register) measure(ctx context.Context, o Options) error {
	pages := make([]string, rounds*o.Pages)
	for i := range pages {
		pages[i] = r.paper.page(i)
	}
	sizes := slices.Compact(slices.Sorted(slices.Values(o.Articles)))
	took := make([]looked, len(sizes))
	r.empty = held()
	r.index = fingerprints.NewIndex()
	r.index.TextsFrom(r.source)
	for i, size := range sizes {
		if err := r.grow(ctx, size); err != nil {
			return err
		}
		memory := r.memory()
		var err error
		if took[i], err = r.lookUp(ctx, pages); err != nil {
			return err
		}
		if err := r.report(sizes[:i+1], took, memory); err != nil {
			return err
		}
	}
	for _, f := range []func(context.Context) (Figure, error){r.match, r.ready} {
		if err := r.put(f(ctx)); err != nil {
			return err
		}
	}
	if o.Data == "" {
		return nil
	}
	return r.saved(ctx, o.Data)
}

func (r *register) put(f Figure, err error) error {
	if err != nil {
		return err
	}
	return r.yield(f)
}

const (
	noMatchTarget = 8000 // pages a second
	million       = 1_000_000
	step          = 100 // times the articles
)

// report hands out what was measured at the last of the sizes; memory is per
// article, of the process and of the file.
func (r *register) report(sizes []int, took []looked, memory [2]float64) error {
	last := len(sizes) - 1
	now, size := took[last], grouped(sizes[last])
	second := func(d time.Duration) float64 { return 1 / d.Seconds() }
	page := atMost("time of a page without match among "+size+" articles", now.whole.Seconds()*1e6, "µs", 1e6/noMatchTarget)
	page.Peer = fmt.Sprintf("%.1f %% of the pages pass the screen and are compared, %.1f %% match", 100*now.kept, 100*now.matched)
	list := []Figure{page}
	for i, s := range sizes[:last] {
		if s*step == sizes[last] {
			name := fmt.Sprintf("time of a page among %s articles, times that among %s", size, grouped(s))
			list = append(list, atMost(name, float64(now.whole)/float64(took[i].whole), "x", 2))
		}
	}
	if sizes[last] >= million || last == len(took)-1 {
		target := 1200.0
		if sizes[last] >= 10*million {
			target = 1000
		}
		held := atMost("memory of an article among "+size, memory[0]+memory[1], "B", target)
		held.Peer = fmt.Sprintf("%.0f of the process, %.0f of the file", memory[0], memory[1])
		list = append(list,
			atLeast("pages without match among "+size+" articles", second(now.whole), "pages/s", noMatchTarget),
			atLeast("pages without match among "+size+" articles, the screen alone", second(now.screen), "pages/s", noMatchTarget), held)
	}
	for _, f := range list {
		if err := r.yield(f); err != nil {
			return err
		}
	}
	return nil
}

const (
	batch        = 1 << 12
	fewPending   = 1 << 13
	pendingShare = 10
	mostPending  = 500_000
)

// grow adds articles until there are so many, and writes the index to a file now
// and then and at the end.
func (r *register) grow(ctx context.Context, size int) error {
	for r.index.Len() < size {
		if err := ctx.Err(); err != nil {
			return err
		}
		from := r.index.Len()
		sketches := make([]fingerprints.Sketch, min(batch, size-from))
		var g errgroup.Group
		workers := runtime.GOMAXPROCS(0)
		for w := range workers {
			g.Go(func() error {
				for i := w; i < len(sketches); i += workers {
					sketches[i] = fingerprints.NewSketch(r.paper.article(uint64(from + i)))
				}
				return nil
			})
		}
		if err := g.Wait(); err != nil {
			return err
		}
		for _, s := range sketches {
			r.index.AddSketch(s)
		}
		if r.index.Pending() >= min(mostPending, fewPending+r.index.Len()/pendingShare) {
			if err := r.compact(); err != nil {
				return err
			}
		}
	}
	return r.compact()
}

// compact has the index read from a file.
func (r *register) compact() error {
	before := r.mapped
	err := r.index.Compact(func(write func(io.Writer) error) ([]byte, error) {
		f, err := os.CreateTemp(r.dir, "*.snapshot")
		if err != nil {
			return nil, err
		}
		if err := write(f); err != nil {
			return nil, errors.Join(err, f.Close())
		}
		m, err := mmap.Map(f, mmap.RDONLY, 0)
		if err == nil {
			r.mapped = m
		}
		// The name is not needed any more, and the mapping keeps the file.
		return m, errors.Join(err, f.Close(), os.Remove(f.Name()))
	})
	if err != nil || before == nil {
		return err
	}
	return before.Unmap()
}

// memory is what the index takes an article, of the process and of the file, in
// bytes.
func (r *register) memory() [2]float64 {
	r.texts = map[string]fingerprints.Article{}
	n := float64(r.index.Len())
	return [2]float64{float64(held()-r.empty) / n, float64(len(r.mapped)) / n}
}

// held is the memory that the process has from the system, without garbage.
func held() int {
	debug.FreeOSMemory()
	list := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(list)
	return int(list[0].Value.Uint64() - list[1].Value.Uint64())
}

// source makes texts when they are first asked for.
func (r *register) source(_ context.Context, ids []string) ([]fingerprints.Article, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := make([]fingerprints.Article, len(ids))
	for i, id := range ids {
		a, ok := r.texts[id]
		if !ok {
			var n uint64
			if _, err := fmt.Sscanf(id, idFormat, &n); err != nil {
				return nil, err
			}
			a = r.paper.article(n)
			r.texts[id] = a
		}
		list[i] = a
	}
	return list, nil
}
