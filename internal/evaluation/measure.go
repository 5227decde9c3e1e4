package evaluation

import (
	"cmp"
	"slices"
	"sync"

	"rightsdesk/fingerprints"
)

// Variant is what became of one way of copying.
type Variant struct {
	Name  string
	Pages int
	// Found counts the pages on which the article was reported, or another
	// article that has the same words.
	Found int
	// Common counts the pages on which it was named as common source.
	Common int
	// Precision and Recall are of the characters in passages.
	Precision, Recall float64
	// Astray is the part of the copied characters that is shown as another
	// article's.
	Astray   float64
	Baseline int

	ranks, counts []float64 // of each page, by our rule and by the baseline's
}

// bench is what variants are looked for with: at the setting that ships, at the
// loosest one, and by the baseline.
type bench struct {
	x, loose      *fingerprints.Index
	find, loosely search
	base          *counting
	*maker
}

func (k *bench) measure(v variant, n int) Variant {
	tries := k.tries(v, n)
	for _, t := range tries {
		for _, b := range t.page.register {
			k.x.Add(b)
			k.loose.Add(b)
			k.base.add(b)
		}
	}
	r := Variant{Name: v.name, Pages: n, ranks: make([]float64, n), counts: make([]float64, n)}
	var mu sync.Mutex
	var hit, shown, planted, astray int
	each(n, func(i int) {
		t := tries[i]
		page, id := string(t.page.text), cmp.Or(t.page.owner, k.articles[t.article].ID)
		matches, sources := k.find(page)
		score, passages := credit(matches, id, t.page.spans)
		common := slices.ContainsFunc(sources, func(s fingerprints.CommonSource) bool { return s.Article == id && len(s.Holders) > 0 })
		r.ranks[i] = score
		if score == 0 {
			loose, _ := credit(k.loosely.matches(page), id, t.page.spans)
			r.ranks[i] = min(belowOne, loose)
			for _, s := range sources {
				if s.Article == id {
					r.ranks[i] = max(r.ranks[i], rank(s))
				}
			}
		}
		count := k.base.scores(page)[k.base.numbers[id]]
		a, b, c := compare(t.page.spans, passages)
		mu.Lock()
		defer mu.Unlock()
		r.counts[i] = float64(count)
		if score >= 1 {
			r.Found++
			hit, shown, planted = hit+a, shown+b, planted+c
			astray += elsewhere(matches, id, t.page.spans)
		} else if common {
			r.Common++
		}
		if count >= countingChars {
			r.Baseline++
		}
	})
	r.Precision, r.Recall = float64(hit)/float64(max(1, shown)), float64(hit)/float64(max(1, planted))
	r.Astray = float64(astray) / float64(max(1, planted))
	slices.Sort(r.ranks)
	slices.Sort(r.counts)
	return r
}

const (
	// commonRank is how many characters of a common source, without a change, the
	// curve takes for a score of 1.
	commonRank = 150
	// belowOne is the highest rank of what is no match at the setting that ships.
	belowOne = 0.99
)

// rank is where a common source stands on the curve, among the scores below 1, by
// its longest run or by how much of the article it is: the looser the setting, the
// smaller are those that count as reported, on copies and on unrelated pages alike.
func rank(s fingerprints.CommonSource) float64 {
	return min(belowOne, max(float64(s.LongestRun)/commonRank, s.Coverage))
}

// elsewhere counts the code points of the spans that are shown as another
// article's.
func elsewhere(matches []fingerprints.Match, id string, spans [][2]int) (n int) {
	for _, m := range matches {
		if m.Article != id && m.Score >= 1 && !m.Reworded {
			hit, _, _ := compare(spans, m.Passages)
			n += hit
		}
	}
	return n
}

// credit is the score of the match of an article, or of another that has half of
// the copied text or more: it has the same words.
func credit(matches []fingerprints.Match, id string, spans [][2]int) (float64, []fingerprints.Passage) {
	score, passages := 0.0, []fingerprints.Passage(nil)
	for _, m := range matches {
		if m.Article == id {
			return m.Score, m.Passages
		}
		if hit, _, planted := compare(spans, m.Passages); 2*hit > planted && m.Score > score {
			score, passages = m.Score, m.Passages
		}
	}
	return score, passages
}

// joined is how far passages may stand apart, in code points, and be one.
const joined = 30

// compare counts code points of the page: in both, in the passages joined where
// they follow each other closely, in what was copied.
func compare(spans [][2]int, passages []fingerprints.Passage) (hit, shown, planted int) {
	var found [][2]int
	for _, p := range passages {
		if n := len(found) - 1; n >= 0 && p.Page[0]-found[n][1] <= joined {
			found[n][1] = max(found[n][1], p.Page[1])
			continue
		}
		found = append(found, p.Page)
	}
	for _, f := range found {
		shown += f[1] - f[0]
		for _, s := range spans {
			hit += max(0, min(f[1], s[1])-max(f[0], s[0]))
		}
	}
	for _, s := range spans {
		planted += s[1] - s[0]
	}
	return hit, shown, planted
}
