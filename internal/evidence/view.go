package evidence

import (
	"context"

	"rightsdesk/internal/fetch"
	"rightsdesk/internal/rights"
)

const (
	// pictureURN and textURN before the URL of a page name its picture and its text,
	// as other archiving tools name them; pageURN what a browser made of it.
	pictureURN  = "urn:fullPage:"
	textURN     = "urn:text:"
	pageURN     = "urn:page:"
	drawnFor    = "Rightsdesk-Drawn-For"
	drawnWith   = "Rightsdesk-Browser"
	drawnForKey = "rightsdesk-drawn-for"
)

// Pictured says where a picture and a text were recorded: the SHA-256 of both records,
// as the manifest names them, and the file.
type Pictured struct{ Picture, Text, File string }

// String is how the record of events has it.
func (p Pictured) String() string { return p.Picture + " " + p.Text + " " + p.File }

// PutView appends how the page of a recorded response looks: what it asked for, its
// picture and its text.
func (s *Store) PutView(ctx context.Context, of Ref, v *fetch.View) (Pictured, error) {
	if v == nil || len(v.PNG) == 0 {
		return Pictured{}, rights.Errorf(rights.Invalid, "没有可保存的网页截图")
	}
	plain := *v
	plain.HTML = nil
	entries, err := s.put(ctx, func() ([]*record, error) { return s.viewRecords(drawn{of.RecordID, of.URL}, &plain) })
	if err != nil {
		return Pictured{}, err
	}
	picture, text := entries[len(entries)-2], entries[len(entries)-1]
	return Pictured{Picture: picture.SHA256, Text: text.SHA256, File: text.File}, nil
}

// drawn names the response whose page was drawn.
type drawn struct{ id, url string }

// viewRecords are what the page asked for, then what the browser made of it where it
// is to be kept, its picture and its text.
func (s *Store) viewRecords(of drawn, v *fetch.View) ([]*record, error) {
	var records []*record
	for _, ex := range v.Exchanges {
		list, err := s.hops(ex)
		if err != nil {
			return nil, err
		}
		for _, r := range list {
			r.extra = append(r.extra, field{drawnFor, "<" + of.id + ">"})
		}
		records = append(records, list...)
	}
	shown := func(urn, mime string, block []byte) {
		r := &record{kind: typeResource, id: newID(), url: urn + of.url, time: v.At, block: block, extra: []field{
			{"WARC-Warcinfo-ID", "<" + s.infoID + ">"}, {"WARC-Concurrent-To", "<" + of.id + ">"}, {"Content-Type", mime}, {drawnWith, v.Browser},
		}}
		if v.Cut != "" {
			r.extra = append(r.extra, field{"WARC-Truncated", v.Cut})
		}
		records = append(records, r)
	}
	if v.HTML != nil {
		shown(pageURN, "text/html; charset=utf-8", v.HTML)
	}
	shown(pictureURN, "image/png", v.PNG)
	shown(textURN, "text/plain; charset=utf-8", []byte(v.Text))
	return records, nil
}
