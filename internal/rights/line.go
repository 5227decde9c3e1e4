package rights

import "time"

// LearnedPages is on how many pages with a text of their own a line of
// boilerplate stands at least.
const LearnedPages = 5

const (
	// learnedShare is on which part of the pages that came since it was first seen
	// a line of boilerplate stands: one in so many.
	learnedShare = 10
	// asideShare is the same where the line is also one of an article of ours, and
	// asideInside how many times rarer it stands inside a body than beside one.
	asideShare, asideInside = 2, 4
)

// Line is a line of text that stands on pages of a host. A page counts once, and
// only where most of its running text is its own: so the lines of one article on
// five pages of a site do not count five times, those of a footer do.
type Line struct {
	Host string `json:"host"`
	Hash int64  `json:"-"`    // of the folded line
	Text string `json:"text"` // as first seen, of a long one the beginning
	// URLs are the first two pages, as evidence.
	URLs  []string `json:"urls"`
	Pages int      `json:"pages"` // on which it stands
	// Beside and Inside are those of the pages whose body was extracted, by where
	// the line stands.
	Beside int `json:"beside"`
	Inside int `json:"inside"`
	// Since is how many pages of the host had counted before it was first seen.
	Since     int       `json:"-"`
	FirstSeen time.Time `json:"first_seen"`
	LastSeen  time.Time `json:"last_seen"`
}

// Learned reports whether the line is boilerplate of a host of which so many pages
// have counted.
func (l *Line) Learned(pages int) bool {
	return l.Pages >= LearnedPages && l.Pages*learnedShare >= pages-l.Since
}

// Aside reports the same of a line that is also one of an article of ours, as a
// footer that quotes the disclaimer of the paper. It must stand on every other
// page, and beside the body: an excerpt that a site brings in five texts of its
// own is an excerpt.
func (l *Line) Aside(pages int) bool {
	return l.Learned(pages) && l.Pages*asideShare >= pages-l.Since && l.Beside >= LearnedPages && l.Inside*asideInside <= l.Beside
}

// PageText is what is kept of the text of a page, to know it again.
type PageText struct {
	URL  string // canonical, under which the page is judged
	Host string
	// Own marks a page that counts for its lines: see Line. It is decided at the
	// first look.
	Own  bool
	Read bool // its body was extracted once
	// Body and Screen are the hex SHA-256 of the folded body and of all visible
	// text. They are empty where no article of ours was on the page at the last
	// look.
	Body   string
	Screen string
}
