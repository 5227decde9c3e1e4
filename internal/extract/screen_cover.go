package extract

import "slices"

// maxCover bounds how deep an element may nest that is not shown.
const maxCover = 256

// cover is the element that hides what is being read, with the elements that
// are open in it. Where the markup leaves in doubt whether the element has
// ended, it has: text too much is only compared, text too little is missed.
type cover struct {
	open     []opened
	tabled   bool // the element stands in a table
	fostered bool // and in no cell of it
	inPara   bool // it may stand in a paragraph
	inItem   bool // it may stand in an item of a list
}

type opened struct {
	key uint64
	traits
}

func (c *cover) on() bool { return len(c.open) > 0 }

func (c *cover) root() traits { return c.open[0].traits }

// lay begins to hide; tables are those around t, and whether a cell is open in
// them.
func (c *cover) lay(t *tag, tables []bool) {
	c.open = append(c.open[:0], opened{t.key, t.traits})
	c.tabled = len(tables) > 0 && !t.is(grid)
	c.fostered = c.tabled && !tables[len(tables)-1] && !t.is(cell|row|rows)
}

// start takes the start of an element. It is false where the element is not in
// the hidden one: it ends it, as an item ends the item before it.
func (c *cover) start(t *tag) bool {
	if at := c.alien(); at >= 0 {
		switch {
		case t.is(returns):
			c.open = c.open[:at]
		case t.closed:
			t.traits = 0
			return true
		}
	}
	if at := c.picker(); at >= 0 && t.is(control) {
		c.open = c.open[:at]
	}
	if !c.on() || c.tabular() && !t.is(tablePart|empty|verbatim) || c.endedBy(t) || len(c.open) == maxCover {
		return false
	}
	if !t.is(empty | verbatim) {
		c.open = append(c.open, opened{t.key, t.traits})
	}
	return true
}

// end takes the end of an element. It is false where that element is not in the
// hidden one.
func (c *cover) end(t *tag) bool {
	for i, o := range slices.Backward(c.open) {
		if o.key == t.key {
			c.open = c.open[:i]
			return true
		}
	}
	switch root := c.root(); {
	case t.is(empty | verbatim), t.called("body"), t.called("html"):
		return true
	case !t.is(outer), t.is(para):
		return root.is(outer)
	}
	return c.root().is(tablePart) && !t.is(tablePart)
}

// endedBy reports whether the start of t ends the hidden element, whose end tag
// may be left out.
func (c *cover) endedBy(t *tag) bool {
	if c.tabled && c.alien() < 0 && !c.root().is(inert) && !c.holds(grid|inert, 0) {
		switch {
		case t.is(grid) && c.fostered, t.is(rows), t.is(cell|row) && !c.root().is(row|rows), t.is(row) && c.root().is(row):
			return true
		}
	}
	switch root := c.root(); {
	case root.is(para):
		return t.is(breaks) && t.is(outer) && !c.holds(outer, 0)
	case t.is(item) && !root.is(term), t.is(term) && !root.is(item):
		// It ends the item around the hidden element too.
		return (root.is(item|term) || c.inItem && (root.is(labelled) || !root.is(outer|inert))) && !c.holds(outer, labelled)
	case root.is(anchor):
		return t.is(anchor) && !t.is(empty)
	case root.is(headline):
		return t.is(headline) && len(c.open) == 1
	case c.inPara && !root.is(outer|inert):
		return t.is(breaks) && t.is(outer) && !c.holds(outer, 0)
	case root.is(choice):
		return t.is(choice)
	}
	return false
}

// holds reports whether an element of such traits is open in the hidden one,
// leaving aside those that have the traits but.
func (c *cover) holds(set, but traits) bool {
	for _, o := range c.open[1:] {
		if o.is(set) && !o.is(but) {
			return true
		}
	}
	return false
}

// picker is where the selection stands that is open, or -1.
func (c *cover) picker() int {
	return slices.IndexFunc(c.open, func(o opened) bool { return o.is(picker) })
}

// alien is where the foreign element stands that is being read, or -1.
func (c *cover) alien() int {
	for i, o := range slices.Backward(c.open) {
		if o.is(island) {
			return -1
		}
		if o.is(alien) {
			return i
		}
	}
	return -1
}

// tabular reports whether only a table and its rows are open. A browser moves
// what is no cell in front of the table, where it shows.
func (c *cover) tabular() bool {
	for _, o := range c.open {
		if !o.is(grid | row | rows) {
			return false
		}
	}
	return c.on()
}
