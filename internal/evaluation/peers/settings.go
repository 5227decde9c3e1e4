package main

import (
	"math"
	"slices"
)

// row is a peer at one setting.
type row struct {
	Peer    string             `json:"peer"`
	How     string             `json:"how"`
	Setting string             `json:"setting"`
	From    float64            `json:"from"` // the least score that is reported
	Recall  map[string]float64 `json:"recall"`
	Mean    float64            `json:"recall_mean"`
	// False alarms: pairs per million and per cent of the unrelated pages, and the
	// pairs without those that are known to share text.
	Million      float64 `json:"false_pairs_per_million"`
	MillionOther float64 `json:"false_pairs_per_million_without_known"`
	Percent      float64 `json:"false_pages_percent"`
	// Pages a second: unrelated ones and copies.
	Unrelated float64 `json:"unrelated_pages_per_second"`
	Copies    float64 `json:"copies_per_second"`
	Megabytes float64 `json:"megabytes"`
}

// rows are a peer at its settings.
func rows(p peer, got, ours *outcome) []row {
	var list []row
	add := func(setting string, from float64) {
		r := at(got, from)
		r.Peer, r.How, r.Setting = p.name, p.how, setting
		list = append(list, r)
	}
	if !p.tuned {
		add("as shipped", 0)
		return list
	}
	for _, from := range p.documented {
		add("documented", from)
	}
	add("best balance", balanced(got))
	add("false alarms of ours", quiet(got, at(ours, 0).Million))
	return list
}

// at is what a peer gives at a setting.
func at(got *outcome, from float64) row {
	r := row{
		From: from, Recall: map[string]float64{}, Megabytes: float64(got.Bytes) / (1 << 20),
		Unrelated: 1 / got.PerUnrelated, Copies: 1 / got.PerCopy,
	}
	all := map[string]float64{}
	for _, f := range got.Copies {
		all[f.Variant]++
		if f.Score >= from {
			r.Recall[f.Variant]++
		}
	}
	for name, n := range all {
		r.Recall[name] *= 100 / n
		r.Mean += r.Recall[name] / float64(len(all))
	}
	pages := map[int]bool{}
	for _, a := range got.Alarms {
		if a.Score >= from {
			pages[a.Page] = true
			r.Million++
			if !a.Shared {
				r.MillionOther++
			}
		}
	}
	pairs := float64(got.Articles) * float64(got.Unrelated)
	r.Million, r.MillionOther = r.Million*1e6/pairs, r.MillionOther*1e6/pairs
	r.Percent = 100 * float64(len(pages)) / float64(got.Unrelated)
	return r
}

// balanced is the setting where mean recall less the share of unrelated pages
// reported is greatest.
func balanced(got *outcome) float64 {
	best, most := 0.0, math.Inf(-1)
	for _, from := range bounds(got) {
		r := at(got, from)
		if gain := r.Mean - r.Percent; gain > most {
			best, most = from, gain
		}
	}
	return best
}

// quiet is the setting of greatest recall at which no more than so many pairs
// of a million are reported.
func quiet(got *outcome, million float64) float64 {
	list := bounds(got)
	for _, from := range list {
		if at(got, from).Million <= million {
			return from
		}
	}
	return math.Nextafter(list[len(list)-1], math.Inf(1))
}

// mostBounds is how many settings are tried.
const mostBounds = 400

// bounds are scores that were given, in order, evenly chosen among the copies'
// and among the alarms'.
func bounds(got *outcome) []float64 {
	var copies, alarms []float64
	for _, f := range got.Copies {
		if f.Score > lowest {
			copies = append(copies, f.Score)
		}
	}
	for _, a := range got.Alarms {
		alarms = append(alarms, a.Score)
	}
	var list []float64
	for _, scores := range [][]float64{copies, alarms} {
		slices.Sort(scores)
		scores = slices.Compact(scores)
		for i := 0; i < len(scores); i += 1 + len(scores)/(mostBounds/2) {
			list = append(list, scores[i])
		}
		if len(scores) > 0 {
			list = append(list, scores[len(scores)-1])
		}
	}
	if len(list) == 0 {
		return []float64{0}
	}
	slices.Sort(list)
	return slices.Compact(list)
}
