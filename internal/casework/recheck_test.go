package casework_test

import (
	"database/sql"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"rightsdesk/internal/casework"
	"rightsdesk/internal/rights"
)

func TestRechecksOfASentCase(t *testing.T) {
	sent := time.Date(2026, 3, 10, 3, 0, 0, 0, time.UTC)
	c := rights.Case{Sent: &rights.Sending{At: sent}, AnswerBy: "2026-03-20"}
	var got []string
	for _, r := range c.Rechecks() {
		got = append(got, r.Step+" "+r.Due.UTC().Format("01-02 15:04"))
	}
	if want := []string{"T+1 03-11 03:00", "T+7 03-17 03:00", "T+30 04-09 03:00", "end 03-20 16:00"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if list := new(rights.Case).Rechecks(); list != nil {
		t.Errorf("a case that was not sent has %v", list)
	}
}

// TestSendingAsksForRechecks: the sending itself puts them into the queue.
func TestSendingAsksForRechecks(t *testing.T) {
	h := open(t)
	k := h.file(h.copied(h.pier()))
	h.bring(k.ID, rights.CaseSent)
	raw, err := sql.Open("sqlite", filepath.Join(h.cfg.Data, "rightsdesk.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	rows, err := raw.QueryContext(t.Context(), `SELECT json_extract(args, '$.case_id'), json_extract(args, '$.step'), json_extract(args, '$.due'), scheduled_at
		FROM river_job WHERE kind = 'recheck' AND state = 'scheduled'`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var got, want []string
	for rows.Next() {
		var id, step, due string
		var at time.Time
		if err := rows.Scan(&id, &step, &due, &at); err != nil {
			t.Fatal(err)
		}
		got = append(got, id+" "+step+" "+at.UTC().Format(time.RFC3339))
		if due != at.UTC().Format(time.RFC3339) {
			t.Errorf("%s is due %s and comes %v", step, due, at)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	for _, r := range h.read(k.ID).Case.Rechecks() {
		want = append(want, k.ID+" "+r.Step+" "+r.Due.UTC().Format(time.RFC3339))
	}
	slices.Sort(got)
	slices.Sort(want)
	if len(want) != 4 || !slices.Equal(got, want) {
		t.Errorf("the queue holds %q, want %q", got, want)
	}
}

// TestRecheck plays what a page may do after the letter.
func TestRecheck(t *testing.T) {
	h := open(t)
	k := h.file(h.copied(h.pier()))
	h.bring(k.ID, rights.CaseSent)
	look := func(step string, sight casework.Sight, err error) rights.Outcome {
		t.Helper()
		outcome, e := h.cases.Recheck(t.Context(), k.ID, step, sight, err)
		if e != nil {
			t.Fatal(e)
		}
		return outcome
	}
	shown := func(digest string) casework.Sight {
		return casework.Sight{Shown: true, Detail: "页面仍载有涉案文字，取证记录 urn:1", Digest: digest}
	}
	gone := casework.Sight{Detail: "对方服务器返回 404，取证记录 urn:2"}
	down := rights.Errorf(rights.Unavailable, "无法复查涉案页面：%s", "对方服务器返回 503")
	state := func() (rights.CaseState, bool) {
		c := h.read(k.ID).Case
		return c.State, c.GoneAt != nil
	}
	for _, step := range []struct {
		name    string
		sight   casework.Sight
		err     error
		outcome rights.Outcome
		gone    bool
	}{
		{rights.RecheckDay1, shown(k.Digest), nil, rights.OutcomeStill, false},
		{rights.RecheckDay7, shown("other"), nil, rights.OutcomeChanged, false},
		{rights.RecheckDay7, casework.Sight{}, down, rights.OutcomeUnknown, false},
		{rights.RecheckEnd, gone, nil, rights.OutcomeGone, true},
		{rights.RecheckEnd, casework.Sight{}, down, rights.OutcomeUnknown, true}, // not known is not back
		{rights.RecheckDay30, shown("other"), nil, rights.OutcomeChanged, false},
		{rights.RecheckDay30, gone, nil, rights.OutcomeGone, true},
	} {
		if got := look(step.name, step.sight, step.err); got != step.outcome {
			t.Errorf("%s: %s, want %s", step.name, got, step.outcome)
		}
		if s, gone := state(); s != rights.CaseSent || gone != step.gone {
			t.Errorf("%s: the case is %s, gone %v", step.name, s, gone)
		}
	}
	h.move(reviewer(), k.ID, casework.Move{Name: "close", Reason: "对方已删除"})
	if look(rights.RecheckDay30, gone, nil); h.read(k.ID).Case.State != rights.CaseClosed {
		t.Error("it was reopened while the text is gone")
	}
	if got := look(rights.RecheckDay30, shown("third"), nil); got != rights.OutcomeChanged {
		t.Errorf("after it was closed: %s", got)
	}
	if c := h.read(k.ID).Case; c.State != rights.CaseOpen || c.Sent != nil || c.Closed != nil || c.GoneAt != nil {
		t.Errorf("recurrence: %+v", c)
	}
	if got := look(rights.RecheckDay30, gone, nil); got != "" {
		t.Errorf("an open case was looked at: %s", got)
	}
	var actions []string
	for _, e := range h.read(k.ID).Events {
		if strings.HasPrefix(e.Action, "case.rec") {
			actions = append(actions, e.Action+" "+e.To)
		}
	}
	want := []string{
		"case.recheck still", "case.recheck changed", "case.recheck unknown", "case.recheck gone", "case.recheck unknown", "case.recheck changed",
		"case.recheck gone", "case.recheck gone", "case.recheck changed", "case.recurred open",
	}
	if !slices.Equal(actions, want) {
		t.Errorf("the record says %q, want %q", actions, want)
	}
}

// TestRecurrenceSeenByASweep reopens a closed case too.
func TestRecurrenceSeenByASweep(t *testing.T) {
	h := open(t)
	m := h.copied(h.pier())
	k := h.file(m)
	h.bring(k.ID, rights.CaseSent)
	if _, err := h.cases.Recheck(t.Context(), k.ID, rights.RecheckDay1, casework.Sight{Detail: "对方服务器返回 404"}, nil); err != nil {
		t.Fatal(err)
	}
	h.move(reviewer(), k.ID, casework.Move{Name: "close", Reason: "对方已删除"})
	again := *m
	again.ID, again.CaseID, again.SeenAt, again.Capture.Digest = 0, "", time.Now().Add(time.Hour), "again"
	if same := h.file(&again); same.ID != k.ID || same.State != rights.CaseOpen || same.GoneAt != nil {
		t.Errorf("%+v", same)
	}
}
