package fingerprints

// sources are the articles of which the page has what others have too, or too
// little to be a match; those first from which another has it. matches is how many
// were found; without any, what scores enough is one.
func (k *comparison) sources(least float64, matches int) []CommonSource {
	var list, originals []CommonSource
	nobody := make([]bool, len(k.page.Folded))
	for _, c := range k.found {
		if c.hopeless || c.reported {
			continue
		}
		e := k.weigh(c, nobody)
		if e.score >= least && matches == 0 || !e.enough(len(c.folded.Folded)) {
			continue
		}
		holders := c.holders(k.found, e, len(k.page.Folded))
		if len(holders) == 0 && e.longest() < quotedRun {
			continue
		}
		list = append(list, k.name(c, e, holders))
		if o := c.original(holders); o != nil {
			if o.hopeless {
				o.bits = make([]float64, len(o.folded.Folded)) // it is named for what c has of it
			}
			if e := k.weigh(o, nobody); len(e.segments) > 0 {
				originals = append(originals, k.name(o, e, o.holders(k.found, e, len(k.page.Folded))))
			}
		}
	}
	return append(originals, list...)
}

// name describes a common source, which is named once.
func (k *comparison) name(c *candidate, e evidence, holders []*candidate) CommonSource {
	m := CommonSource{Match: c.describe(k.page, e), Holders: []string{}}
	m.SimhashDistance, c.reported, c.quoted = Distance(k.hash, c.simhash), true, len(holders) == 0
	for _, h := range holders {
		m.Holders = append(m.Holders, h.id)
	}
	return m
}

// enough reports whether what is shared of an article of this size is worth
// naming, if others have it too.
func (e *evidence) enough(size int) bool {
	return worthNaming(size, e.own+e.common, e.longest())
}

// worthNaming says so of as many characters of an article of a size, of which so
// many run without a change.
func worthNaming(size, chars, longest int) bool {
	switch {
	case longest < sharedRun:
		return false
	case size < shortArticle:
		return float64(chars) >= shortShare*float64(size)
	}
	return chars >= sharedChars
}

func (e *evidence) longest() (n int) {
	for i := range e.segments {
		n = max(n, e.segments[i].longest())
	}
	return n
}
