package fingerprints_test

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"math/bits"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"rightsdesk/fingerprints"
)

// near is what Search has to find: the ids of the hashes within k, ascending.
func near(hashes map[uint32]uint64, hash uint64, k int) []uint32 {
	return within(distances(hashes, hash), k)
}

type distance struct {
	id   uint32
	bits int
}

// distances compares all, by ascending id.
func distances(hashes map[uint32]uint64, hash uint64) []distance {
	all := make([]distance, 0, len(hashes))
	for id, h := range hashes {
		all = append(all, distance{id, bits.OnesCount64(h ^ hash)})
	}
	slices.SortFunc(all, func(a, b distance) int { return cmp.Compare(a.id, b.id) })
	return all
}

func within(all []distance, k int) []uint32 {
	ids := []uint32{}
	for _, d := range all {
		if d.bits <= k {
			ids = append(ids, d.id)
		}
	}
	return ids
}

// flipped is hash with n of its bits changed.
func flipped(random *rand.Rand, hash uint64, n int) uint64 {
	for _, bit := range random.Perm(64)[:n] {
		hash ^= 1 << bit
	}
	return hash
}

// crowd has n hashes with many near others: a few centres, and around each the
// hashes at distances 0 to 20.
func crowd(random *rand.Rand, n int) map[uint32]uint64 {
	hashes := map[uint32]uint64{}
	var centre uint64
	for id := range uint32(n) {
		if id%64 == 0 {
			centre = random.Uint64()
		}
		hashes[id] = flipped(random, centre, int(id%21))
	}
	return hashes
}

func indexOf(hashes map[uint32]uint64) *fingerprints.HashIndex {
	x := &fingerprints.HashIndex{}
	for id, h := range hashes {
		x.Add(id, h)
	}
	return x
}

// checkSearches compares searches at every distance with brute force.
func checkSearches(t *testing.T, x *fingerprints.HashIndex, hashes map[uint32]uint64, queries []uint64) {
	t.Helper()
	if x.Len() != len(hashes) {
		t.Fatalf("%d hashes, want %d", x.Len(), len(hashes))
	}
	for _, query := range queries {
		all := distances(hashes, query)
		for _, k := range []int{-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 16, 31, 63, 64, 65} {
			got, want := x.Search([]uint32{}, query, k), within(all, k)
			if !slices.Equal(got, want) {
				t.Fatalf("%016x within %d: %d ids %v, want %d %v", query, k, len(got), got, len(want), want)
			}
		}
	}
}

func TestHashIndexFindsAllThatIsNear(t *testing.T) {
	// Scanned; scanned to the last; by tables for k <= 3; by tables for k <= 9.
	for _, n := range []int{0, 1, 65, 4095, 4096, 50_000} {
		random := rand.New(rand.NewPCG(1, uint64(n)))
		hashes := crowd(random, n)
		queries := []uint64{0, ^uint64(0), random.Uint64()}
		for range min(n, 10) {
			queries = append(queries, flipped(random, hashes[uint32(random.IntN(n))], random.IntN(9)))
		}
		checkSearches(t, indexOf(hashes), hashes, queries)
	}
}

// Pairs at each distance, the changed bits in every division among the blocks
// that chance gives, are found where and only where they are within k.
func TestHashIndexIsExactAtTheBound(t *testing.T) {
	random := rand.New(rand.NewPCG(2, 3))
	x := &fingerprints.HashIndex{}
	for id := range uint32(50_000) {
		x.Add(id, random.Uint64())
	}
	for range 1000 {
		id := uint32(random.IntN(50_000))
		hash, _ := x.Hash(id)
		for k := range 9 {
			if query := flipped(random, hash, k); !slices.Contains(x.Search(nil, query, k), id) {
				t.Fatalf("%016x is not found from %016x within %d", hash, query, k)
			}
			if query := flipped(random, hash, k+1); slices.Contains(x.Search(nil, query, k), id) {
				t.Fatalf("%016x is found from %016x within %d", hash, query, k)
			}
		}
	}
}

func TestHashIndexChanges(t *testing.T) {
	random := rand.New(rand.NewPCG(4, 5))
	hashes := crowd(random, 20_000)
	x := indexOf(hashes)
	for range 30_000 {
		id := uint32(random.IntN(24_000))
		if random.IntN(2) == 0 {
			hashes[id] = flipped(random, hashes[uint32(random.IntN(24_000))], random.IntN(4))
			x.Add(id, hashes[id])
		} else {
			delete(hashes, id)
			x.Remove(id)
		}
	}
	x.Remove(1 << 31)
	for id := range uint32(30_000) {
		got, there := x.Hash(id)
		if want, ok := hashes[id]; there != ok || got != want {
			t.Fatalf("id %d: %016x %v, want %016x %v", id, got, there, want, ok)
		}
	}
	var queries []uint64
	for range 10 {
		queries = append(queries, hashes[uint32(random.IntN(24_000))])
	}
	checkSearches(t, x, hashes, queries)

	restored, err := fingerprints.LoadHashIndex(x.Snapshot())
	if err != nil {
		t.Fatal(err)
	}
	checkSearches(t, restored, hashes, queries)
	for id := range uint32(30_000) {
		restored.Remove(id)
	}
	checkSearches(t, restored, nil, queries[:1])
	if x.Len() != len(hashes) {
		t.Error("a restored index shares memory with its origin")
	}
}

func TestHashIndexRefusesBadSnapshots(t *testing.T) {
	for name, c := range map[string]struct{ hashes, live []uint64 }{
		"no bits":             {make([]uint64, 1), nil},
		"too many bits":       {make([]uint64, 64), make([]uint64, 2)},
		"bits without hashes": {nil, []uint64{0}},
		"an id beyond":        {make([]uint64, 3), []uint64{1 << 3}},
	} {
		if _, err := fingerprints.LoadHashIndex(c.hashes, c.live); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestHashIndexAppends(t *testing.T) {
	hashes := crowd(rand.New(rand.NewPCG(6, 7)), 10_000)
	x := indexOf(hashes)
	want := append([]uint32{9, 8}, near(hashes, hashes[64], 3)...)
	if got := x.Search([]uint32{9, 8}, hashes[64], 3); !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	dst := make([]uint32, 0, 100)
	if n := testing.AllocsPerRun(10, func() { x.Search(dst, hashes[64], 3) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// Readers see each hash that nobody touches at all times, and only ids whose
// hash is near, while others come and go and the tables are first made.
func TestHashIndexConcurrently(t *testing.T) {
	const fixed, moving = 2000, 6000
	random := rand.New(rand.NewPCG(8, 9))
	hashes := crowd(random, fixed)
	x := indexOf(hashes)
	var writers, readers sync.WaitGroup
	done := make(chan struct{})
	for w := range uint64(2) {
		writers.Go(func() {
			random := rand.New(rand.NewPCG(10, w))
			for range 10_000 {
				id := fixed + uint32(random.IntN(moving))
				if random.IntN(3) == 0 {
					x.Remove(id)
				} else {
					x.Add(id, hashes[id%fixed])
				}
			}
		})
		readers.Go(func() {
			random := rand.New(rand.NewPCG(11, w))
			for {
				select {
				case <-done:
					return
				default:
				}
				id := uint32(random.IntN(fixed))
				got := x.Search(nil, hashes[id], 3)
				if !slices.Contains(got, id) {
					t.Errorf("id %d is not found", id)
				}
				for _, id := range got {
					if bits.OnesCount64(hashes[id%fixed]^hashes[got[0]%fixed]) > 6 {
						t.Errorf("id %d is not near", id)
					}
				}
				x.Len()
				x.Hash(id)
				x.Snapshot()
			}
		})
	}
	writers.Wait()
	close(done)
	readers.Wait()
}

// FuzzHashIndex takes fourteen bytes a step: what to do, a distance, an id and
// a hash.
func FuzzHashIndex(f *testing.F) {
	f.Add([]byte("a3idididhashhasha3idididhashhashs8ididid"))
	base := crowd(rand.New(rand.NewPCG(12, 13)), 5000)
	f.Fuzz(func(t *testing.T, steps []byte) {
		hashes := map[uint32]uint64{}
		x := &fingerprints.HashIndex{}
		if len(steps)%2 == 0 { // with tables
			for id, h := range base {
				hashes[id] = h
				x.Add(id, h)
			}
		}
		for ; len(steps) >= 14; steps = steps[14:] {
			id := binary.LittleEndian.Uint32(steps[2:]) % 8192
			hash := binary.LittleEndian.Uint64(steps[6:])
			switch steps[0] % 4 {
			case 0:
				hashes[id] = hash
				x.Add(id, hash)
			case 1:
				delete(hashes, id)
				x.Remove(id)
			case 2:
				hash = hashes[id]
				fallthrough
			default:
				k := int(steps[1] % 66)
				if got, want := x.Search([]uint32{}, hash, k), near(hashes, hash, k); !slices.Equal(got, want) {
					t.Fatalf("%016x within %d: %v, want %v", hash, k, got, want)
				}
			}
		}
	})
}

func ExampleHashIndex() {
	texts := []string{
		"市图书馆新馆将于下月对外开放，馆内设有儿童阅览区、古籍修复室和二十四小时自助借阅厅。",
		"受连日强降雨影响，清河临江段水位昨日二十时涨至警戒线，市防汛指挥部启动三级响应。",
	}
	var index fingerprints.HashIndex
	for id, text := range texts {
		index.Add(uint32(id), fingerprints.Simhash(fingerprints.Fold(text)))
	}
	page := fingerprints.Fold("受连日强降雨影响，清河临江段水位昨日 20 时涨至警戒线，市防汛指挥部启动三级响应！")
	fmt.Println(index.Search(nil, fingerprints.Simhash(page), 3))
	fmt.Println(index.Search(nil, fingerprints.Simhash(page), 8))
	// Output:
	// []
	// [1]
}
