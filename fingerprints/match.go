package fingerprints

import "time"

// Article is a registered text.
type Article struct {
	ID          string
	Title       string // not part of the text compared
	Text        string
	PublishedAt time.Time // zero where it is not known
}

// Page is a text in which articles are looked for.
type Page struct {
	Title string
	Text  string
	Links []Link
}

// Link is an anchor of a page.
type Link struct{ Text, URL string }

// Match is an article's text on a page. Its JSON form is the public contract
// of the match command.
type Match struct {
	Article string `json:"article"`
	// Coverage is the union of the passages over the folded article, 0 to 1.
	Coverage float64 `json:"coverage"`
	// PageCoverage is the same over the folded page.
	PageCoverage float64 `json:"page_coverage"`
	// LongestRun counts the folded characters of the longest passage.
	LongestRun      int       `json:"longest_run"`
	SimhashDistance int       `json:"simhash_distance"` // bits, 0 to 64
	Passages        []Passage `json:"passages"`         // in the order of the page
	// LinkOnly marks a page that carries the article's exact headline as a link
	// and none of its text.
	LinkOnly bool `json:"link_only,omitempty"`
}

// Passage is a run of text that is equal in both once folded. Both ends are
// half-open ranges of code points of the texts as given.
type Passage struct {
	Article [2]int `json:"article"`
	Page    [2]int `json:"page"`
}

// The rule that reports a match; the figures behind it are in Index.Match.
const (
	gramSize     = 8    // folded characters
	commonGram   = 3    // a gram of so many articles proves nothing
	screenHits   = 8    // rare grams that make a candidate
	reportChars  = 80   // folded characters under rare grams
	reportRun    = 24   // folded characters of the longest passage, or
	reportShare  = 0.20 // coverage
	shortArticle = 130  // folded characters under which the next rule holds
	shortShare   = 0.60 // of a short article must be there, and be rare
	shortest     = 24   // folded characters of an article that can be found
	headlineMin  = 6    // folded characters of a headline that can be found
)
