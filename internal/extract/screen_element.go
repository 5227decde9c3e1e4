package extract

// start takes the start tag that was read.
func (s *screen) start() {
	t := &s.tag
	if s.cover.on() && !s.cover.start(t) {
		s.uncover()
	}
	if t.is(control) && s.picking {
		s.picking = false
		if t.is(picker) {
			return // a selection within a selection ends it
		}
	}
	if t.is(anchor) {
		s.endLink()
		s.startLink()
	}
	switch {
	case t.is(verbatim):
		s.contents()
		return
	case t.called("base") && !s.based:
		s.based, s.base = true, s.attribute(s.bytes(t.href))
	}
	s.startTable()
	if s.cover.on() {
		if t.is(breaks) {
			s.aside.line()
		}
		return
	}
	conceals := s.conceals()
	s.forms = s.forms || t.called("form")
	if conceals {
		if s.para && t.is(breaks) && t.is(outer) {
			s.shown.line() // it ends the paragraph, though it does not show
		}
		s.cover.lay(t, s.tables)
		s.cover.inPara, s.cover.inItem = s.para, s.item
		s.picking = t.is(picker)
		return
	}
	if t.is(breaks) {
		s.shown.line()
	}
	if t.is(outer) {
		s.para = t.is(para)
		s.item = t.is(item|term) || s.item && !t.is(list|terms)
	}
	if !t.is(empty) {
		s.startHeading()
	}
}

// conceals reports whether nothing of the element shows. What a parser ignores
// where it stands hides nothing.
func (s *screen) conceals() bool {
	t := &s.tag
	switch {
	case t.is(hides):
		return !t.is(alien) || !t.closed
	case !t.hidden, t.is(empty), t.called("html"), t.called("body"):
		return false
	case t.is(cell | row | rows):
		return len(s.tables) > 0
	case t.is(grid):
		return true
	case len(s.tables) > 0 && !s.tables[len(s.tables)-1]:
		return false
	case t.called("form"):
		return len(s.tables) == 0 && !s.forms
	}
	return true
}

// startTable keeps account of where in a table the page is. What stands in a
// table but in no cell, a browser moves in front of the table.
func (s *screen) startTable() {
	last := len(s.tables) - 1
	switch t := &s.tag; {
	case t.is(grid) && (last < 0 || s.tables[last]):
		s.tables = append(s.tables, false)
	case last >= 0 && t.is(cell|row|rows):
		s.tables[last] = t.is(cell)
	}
}

func (s *screen) endTable() {
	last := len(s.tables) - 1
	switch t := &s.tag; {
	case last < 0:
	case t.is(grid):
		s.tables = s.tables[:last]
	case t.is(cell | row | rows):
		s.tables[last] = false
	}
}

// end takes the end tag that was read.
func (s *screen) end() {
	t := &s.tag
	s.endTable()
	if t.is(picker) {
		s.picking = false
	}
	if s.cover.on() {
		if s.cover.end(t) {
			s.endAside()
			return
		}
		s.uncover()
	}
	if t.is(breaks) {
		s.shown.line()
	}
	if t.is(outer) {
		s.para = false
		s.item = s.item && !t.is(item|term|list|terms)
	}
	if t.is(anchor) {
		s.endLink()
	}
	s.headings.end(t, len(s.shown.buf))
}

// endAside ends an element in the hidden one, or that one.
func (s *screen) endAside() {
	if s.tag.is(breaks) {
		s.aside.line()
	}
	if s.tag.is(anchor) {
		s.endLink()
	}
	if !s.cover.on() {
		s.uncover()
	}
}

// uncover goes back to what is visible.
func (s *screen) uncover() {
	s.cover.open = s.cover.open[:0]
	if s.linking && s.links[len(s.links)-1].aside {
		s.endLink()
	}
}
