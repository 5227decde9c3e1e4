package evaluation

import "strings"

// alarms are the false alarms of a point, per million pairs and per cent of the pages.
type alarms func(Point) (million, percent float64)

// compare says for each setting of the counting rule how ours fares at the loosest
// setting that has no more false alarms, on which variants it finds less: by all that
// is reported on unrelated pages, and without the pairs that are known to share text,
// of which ours finds more.
func (r *Report) compare(line func(format string, args ...any)) {
	for _, by := range []struct {
		name string
		of   alarms
	}{
		{"", func(p Point) (million, percent float64) { return p.Million, p.Percent }},
		{", without pairs that are known to share text", func(p Point) (million, percent float64) { return p.MillionOther, p.PercentOther }},
	} {
		line("\nours with no more false alarms than the counting rule%s: from, per million pairs, per cent of pages, variants on which it finds more, fewer", by.name)
		for _, theirs := range r.Curve {
			if theirs.Rule == "counting" {
				r.beside(theirs, by.of, line)
			}
		}
	}
}

func (r *Report) beside(theirs Point, of alarms, line func(format string, args ...any)) {
	ours, ok := r.within(theirs, of)
	if !ok {
		line("%6.2f  at no setting", theirs.From)
		return
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
	million, percent := of(ours)
	line("%6.2f  ours from %4.2f  %7.1f %6.2f  more on %2d, fewer on %2d %s", theirs.From, ours.From, million, percent, more, len(fewer), strings.Join(fewer, "; "))
}

// within is our loosest setting with no more false alarms than a point has.
func (r *Report) within(p Point, of alarms) (Point, bool) {
	million, percent := of(p)
	for hundredths := 1; hundredths <= 400; hundredths++ {
		ours := r.ours(float64(hundredths) / 100)
		if m, c := of(ours); m <= million && c <= percent {
			return ours, true
		}
	}
	return Point{}, false
}
