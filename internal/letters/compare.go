package letters

import "rightsdesk/fingerprints"

// Compare marks the differences of two texts for showing them side by side.
func Compare(ours, theirs string) Passage {
	var p Passage
	add := func(to *[]Span, text string, mark Mark) {
		if text != "" {
			*to = append(*to, Span{Text: text, Mark: mark})
		}
	}
	for _, e := range fingerprints.Diff(ours, theirs) {
		mine, other := Equal, Equal
		switch e.Op {
		case fingerprints.Equal:
		case fingerprints.Insert:
			other = Added
		case fingerprints.Delete:
			mine = Missing
		case fingerprints.Replace:
			mine, other = Changed, Changed
		}
		add(&p.Ours, e.Ours, mine)
		add(&p.Theirs, e.Theirs, other)
	}
	return p
}
