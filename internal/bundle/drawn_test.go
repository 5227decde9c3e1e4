package bundle_test

import (
	"strings"
	"testing"
	"time"

	"rightsdesk/internal/evidence"
	"rightsdesk/internal/fetch"
)

// TestDrawnPage: what a browser made of a page is proven by the match that was found
// on it, and by nothing else.
func TestDrawnPage(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(*evidence.Ref) // of what the match names
		want   string
	}{
		"as it was":               {func(*evidence.Ref) {}, ""},
		"another digest":          {func(r *evidence.Ref) { r.Drawn.SHA256 = strings.Repeat("0", 64) }, "the page that a browser made of the exchange"},
		"the exchange itself":     {func(r *evidence.Ref) { r.Drawn.RecordID, r.Drawn.SHA256 = r.RecordID, r.SHA256 }, "the page that a browser made of the exchange"},
		"another picture":         {func(r *evidence.Ref) { r.Drawn.Picture = strings.Repeat("0", 64) }, "the record of events has no such picture or text of a page"},
		"it is not said so":       {func(r *evidence.Ref) { r.Drawn = nil }, "its digest is not that of the exchanges"},
		"the text of the picture": {func(r *evidence.Ref) { r.Drawn.Text = r.Drawn.Picture }, "the record of events has no such picture or text of a page"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := open(t, func(h *house) {
				h.drawn = func(ex *fetch.Exchange) (*fetch.Exchange, func(*evidence.Ref)) {
					v := &fetch.View{
						PNG: []byte("\x89PNG\r\n"), Text: text, HTML: []byte("<!DOCTYPE html>\n<p>" + text + "</p>"), Browser: "Chromium/1", At: time.Now(), Exchanges: []*fetch.Exchange{ex},
					}
					return v.Exchange(ex), tt.change
				}
			})
			b, _ := h.make()
			sum, found, err := verify(t, b, h.roots)
			check(t, err)
			switch {
			case tt.want == "" && (len(found) > 0 || sum.Records != 16):
				t.Errorf("%d records, found %v", sum.Records, found)
			case tt.want != "" && !strings.Contains(strings.Join(found, "\n"), tt.want):
				t.Errorf("found %v, want %q", found, tt.want)
			}
		})
	}
}
