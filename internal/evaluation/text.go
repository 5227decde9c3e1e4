package evaluation

import (
	"fmt"
	"slices"
	"strings"
)

// Point is one setting of a rule, and what it gives.
type Point struct {
	Rule string
	From float64 // score, or characters that count
	// False alarms: pairs per million and per cent of the pages, of all and
	// without the pairs that are known to share text.
	Million, Percent, MillionOther, PercentOther float64
	Recall                                       []float64 // of each variant, per cent
}

func (r *Report) curve() []Point {
	var list []Point
	for _, from := range []float64{0.01, 0.05, 0.08, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.4, 1.6, 1.8, 2, 2.5, 3, 4} {
		list = append(list, r.ours(from))
	}
	for _, from := range []float64{24, 40, 60, countingChars, 100, 120, 160, 200} {
		list = append(list, r.point("counting", from, r.Negatives.baseline, func(v *Variant) []float64 { return v.counts }))
	}
	return list
}

func (r *Report) ours(from float64) Point {
	return r.point("ours", from, r.Negatives.ranked, func(v *Variant) []float64 { return v.ranks })
}

func (r *Report) point(rule string, from float64, alarms []Alarm, scores func(*Variant) []float64) Point {
	p := Point{Rule: rule, From: from}
	p.Million, p.Percent = r.Negatives.rates(alarms, from)
	others := slices.DeleteFunc(slices.Clone(alarms), func(a Alarm) bool { return a.Shared })
	p.MillionOther, p.PercentOther = r.Negatives.rates(others, from)
	for i := range r.Variants {
		p.Recall = append(p.Recall, share(scores(&r.Variants[i]), from))
	}
	return p
}

// rates are pairs per million, and per cent of the pages.
func (n *Negatives) rates(list []Alarm, from float64) (million, percent float64) {
	pages, pairs := map[string]bool{}, 0
	for _, a := range list {
		if a.Score >= from {
			pairs++
			pages[a.Page] = true
		}
	}
	return float64(pairs) * 1e6 / n.pairs, 100 * float64(len(pages)) / float64(n.pages)
}

// share is the part of sorted scores that is not under a bound, in per cent.
func share(sorted []float64, from float64) float64 {
	k, _ := slices.BinarySearch(sorted, from)
	return 100 * float64(len(sorted)-k) / float64(max(1, len(sorted)))
}

// Text is the report for reading.
func (r *Report) Text() string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("Seed %d: %d articles registered, %d unrelated pages, %d texts of background.", r.Seed, r.Registered, r.Pages, r.Background)
	line("Pages of a variant copy articles drawn with replacement from the %d of which no older text has half or more: on %d pages each stands %.1f times on average.",
		r.Copied, r.Variants[0].Pages, float64(r.Variants[0].Pages)/float64(r.Copied))
	line("\nrecall  common  either  precision  recall of characters  of others  counting  variant")
	for _, v := range r.Variants {
		percent := func(n int) float64 { return 100 * float64(n) / float64(v.Pages) }
		line("%6.2f  %6.2f  %6.2f  %9.3f  %20.3f  %9.4f  %8.2f  %s", percent(v.Found), percent(v.Common), percent(v.Found+v.Common), v.Precision, v.Recall, v.Astray, percent(v.Baseline), v.Name)
	}
	line("\non %.2f %% of the unrelated pages an article is named as common source, on %.2f %% one of which no other holder is known",
		100*float64(r.Negatives.Common)/float64(r.Pages), 100*float64(r.Negatives.Quoted)/float64(r.Pages))
	line("\nfalse alarms per million pairs, per cent of pages; the same without pairs that are known to share text; recall of each variant;"+
		" below 1 with common sources of so much of the article, or %d times as many characters without a change", commonRank)
	for _, p := range r.Curve {
		fmt.Fprintf(&b, "%-8s %6.2f %7.1f %6.2f %7.1f %6.2f ", p.Rule, p.From, p.Million, p.Percent, p.MillionOther, p.PercentOther)
		for _, v := range p.Recall {
			fmt.Fprintf(&b, " %5.1f", v)
		}
		b.WriteByte('\n')
	}
	r.compare(line)
	line("\nfalse alarms by kind: per million pairs, without those known to share text, per cent of pages, pairs")
	for _, k := range r.Negatives.Kinds {
		per := func(n, of int, times float64) float64 { return times * float64(n) / float64(max(1, of)) }
		line("%7.1f %7.1f %6.2f %9d  %s", per(k.Alarms, k.Pairs, 1e6), per(k.Other, k.Pairs, 1e6), per(k.AlarmPages, k.Pages, 100), k.Pairs, k.Name)
	}
	line("\nreported on unrelated pages: score, page, article, kind")
	for _, a := range r.Negatives.Alarms {
		if a.Score >= 1 {
			line("%6.2f  %-18s %-18s %s", a.Score, a.Page, a.Article, a.what())
		}
	}
	line("\nshort articles, by folded characters: found with a site around, in another article, with 10 %% replaced; false alarms per million pairs, per cent of pages; registered")
	for _, s := range r.Short {
		percent := func(n int) float64 { return 100 * float64(n) / float64(max(1, s.Pages)) }
		unrelated := float64(max(1, s.unrelated))
		line("%3d to %3d  %6.2f %6.2f %6.2f  %6.1f %5.2f  %d", s.From, s.To-1, percent(s.Around), percent(s.Within), percent(s.Replaced),
			1e6*float64(s.Alarms)/unrelated/float64(max(1, s.Registered)), 100*float64(s.AlarmPages)/unrelated, s.Registered)
	}
	line("\ninside saved pages: found once extracted, screened, found in the whole text; lost by the screen; pages")
	for _, p := range r.Placed {
		percent := func(n int) float64 { return 100 * float64(n) / float64(p.Pages) }
		line("%6.2f %6.2f %6.2f %4d %5d  %s", percent(p.Extracted), percent(p.Screened), percent(p.Whole), p.Lost, p.Pages, p.Variant)
	}
	return b.String()
}

// what says of an alarm what is known of it.
func (a *Alarm) what() string {
	switch {
	case a.Kind != "":
		return a.Kind
	case a.Shared:
		return "mined, not judged"
	case a.Reworded:
		return "reworded"
	}
	return "not judged"
}
