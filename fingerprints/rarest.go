package fingerprints

import "math"

// Rarest returns the number of the sentence that says the least of what other
// texts say, by how surprising its characters are: the one to search for an
// article by. The sentences are of a registered article. It is -1 where none has
// as many folded characters as least.
func (x *Index) Rarest(sentences []string, least int) int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	var r reader
	best, most := -1, -1.0
	for i, s := range sentences {
		t := Fold(s).Folded
		if len(t) < least {
			continue
		}
		sum := 0.0
		for _, b := range x.ledger.Bits(&r, stretch{t, 0, len(t)}, 1, math.Inf(1)) {
			sum += b
		}
		if mean := sum / float64(len(t)); mean > most {
			best, most = i, mean
		}
	}
	return best
}
