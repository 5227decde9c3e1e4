package letters

import (
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/signintech/gopdf"

	"rightsdesk/internal/rights"
)

// PDF writes the report as a searchable PDF. It returns the characters that no
// embedded font draws, in code point order: each stands in the letter as
// 〔U+XXXX〕. The same report gives the same bytes.
func PDF(w io.Writer, r *Report) ([]rune, error) {
	s := &setter{undrawn: map[rune]bool{}}
	f := newFlow(s)
	blocks := compose(r)
	for i, b := range blocks {
		if err := f.draw(b, blocks[i+1:]); err != nil {
			return nil, err
		}
	}
	if err := f.furnish(r); err != nil {
		return nil, err
	}
	doc := &printer{draft: r.Draft}
	doc.pdf.Start(gopdf.Config{PageSize: gopdf.Rect{W: pageWidth, H: pageHeight}})
	doc.pdf.SetInfo(r.info())
	if err := doc.load(f.sheets); err != nil {
		return nil, err
	}
	for _, page := range f.sheets {
		if err := doc.print(page); err != nil {
			return nil, err
		}
	}
	if _, err := doc.pdf.WriteTo(w); err != nil {
		return nil, fmt.Errorf("write letter: %w", err)
	}
	var undrawn []rune
	for c := range s.undrawn {
		undrawn = append(undrawn, c)
	}
	slices.Sort(undrawn)
	return undrawn, nil
}

// info dates the file by the letter's day, since no clock is asked.
func (r *Report) info() gopdf.PdfInfo {
	info := gopdf.PdfInfo{
		Title: printable(r.title() + " " + r.Number), Author: printable(r.Sender.Name),
		Subject: r.subject(), Creator: "rightsdesk", Producer: "rightsdesk",
	}
	if at, err := time.ParseInLocation(time.DateOnly, r.Date, rights.China); err == nil {
		info.CreationDate = at
	}
	return info
}

// furnish adds number and page to each page, now that their count is known.
func (f *flow) furnish(r *Report) error {
	const size, lead = 9.0, 14.0
	all := f.sheets
	for i, page := range all {
		f.sheets = []*sheet{page}
		y := pageHeight - marginBottom + 22
		foot := fmt.Sprintf("第 %d 页 共 %d 页", i+1, len(all))
		lines, err := f.setter.set(words(foot), measure{size: size, width: textWidth})
		if err != nil {
			return err
		}
		f.drawLine(lines[0], marginX+(textWidth-lines[0].width)/2, y, size, lead)
		if r.Draft {
			mark, err := f.setter.set(words(draftMark), measure{size: size, width: textWidth, bold: allBold})
			if err != nil {
				return err
			}
			f.drawLine(mark[0], pageWidth-marginX-mark[0].width, marginTop-28, size, lead)
		}
		if i == 0 {
			continue
		}
		head, err := f.setter.set(words(r.title()+" "+r.Number), measure{size: size, width: textWidth - 90})
		if err != nil {
			return err
		}
		f.drawLine(head[0], marginX, marginTop-28, size, lead)
		page.rules = append(page.rules, rule{marginX, marginTop - 12, pageWidth - marginX, marginTop - 12, 0.4, grey()})
	}
	f.sheets = all
	return nil
}

// printer turns sheets into PDF pages.
type printer struct {
	pdf   gopdf.GoPdf
	draft bool
}

// load adds the fonts that the sheets use, always in the same order.
func (p *printer) load(sheets []*sheet) error {
	used := map[faceID]bool{faceBold: true}
	for _, s := range sheets {
		for _, t := range s.texts {
			used[t.face] = true
		}
	}
	for id := range faceCount {
		if !used[id] {
			continue
		}
		f, err := getFace(id)
		if err != nil {
			return err
		}
		if err := p.pdf.AddTTFFontData(id.name(), f.data); err != nil {
			return fmt.Errorf("font %s: %w", id.name(), err)
		}
	}
	return nil
}

func (p *printer) print(s *sheet) error {
	p.pdf.AddPage()
	for _, r := range s.fills {
		p.pdf.SetFillColor(r.colour.r, r.colour.g, r.colour.b)
		p.pdf.RectFromUpperLeftWithStyle(r.x, r.y, r.w, r.h, "F")
	}
	if p.draft {
		if err := p.watermark(); err != nil {
			return err
		}
	}
	for _, r := range s.rules {
		p.pdf.SetStrokeColor(r.colour.r, r.colour.g, r.colour.b)
		p.pdf.SetLineWidth(r.thick)
		p.pdf.Line(r.x1, r.y1, r.x2, r.y2)
	}
	for _, t := range s.texts {
		if err := p.text(t); err != nil {
			return err
		}
	}
	return nil
}

func (p *printer) text(t text) error {
	if err := p.pdf.SetFont(t.face.name(), "", t.size); err != nil {
		return fmt.Errorf("font %s: %w", t.face.name(), err)
	}
	if err := p.pdf.SetCharSpacing(t.spacing); err != nil {
		return err
	}
	p.pdf.SetTextColor(t.colour.r, t.colour.g, t.colour.b)
	p.pdf.SetXY(t.x, t.y)
	if err := p.pdf.Text(t.chars); err != nil {
		return fmt.Errorf("write text: %w", err)
	}
	return nil
}

// watermark marks a page as a draft, light enough to read what stands on it.
func (p *printer) watermark() error {
	const size = 58.0
	p.pdf.Rotate(35, pageWidth/2, pageHeight/2)
	defer p.pdf.RotateReset()
	return p.text(text{
		x: pageWidth/2 - size*3.85, y: pageHeight/2 + size*0.36,
		face: faceBold, size: size, colour: colour{0xe6, 0xe6, 0xe6}, chars: draftMark,
	})
}
