package fingerprints

const (
	thinReach = 24 // characters that are looked at where a text goes on thinly
	thinBand  = 4  // of which so many more may be passed in one text
	thinLeast = 3  // that must be equal, beyond what the others cost
	thinDrop  = 8  // a way ends where it costs so much
	thinCost  = 1.2
	shiftCost = 1.4 // of a character that only one text has
	outside   = -1 << 10
)

// way is one through a place where two texts differ.
type way struct {
	worth         float32
	page, article int8 // 1 + where the first character is that both have; 0 before it
}

// thinly is the way over a place after which two texts differ often but are the same
// text, as where one character in five was replaced: up to the first character that
// both have on the best way through what follows, which is found as Needleman and
// Wunsch did (1970), in a band. It is nil where no way is worth it. More than half of
// the characters must be equal, or it would join the common words of two reports.
func (a *aligner) thinly(i, j, d int) *edit {
	pages, articles := ahead(i, d, len(a.page)), ahead(j, d, len(a.article))
	var rows [2][thinReach + 1]way
	for m := range articles + 1 {
		rows[0][m].worth = -shiftCost * float32(m)
	}
	for n := 1; n <= pages; n++ {
		above, row := &rows[(n-1)%2], &rows[n%2]
		from, to := max(1, n-thinBand), min(articles, n+thinBand)
		row[from-1] = way{worth: outside}
		if from == 1 {
			row[0] = way{worth: -shiftCost * float32(n)}
		}
		if to < articles {
			row[to+1] = way{worth: outside}
		}
		a.work -= to - from + 1
		best := float32(-thinDrop)
		for m := from; m <= to; m++ {
			w := above[m-1]
			if a.page[i+d*(n-1)] != a.article[j+d*(m-1)] {
				w.worth -= thinCost
			} else if w.worth++; w.page == 0 {
				w.page, w.article = int8(n), int8(m)
			}
			w = shifted(w, above[m], row[m-1])
			if w.worth >= thinLeast {
				a.passed = edit{int(w.page) - 1, int(w.article) - 1, 0, editCost * float64(max(w.page, w.article)-1)}
				return &a.passed
			}
			row[m], best = w, max(best, w.worth)
		}
		if best <= -thinDrop {
			break
		}
	}
	return nil
}

// ahead is how many of so many characters lie from a place on in a direction, and are
// looked at.
func ahead(from, d, length int) int {
	if d < 0 {
		return min(thinReach, from+1)
	}
	return min(thinReach, length-from)
}

// shifted is a way, or one of those beside it that goes on with a character of one
// text, where that is better.
func shifted(w way, beside ...way) way {
	for _, o := range beside {
		if o.worth -= shiftCost; o.worth > w.worth {
			w = o
		}
	}
	return w
}
