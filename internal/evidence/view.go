package evidence

import (
	"context"
	"time"

	"rightsdesk/internal/fetch"
	"rightsdesk/internal/rights"
)

const (
	// pictureURN and textURN before the URL of a page name its picture and its text,
	// as other archiving tools name them.
	pictureURN  = "urn:fullPage:"
	textURN     = "urn:text:"
	drawnFor    = "Rightsdesk-Drawn-For"
	drawnWith   = "Rightsdesk-Browser"
	drawnForKey = "rightsdesk-drawn-for"
)

// View is how a recorded page looks.
type View struct {
	PNG       []byte
	Text      string
	Browser   string // that drew it, with its version
	At        time.Time
	Exchanges []*fetch.Exchange // what the page asked for while it was drawn
}

// PutView appends how the page of a recorded response looks: what it asked for, its
// picture and its text. It returns the SHA-256 of the picture's and of the text's
// record, as the manifest names them.
func (s *Store) PutView(ctx context.Context, of Ref, v View) (picture, text string, err error) {
	if err := ctx.Err(); err != nil {
		return "", "", err
	}
	if len(v.PNG) == 0 {
		return "", "", rights.Errorf(rights.Invalid, "没有可保存的网页截图")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.broken != nil {
		return "", "", s.broken
	}
	info, err := s.rotate(time.Now().UTC())
	if err != nil {
		return "", "", err
	}
	var records []*record
	if info != nil {
		records = append(records, info)
	}
	for _, last := range v.Exchanges {
		for _, ex := range append(last.Redirects, last) {
			list, err := hopRecords(ex, s.infoID)
			if err != nil {
				return "", "", err
			}
			for _, r := range list {
				r.extra = append(r.extra, field{drawnFor, "<" + of.RecordID + ">"})
			}
			records = append(records, list...)
		}
	}
	for _, r := range []struct {
		urn, mime string
		block     []byte
	}{{pictureURN, "image/png", v.PNG}, {textURN, "text/plain; charset=utf-8", []byte(v.Text)}} {
		records = append(records, &record{
			kind: typeResource, id: newID(), url: r.urn + of.URL, time: v.At, block: r.block,
			extra: []field{
				{"WARC-Warcinfo-ID", "<" + s.infoID + ">"}, {"WARC-Concurrent-To", "<" + of.RecordID + ">"}, {"Content-Type", r.mime}, {drawnWith, v.Browser},
			},
		})
	}
	entries, err := s.append(records)
	if err != nil {
		return "", "", err
	}
	return entries[len(entries)-2].SHA256, entries[len(entries)-1].SHA256, nil
}
