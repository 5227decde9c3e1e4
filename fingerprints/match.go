package fingerprints

import "time"

// Scheme is the version of everything that a snapshot and stored hashes depend on:
// folding, grams, hashes and the ledger. What was written under another one
// cannot be read.
const Scheme = 2

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
	// Score says how surely the text is the article's, see [Index.Find]: 1 is
	// the least that is reported.
	Score float64 `json:"score"`
	// Own counts the folded characters of the article in the passages that no
	// older text has which stands on the page too; Common counts the others.
	Own    int `json:"own"`
	Common int `json:"common"`
	// Reworded marks an article that the page tells again in other words, see
	// [Index.Find]. Its passages are the pieces that stayed; whether it is taken
	// from the article is for a person to say.
	Reworded bool `json:"reworded,omitempty"`
	// LinkOnly marks a page that carries the article's exact headline as a link
	// and none of its text.
	LinkOnly bool `json:"link_only,omitempty"`
}

// CommonSource is an article that shares text with a page and is no match: others
// have the text too, older ones or the article that it was counted for, or it is a
// few sentences, which may be quoted or both have from one who is not known here.
type CommonSource struct {
	Match
	Holders []string `json:"holders"` // the IDs of the others, the oldest first; may be empty
}
