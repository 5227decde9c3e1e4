package extract

// The limits of the package comment.
const (
	maxPage       = 10 << 20
	maxTags       = 120_000
	maxDepth      = 100
	maxTag        = 4 << 10
	maxLibNodes   = 20_000
	maxLibText    = 1 << 20
	maxLinks      = 5_000
	maxFile       = 64 << 20
	maxLine       = 8 << 20
	maxHeaderRune = 200
)

// Kind is what sort of page a document is. It is decided before extraction.
type Kind string

// The kinds.
const (
	KindArticle Kind = "article"
	KindList    Kind = "list"
	KindLayout  Kind = "layout" // a page (版面) of an e-paper
	KindOther   Kind = "other"
)

// Link is an anchor of a page.
type Link struct {
	Text string
	URL  string // absolute where the page's address is known
}

// Document is what a page says.
type Document struct {
	Charset  string // decided from the bytes: "utf-8", "gb18030", "big5", ...
	Declared string // what the header or the page says, in lower case
	Kind     Kind
	Title    string
	Byline   string // the authors' names as printed, without 记者 or 作者
	Source   string // the 来源 as printed, without the label
	// OriginalTitle is what the page prints behind 原标题.
	OriginalTitle string
	// PublishedAt is RFC 3339 with the offset the page gives (+08:00 where it
	// gives none), or a date alone, or empty.
	PublishedAt string
	Text        string // the body, paragraphs joined by a line feed
	Canonical   string // rel=canonical, absolute, or empty
	Next        string // where the text goes on, on the same host, or empty
	Links       []Link
	// Reservations are lines that forbid reprinting or state a licence.
	Reservations []string
	// Original is the mark by which the page calls the text its own work
	// (原创), as printed, or empty.
	Original string
}
