package casework_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"rightsdesk/internal/casework"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
	"rightsdesk/policies"
)

// What the acts of a case say after each move.
func TestActs(t *testing.T) {
	h := open(t)
	k := h.file(h.copied(h.pier()))
	k = h.move(reviewer(), k.ID, casework.Move{Name: "hold", Reason: "先核对来源"})
	if k.Held == nil || k.Held.By != "shen" || k.Held.Name != "沈知远" || k.Held.Reason != "先核对来源" {
		t.Errorf("held: %+v", k.Held)
	}
	k = h.move(reviewer(), k.ID, casework.Move{Name: "resume"})
	k = h.move(reviewer(), k.ID, casework.Move{Name: "confirm", Demand: policies.DemandOffer})
	if k.Held != nil || k.Confirmed == nil || k.Demand != "offer" {
		t.Errorf("confirmed: %+v", k)
	}
	k = h.move(counsel(), k.ID, casework.Move{Name: "return", Reason: "请补充"})
	if k.Confirmed != nil || k.Demand != "removal" {
		t.Errorf("returned: %+v", k)
	}
	k = h.move(reviewer(), k.ID, casework.Move{Name: "confirm"})
	h.answerAll(k.ID)
	k = h.move(counsel(), k.ID, casework.Move{Name: "approve", Version: h.read(k.ID).Case.Version})
	due := time.Now().In(rights.China).AddDate(0, 0, h.cfg.AnswerDays).Format(time.DateOnly)
	f := h.read(k.ID)
	if k.Approved == nil || k.Approved.By != "gu" || k.AnswerBy != due || len(f.Reports) != 1 || f.Reports[0].Draft {
		t.Errorf("approved: %+v, reports %+v", k, f.Reports)
	}
	sent := toEmail()
	sent.At = time.Now().Truncate(time.Minute) // as a form gives it
	k = h.move(reviewer(), k.ID, casework.Move{Name: "send", Sending: sent})
	if k.Sent == nil || k.Sent.By != "shen" || !k.Sent.At.Equal(sent.At) || k.Sent.Report != f.Reports[0].PDFSHA || h.looked != 1 {
		t.Errorf("sent: %+v after %d looks", k.Sent, h.looked)
	}
	k = h.move(reviewer(), k.ID, casework.Move{Name: "close", Reason: "对方已删除"})
	if k.Closed == nil || k.Sent == nil {
		t.Errorf("closed: %+v", k)
	}
	k = h.move(counsel(), k.ID, casework.Move{Name: "reopen", Reason: "再次登载"})
	if k.Confirmed != nil || k.Approved != nil || k.Sent != nil || k.Closed != nil || k.AnswerBy != "" {
		t.Errorf("reopened: %+v", k)
	}
	events := h.read(k.ID).Events
	if said := events[len(events)-3].Reason; !strings.Contains(said, "没有有效的授权。页面仍载有涉案文字") {
		t.Errorf("of the checks before the sending the record says %q", said)
	}
	want := "opened hold resume confirm return confirm answer answer answer answer answer answer answer approve send close reopen"
	if got := actions(h.read(k.ID)); got != want {
		t.Errorf("events: %s", got)
	}
}

// Two people press the button at once: one approves, the other is told, and one
// letter is there.
func TestDoubleClick(t *testing.T) {
	h := open(t)
	k := h.file(h.copied(h.pier()))
	h.bring(k.ID, rights.CaseConfirmed)
	h.answerAll(k.ID)
	errs := make([]error, 4)
	var wait sync.WaitGroup
	for i := range errs {
		wait.Go(func() {
			_, errs[i] = h.cases.Move(t.Context(), counsel(), k.ID, casework.Move{Name: "approve"})
		})
	}
	wait.Wait()
	done := 0
	for _, err := range errs {
		switch {
		case err == nil:
			done++
		case rights.KindOf(err) != rights.Conflict:
			t.Error(err)
		}
	}
	files, err := filepath.Glob(filepath.Join(h.cfg.Data, "reports", k.ID, "*"))
	if err != nil || done != 1 || len(h.read(k.ID).Reports) != 1 || len(files) != 2 {
		t.Errorf("%d approved, %d reports, files %v, %v", done, len(h.read(k.ID).Reports), files, err)
	}
}

// A case that is returned while the page is being fetched is not sent.
func TestReturnedDuringLook(t *testing.T) {
	h := open(t)
	k := h.file(h.copied(h.pier()))
	h.bring(k.ID, rights.CaseApproved)
	plain := h.cases
	h.cases = casework.New(casework.Options{DB: h.db, Policy: h.policy, Config: h.cfg, Look: func(ctx context.Context, c *rights.Case) (casework.Sight, error) {
		_, err := plain.Move(ctx, counsel(), c.ID, casework.Move{Name: "return", Reason: "发现有误"})
		return casework.Sight{Shown: true}, err
	}})
	_, err := h.cases.Move(t.Context(), reviewer(), k.ID, casework.Move{Name: "send", Sending: toEmail()})
	if rights.KindOf(err) != rights.Conflict || h.read(k.ID).Case.State != rights.CaseOpen {
		t.Errorf("%v, the case is %s", err, h.read(k.ID).Case.State)
	}
}

// A look that notes something on the case does not stand in its own way.
func TestLookNotes(t *testing.T) {
	h := open(t)
	k := h.file(h.copied(h.pier()))
	h.bring(k.ID, rights.CaseApproved)
	h.cases = casework.New(casework.Options{DB: h.db, Policy: h.policy, Config: h.cfg, Look: func(ctx context.Context, c *rights.Case) (casework.Sight, error) {
		return casework.Sight{Shown: true}, h.db.Update(ctx, func(tx *store.Tx) error {
			c, err := tx.Case(ctx, c.ID)
			if err != nil {
				return err
			}
			c.LastSeen = tx.Now
			return tx.PutCase(ctx, c)
		})
	}})
	h.move(reviewer(), k.ID, casework.Move{Name: "send", Sending: toEmail(), Version: h.read(k.ID).Case.Version})
}

// A sending that the page itself stops, or that nobody could look at the page for,
// is on the record.
func TestSendRefused(t *testing.T) {
	h := open(t)
	k := h.file(h.copied(h.pier()))
	h.bring(k.ID, rights.CaseApproved)
	for _, tt := range []struct {
		sight casework.Sight
		err   error
		kind  rights.Kind
		says  string
	}{
		{casework.Sight{Detail: "对方服务器返回 404"}, nil, rights.Conflict, "404"},
		{casework.Sight{}, rights.Errorf(rights.Unavailable, "无法复查涉案页面：%s", "对方服务器返回 503"), rights.Unavailable, "503"},
		{casework.Sight{}, errors.New("read 10.0.0.7: connection reset"), rights.Unavailable, "未能重新抓取对方页面"},
	} {
		h.cases = casework.New(casework.Options{DB: h.db, Policy: h.policy, Config: h.cfg, Look: func(context.Context, *rights.Case) (casework.Sight, error) {
			return tt.sight, tt.err
		}})
		before := len(h.read(k.ID).Events)
		_, err := h.cases.Move(t.Context(), reviewer(), k.ID, casework.Move{Name: "send", Sending: toEmail()})
		events := h.read(k.ID).Events
		last := events[len(events)-1]
		if rights.KindOf(err) != tt.kind || len(events) != before+1 || last.Action != "case.send_refused" || last.Actor != reviewer().Login ||
			!strings.Contains(last.Reason, tt.says) || strings.Contains(last.Reason, "10.0.0.7") {
			t.Errorf("%v; the record ends with %+v", err, last)
		}
	}
}

func TestSteps(t *testing.T) {
	h := open(t)
	pier := h.pier()
	k := h.file(h.copied(pier))
	names := func(by rights.Actor) string {
		f, err := h.cases.File(t.Context(), by, k.ID)
		if err != nil {
			t.Fatal(err)
		}
		var list []string
		for _, s := range f.Steps {
			list = append(list, s.Name)
		}
		return strings.Join(list, " ")
	}
	if got := names(reviewer()); got != "confirm hold clear" {
		t.Errorf("reviewer: %s", got)
	}
	if f := h.read(k.ID); f.Steps[0].Demand != policies.DemandRemoval || f.Steps[0].Reason || f.Steps[0].Obstacles != nil {
		t.Errorf("confirm: %+v", f.Steps[0])
	}
	h.bring(k.ID, rights.CaseConfirmed)
	pier.Segments[0].VerifiedBy = ""
	h.register(pier)
	if got := names(reviewer()); got != "" {
		t.Errorf("reviewer: %s", got)
	}
	if got := names(rights.SystemActor()); got != "" {
		t.Errorf("the machine: %s", got)
	}
	f := h.read(k.ID)
	if got := names(counsel()); got != "approve return clear" {
		t.Errorf("counsel: %s", got)
	}
	if s := f.Steps[0]; len(s.Obstacles) != 8 || !strings.Contains(s.Obstacles[0], "《老码头的灯又亮了》全文：权属尚未经人核实") {
		t.Errorf("approve: %q", s.Obstacles)
	}
	if len(f.Standing) != 1 || f.Standing[0].ArticleID != pier.ID || f.Standing[0].Segment != 0 || f.Standing[0].Part != "全文" {
		t.Errorf("standing: %+v", f.Standing)
	}
}
