package catalog_test

import (
	"errors"
	"strings"
	"testing"

	"rightsdesk/internal/catalog"
	"rightsdesk/internal/rights"
)

// parts divides tide's text as a person may.
func parts(a *rights.Article) []catalog.Segment {
	first, all := len([]rune(a.Paragraphs[0])), len([]rune(a.Text()))
	return []catalog.Segment{
		{Start: 0, End: first, Owner: rights.OwnerStaff, Basis: rights.BasisStaff, Verified: true},
		{Start: first + 1, End: all, Owner: rights.OwnerWire, Holder: "新华社", Basis: rights.BasisWire, Document: "合同2026-018"},
	}
}

func TestSetSegments(t *testing.T) {
	h := open(t)
	a := tide()
	h.register(t, a)
	reviewer := rights.Actor{Login: "chen", Name: "陈审核", Role: rights.RoleReviewer}
	for i, by := range []rights.Actor{reviewer, counsel()} {
		set := parts(a)
		set[0].Document = []string{"发稿单0309", "劳动合同2019-07"}[i]
		got, err := h.catalog.SetSegments(t.Context(), by, a.ID, set, " 已核对发稿单 ")
		if err != nil {
			t.Fatal(err)
		}
		own, wire := got.Segments[0], got.Segments[1]
		if own.VerifiedBy != by.Name || own.VerifiedAt == nil || !own.VerifiedAt.Equal(got.UpdatedAt) || own.Standing(got.IssueDate) != "" || own.CorrectedBy != by.Name {
			t.Errorf("own segment %+v", own)
		}
		if wire.VerifiedBy != "" || wire.VerifiedAt != nil || wire.Holder != "新华社" || wire.Document != "合同2026-018" || !strings.Contains(wire.Why, "已核对发稿单") {
			t.Errorf("wire segment %+v", wire)
		}
		if held := h.article(t, a.ID); len(held.Segments) != 2 || held.Segments[0].VerifiedBy != by.Name {
			t.Errorf("held %+v", held.Segments)
		}
	}
	events := h.events(t, a.ID)
	if len(events) != 3 {
		t.Fatalf("%d events", len(events))
	}
	last := events[2]
	if last.Action != "segments" || last.Actor != "zhou" || last.Reason != "已核对发稿单" || !strings.Contains(last.From, "✓陈审核") || !strings.Contains(last.To, "✓周律师") {
		t.Errorf("event %+v", last)
	}
}

func TestWhatIsAsItWasKeepsItsName(t *testing.T) {
	h := open(t)
	a := tide()
	h.register(t, a)
	reviewer := rights.Actor{Login: "chen", Name: "陈审核", Role: rights.RoleReviewer}
	if _, err := h.catalog.SetSegments(t.Context(), reviewer, a.ID, parts(a), "已核对发稿单"); err != nil {
		t.Fatal(err)
	}
	set := parts(a)
	head, tail := set[0], set[0]
	head.End, tail.Start = 10, 10
	tail.Document = "发稿单0309"
	got, err := h.catalog.SetSegments(t.Context(), counsel(), a.ID, []catalog.Segment{head, tail, set[1]}, "补登发稿单")
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []struct{ verified, corrected string }{{"陈审核", "陈审核"}, {"周律师", "周律师"}, {"", "陈审核"}} {
		if s := got.Segments[i]; s.VerifiedBy != want.verified || s.CorrectedBy != want.corrected || !strings.HasPrefix(s.Why, want.corrected) {
			t.Errorf("segment %d is %+v, want %+v", i, s, want)
		}
	}
}

func TestCorrectedSegmentsSurviveAnUpdate(t *testing.T) {
	h := open(t)
	a := tide()
	h.register(t, a)
	if _, err := h.catalog.SetSegments(t.Context(), counsel(), a.ID, parts(a), "已核对"); err != nil {
		t.Fatal(err)
	}
	if got := h.register(t, tide()); got != catalog.Unchanged {
		t.Errorf("the same import after a correction: %s", got)
	}
	same := tide()
	same.Subtitle = "三十万亩麦田喝上头道水"
	if got := h.register(t, same); got != catalog.Updated || same.Segments[0].VerifiedBy != "周律师" || same.Subtitle == "" {
		t.Errorf("%s: segments %+v", got, same.Segments)
	}
	if events := h.events(t, a.ID); events[len(events)-1].Reason != "" {
		t.Errorf("event %+v", events[len(events)-1])
	}
	changed := tide()
	changed.Paragraphs[0] += "水流充足。"
	if got := h.register(t, changed); got != catalog.Updated || changed.Segments[0].VerifiedBy != "" {
		t.Errorf("%s: a text that nobody has seen is verified: %+v", got, changed.Segments)
	}
	if events := h.events(t, a.ID); !strings.Contains(events[len(events)-1].Reason, "正文有改动") {
		t.Errorf("the record does not say that a verification fell away: %+v", events[len(events)-1])
	}
}

func TestSetSegmentsRefuses(t *testing.T) {
	h := open(t)
	a := tide()
	h.register(t, a)
	tests := []struct {
		name, field, reason string
		spoil               func([]catalog.Segment) []catalog.Segment
	}{
		{"no reason", "reason", "  ", nil},
		{"no segments", "segments", "已核对", func([]catalog.Segment) []catalog.Segment { return nil }},
		{"overlap", "segments[1]", "已核对", func(s []catalog.Segment) []catalog.Segment { s[1].Start = 5; return s }},
		{"outside", "segments[1]", "已核对", func(s []catalog.Segment) []catalog.Segment { s[1].End++; return s }},
		{"negative", "segments[0]", "已核对", func(s []catalog.Segment) []catalog.Segment { s[0].Start = -1; return s }},
		{"gap inside", "segments[1]", "已核对", func(s []catalog.Segment) []catalog.Segment { s[0].End--; return s }},
		{"gap at the end", "segments[1]", "已核对", func(s []catalog.Segment) []catalog.Segment { s[1].End--; return s }},
		{"owner", "segments[0].owner", "已核对", func(s []catalog.Segment) []catalog.Segment {
			s[0].Owner, s[0].Basis = "boss", rights.BasisUnknown
			s[0].Verified = false
			return s
		}},
		{"staff basis of a wire text", "segments[1].basis", "已核对", func(s []catalog.Segment) []catalog.Segment { s[1].Basis = rights.BasisStaff; return s }},
		{"verified unknown", "segments[0].verified", "已核对", func(s []catalog.Segment) []catalog.Segment {
			s[0].Owner, s[0].Basis = rights.OwnerUnknown, rights.BasisUnknown
			return s
		}},
		{"verified nobody", "segments[1].holder", "已核对", func(s []catalog.Segment) []catalog.Segment {
			s[1].Holder, s[1].Verified = " ", true
			return s
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			segments := parts(a)
			if tt.spoil != nil {
				segments = tt.spoil(segments)
			}
			_, err := h.catalog.SetSegments(t.Context(), counsel(), a.ID, segments, tt.reason)
			var fault *rights.Error
			if !errors.As(err, &fault) || fault.Kind != rights.Invalid || len(fault.Fields) == 0 || fault.Fields[0].Name != tt.field {
				t.Errorf("got %v", err)
			}
		})
	}
	if _, err := h.catalog.SetSegments(t.Context(), rights.SystemActor(), a.ID, parts(a), "已核对"); rights.KindOf(err) != rights.Forbidden {
		t.Errorf("the machine verifies: %v", err)
	}
	if _, err := h.catalog.SetSegments(t.Context(), counsel(), "a-0000", parts(a), "已核对"); rights.KindOf(err) != rights.NotFound {
		t.Errorf("an article that is not there: %v", err)
	}
	if n := len(h.events(t, a.ID)); n != 1 {
		t.Errorf("%d events", n)
	}
}
