package benchmark

import (
	"fmt"
	"math/bits"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/mfonda/simhash"

	"rightsdesk/fingerprints"
)

// grams are the 3-grams of a folded text for the library that sets the standard.
type grams []rune

// GetFeatures gives them to it.
func (g grams) GetFeatures() []simhash.Feature {
	list := make([]simhash.Feature, 0, len(g))
	for i := 0; i+3 <= len(g); i++ {
		list = append(list, simhash.NewFeature([]byte(string(g[i:i+3]))))
	}
	return list
}

// simhashes is how many times as fast as the library ours is.
func simhashes(paper *articles) Figure {
	const texts = 200
	list := make([]fingerprints.Text, texts)
	for i := range list {
		list[i] = fingerprints.Fold(paper.page(i))
	}
	sum := uint64(0)
	each := func(hash func(t fingerprints.Text) uint64) time.Duration {
		d, _ := best(func(int) error { // it cannot fail
			for _, t := range list {
				sum += hash(t)
			}
			return nil
		})
		return d / texts
	}
	ours := each(fingerprints.Simhash)
	theirs := each(func(t fingerprints.Text) uint64 { return simhash.Simhash(grams(t.Folded)) })
	f := atLeast("simhash, times as fast as mfonda/simhash", float64(theirs)/float64(ours), "x", 15)
	f.Peer = fmt.Sprintf("mfonda/simhash %v a text, ours %v", theirs, ours)
	return f
}

// hamming is the median time of a search for the hashes within 3 bits of one;
// every other one that is asked for has such a neighbour.
func hamming(count int) (Figure, error) {
	const near, asked = 3, 2001
	r := rand.New(rand.NewPCG(1, 1))
	hashes, live := make([]uint64, count), make([]uint64, (count+63)/64)
	for i := range hashes {
		hashes[i] = r.Uint64()
		live[i/64] |= 1 << (i % 64)
	}
	x, err := fingerprints.LoadHashIndex(hashes, live)
	if err != nil {
		return Figure{}, err
	}
	found := make([]uint32, 0, 64)
	search := func(n int, look func(hash uint64)) time.Duration {
		took := make([]time.Duration, n)
		for i := range took {
			hash := r.Uint64()
			if i%2 == 0 {
				hash = hashes[r.IntN(count)] ^ 1<<r.IntN(64) ^ 1<<r.IntN(64)
			}
			start := time.Now()
			look(hash)
			took[i] = time.Since(start)
		}
		slices.Sort(took)
		return max(1, took[n/2])
	}
	ours := search(asked, func(hash uint64) { found = x.Search(found[:0], hash, near) })
	all := search(2*rounds+1, func(hash uint64) {
		found = found[:0]
		for i, h := range hashes {
			if bits.OnesCount64(h^hash) <= near {
				found = append(found, uint32(i))
			}
		}
	})
	f := atMost("search among "+grouped(count)+" hashes, within 3 bits, median", float64(ours.Nanoseconds())/1e3, "µs", 5)
	f.Peer = fmt.Sprintf("comparing all %v, %.0f times as long", all, float64(all)/float64(ours))
	return f, nil
}
