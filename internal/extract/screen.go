package extract

import (
	"bytes"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// Screen is the cheap look at a page: its title, its whole visible text and its
// links, without deciding what the article is. It reads the bytes once, in time
// and memory linear in them, and builds no tree. The text has a line a block,
// each tidied, none empty.
func Screen(raw []byte, contentType, base string) (title, text string, links []Link) {
	s := screen{}
	s.open(raw[:min(len(raw), maxPage)], contentType)
	s.shown.buf = make([]byte, 0, len(s.page)/8)
	s.scan()
	s.endLink()
	text = string(s.shown.buf)
	return s.headline(text), text, s.resolved(text, base)
}

// screen is a page while it is screened.
type screen struct {
	// page is UTF-8 where decoder is nil. In what the decoder reads, no byte of
	// a longer character looks like markup.
	page    []byte
	decoder *encoding.Decoder
	decoded []byte
	at      int // the next byte of the page

	tag     tag
	cover   cover
	tables  []bool // those that are open, and whether a cell is in them
	picking bool   // a selection may be open
	forms   bool   // there has been one
	para    bool   // what is visible may stand in a paragraph
	item    bool   // what is visible may stand in an item of a list

	shown prose // the visible text
	aside prose // the text of links that are not visible

	title    string
	titled   bool
	headings headings
	base     string
	based    bool
	links    []link
	linking  bool // the last link is open
}

// open decides the character set.
func (s *screen) open(raw []byte, contentType string) {
	enc, _ := sniff(raw, contentType)
	s.page = bytes.TrimPrefix(raw, []byte("\ufeff"))
	switch enc {
	case nil:
	case simplifiedchinese.GB18030, traditionalchinese.Big5:
		s.decoder = enc.NewDecoder()
	default:
		if out, err := enc.NewDecoder().Bytes(raw); err == nil {
			s.page = out
		}
	}
	if bytes.IndexByte(s.page, 0) >= 0 {
		s.page = bytes.ReplaceAll(s.page, []byte{0}, nil)
	}
}

// utf8 decodes what a decoder is needed for; the result holds until the next
// call.
func (s *screen) utf8(b []byte) []byte {
	if s.decoder == nil || ascii(b) == len(b) {
		return b
	}
	// No character takes more than three times its bytes.
	if need := 3 * len(b); cap(s.decoded) < need {
		s.decoded = make([]byte, need, 2*need)
	}
	n, _, err := s.decoder.Transform(s.decoded[:cap(s.decoded)], b, true)
	if err != nil {
		return b
	}
	return s.decoded[:n]
}

func (s *screen) scan() {
	for s.at < len(s.page) {
		rest := s.page[s.at:]
		n := bytes.IndexByte(rest, '<')
		if n < 0 {
			s.text(rest)
			return
		}
		if n > 0 {
			s.text(rest[:n])
			s.at += n
		}
		s.markup()
	}
}

// text takes what stands between tags.
func (s *screen) text(b []byte) {
	if s.cover.tabular() && len(bytes.TrimSpace(b)) > 0 {
		s.uncover()
	}
	switch {
	case !s.cover.on():
		s.shown.write(s.utf8(b))
	case s.linking && s.links[len(s.links)-1].aside:
		s.aside.write(s.utf8(b))
	}
}

// markup reads one tag, comment or declaration. A < that begins none is text.
func (s *screen) markup() {
	next := byte(0)
	if s.at+1 < len(s.page) {
		next = s.page[s.at+1]
	}
	switch {
	case letter(next):
		s.at++
		if s.readTag() {
			s.start()
		}
	case next == '/':
		if s.at+2 < len(s.page) && letter(s.page[s.at+2]) {
			s.at += 2
			if s.readTag() {
				s.end()
			}
			return
		}
		s.skipPast('>')
	case next == '!':
		if bytes.HasPrefix(s.page[s.at:], []byte("<!--")) {
			s.comment()
			return
		}
		s.skipPast('>')
	case next == '?':
		s.skipPast('>')
	default:
		s.text(s.page[s.at : s.at+1])
		s.at++
	}
}

func (s *screen) skipPast(c byte) {
	n := bytes.IndexByte(s.page[s.at:], c)
	if n < 0 {
		n = len(s.page)
	}
	s.at = min(s.at+n+1, len(s.page))
}
