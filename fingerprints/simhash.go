package fingerprints

import (
	"math/bits"

	"github.com/mfonda/simhash"
)

const simhashGram = 3

// Simhash is Charikar's fingerprint of the folded text over its 3-grams of
// characters: texts that share most grams differ in few bits. Words would not
// do, as Chinese has no spaces between them.
func Simhash(t Text) uint64 {
	return simhash.Simhash(grams3(t.Folded))
}

// Distance is the number of bits in which two simhashes differ, 0 to 64.
func Distance(a, b uint64) int { return bits.OnesCount64(a ^ b) }

type grams3 []rune

// GetFeatures makes grams3 a simhash.FeatureSet.
func (g grams3) GetFeatures() []simhash.Feature {
	if len(g) < simhashGram {
		return []simhash.Feature{simhash.NewFeature([]byte(string(g)))}
	}
	features := make([]simhash.Feature, 0, len(g)-simhashGram+1)
	for i := range len(g) - simhashGram + 1 {
		features = append(features, simhash.NewFeature([]byte(string(g[i:i+simhashGram]))))
	}
	return features
}
