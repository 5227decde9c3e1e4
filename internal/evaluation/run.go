package evaluation

import (
	"context"
	"runtime"
	"sync"

	"rightsdesk/fingerprints"
)

// Report is what was measured with one seed.
type Report struct {
	Seed                          uint64
	Registered, Pages, Background int
	Copied                        int // of those registered
	Variants                      []Variant
	Negatives                     Negatives
	Curve                         []Point
	Short                         []Short
	Placed                        []Placed
}

// lowest is the score from which pairs are kept for the curve.
const lowest = 0.01

// placedShare is of how many pages one is put into a saved page too: extraction
// is slow.
const placedShare = 20

// Run measures with one seed, and so many pages of each variant.
func (d *Data) Run(ctx context.Context, seed uint64, each int) (*Report, error) {
	parts := d.Deal(seed)
	x, loose := fingerprints.NewIndex(), fingerprints.NewIndex()
	loose.ReportFrom(lowest)
	for _, a := range parts.Registered {
		x.Add(a)
		loose.Add(a)
	}
	for _, a := range parts.Background {
		x.AddKnown(a)
		loose.AddKnown(a)
	}
	k := &bench{x, loose, searchIn(ctx, x), searchIn(ctx, loose), newCounting(parts.Registered), newMaker(d, parts, seed)}
	r := &Report{Seed: seed, Registered: len(parts.Registered), Pages: len(parts.Pages), Background: len(parts.Background)}
	r.Copied = len(k.articles)
	r.Negatives = d.negatives(k, parts)
	if err := d.variants(ctx, k, r, each); err != nil {
		return nil, err
	}
	r.Curve = r.curve()
	r.Short = d.short(ctx, parts, seed, each)
	return r, nil
}

// variants measures the variants, alone and inside saved pages; those that
// register articles come last.
func (d *Data) variants(ctx context.Context, k *bench, r *Report, each int) error {
	for _, v := range variants() {
		if err := ctx.Err(); err != nil {
			return err
		}
		r.Variants = append(r.Variants, k.measure(v, each))
	}
	frames, err := d.frames()
	if err != nil {
		return err
	}
	for _, v := range variants() {
		p, err := k.placed(ctx, frames, v, (each+placedShare-1)/placedShare)
		if err != nil {
			return err
		}
		r.Placed = append(r.Placed, p)
	}
	for _, v := range followUps() {
		r.Variants = append(r.Variants, k.measure(v, each))
	}
	return nil
}

// each calls f for 0 to n-1 on all cores.
func each(n int, f func(i int)) {
	var wg sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		wg.Go(func() {
			for i := w; i < n; i += workers {
				f(i)
			}
		})
	}
	wg.Wait()
}
