package catalog_test

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rightsdesk/fingerprints"
	"rightsdesk/internal/catalog"
	"rightsdesk/internal/index"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

// house is a register with what stands around it.
type house struct {
	db      *store.DB
	index   *index.Index
	catalog *catalog.Catalog
}

func open(t *testing.T) house {
	t.Helper()
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "r.db"), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	x, err := index.Load(t.Context(), index.Options{DB: db, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return house{db, x, catalog.New(db, x, "临江日报")}
}

func (h house) article(t *testing.T, id string) *rights.Article {
	t.Helper()
	var a *rights.Article
	h.view(t, func(tx *store.Tx) (err error) {
		a, err = tx.Article(t.Context(), id)
		return err
	})
	return a
}

func (h house) all(t *testing.T) []rights.Article {
	t.Helper()
	var list []rights.Article
	h.view(t, func(tx *store.Tx) (err error) {
		list, _, err = tx.Articles(t.Context(), store.ArticleFilter{Limit: 100})
		return err
	})
	return list
}

func (h house) events(t *testing.T, id string) []rights.Event {
	t.Helper()
	var list []rights.Event
	h.view(t, func(tx *store.Tx) (err error) {
		list, err = tx.Events(t.Context(), id)
		return err
	})
	return list
}

func (h house) view(t *testing.T, f func(*store.Tx) error) {
	t.Helper()
	if err := h.db.View(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

func (h house) register(t *testing.T, a *rights.Article) catalog.Change {
	t.Helper()
	change, err := h.catalog.Register(t.Context(), importer(), a)
	if err != nil {
		t.Fatal(err)
	}
	return change
}

func importer() rights.Actor { return rights.Actor{Login: "import", Name: "采编系统"} }

func counsel() rights.Actor {
	return rights.Actor{Login: "zhou", Name: "周律师", Role: rights.RoleCounsel}
}

func tide() *rights.Article {
	return &rights.Article{
		IssueDate: "2026-03-09", PageNo: "02", Headline: "春灌提前一周开闸", CreditLine: "本报记者 陆明川",
		Paragraphs: []string{
			"昨日上午，城北总干渠三孔闸门依次提起，比往年早了整整一周。",
			"新华社北京3月8日电 水利部门预计，今年春灌面积与去年持平，各地须及时检修渠道与泵站，做好用水调度。",
		},
	}
}

func TestRegister(t *testing.T) {
	h := open(t)
	a := tide()
	if got := h.register(t, a); got != catalog.Created {
		t.Errorf("change is %s", got)
	}
	if a.Paper != "临江日报" || a.ID != rights.ArticleID("临江日报", "2026-03-09", "02", "春灌提前一周开闸") || a.CreatedAt.IsZero() {
		t.Errorf("not completed: %+v", a)
	}
	if len(a.Segments) != 2 || a.Segments[0].Owner != rights.OwnerStaff || a.Segments[1].Holder != "新华社" {
		t.Errorf("segments %+v", a.Segments)
	}
	if diff := cmp.Diff(a, h.article(t, a.ID)); diff != "" {
		t.Errorf("what is handed back is not what is held:\n%s", diff)
	}
	if got, err := h.index.Match(t.Context(), fingerprints.Page{Text: a.Text()}); err != nil || len(got) != 1 || got[0].Article != a.ID {
		t.Errorf("the index finds %+v", got)
	}
	events := h.events(t, a.ID)
	if len(events) != 1 || events[0].Action != "register" || events[0].Actor != "import" || events[0].Name != "采编系统" || len(events[0].To) != 64 {
		t.Errorf("events %+v", events)
	}
}

func TestRegisterTwiceChangesNothing(t *testing.T) {
	h := open(t)
	first := tide()
	h.register(t, first)
	for _, again := range []*rights.Article{tide(), first} { // bare, and as the register gives it out
		if got := h.register(t, again); got != catalog.Unchanged {
			t.Errorf("change is %s", got)
		}
	}
	if diff := cmp.Diff(first, h.article(t, first.ID)); diff != "" {
		t.Errorf("the article changed:\n%s", diff)
	}
	if n := len(h.events(t, first.ID)); n != 1 {
		t.Errorf("%d events", n)
	}
	better := tide()
	better.PageName = "要闻·综合"
	if got := h.register(t, better); got != catalog.Updated {
		t.Errorf("change is %s", got)
	}
	held := h.article(t, first.ID)
	if held.PageName != "要闻·综合" || !held.CreatedAt.Equal(first.CreatedAt) || !held.UpdatedAt.After(first.UpdatedAt) {
		t.Errorf("held is %+v", held)
	}
	if events := h.events(t, first.ID); len(events) != 2 || events[1].Action != "update" || events[1].From != events[0].To {
		t.Errorf("events %+v", events)
	}
}

func TestRegisterTakesNoVerificationFromOutside(t *testing.T) {
	h := open(t)
	a, now := tide(), time.Now()
	size := len([]rune(a.Text()))
	a.Segments = []rights.Segment{{
		Start: 0, End: size, Owner: rights.OwnerStaff, Basis: rights.BasisStaff, Why: "采编系统登记",
		CorrectedBy: "某人", VerifiedBy: "某人", VerifiedAt: &now,
	}}
	h.register(t, a)
	if s := h.article(t, a.ID).Segments[0]; s.VerifiedBy != "" || s.VerifiedAt != nil || s.CorrectedBy != "" || s.Why != "采编系统登记" {
		t.Errorf("segment %+v", s)
	}
}

func TestRegisterRefuses(t *testing.T) {
	tests := []struct {
		field string
		spoil func(*rights.Article)
	}{
		{"issue_date", func(a *rights.Article) { a.IssueDate = "2026-02-30" }},
		{"headline", func(a *rights.Article) { a.Headline = "　" }},
		{"headline", func(a *rights.Article) { a.Headline = "春灌\x00开闸" }},
		{"paragraphs", func(a *rights.Article) { a.Paragraphs = nil }},
		{"paragraphs", func(a *rights.Article) { a.Paragraphs[0] = "\xff" }},
		{"id", func(a *rights.Article) { a.ID = "../x" }},
		{"url", func(a *rights.Article) { a.URL = "javascript:alert(1)" }},
		{"url", func(a *rights.Article) { a.URL = "https://a.example/" + strings.Repeat("x", 2000) }},
		{"page_no", func(a *rights.Article) { a.PageNo = strings.Repeat("9", 33) }},
		{"genre", func(a *rights.Article) { a.Genre = "novel" }},
		{"topic", func(a *rights.Article) { a.Topic = "sport" }},
		{"reservations[0].strength", func(a *rights.Article) { a.Reservations = []rights.Reservation{{Text: "x", Strength: "iron"}} }},
		{"segments[0]", func(a *rights.Article) {
			a.Segments = []rights.Segment{{Start: 3, End: 20, Owner: rights.OwnerStaff, Basis: rights.BasisStaff}}
		}},
	}
	h := open(t)
	for _, tt := range tests {
		a := tide()
		tt.spoil(a)
		_, err := h.catalog.Register(t.Context(), importer(), a)
		var fault *rights.Error
		if !errors.As(err, &fault) || fault.Kind != rights.Invalid || len(fault.Fields) == 0 || fault.Fields[0].Name != tt.field {
			t.Errorf("%s: got %v", tt.field, err)
		}
	}
	if len(h.all(t)) != 0 || h.index.Len() != 0 {
		t.Error("something of them went in")
	}
}

func TestRegisterLeavesNothingHalfDone(t *testing.T) {
	h := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	a := tide()
	if _, err := h.catalog.Register(ctx, importer(), a); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if diff := cmp.Diff(tide(), a); diff != "" || h.index.Len() != 0 || len(h.all(t)) != 0 {
		t.Errorf("half done; the article:\n%s", diff)
	}
}
