package desk

import (
	"slices"
	"strconv"

	"rightsdesk/internal/rights"
	"rightsdesk/policies"
)

// matchView is one article beside one page.
type matchView struct {
	*rights.Match
	Article  *rights.Article
	Label    string
	Findings []findingView
	Against  []findingView // but for the rule that decided, which stands in Findings
	Excused  bool          // the rule that decided speaks against us
	Sides    sides
	Segments []segmentView // that were copied from
	Standing map[int]string
}

// findingView is a rule that held, in the reader's language.
type findingView struct {
	Rule, Label, Text string
	Basis             []string
	Clause            policies.Clause
	Values            []value
}

// segmentView is a part of an article and how it is shown.
type segmentView struct {
	rights.Segment
	Index   int
	Excerpt string
	Copied  int // code points that stand on the page
	Form    string
}

func (d *desk) matchView(v *visit, m *rights.Match, a *rights.Article) *matchView {
	w := words{v.loc}
	view := &matchView{Match: m, Article: a, Label: w.label(m.Verdict.Label, m.Verdict.LabelEN), Sides: compare(m, a)}
	for _, f := range m.Verdict.Findings {
		view.Findings = append(view.Findings, d.findingView(w, m, f))
	}
	for _, f := range m.Verdict.Against {
		if f.Rule == m.Verdict.Rule {
			view.Excused = true
			continue
		}
		view.Against = append(view.Against, d.findingView(w, m, f))
	}
	view.Segments = slices.DeleteFunc(segmentViews(a, m), func(s segmentView) bool { return s.Copied == 0 })
	return view
}

func (d *desk) findingView(w words, m *rights.Match, f policies.Finding) findingView {
	return findingView{
		Rule: f.Rule, Label: w.label(f.Label, f.LabelEN), Text: w.label(f.Text, f.TextEN), Basis: f.Basis,
		Clause: d.clause(m, f.Clause), Values: d.values(w, f),
	}
}

// excerpt is how much of a segment is quoted to recognise it.
const excerpt = 40

// segmentViews are the segments of an article; m may be nil.
func segmentViews(a *rights.Article, m *rights.Match) []segmentView {
	text := []rune(a.Text())
	list := make([]segmentView, 0, len(a.Segments))
	for i, s := range a.Segments {
		if s.Start < 0 || s.End > len(text) || s.Start >= s.End {
			continue
		}
		view := segmentView{Segment: s, Index: i, Excerpt: cut(excerpt, string(text[s.Start:s.End])), Form: "segment-" + strconv.Itoa(i)}
		if m != nil {
			view.Copied = overlap(s, m)
		}
		list = append(list, view)
	}
	return list
}

// overlap counts the code points of a segment that passages cover.
func overlap(s rights.Segment, m *rights.Match) int {
	covered := make([]bool, s.End-s.Start)
	n := 0
	for _, p := range m.Found.Passages {
		for i := max(p.Article[0], s.Start); i < min(p.Article[1], s.End); i++ {
			if !covered[i-s.Start] {
				covered[i-s.Start] = true
				n++
			}
		}
	}
	return n
}
