package letters

import (
	"time"

	"rightsdesk/internal/rights"
)

// Report is everything that one letter says. Texts are Chinese and plain: HTML
// is escaped, control characters are dropped. Days are 2006-01-02, days in
// China.
type Report struct {
	Number string // of the letter, shown as 函号
	Case   string // number of the case; empty leaves the line out
	Title  string // empty means the title that fits Kind
	// Kind is the recipient's role: it decides title, addressee and which
	// fields the law wants. Empty means publisher.
	Kind     rights.OperatorRole
	Draft    bool // not yet approved: each page is marked 草稿 待律师签署
	Date     string
	AnswerBy string

	Sender, Recipient Party

	Articles      []Article
	Infringements []Infringement
	Verdict       Verdict
	Against       []string // what speaks against the claim
	Evidence      []EvidenceRef

	// Paragraphs open the letter after the addressee, Demands are numbered,
	// Statement is the declaration of truth: all three are texts of the policy.
	Paragraphs []string
	Demands    []string
	Statement  string

	Events        []string // history of the case; empty leaves the section out
	PolicyVersion string
	// Licensing and Counter say whom to ask for a licence and where to send a
	// statement that there is no infringement; empty means the sender's contact.
	Licensing, Counter string
	BundleSHA256       string // of the evidence bundle; empty leaves the line out
}

// Party is the sender or the recipient of a letter.
type Party struct {
	Name           string
	Role           string // in Chinese: 权利人, 内容发布者, 网络服务提供者
	IDKind         string // empty means 统一社会信用代码
	IDNumber       string
	Representative string // 法定代表人
	Address        string
	Postcode       string
	Contact        string // a person or a department
	Phone          string
	Email          string
	Website        string
	ICP            string // filing number of the site
	LawFirm        string
	Lawyer         string // acts for the party
	LicenceNo      string // the lawyer's practice licence
	Authority      string // the power of attorney, for this letter alone
}

// Article is a work of the sender that was copied.
type Article struct {
	ID             string
	Paper          string
	IssueDate      string
	PageNo         string // as printed: "02", "A03"
	PageName       string
	Headline       string
	Subtitle       string
	Bylines        []string
	CreditLine     string
	URL            string
	FirstPublished string // ready text
	Standing       []Standing
	Reservation    string // the reservation as printed, with its strength
}

// Standing says why the sender may act for a part of an article.
type Standing struct {
	Part       string // which part; empty means 全文
	Owner      string
	Basis      string // in Chinese, with the article of the law
	Document   string
	VerifiedBy string
	VerifiedAt string // day, or an instant in RFC 3339
}

// Infringement is one address under which an article was found.
type Infringement struct {
	Article    int // index into Report.Articles
	URL        string
	PageTitle  string
	Site       string // name of the site, where it is not the recipient's
	ICP, IP    string // of the site, where known
	CapturedAt time.Time
	// Coverage is the share of the article that was copied, PageCoverage the
	// share of the page that the copy makes up, both 0 to 1.
	Coverage     float64
	PageCoverage float64
	LongestRun   int // characters
	MatchedChars int
	Attribution  Attribution
	Passages     []Passage
	More         string // below the passages: what is not shown; empty leaves it out
}

// Attribution is what the page says about where the text is from. Source and
// Author are the words found; they are shown only where the flag is set.
type Attribution struct {
	SourceFound, AuthorFound bool
	Source, Author           string
}

// Passage is a copied part in both texts, ready marked.
type Passage struct {
	Ours, Theirs []Span
}

// Span is a piece of a passage.
type Span struct {
	Text string
	Mark Mark
}

// Mark says how a span compares with the other text.
type Mark int

// The marks.
const (
	Equal   Mark = iota // the same in both
	Changed             // replaced by other words
	Missing             // in ours only
	Added               // in theirs only
)

// Verdict is the machine's opinion, as the policy gave it.
type Verdict struct {
	Rule     string // ID
	Name     string // in Chinese
	Outcome  string // in Chinese
	Severity string
	Findings []Finding
}

// Finding is one rule that applied.
type Finding struct {
	Rule       string
	Clause     string // ID of the disclaimer's clause
	ClauseText string
	Basis      string // articles of law
	Text       string
	Values     []string // what the rule saw: "覆盖率 93.1%"
}

// EvidenceRef is where the record of a page lies, and its digest.
type EvidenceRef struct {
	URL        string
	File       string
	Offset     int64 // bytes
	Length     int64 // bytes
	SHA256     string
	RecordID   string
	CapturedAt time.Time
}
