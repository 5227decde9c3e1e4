package rights

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"
)

// Article is a work of the paper as it was published.
type Article struct {
	ID        string `json:"id"` // see ArticleID
	Paper     string `json:"paper"`
	IssueDate string `json:"issue_date"` // 2006-01-02
	PageNo    string `json:"page_no"`    // as printed: "02", "A03"
	PageName  string `json:"page_name"`
	Headline  string `json:"headline"`
	Kicker    string `json:"kicker,omitempty"` // the line above the headline
	Subtitle  string `json:"subtitle,omitempty"`
	// Bylines are the names of the authors, without "本报记者".
	Bylines []string `json:"bylines,omitempty"`
	// CreditLine is the line that says where the text comes from, as printed:
	// "本报记者 …", "新华社北京1月7日电".
	CreditLine string     `json:"credit_line,omitempty"`
	Genre      Genre      `json:"genre,omitempty"`
	Topic      Topic      `json:"topic,omitempty"`
	URL        string     `json:"url,omitempty"`
	PrintAt    *time.Time `json:"print_at,omitempty"`
	EPaperAt   *time.Time `json:"epaper_at,omitempty"`
	WebAt      *time.Time `json:"web_at,omitempty"`
	// Paragraphs are the body, crossheads included, without headline and byline.
	Paragraphs   []string      `json:"paragraphs"`
	Segments     []Segment     `json:"segments,omitempty"`
	Reservations []Reservation `json:"reservations,omitempty"`
	CreatedAt    time.Time     `json:"created_at,omitzero"`
	UpdatedAt    time.Time     `json:"updated_at,omitzero"`
}

// Genre is the kind of article. The empty value means that nobody said.
type Genre string

// The genres.
const (
	GenreBrief      Genre = "brief"
	GenreNews       Genre = "news"
	GenreFeature    Genre = "feature"
	GenreCommentary Genre = "commentary"
	GenreInterview  Genre = "interview"
	GenreSpeech     Genre = "speech"
	GenreOfficial   Genre = "official"
)

// Topic is what the article is about, as far as the law asks: only political,
// economic and religious topical articles fall under the exception of
// Copyright Law art. 24(1)(4). The empty value means that nobody said.
type Topic string

// The topics.
const (
	TopicPolitical Topic = "political"
	TopicEconomic  Topic = "economic"
	TopicReligious Topic = "religious"
	TopicOther     Topic = "other"
)

// Owner says who owns a segment.
type Owner string

// The owners.
const (
	OwnerStaff     Owner = "staff"
	OwnerWire      Owner = "wire"
	OwnerFreelance Owner = "freelance"
	OwnerReader    Owner = "reader"
	OwnerUnknown   Owner = "unknown"
)

// Basis is the legal ground on which the holder of a segment holds it.
type Basis string

// The bases. Only the first five let the paper act in its own name.
const (
	BasisStaff        Basis = "staff_18_2_2"      // Copyright Law art. 18(2)(2), works from 2021-06-01
	BasisLegalPerson  Basis = "legal_person_11"   // art. 11(3)
	BasisAssignment   Basis = "assignment"        // art. 27
	BasisExclusive    Basis = "exclusive_licence" // art. 26
	BasisContract     Basis = "contract_18_2_3"   // art. 18(2)(3), a contract gives the paper the rights
	BasisNonExclusive Basis = "nonexclusive_licence"
	BasisWire         Basis = "wire_licence"
	BasisUnknown      Basis = "unknown"
)

// MayAct reports whether a holder on this basis may send a demand in its own
// name.
func (b Basis) MayAct() bool {
	switch b {
	case BasisStaff, BasisLegalPerson, BasisAssignment, BasisExclusive, BasisContract:
		return true
	case BasisNonExclusive, BasisWire, BasisUnknown:
		return false
	default:
		return false
	}
}

// Segment is a part of an article's text that has one owner.
type Segment struct {
	Start int   `json:"start"` // code points of Article.Text
	End   int   `json:"end"`
	Owner Owner `json:"owner"`
	// Holder is the name of the owner where it is known: "新华社".
	Holder   string `json:"holder,omitempty"`
	Basis    Basis  `json:"basis"`
	Document string `json:"document,omitempty"` // the paper that shows the basis: a contract's file number
	// Why says what the owner was derived from, or who corrected it and why.
	Why         string     `json:"why,omitempty"`
	CorrectedBy string     `json:"corrected_by,omitempty"` // who set the segment; empty where it was derived
	VerifiedBy  string     `json:"verified_by,omitempty"`
	VerifiedAt  *time.Time `json:"verified_at,omitempty"`
}

// Asserted reports whether the paper claims the segment as its own.
func (s Segment) Asserted() bool { return s.Owner == OwnerStaff || s.Basis.MayAct() }

// staffWorkLaw is the first day on which Copyright Law art. 18(2)(2) gave
// newspapers the rights in their staff's works.
const staffWorkLaw = "2021-06-01"

// Standing says, in Chinese, why the paper may not act on the segment, or is
// empty where a named person verified an owner with a basis. Staff works published before
// 2021-06-01 need a document besides.
func (s Segment) Standing(issueDate string) string {
	switch {
	case !s.Basis.MayAct():
		return "现有权利依据不足以由本报出面主张"
	case s.VerifiedBy == "" || s.VerifiedAt == nil:
		return "权属尚未经人核实"
	case s.Basis == BasisStaff && issueDate < staffWorkLaw && s.Document == "":
		return "2021年6月1日以前的职务作品须有合同在档"
	case s.Basis != BasisStaff && s.Document == "":
		return "该权利依据须有文件在档"
	}
	return ""
}

// Reservation is a statement that forbids reprinting.
type Reservation struct {
	Text     string   `json:"text"`
	Strength Strength `json:"strength"`
}

// Strength grades a reservation: printed with the article (Implementing
// Regulations of the Copyright Law art. 30), with the issue or page, or in a
// site's footer only.
type Strength string

// The strengths. The empty value means that there is no reservation.
const (
	StrengthNone   Strength = ""
	StrengthWeak   Strength = "weak"
	StrengthMedium Strength = "medium"
	StrengthStrong Strength = "strong"
)

// ArticleID is the identifier of the article that stands under this headline on
// this page of this issue: the same article always gets the same one.
func ArticleID(paper, issueDate, pageNo, headline string) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{paper, issueDate, pageNo, headline}, "\x00")))
	return "a-" + hex.EncodeToString(sum[:8])
}

// Text is the body as one text: the paragraphs, a line feed between them.
// Segments and passages count code points of it.
func (a *Article) Text() string { return strings.Join(a.Paragraphs, "\n") }

// Reservation returns the strongest reservation, or the zero value.
func (a *Article) Reservation() Reservation {
	var best Reservation
	for _, r := range a.Reservations {
		if r.Strength.rank() > best.Strength.rank() {
			best = r
		}
	}
	return best
}

func (s Strength) rank() int {
	switch s {
	case StrengthWeak:
		return 1
	case StrengthMedium:
		return 2
	case StrengthStrong:
		return 3
	case StrengthNone:
		return 0
	default:
		return 0
	}
}

// FirstPublished is the earliest known instant of publication, or the start of
// the issue's day in China where no time is known; exact says which.
func (a *Article) FirstPublished() (at time.Time, exact bool) {
	for _, t := range []*time.Time{a.PrintAt, a.EPaperAt, a.WebAt} {
		if t != nil && (at.IsZero() || t.Before(at)) {
			at = *t
		}
	}
	if !at.IsZero() {
		return at.UTC(), true
	}
	day, err := time.ParseInLocation(time.DateOnly, a.IssueDate, China)
	if err != nil {
		return time.Time{}, false
	}
	return day.UTC(), false
}

// Validate names every fault of the record.
func (a *Article) Validate() error {
	var fields []Field
	fault := func(name, detail string) { fields = append(fields, Field{Name: name, Detail: detail}) }
	if a.Paper == "" {
		fault("paper", "缺少此项")
	}
	if _, err := time.Parse(time.DateOnly, a.IssueDate); err != nil {
		fault("issue_date", "应为 2006-01-02 形式的日期")
	}
	if strings.TrimSpace(a.Headline) == "" {
		fault("headline", "缺少此项")
	}
	if strings.TrimSpace(a.Text()) == "" {
		fault("paragraphs", "正文为空")
	}
	fields = append(fields, a.valueFaults()...)
	fields = append(fields, a.segmentFaults()...)
	if fields != nil {
		return &Error{Kind: Invalid, Detail: "稿件信息有误", Fields: fields}
	}
	return nil
}
