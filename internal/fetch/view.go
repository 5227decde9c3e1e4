package fetch

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"time"
)

// View is how a browser showed a page.
type View struct {
	PNG       []byte // the full page
	Text      string // that can be seen
	HTML      []byte // what scripts had made of the page, UTF-8
	Browser   string // and its version
	At        time.Time
	Cut       string      // why what the page asked for did not come whole, in the words of WARC-Truncated
	Exchanges []*Exchange // what the page asked for

	// Of is the page as it came over the wire, in [View.Exchange] only.
	Of *Exchange
}

// Exchange is the page as it was shown, in the place of the one that came over the
// wire: Body is HTML, and so are Digest, Header and Cut; there is no ETag, as the
// server knows none of this page.
func (v *View) Exchange(of *Exchange) *Exchange {
	ex, view := *of, *v
	view.Of = of
	ex.View, ex.Body, ex.Header = &view, v.HTML, http.Header{"Content-Type": {"text/html; charset=utf-8"}}
	sum := sha256.Sum256(v.HTML)
	ex.Digest, ex.ETag, ex.LastModified = hex.EncodeToString(sum[:]), "", ""
	if ex.Cut == "" {
		ex.Cut = v.Cut
	}
	ex.Truncated = ex.Cut != ""
	return &ex
}
