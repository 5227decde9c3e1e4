package letters

func brand() colour { return colour{0x7a, 0x1f, 0x1f} }

// draw places one block; next is what follows it.
func (f *flow) draw(b block, next []block) error {
	switch b.kind {
	case kindFacts:
		return f.table(b.facts(), b.rows)
	case kindTable, kindPassages:
		return f.table(table{widths: b.widths, head: b.head}, b.rows)
	case kindHead:
		return f.letterhead(b)
	case kindSign:
		return f.signature(b)
	case kindAppendix:
		f.newSheet()
		return f.paragraph(b.text, paragraph{measure: measure{size: 15, bold: allBold}, lead: 26, align: alignCentre, below: 6})
	case kindDraft, kindNumber, kindTitle, kindTo, kindPara, kindSection, kindSub, kindList, kindNote:
	}
	p := b.kind.paragraph()
	if (b.kind == kindSection || b.kind == kindSub) && len(next) > 0 && next[0].kind == kindFacts {
		// A heading goes with the table that would leave it behind.
		_, height, err := f.setRows(next[0].facts(), next[0].rows)
		if err != nil {
			return err
		}
		p.keep = max(p.keep, next[0].facts().whole(height)+cellLead)
	}
	return f.paragraph(b.text, p)
}

func (b block) facts() table { return table{widths: b.widths, label: firstLabels} }

// paragraph is how the kinds of running text are set.
func (k kind) paragraph() paragraph {
	switch k {
	case kindDraft:
		return paragraph{measure: measure{size: 9.5, justify: justified}, lead: 15, above: 4, below: 4}
	case kindNumber:
		return paragraph{measure: measure{size: 10.5}, lead: 17, align: alignRight}
	case kindTitle:
		return paragraph{measure: measure{size: 22, bold: allBold}, lead: 34, align: alignCentre, above: 12, below: 8}
	case kindTo:
		return paragraph{measure: measure{size: bodySize, justify: justified}, lead: bodyLead, above: 3}
	case kindSection:
		return paragraph{measure: measure{size: 13, bold: allBold}, lead: 22, above: 11, below: 2, keep: 3 * bodyLead}
	case kindSub:
		return paragraph{measure: measure{size: 11, bold: allBold}, lead: 19, above: 5, keep: 3 * bodyLead}
	case kindList:
		return paragraph{measure: measure{size: bodySize, justify: justified}, lead: bodyLead, left: 2 * bodySize}
	case kindNote:
		return paragraph{measure: measure{size: 10, justify: justified}, lead: 16, below: 3}
	case kindPara, kindHead, kindFacts, kindTable, kindPassages, kindSign, kindAppendix:
	}
	return paragraph{measure: measure{size: bodySize, indent: 2 * bodySize, justify: justified}, lead: bodyLead}
}

func (f *flow) letterhead(b block) error {
	f.y -= 14
	if err := f.coloured(b.text, paragraph{measure: measure{size: 19, bold: allBold}, lead: 30, align: alignCentre}, brand()); err != nil {
		return err
	}
	for _, l := range b.lines {
		if err := f.paragraph(l, paragraph{measure: measure{size: 8.5}, lead: 13, align: alignCentre}); err != nil {
			return err
		}
	}
	y := f.y + 5
	s := f.sheet()
	s.rules = append(s.rules,
		rule{marginX, y, pageWidth - marginX, y, 1.6, brand()},
		rule{marginX, y + 3, pageWidth - marginX, y + 3, 0.5, brand()})
	f.y = y + 14
	return nil
}

// coloured sets a paragraph and gives its plain text another colour.
func (f *flow) coloured(c cell, p paragraph, to colour) error {
	from := len(f.sheet().texts)
	if err := f.paragraph(c, p); err != nil {
		return err
	}
	for i := range f.sheet().texts[min(from, len(f.sheet().texts)):] {
		if t := &f.sheet().texts[from+i]; t.colour == ink() {
			t.colour = to
		}
	}
	return nil
}

// signature keeps the lines to be signed together, with room for a seal.
func (f *flow) signature(b block) error {
	const room = 34.0
	p := kindPara.paragraph()
	p.above = 6
	p.keep = float64(len(b.lines)) * room
	if err := f.paragraph(b.text, p); err != nil {
		return err
	}
	for _, l := range b.lines {
		lines, err := f.setter.set(l, measure{size: bodySize, width: textWidth / 2})
		if err != nil {
			return err
		}
		f.need(room)
		for _, one := range lines {
			f.drawLine(one, marginX+textWidth*0.42, f.y+room-bodyLead, bodySize, bodyLead)
		}
		f.y += room
	}
	return nil
}
