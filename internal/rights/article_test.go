package rights_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"rightsdesk/internal/rights"
)

func at(t *testing.T, s string) *time.Time {
	t.Helper()
	if s == "" {
		return nil
	}
	v, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return &v
}

func TestFirstPublished(t *testing.T) {
	for _, tt := range []struct {
		name, print, epaper, web, day, want string
		exact                               bool
	}{
		{"the earliest counts", "2026-01-08T06:00:00+08:00", "2026-01-08T05:30:00+08:00", "2026-01-08T09:00:00+08:00", "2026-01-08", "2026-01-07T21:30:00Z", true},
		{"the web was first", "2026-01-08T06:00:00+08:00", "", "2026-01-07T22:15:00+08:00", "2026-01-08", "2026-01-07T14:15:00Z", true},
		{"one time is known", "", "2026-01-08T05:30:00+08:00", "", "2026-01-08", "2026-01-07T21:30:00Z", true},
		{"the day only: its start in China", "", "", "", "2026-01-08", "2026-01-07T16:00:00Z", false},
		{"nothing known", "", "", "", "", "0001-01-01T00:00:00Z", false},
	} {
		a := rights.Article{IssueDate: tt.day, PrintAt: at(t, tt.print), EPaperAt: at(t, tt.epaper), WebAt: at(t, tt.web)}
		got, exact := a.FirstPublished()
		if got.Format(time.RFC3339) != tt.want || exact != tt.exact {
			t.Errorf("%s: %s, exact %v; want %s, %v", tt.name, got.Format(time.RFC3339), exact, tt.want, tt.exact)
		}
	}
}

// TestStanding asks whether the paper may act on a segment; staff works need a
// contract up to the day before Copyright Law art. 18(2)(2) came into force.
func TestStanding(t *testing.T) {
	const yes = ""
	for _, tt := range []struct {
		basis         rights.Basis
		by, doc, date string
		want          string
	}{
		{rights.BasisStaff, "chen", "", "2021-06-01", yes},
		{rights.BasisStaff, "chen", "", "2026-01-08", yes},
		{rights.BasisStaff, "chen", "", "2021-05-31", "2021年6月1日以前的职务作品须有合同在档"},
		{rights.BasisStaff, "chen", "合同-2019-07", "2021-05-31", yes},
		{rights.BasisStaff, "", "合同-2019-07", "2026-01-08", "权属尚未经人核实"},
		{rights.BasisLegalPerson, "chen", "", "2026-01-08", "该权利依据须有文件在档"},
		{rights.BasisLegalPerson, "chen", "策划书-3", "2026-01-08", yes},
		{rights.BasisAssignment, "chen", "", "2026-01-08", "该权利依据须有文件在档"},
		{rights.BasisAssignment, "chen", "转让-12", "2026-01-08", yes},
		{rights.BasisExclusive, "chen", "", "2026-01-08", "该权利依据须有文件在档"},
		{rights.BasisExclusive, "chen", "许可-5", "2026-01-08", yes},
		{rights.BasisContract, "chen", "", "2026-01-08", "该权利依据须有文件在档"},
		{rights.BasisContract, "chen", "合同-2025-02", "2026-01-08", yes},
		{rights.BasisNonExclusive, "chen", "许可-6", "2026-01-08", "现有权利依据不足以由本报出面主张"},
		{rights.BasisWire, "chen", "供稿协议", "2026-01-08", "现有权利依据不足以由本报出面主张"},
		{rights.BasisUnknown, "chen", "", "2026-01-08", "现有权利依据不足以由本报出面主张"},
		{"", "chen", "", "2026-01-08", "现有权利依据不足以由本报出面主张"},
	} {
		s := rights.Segment{Basis: tt.basis, Document: tt.doc, VerifiedBy: tt.by, VerifiedAt: at(t, "2026-02-01T10:00:00+08:00")}
		if got := s.Standing(tt.date); got != tt.want {
			t.Errorf("%s, verified by %q, document %q, issue of %s: %q, want %q", tt.basis, tt.by, tt.doc, tt.date, got, tt.want)
		}
	}
	undated := rights.Segment{Basis: rights.BasisStaff, VerifiedBy: "chen"}
	if undated.Standing("2026-01-08") == yes {
		t.Error("a verification without a time counts")
	}
}

func TestAsserted(t *testing.T) {
	for _, tt := range []struct {
		owner rights.Owner
		basis rights.Basis
		want  bool
	}{
		{rights.OwnerStaff, rights.BasisUnknown, true},
		{rights.OwnerStaff, rights.BasisStaff, true},
		{rights.OwnerFreelance, rights.BasisAssignment, true},
		{rights.OwnerFreelance, rights.BasisNonExclusive, false},
		{rights.OwnerWire, rights.BasisWire, false},
		{rights.OwnerReader, rights.BasisUnknown, false},
		{rights.OwnerUnknown, rights.BasisUnknown, false},
	} {
		if got := (rights.Segment{Owner: tt.owner, Basis: tt.basis}).Asserted(); got != tt.want {
			t.Errorf("%s on %s: %v, want %v", tt.owner, tt.basis, got, tt.want)
		}
	}
}

// TestArticleID pins the identifiers: they stand in letters and evidence.
func TestArticleID(t *testing.T) {
	const want = "a-11f113561efa607b"
	got := rights.ArticleID("临江日报", "2026-01-08", "02", "江堤加固工程昨日合龙")
	if got != want {
		t.Errorf("%s, want %s", got, want)
	}
	for _, other := range []string{
		rights.ArticleID("临江晚报", "2026-01-08", "02", "江堤加固工程昨日合龙"),
		rights.ArticleID("临江日报", "2026-01-09", "02", "江堤加固工程昨日合龙"),
		rights.ArticleID("临江日报", "2026-01-08", "2", "江堤加固工程昨日合龙"),
		rights.ArticleID("临江日报", "2026-01-08", "02", "江堤加固工程昨日合拢"),
		rights.ArticleID("临江日报", "2026-01-080", "2", "江堤加固工程昨日合龙"),
	} {
		if other == got {
			t.Error("two articles have one identifier")
		}
	}
}

func TestReservation(t *testing.T) {
	weak := rights.Reservation{Text: "版权所有", Strength: rights.StrengthWeak}
	medium := rights.Reservation{Text: "本版稿件未经授权不得转载", Strength: rights.StrengthMedium}
	strong := rights.Reservation{Text: "本文未经授权不得转载", Strength: rights.StrengthStrong}
	for _, tt := range []struct {
		name string
		list []rights.Reservation
		want rights.Reservation
	}{
		{"none", nil, rights.Reservation{}},
		{"a text without strength is none", []rights.Reservation{{Text: "欢迎转载"}}, rights.Reservation{}},
		{"an unknown strength is none", []rights.Reservation{{Text: "欢迎转载", Strength: "great"}}, rights.Reservation{}},
		{"a footer", []rights.Reservation{weak}, weak},
		{"the page over the footer", []rights.Reservation{weak, medium}, medium},
		{"the article over all", []rights.Reservation{weak, strong, medium}, strong},
		{"of equals the first", []rights.Reservation{medium, {Text: "二", Strength: rights.StrengthMedium}}, medium},
	} {
		a := rights.Article{Reservations: tt.list}
		if got := a.Reservation(); got != tt.want {
			t.Errorf("%s: %+v, want %+v", tt.name, got, tt.want)
		}
	}
}

func good() rights.Article {
	return rights.Article{
		Paper: "临江日报", IssueDate: "2026-01-08", PageNo: "02", Headline: "江堤加固工程昨日合龙",
		Paragraphs: []string{"临江两岸的灯，", "昨夜亮到了天明。"},
		Segments:   []rights.Segment{{Start: 0, End: 8, Owner: rights.OwnerStaff, Basis: rights.BasisStaff}, {Start: 8, End: 16, Owner: rights.OwnerWire, Basis: rights.BasisWire}},
	}
}

func TestArticleValidate(t *testing.T) {
	for _, tt := range []struct {
		name  string
		edit  func(*rights.Article)
		field []string
	}{
		{"sound", func(*rights.Article) {}, nil},
		{"nothing given", func(a *rights.Article) { *a = rights.Article{} }, []string{"paper", "issue_date", "headline", "paragraphs"}},
		{"a blank headline", func(a *rights.Article) { a.Headline = "　" }, []string{"headline"}},
		{"a day that is none", func(a *rights.Article) { a.IssueDate = "2026-02-30" }, []string{"issue_date"}},
		{"bytes that are no text", func(a *rights.Article) { a.Paragraphs[1] = "昨夜\xff到了天明。1" }, []string{"paragraphs"}},
		{"an empty segment", func(a *rights.Article) { a.Segments[0].End = 0 }, []string{"segments[0]"}},
		{"segments overlap", func(a *rights.Article) { a.Segments[1].Start = 7 }, []string{"segments[1]"}},
		{"segments out of order", func(a *rights.Article) { slices.Reverse(a.Segments) }, []string{"segments[1]"}},
		{"a segment past the end", func(a *rights.Article) { a.Segments[1].End = 17 }, []string{"segments[1]"}},
		{"a gap between segments", func(a *rights.Article) { a.Segments[1].Start = 10 }, nil},
		{"an unknown owner", func(a *rights.Article) { a.Segments[0].Owner = "editor" }, []string{"segments[0].owner"}},
		{"an unknown basis", func(a *rights.Article) { a.Segments[1].Basis = "habit" }, []string{"segments[1].basis"}},
	} {
		a := good()
		tt.edit(&a)
		wantFields(t, tt.name, a.Validate(), tt.field)
	}
}

// wantFields checks that the error is Invalid and names these fields, in order,
// each with what is wrong.
func wantFields(t *testing.T, name string, err error, want []string) {
	t.Helper()
	var got []string
	if e, ok := errors.AsType[*rights.Error](err); ok {
		if e.Kind != rights.Invalid || e.Detail == "" {
			t.Errorf("%s: kind %d, detail %q", name, e.Kind, e.Detail)
		}
		for _, f := range e.Fields {
			if f.Detail == "" {
				t.Errorf("%s: nothing is said of %s", name, f.Name)
			}
			got = append(got, f.Name)
		}
	}
	if !slices.Equal(got, want) || (err == nil) != (want == nil) {
		t.Errorf("%s: fields %v, want %v (%v)", name, got, want, err)
	}
}

func TestSourceValidate(t *testing.T) {
	for _, tt := range []struct {
		name  string
		edit  func(*rights.Source)
		field []string
	}{
		{"sound", func(*rights.Source) {}, nil},
		{"nothing given", func(s *rights.Source) { *s = rights.Source{} }, []string{"id", "name", "kind", "operator.role"}},
		{"a feed", func(s *rights.Source) { s.Kind = rights.SourceFeed }, nil},
		{"an id with a space", func(s *rights.Source) { s.ID = "yun cheng" }, []string{"id"}},
		{"an id of 64 characters", func(s *rights.Source) { s.ID = "a234567890123456789012345678901234567890123456789012345678901234" }, nil},
		{"an id of 65 characters", func(s *rights.Source) { s.ID = "a2345678901234567890123456789012345678901234567890123456789012345" }, []string{"id"}},
		{"a list without URLs", func(s *rights.Source) { s.Kind = rights.SourceURLs }, []string{"urls"}},
		{"a bad URL among good ones", func(s *rights.Source) {
			s.Kind, s.URLs = rights.SourceURLs, []string{"http://www.yuncheng.example/1", "//www.yuncheng.example/2"}
		}, []string{"urls[1]"}},
		{"no URL", func(s *rights.Source) { s.URL = "" }, []string{"url"}},
		{"another scheme", func(s *rights.Source) { s.URL = "ftp://www.yuncheng.example/" }, []string{"url"}},
		{"a password in the URL", func(s *rights.Source) { s.URL = "http://a:b@www.yuncheng.example/" }, []string{"url"}},
		{"an unknown role", func(s *rights.Source) { s.Operator.Role = "owner" }, []string{"operator.role"}},
	} {
		s := rights.Source{
			ID: "yuncheng", Name: "云城网", Kind: rights.SourceList, URL: "http://www.yuncheng.example/news/", Operator: rights.Operator{Role: rights.RolePublisher},
		}
		tt.edit(&s)
		wantFields(t, tt.name, s.Validate(), tt.field)
	}
}
