package fingerprints_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"rightsdesk/fingerprints"
)

// FuzzWinnow: of a run of fifteen characters that two texts share, one gram at
// least is selected in both, whatever stands around it.
func FuzzWinnow(f *testing.F) {
	f.Add("本报讯", "最后一段混凝土护坡浇筑完成据市", "", "", "务局介绍")
	f.Add("", "aaaaaaaaaaaaaaaaaaaaa", "b", "aaaa", "aaaaaaaaaa")
	f.Fuzz(func(t *testing.T, before, shared, after, otherBefore, otherAfter string) {
		const guaranteed = 15
		run := []rune(shared)
		if len(run) < guaranteed {
			t.Skip("too short for the guarantee")
		}
		grams := fingerprints.Hashes(nil, run)
		one := fingerprints.Winnow(nil, fingerprints.Hashes(nil, slices.Concat([]rune(before), run, []rune(after))))
		other := fingerprints.Winnow(nil, fingerprints.Hashes(nil, slices.Concat([]rune(otherBefore), run, []rune(otherAfter))))
		if !slices.ContainsFunc(one, func(h uint64) bool { return slices.Contains(grams, h) && slices.Contains(other, h) }) {
			t.Fatalf("%x and %x share none of %x", one, other, grams)
		}
	})
}

// TestReuseAllocatesNothing: a page costs no memory until it is a candidate's.
func TestReuseAllocatesNothing(t *testing.T) {
	const page = "第０２版：" + dike
	var text fingerprints.Text
	var hashes, grams, skeleton []uint64
	read := func() {
		text.Fold(page)
		hashes = fingerprints.Hashes(hashes[:0], text.Folded)
		grams = fingerprints.Winnow(grams[:0], hashes)
		skeleton = fingerprints.Skeleton(skeleton[:0], text.Folded)
	}
	read()
	if n := testing.AllocsPerRun(10, read); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// BenchmarkGrams is what the screen makes of a folded page of 800 characters.
func BenchmarkGrams(b *testing.B) {
	folded := randomText(rand.New(rand.NewPCG(1, 2)), 800, 3000).Folded
	var hashes, grams []uint64
	b.ReportAllocs()
	for b.Loop() {
		hashes = fingerprints.Hashes(hashes[:0], folded)
		grams = fingerprints.Winnow(grams[:0], hashes)
	}
}

// TestWinnowIsItsDefinition: of every window of eight grams the smallest hash is
// selected, the last of equals, and once for each place.
func TestWinnowIsItsDefinition(t *testing.T) {
	const window = 8
	random := rand.New(rand.NewPCG(1, 2))
	for n := range 300 {
		hashes := fingerprints.Hashes(nil, randomText(random, n, 1+n%4).Folded)
		var want []uint64
		for start, taken := 0, -1; start < len(hashes) && (start == 0 || start+window <= len(hashes)); start++ {
			least := start
			for i := start; i < min(start+window, len(hashes)); i++ {
				if hashes[i] <= hashes[least] {
					least = i
				}
			}
			if least != taken {
				want, taken = append(want, hashes[least]), least
			}
		}
		if got := fingerprints.Winnow(nil, hashes); !slices.Equal(got, want) {
			t.Fatalf("%d characters: %x of %x, want %x", n, got, hashes, want)
		}
	}
}
