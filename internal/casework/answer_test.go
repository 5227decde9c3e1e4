package casework_test

import (
	"strings"
	"testing"

	"rightsdesk/internal/casework"
	"rightsdesk/internal/rights"
)

func TestAnswer(t *testing.T) {
	h := open(t)
	k := h.file(h.copied(h.pier()))
	for name, tt := range map[string]struct {
		by   rights.Actor
		a    rights.Answer
		want string
	}{
		"no such question": {reviewer(), rights.Answer{Question: "weather", Reason: "晴"}, "invalid question"},
		"no reason":        {reviewer(), rights.Answer{Question: "fact"}, "invalid reason"},
		"the machine":      {rights.SystemActor(), rights.Answer{Question: "fact", Reason: "有独创表达"}, "forbidden"},
	} {
		_, err := h.cases.Answer(t.Context(), tt.by, k.ID, tt.a)
		if err == nil || refusal(t, err) != tt.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, reason := range []string{"初看有独创表达", "细看确有独创表达"} {
		if _, err := h.cases.Answer(t.Context(), reviewer(), k.ID, rights.Answer{Question: "fact", Reason: reason, By: "someone else"}); err != nil {
			t.Fatal(err)
		}
	}
	f := h.read(k.ID)
	if len(f.Case.Answers) != 1 || f.Case.Answers[0].By != "shen" || f.Case.Answers[0].Reason != "细看确有独创表达" || f.Case.Answers[0].At.IsZero() {
		t.Errorf("answers: %+v", f.Case.Answers)
	}
	if actions(f) != "opened answer answer" || !strings.Contains(f.Events[1].Reason, "初看有独创表达") {
		t.Errorf("the record: %+v", f.Events)
	}
	h.bring(k.ID, rights.CaseCleared)
	_, err := h.cases.Answer(t.Context(), reviewer(), k.ID, rights.Answer{Question: "fact", Reason: "有独创表达"})
	if rights.KindOf(err) != rights.Conflict {
		t.Errorf("a cleared case takes answers: %v", err)
	}
}

func TestSetOperator(t *testing.T) {
	h := open(t)
	k := h.file(h.copied(h.pier()))
	_, err := h.cases.SetOperator(t.Context(), reviewer(), k.ID, rights.Operator{Name: " ", Role: "printer"})
	if err == nil || refusal(t, err) != "invalid operator.name operator.role" {
		t.Error(err)
	}
	h.bring(k.ID, rights.CaseApproved)
	_, err = h.cases.SetOperator(t.Context(), reviewer(), k.ID, rights.Operator{Name: "另一家", Role: rights.RoleHost})
	if rights.KindOf(err) != rights.Conflict {
		t.Errorf("an approved letter got another addressee: %v", err)
	}
}

func TestNotFound(t *testing.T) {
	h := open(t)
	_, err := h.cases.Move(t.Context(), counsel(), "RD2026-0099", casework.Move{Name: "clear", Reason: "无"})
	if rights.KindOf(err) != rights.NotFound {
		t.Error(err)
	}
}
