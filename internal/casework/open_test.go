package casework_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"rightsdesk/internal/casework"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
	"rightsdesk/policies"
)

func later(hours int) time.Time { return time.Date(2026, 1, 8, 1+hours, 2, 3, 0, time.UTC) }

func actions(f *casework.File) string {
	var list []string
	for _, e := range f.Events {
		list = append(list, strings.TrimPrefix(e.Action, "case."))
	}
	return strings.Join(list, " ")
}

func TestOpen(t *testing.T) {
	h := open(t)
	pier := h.pier()
	m := h.copied(pier)
	k := h.file(m)
	if k.ID == "" || k.State != rights.CaseOpen || k.URL != pageURL || k.SourceID != "yuncheng" || k.Operator.Name != operator().Name {
		t.Errorf("opened: %+v", k)
	}
	if k.Rule != "I06" || k.Severity != "S4" || k.Demand != "removal" || k.Title != "旧码头亮灯了！网友：太美" || !slices.Equal(k.Articles, []string{pier.ID}) || k.Coverage < 0.9 {
		t.Errorf("does not repeat the verdict: %+v", k)
	}
	f := h.read(k.ID)
	if actions(f) != "opened" || f.Events[0].Actor != "system" || !strings.Contains(f.Events[0].Reason, "I06 内容改动") {
		t.Errorf("events: %+v", f.Events)
	}
	if f.Looks != 1 || len(f.Matches) != 1 || f.Matches[0].CaseID != k.ID || f.Articles[pier.ID] == nil {
		t.Errorf("file: %d looks, %d matches", f.Looks, len(f.Matches))
	}
}

func TestOpenNeedsAVerdictThatOpens(t *testing.T) {
	h := open(t)
	m := h.match(h.pier(), page{text: strings.Join(read(t, "pier.txt"), "\n"), title: "老码头的灯又亮了", facts: func(f *policies.Facts) { f.Licensed = true }})
	if k := h.file(m); k != nil || m.CaseID != "" {
		t.Errorf("a licensed use opened %v", k)
	}
}

// A look that sees nothing new keeps when that was, and makes no person's
// version stale.
func TestSameAgain(t *testing.T) {
	h := open(t)
	pier := h.pier()
	k := h.file(h.copied(pier))
	again := h.copied(pier)
	again.SeenAt = later(1)
	now := h.file(again)
	if now.ID != k.ID || now.Version != k.Version || !now.LastSeen.Equal(later(1)) || actions(h.read(k.ID)) != "opened" {
		t.Errorf("version %d after %d, last seen %v, events %s", now.Version, k.Version, now.LastSeen, actions(h.read(k.ID)))
	}
}

func TestTwoArticlesOnOnePage(t *testing.T) {
	h := open(t)
	pier, flood := h.pier(), h.flood()
	text := pier.Text() + "\n" + flood.Text()
	mild := h.match(pier, page{text: text, title: "本周要闻", facts: func(f *policies.Facts) { f.SourceNamed, f.AuthorNamed, f.TitleKnown = true, true, false }})
	grave := h.match(flood, page{text: text, title: "本周要闻", facts: func(f *policies.Facts) { f.TitleKnown = false }})
	for name, order := range map[string][]*rights.Match{"mild first": {mild, grave}, "grave first": {grave, mild}} {
		t.Run(name, func(t *testing.T) {
			h := open(t)
			h.pier()
			h.flood()
			k := h.file(order...)
			if k.Rule != "I03" || k.Severity != "S3" || !slices.Equal(k.Articles, []string{flood.ID, pier.ID}) {
				t.Errorf("the case repeats %s %s on %v", k.Rule, k.Severity, k.Articles)
			}
			if f := h.read(k.ID); len(f.Matches) != 2 || f.Looks != 2 || actions(f) != "opened seen" {
				t.Errorf("%d matches, %d looks, events %s", len(f.Matches), f.Looks, actions(f))
			}
		})
	}
}

// A page that changed brings the case in step; an article that is gone from it
// is no longer in the file.
func TestPageChanged(t *testing.T) {
	h := open(t)
	pier, flood := h.pier(), h.flood()
	text := pier.Text() + "\n" + flood.Text()
	k := h.file(h.match(pier, page{text: text, title: "要闻"}), h.match(flood, page{text: text, title: "要闻"}))
	now := h.file(h.match(flood, page{text: flood.Text(), title: "洪峰今晨过境", digest: "bbbb", at: later(2), facts: func(f *policies.Facts) { f.SourceNamed = true }}))
	f := h.read(k.ID)
	if now.ID != k.ID || now.Version == k.Version || now.Title != "洪峰今晨过境" || now.Rule != "I01" || !slices.Equal(now.Articles, []string{flood.ID}) {
		t.Errorf("after the change: %+v", now)
	}
	if len(f.Matches) != 1 || f.Matches[0].Capture.Digest != "bbbb" || f.Looks != 3 || !strings.HasSuffix(actions(f), "seen seen") {
		t.Errorf("%d matches, %d looks, events %s", len(f.Matches), f.Looks, actions(f))
	}
	// The page turns back: the match of those bytes is the newest again.
	h.file(h.match(flood, page{text: text, title: "要闻", at: later(3)}))
	if f := h.read(k.ID); f.Matches[0].Capture.Digest != digestA {
		t.Errorf("the file shows the page as %s", f.Matches[0].Capture.Digest)
	}
}

// A look at a case that a person decided on never moves it nor changes what was
// decided; it says what changed.
func TestDecidedCasesStay(t *testing.T) {
	for state, says := range map[rights.CaseState]string{
		rights.CaseHeld: "", rights.CaseConfirmed: "已确认", rights.CaseClosed: "可由法务重启", rights.CaseCleared: "可由法务重启",
	} {
		t.Run(string(state), func(t *testing.T) {
			h := open(t)
			pier := h.pier()
			k := h.file(h.copied(pier))
			h.bring(k.ID, state)
			before := h.read(k.ID)
			now := h.file(h.match(pier, page{text: pier.Text(), title: "老码头的灯又亮了", digest: "bbbb", at: later(5), facts: func(f *policies.Facts) { f.SourceNamed, f.AuthorNamed = true, true }}))
			if now.State != state || now.Rule != "I01" {
				t.Errorf("is %s with rule %s", now.State, now.Rule)
			}
			if demand := now.Demand; state != rights.CaseHeld && demand != before.Case.Demand {
				t.Errorf("the demand became %s", demand)
			}
			events := h.read(k.ID).Events
			last := events[len(events)-1]
			if last.Action != "case.seen" || last.Actor != "system" || !strings.Contains(last.Reason, "页面内容有变化") || !strings.Contains(last.Reason, says) {
				t.Errorf("event: %+v", last)
			}
		})
	}
}

func TestCorrectedOperatorStays(t *testing.T) {
	h := open(t)
	pier := h.pier()
	k := h.file(h.copied(pier))
	op := rights.Operator{Name: " 云渡信息技术有限公司 ", Role: rights.RoleHost}
	if _, err := h.cases.SetOperator(t.Context(), reviewer(), k.ID, op); err != nil {
		t.Fatal(err)
	}
	now := h.file(h.match(pier, page{text: pier.Text(), title: "灯", digest: "bbbb", at: later(1)}))
	if now.Operator.Name != "云渡信息技术有限公司" || now.Operator.Role != rights.RoleHost {
		t.Errorf("operator: %+v", now.Operator)
	}
	if f := h.read(k.ID); !strings.Contains(f.Events[1].Reason, "原为：云城网络传媒有限公司") {
		t.Errorf("event: %+v", f.Events[1])
	}
}

// A use that is licensed by now is news to its case, and opens none.
func TestLicensedSince(t *testing.T) {
	h := open(t)
	pier := h.pier()
	k := h.file(h.copied(pier))
	m := h.copied(pier)
	m.Facts.Licensed, m.SeenAt = true, later(1)
	var err error
	if m.Verdict, err = h.policy.Evaluate(m.Facts); err != nil {
		t.Fatal(err)
	}
	now := h.file(m)
	f := h.read(k.ID)
	if now.Rule != "G02" || now.Demand != "none" || actions(f) != "opened seen" || !strings.Contains(f.Events[1].Reason, "原为规则 I06（S4）") {
		t.Errorf("rule %s, events %+v", now.Rule, f.Events)
	}
}

func TestShownAgain(t *testing.T) {
	h := open(t)
	pier := h.pier()
	k := h.file(h.copied(pier))
	h.update(func(ctx context.Context, tx *store.Tx) error {
		c, err := tx.Case(ctx, k.ID)
		if err != nil {
			return err
		}
		gone := later(1)
		c.GoneAt = &gone
		return tx.PutCase(ctx, c)
	})
	m := h.copied(pier)
	m.SeenAt = later(2)
	now := h.file(m)
	if f := h.read(k.ID); now.GoneAt != nil || !strings.Contains(f.Events[1].Reason, "重新出现") {
		t.Errorf("gone at %v, events %+v", now.GoneAt, f.Events)
	}
}
