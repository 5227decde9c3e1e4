package fingerprints

import "math"

// rewording is what a page and an article share in small pieces.
type rewording struct {
	// Gain is how many bits shorter the article can be told by who has the page,
	// after the price of saying which pieces of it to take.
	Gain float64
	// Share is the gain in all the bits of the article, 0 to 1.
	Share float64
	// Passages are the pieces, in the order of the article. Here, their ends count
	// folded characters.
	Passages []Passage
}

// A page is a rewording from here. Of a million pairs of an article and another
// text, six reach both; of these, all but one in fifteen share text at length,
// as an excerpt does.
const (
	rewordedGain  = 300  // bits
	rewordedShare = 0.15 // of the article
)

// Found reports whether the page tells the article again in other words. It is
// a proposal: an event's own facts, in two reports of it, look alike.
func (r rewording) Found() bool { return r.Gain >= rewordedGain && r.Share >= rewordedShare }

const (
	mostPieceBits  = 8   // a character proves no more, however rare
	pieceCost      = 6.0 // bits to say that a piece is taken and how long it is
	longestPiece   = 64  // folded characters; a longer one counts as several
	mostPlaces     = 32  // on the page that are tried for a place of the article
	shortestPiece  = 2   // folded characters
	nowhere        = -1
	pairsPerBucket = 2
)

// retold is a page in which articles are looked for piece by piece.
type retold struct {
	page  []rune
	heads []int32 // by the hash of a pair of characters: its last place on the page
	next  []int32 // by place: an earlier place of the same hash
	far   float64 // bits that name any place of the page
}

// newRetold prepares a folded page. It keeps the page.
func newRetold(page []rune) *retold {
	size := 1
	for size < pairsPerBucket*len(page) {
		size *= 2
	}
	r := &retold{page: page, heads: make([]int32, size), next: make([]int32, len(page)), far: math.Log2(float64(len(page) + 2))}
	for i := range r.heads {
		r.heads[i] = nowhere
	}
	for i := 0; i+shortestPiece <= len(page); i++ {
		h := r.bucket(page[i], page[i+1])
		r.next[i], r.heads[h] = r.heads[h], int32(i)
	}
	return r
}

func (r *retold) bucket(a, b rune) uint32 {
	h := (uint64(a)<<32 | uint64(b)) * 0x9E3779B97F4A7C15
	return uint32(h>>32) & uint32(len(r.heads)-1)
}

// Rewording looks for a folded article on the page. bits are how surprising
// each of its characters is, by what other texts have there; 8 a character
// count. The article is taken from left to right, and at each place the piece
// of the page that saves most: the bits of its characters, less the price of
// naming it, which is small where the page goes on in the article's order. So
// names, numbers and quotations in their order weigh most, and phrases that any
// text has weigh nothing.
//
// It finds what is told in the article's own details, and little of what gives
// them up: of articles reworded sentence by sentence all, of those told anew
// from the same facts about half. An article of which a page tells but a
// few sentences is not found, nor one shorter than some 80 characters.
func (r *retold) Rewording(article []rune, bits []float64) rewording {
	var found rewording
	total, after := 0.0, 0
	for _, b := range bits {
		total += min(b, mostPieceBits)
	}
	if total == 0 {
		return found
	}
	for i := 0; i+shortestPiece <= len(article); {
		gain, at, length := r.piece(article[i:], bits[i:], after)
		if length == 0 {
			i++
			continue
		}
		found.Gain += gain
		found.Passages = append(found.Passages, Passage{Article: [2]int{i, i + length}, Page: [2]int{at, at + length}})
		i, after = i+length, at+length
	}
	found.Share = found.Gain / total
	return found
}

// piece is the piece of the page that starts the article and saves most; its
// length is 0 where none saves anything. The one before it ended at after.
func (r *retold) piece(article []rune, bits []float64, after int) (gain float64, at, length int) {
	tries := 0
	for q := r.heads[r.bucket(article[0], article[1])]; q != nowhere && tries < mostPlaces; q = r.next[q] {
		tries++
		n, saved := r.equal(article, bits, int(q))
		if n < shortestPiece || saved-pieceCost-1 <= gain {
			continue
		}
		jump := math.Log2(1 + math.Abs(float64(int(q)-after)))
		if saved -= pieceCost + min(r.far, 1+jump); saved > gain {
			gain, at, length = saved, int(q), n
		}
	}
	return gain, at, length
}

// equal counts the characters from the start of the article that stand on the
// page from q on, and their bits.
func (r *retold) equal(article []rune, bits []float64, q int) (n int, saved float64) {
	page := r.page[q:min(q+longestPiece, len(r.page))]
	for n < len(page) && n < len(article) && page[n] == article[n] {
		saved += min(bits[n], mostPieceBits)
		n++
	}
	return n, saved
}
