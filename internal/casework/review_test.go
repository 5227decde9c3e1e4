package casework_test

import (
	"context"
	"strings"
	"testing"

	"rightsdesk/internal/casework"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
	"rightsdesk/policies"
)

func TestReview(t *testing.T) {
	h := open(t)
	pier := h.pier()
	m := h.match(pier, page{text: pier.Text(), title: "灯", facts: func(f *policies.Facts) { f.OwnMirror = true }})
	m.Sampled = true
	h.file(m)
	h.update(func(ctx context.Context, tx *store.Tx) error {
		op := operator()
		return tx.PutSource(ctx, &rights.Source{ID: "yuncheng", Name: "云城网", Kind: rights.SourceURLs, Operator: op, Origin: rights.OriginAPI})
	})
	if _, err := h.cases.Review(t.Context(), rights.SystemActor(), m.ID, casework.ClosureRight, ""); rights.KindOf(err) != rights.Forbidden {
		t.Errorf("the machine reviews itself: %v", err)
	}
	if _, err := h.cases.Review(t.Context(), reviewer(), m.ID, casework.ClosureWrong, " "); err == nil || refusal(t, err) != "invalid reason" {
		t.Error(err)
	}
	k, err := h.cases.Review(t.Context(), reviewer(), m.ID, casework.ClosureWrong, "该域名已经转让，不是本报网站")
	if err != nil || k.State != rights.CaseOpen || k.Operator.Name != operator().Name {
		t.Fatalf("%+v, %v", k, err)
	}
	f := h.read(k.ID)
	if e := f.Events[0]; e.Action != "case.opened" || e.Actor != "shen" || !strings.Contains(e.Reason, "该域名已经转让") {
		t.Errorf("event: %+v", e)
	}
	if len(f.Matches) != 1 || f.Matches[0].ReviewedBy != "沈知远" || f.Matches[0].Sampled || len(f.Questions) == 0 || !f.Steps[0].Reason {
		t.Errorf("file: %+v", f.Matches)
	}
	if _, err := h.cases.Review(t.Context(), reviewer(), m.ID, casework.ClosureRight, ""); rights.KindOf(err) != rights.Conflict {
		t.Errorf("reviewed twice: %v", err)
	}
}

func TestReviewRight(t *testing.T) {
	h := open(t)
	pier := h.pier()
	m := h.match(pier, page{text: pier.Text(), title: "灯", facts: func(f *policies.Facts) { f.Licensed, f.Licence = true, "L-1" }})
	m.Sampled = true
	h.file(m)
	if k, err := h.cases.Review(t.Context(), reviewer(), m.ID, casework.ClosureRight, ""); k != nil || err != nil {
		t.Errorf("%+v, %v", k, err)
	}
	h.update(func(ctx context.Context, tx *store.Tx) error {
		left, err := tx.Samples(ctx, 10)
		events, err2 := tx.Events(ctx, pier.ID)
		if err != nil || err2 != nil || len(left) != 0 || len(events) != 1 || !strings.Contains(events[0].Reason, "自动排除无误") {
			t.Errorf("%d left, events %+v", len(left), events)
		}
		return nil
	})
}

// A closure that was wrong on a page that has a case already joins it.
func TestReviewJoins(t *testing.T) {
	h := open(t)
	pier, flood := h.pier(), h.flood()
	text := pier.Text() + "\n" + flood.Text()
	k := h.file(h.match(pier, page{text: text, title: "灯"}))
	m := h.match(flood, page{text: text, title: "灯", facts: func(f *policies.Facts) { f.LinkOnly = true }})
	m.Sampled = true
	h.update(func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.AddMatch(ctx, m)
		return err
	})
	joined, err := h.cases.Review(t.Context(), counsel(), m.ID, casework.ClosureWrong, "并非仅有链接")
	if err != nil || joined.ID != k.ID || len(h.read(k.ID).Matches) != 2 {
		t.Errorf("%+v, %v", joined, err)
	}
}
