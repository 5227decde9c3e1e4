package letters

// All lengths are points; y grows downwards from the top of an A4 page.
const (
	pageWidth    = 595.28
	pageHeight   = 841.89
	marginX      = 69.64 // leaves 38 characters of 12 points
	marginTop    = 68.0
	marginBottom = 70.0
	textWidth    = pageWidth - 2*marginX
	bodySize     = 12.0
	bodyLead     = 21.0
	cellSize     = 9.5
	cellLead     = 14.5
	cellPadX     = 5.0
	cellPadY     = 3.5
)

type colour struct{ r, g, b uint8 }

func ink() colour { return colour{0, 0, 0} }

// text is a piece of a line in one font and colour.
type text struct {
	x, y    float64 // of the baseline
	face    faceID
	size    float64
	spacing float64
	colour  colour
	chars   string
}

// rule is a straight line.
type rule struct {
	x1, y1, x2, y2 float64
	thick          float64
	colour         colour
}

// fillRect is a filled rectangle.
type fillRect struct {
	x, y, w, h float64
	colour     colour
}

// sheet is what one page shows; fills lie below rules and texts.
type sheet struct {
	fills []fillRect
	rules []rule
	texts []text
}

// flow places lines on pages from top to bottom.
type flow struct {
	sheets []*sheet
	y      float64 // top of the free space
	setter *setter
}

func newFlow(s *setter) *flow {
	f := &flow{setter: s}
	f.newSheet()
	return f
}

func (f *flow) newSheet() {
	f.sheets = append(f.sheets, &sheet{})
	f.y = marginTop
}

func (f *flow) sheet() *sheet { return f.sheets[len(f.sheets)-1] }

func (f *flow) free() float64 { return pageHeight - marginBottom - f.y }

func (f *flow) atTop() bool { return f.y <= marginTop }

// need begins a page where less than this height is left.
func (f *flow) need(height float64) {
	if f.free() < height && !f.atTop() {
		f.newSheet()
	}
}

// gap leaves space, but not at the head of a page.
func (f *flow) gap(height float64) {
	if !f.atTop() {
		f.y += height
	}
}

// drawLine draws a set line; y is the top of its row of the given height.
func (f *flow) drawLine(l line, x, y, size, lead float64) {
	base := y + lead/2 + size*0.36
	s := f.sheet()
	var current *text
	end := 0.0
	for i, a := range l.atoms {
		c := a.style.colour()
		fits := current != nil && current.face == a.face.id && current.colour == c && a.shift == 0 && near(end, x)
		if !fits {
			s.texts = append(s.texts, text{x: x + a.shift, y: base, face: a.face.id, size: size, spacing: l.spacing, colour: c})
			current = &s.texts[len(s.texts)-1]
		}
		current.chars += string(a.char)
		end = x + a.shift + a.face.width(a.char)*size + l.spacing
		advance := a.width
		if i < len(l.atoms)-1 {
			advance += l.spacing
		}
		f.mark(a.style, x, base, advance, size)
		x += advance
	}
}

func near(a, b float64) bool { return a-b < 0.01 && b-a < 0.01 }

func (st style) colour() colour {
	switch st {
	case gap:
		return colour{0x8a, 0x4b, 0x00}
	case changed:
		return colour{0x0b, 0x4a, 0x9e}
	case missing:
		return colour{0xaa, 0x11, 0x11}
	case added:
		return colour{0x11, 0x69, 0x2d}
	case plain, strong, mono:
	}
	return ink()
}

// mark draws what tells a difference apart where colours are lost.
func (f *flow) mark(st style, x, base, width, size float64) {
	s := f.sheet()
	c := st.colour()
	at := func(dy float64) {
		last := len(s.rules) - 1
		if last >= 0 {
			// Marks of neighbours become one line.
			for k := last; k >= 0 && k > last-2; k-- {
				if p := &s.rules[k]; p.colour == c && near(p.y1, base+dy) && near(p.y2, p.y1) && near(p.x2, x) {
					p.x2 = x + width
					return
				}
			}
		}
		s.rules = append(s.rules, rule{x, base + dy, x + width, base + dy, 0.6, c})
	}
	switch st {
	case changed:
		at(size * 0.22)
	case missing:
		at(-size * 0.32)
	case added:
		at(size * 0.17)
		at(size * 0.29)
	case gap:
		s.fills = append(s.fills, fillRect{x, base - size*0.92, width, size * 1.2, colour{0xff, 0xf1, 0xc2}})
	case plain, strong, mono:
	}
}

// paragraph is how a block of lines is set.
type paragraph struct {
	measure

	lead  float64
	left  float64 // of all lines
	align alignment
	above float64
	below float64
	keep  float64 // height that has to fit below the last line
}

type alignment int

const (
	alignLeft alignment = iota
	alignCentre
	alignRight
)

func (f *flow) paragraph(c cell, p paragraph) error {
	p.width = textWidth - p.left
	lines, err := f.setter.set(c, p.measure)
	if err != nil {
		return err
	}
	f.gap(p.above)
	f.need(float64(min(len(lines), 2))*p.lead + p.keep)
	for i, l := range lines {
		// Neither the first nor the last line stands alone on a page.
		rest := len(lines) - i
		if f.free() < p.lead || (rest == 2 && i > 0 && f.free() < 2*p.lead) {
			f.newSheet()
		}
		x := marginX + p.left
		if i == 0 {
			x += p.indent
		}
		switch p.align {
		case alignCentre:
			x += (p.width - l.width) / 2
		case alignRight:
			x += p.width - l.width
		case alignLeft:
		}
		f.drawLine(l, x, f.y, p.size, p.lead)
		f.y += p.lead
	}
	f.y += p.below
	return nil
}
