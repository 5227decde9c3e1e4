package evaluation

import "strings"

// compare says for each setting of the counting rule how ours fares at the loosest
// setting that has no more false alarms, on which variants it finds less.
func (r *Report) compare(line func(format string, args ...any)) {
	line("\nours with no more false alarms than the counting rule: from, per million pairs, per cent of pages, variants on which it finds more, fewer")
	for _, theirs := range r.Curve {
		if theirs.Rule != "counting" {
			continue
		}
		ours, ok := r.within(theirs)
		if !ok {
			line("%6.2f  at no setting", theirs.From)
			continue
		}
		more, fewer := 0, []string(nil)
		for i, recall := range ours.Recall {
			switch {
			case recall > theirs.Recall[i]:
				more++
			case recall < theirs.Recall[i]:
				fewer = append(fewer, r.Variants[i].Name)
			}
		}
		line("%6.2f  ours from %4.2f  %7.1f %6.2f  more on %2d, fewer on %2d %s",
			theirs.From, ours.From, ours.Million, ours.Percent, more, len(fewer), strings.Join(fewer, "; "))
	}
}

// within is our loosest setting with no more false alarms than a point has.
func (r *Report) within(p Point) (Point, bool) {
	for hundredths := 1; hundredths <= 400; hundredths++ {
		ours := r.ours(float64(hundredths) / 100)
		if ours.Million <= p.Million && ours.Percent <= p.Percent {
			return ours, true
		}
	}
	return Point{}, false
}
