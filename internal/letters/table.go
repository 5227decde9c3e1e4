package letters

// table is a grid whose rows may go on over pages; its head is repeated.
type table struct {
	widths []float64
	head   []cell
	label  labelColumn
}

type labelColumn int

const (
	noLabels    labelColumn = iota
	firstLabels             // the first column is shaded
)

func grey() colour  { return colour{0x77, 0x77, 0x77} }
func shade() colour { return colour{0xf3, 0xf1, 0xec} }

func (f *flow) table(t table, rows [][]cell) error {
	f.gap(3)
	head, err := f.setRow(t, t.head, allBold)
	if err != nil {
		return err
	}
	headHeight := 0.0
	if t.head != nil {
		headHeight = rowHeight(head, 1<<30)
		f.need(headHeight + 3*cellLead)
		f.drawRow(t, head, headHeight, shade())
	}
	all, height, err := f.setRows(t, rows)
	if err != nil {
		return err
	}
	f.need(t.whole(height))
	for _, set := range all {
		f.placeRow(t, set, func() {
			f.newSheet()
			if t.head != nil {
				f.drawRow(t, head, headHeight, shade())
			}
		})
	}
	f.y += 6
	return nil
}

// setRows sets the rows and gives their height.
func (f *flow) setRows(t table, rows [][]cell) ([][][]line, float64, error) {
	all := make([][][]line, len(rows))
	height := 0.0
	for i, r := range rows {
		var err error
		if all[i], err = f.setRow(t, r, asWritten); err != nil {
			return nil, 0, err
		}
		height += rowHeight(all[i], 1<<30)
	}
	return all, height, nil
}

// whole is the height that has to be there where the table begins. A short
// table stays whole: half a list of parties reads badly.
func (t table) whole(height float64) float64 {
	if t.label == firstLabels && height < 10*cellLead {
		return height
	}
	return 0
}

func (f *flow) setRow(t table, row []cell, bold emphasisOf) ([][]line, error) {
	set := make([][]line, len(row))
	for i, c := range row {
		if len(c) == 0 {
			c = cell{{Text: "—"}}
		}
		lines, err := f.setter.set(c, measure{size: cellSize, width: t.widths[i]*textWidth - 2*cellPadX, bold: bold})
		if err != nil {
			return nil, err
		}
		set[i] = lines
	}
	return set, nil
}

// placeRow draws a row; one that does not fit is moved when short and split
// between its lines when long.
func (f *flow) placeRow(t table, row [][]line, nextPage func()) {
	const short = 9 // lines
	for first := true; longest(row) > 0; first = false {
		fit := int((f.free() - 2*cellPadY) / cellLead)
		if n := longest(row); n > fit && (fit < 2 || (first && n <= short)) {
			nextPage()
			fit = int((f.free() - 2*cellPadY) / cellLead)
		}
		fit = max(fit, 1)
		part := make([][]line, len(row))
		for i, lines := range row {
			n := min(fit, len(lines))
			part[i], row[i] = lines[:n], lines[n:]
		}
		f.drawRow(t, part, rowHeight(part, fit), colour{255, 255, 255})
	}
}

func longest(row [][]line) int {
	n := 0
	for _, lines := range row {
		n = max(n, len(lines))
	}
	return n
}

func rowHeight(row [][]line, limit int) float64 {
	return float64(min(longest(row), limit))*cellLead + 2*cellPadY
}

func (f *flow) drawRow(t table, row [][]line, height float64, ground colour) {
	s := f.sheet()
	x := marginX
	white := colour{255, 255, 255}
	for i, lines := range row {
		w := t.widths[i] * textWidth
		back := ground
		if t.label == firstLabels && i == 0 {
			back = shade()
		}
		if back != white {
			s.fills = append(s.fills, fillRect{x, f.y, w, height, back})
		}
		for k, l := range lines {
			f.drawLine(l, x+cellPadX, f.y+cellPadY+float64(k)*cellLead, cellSize, cellLead)
		}
		s.rules = append(s.rules, rule{x, f.y, x, f.y + height, 0.5, grey()})
		x += w
	}
	s.rules = append(s.rules,
		rule{x, f.y, x, f.y + height, 0.5, grey()},
		rule{marginX, f.y, x, f.y, 0.5, grey()},
		rule{marginX, f.y + height, x, f.y + height, 0.5, grey()})
	f.y += height
}
