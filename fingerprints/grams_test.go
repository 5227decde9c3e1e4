package fingerprints_test

import (
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
		grams := fingerprints.Hashes(run)
		one := fingerprints.Winnow(fingerprints.Hashes(slices.Concat([]rune(before), run, []rune(after))))
		other := fingerprints.Winnow(fingerprints.Hashes(slices.Concat([]rune(otherBefore), run, []rune(otherAfter))))
		if !slices.ContainsFunc(one, func(h uint64) bool { return slices.Contains(grams, h) && slices.Contains(other, h) }) {
			t.Fatalf("%x and %x share none of %x", one, other, grams)
		}
	})
}
