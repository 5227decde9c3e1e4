package fingerprints

import "math"

// sum adds up the segments of an article.
type sum struct {
	article, page int // folded characters of both texts
	plain, best   float64
	chain         float64 // of the strongest chain, beyond what counts for nothing
	chars         int
}

// least is how many bits of a segment prove anything alone.
func (s *sum) least() float64 {
	if s.article < shortArticle {
		return shortBits
	}
	return leastSegment
}

// add counts a piece whose longest stretch has so many characters.
func (s *sum) add(p *piece, stretch float64) {
	bits := p.alone()
	if bits < s.least() {
		return
	}
	bits += longBits * max(0, stretch-longRun) * (1 - float64(p.often)/float64(max(1, p.chars)))
	whole := min(1, stretch/wholeRun)
	s.plain += bits
	s.best = max(s.best, bits*whole*whole*whole*whole)
	s.chars += p.chars
}

// score is the weight of the sum in the article and on the page.
func (s *sum) score() float64 {
	ofArticle, ofPage := float64(s.chars)/float64(s.article), float64(s.chars)/float64(s.page)
	if s.article < shortArticle {
		if ofArticle < shortShare || s.plain < shortBits {
			return 0
		}
		return 1 + s.plain/threshold
	}
	less, more := min(ofArticle, ofPage), max(ofArticle, ofPage)
	cover := min(1, math.Pow(less, 0.6)*math.Pow(more, 1.4)/wholeCover)
	weight := coverWeight + bothWeight*max(0, less-bothCover)
	return (s.best + weight*s.plain*cover + chainWeight*s.chain) / threshold
}
