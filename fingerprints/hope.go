package fingerprints

// hope reports whether a candidate may score as much as is reported, or have
// enough to be a common source, whatever its characters prove. It asks no ledger,
// and most candidates have none.
func (c *candidate) hope(page int, least float64) bool {
	size := len(c.folded.Folded)
	if size < shortest {
		return least <= 0
	}
	most := sum{article: size, page: page}
	chars, longest := 0, 0
	for i := range c.segments {
		n := c.segments[i].matched()
		most.add(&piece{mine: mostBits * float64(n), chars: n}, float64(n))
		chars, longest = chars+n, max(longest, c.segments[i].longest())
	}
	most.chain = max(0, mostBits*float64(chars)-leastChain)
	return most.score() >= least || worthNaming(size, chars, longest)
}
