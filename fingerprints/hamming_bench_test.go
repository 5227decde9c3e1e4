package fingerprints_test

import (
	"fmt"
	"math/bits"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"rightsdesk/fingerprints"
)

// BenchmarkHashIndex reports the median of a search, what comparing all hashes
// takes in the same run, and the memory of one hash. Half of the queries have a
// hash within k.
func BenchmarkHashIndex(b *testing.B) {
	for _, n := range []int{10_000, 100_000, 1_000_000, 10_000_000} {
		b.Run(fmt.Sprintf("hashes=%d", n), func(b *testing.B) {
			random := rand.New(rand.NewPCG(1, uint64(n)))
			hashes, live := make([]uint64, n), make([]uint64, (n+63)/64)
			for id := range hashes {
				hashes[id] = random.Uint64()
				live[id/64] |= 1 << (id % 64)
			}
			before := heap()
			start := time.Now()
			x, err := fingerprints.LoadHashIndex(hashes, live)
			if err != nil {
				b.Fatal(err)
			}
			loaded := time.Since(start)
			memory := float64(heap()-before) / float64(n)
			for _, k := range []int{3, 5, 8} {
				b.Run(fmt.Sprintf("k=%d", k), func(b *testing.B) {
					benchmarkSearch(b, x, hashes, k)
					b.ReportMetric(memory, "B/hash")
					b.ReportMetric(loaded.Seconds(), "load-s")
				})
			}
		})
	}
}

func benchmarkSearch(b *testing.B, x *fingerprints.HashIndex, hashes []uint64, k int) {
	b.Helper()
	random := rand.New(rand.NewPCG(2, uint64(k)))
	queries := make([]uint64, 4001)
	for i := range queries {
		queries[i] = random.Uint64()
		if i%2 == 0 {
			queries[i] = flipped(random, hashes[random.IntN(len(hashes))], k)
		}
	}
	dst, i := make([]uint32, 0, 64), 0
	b.ReportAllocs()
	for b.Loop() {
		dst = x.Search(dst[:0], queries[i%len(queries)], k)
		i++
	}
	ours := median(len(queries), func(i int) { dst = x.Search(dst[:0], queries[i], k) })
	all := median(7, func(i int) { dst = compareAll(dst[:0], hashes, queries[i], k) })
	b.ReportMetric(float64(ours.Nanoseconds()), "median-ns")
	b.ReportMetric(float64(all.Nanoseconds()), "brute-ns")
	b.ReportMetric(float64(all)/float64(ours), "times-brute")
}

// BenchmarkHashIndexAdd adds to an index of a million.
func BenchmarkHashIndexAdd(b *testing.B) {
	random := rand.New(rand.NewPCG(3, 4))
	x := indexOf(crowd(random, 1_000_000))
	id := uint32(1_000_000)
	for b.Loop() {
		x.Add(id, random.Uint64())
		id++
	}
}

func compareAll(dst []uint32, hashes []uint64, hash uint64, k int) []uint32 {
	for id, h := range hashes {
		if bits.OnesCount64(h^hash) <= k {
			dst = append(dst, uint32(id))
		}
	}
	return dst
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
