package casework

import (
	"context"
	"errors"

	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

// Recheck takes what a look at a case with a notice out saw, or err where nobody
// could see, into the case and the record, and says what that means. Text that
// was gone and is back reopens a closed case. A case that is no longer out is
// left alone, and the outcome empty.
func (c *Cases) Recheck(ctx context.Context, id, step string, sight Sight, unseen error) (rights.Outcome, error) {
	var outcome rights.Outcome
	err := c.opt.DB.Update(ctx, func(tx *store.Tx) error {
		k, err := tx.Case(ctx, id)
		if err != nil || k.State != rights.CaseSent && k.State != rights.CaseClosed {
			return err
		}
		was := *k
		outcome = seen(k, sight, unseen)
		said := stepNote(step, sight.Detail)
		switch outcome {
		case rights.OutcomeGone:
			if k.GoneAt == nil {
				k.GoneAt = &tx.Now
			}
		case rights.OutcomeStill, rights.OutcomeChanged:
			k.GoneAt, k.LastSeen = nil, tx.Now
		case rights.OutcomeUnknown:
			said = stepNote(step, reasonOf(unseen))
		}
		if (was.GoneAt == nil) != (k.GoneAt == nil) {
			err = tx.PutCase(ctx, k)
		} else {
			err = tx.TouchCase(ctx, k)
		}
		system := rights.SystemActor()
		e := &rights.Event{Subject: id, Action: "case.recheck", Actor: system.Login, Name: system.Name, From: string(was.State), To: string(outcome), Reason: said}
		if err := errors.Join(err, tx.AddEvent(ctx, e)); err != nil {
			return err
		}
		return recur(ctx, tx, &was, k)
	})
	return outcome, err
}

func seen(k *rights.Case, sight Sight, unseen error) rights.Outcome {
	switch {
	case unseen != nil:
		return rights.OutcomeUnknown
	case !sight.Shown:
		return rights.OutcomeGone
	case sight.Digest != k.Digest:
		return rights.OutcomeChanged
	}
	return rights.OutcomeStill
}

func reasonOf(err error) string {
	var e *rights.Error
	if errors.As(err, &e) && e.Kind != rights.Internal {
		return e.Detail
	}
	return "未能重新抓取对方页面"
}

// stepNote says what a look saw, and on what occasion.
func stepNote(step, seen string) string {
	switch step {
	case rights.RecheckDay1:
		return rights.Note("发函后一日复查：%s", seen)
	case rights.RecheckDay7:
		return rights.Note("发函后七日复查：%s", seen)
	case rights.RecheckDay30:
		return rights.Note("发函后三十日复查：%s", seen)
	case rights.RecheckEnd:
		return rights.Note("答复期满复查：%s", seen)
	}
	return rights.Note("复查：%s", seen)
}

// recur reopens a closed case whose text was gone and is back.
func recur(ctx context.Context, tx *store.Tx, was, now *rights.Case) error {
	if now.State != rights.CaseClosed || was.GoneAt == nil || now.GoneAt != nil {
		return nil
	}
	reopen(now)
	if err := tx.PutCase(ctx, now); err != nil {
		return err
	}
	system := rights.SystemActor()
	return tx.AddEvent(ctx, &rights.Event{
		Subject: now.ID, Action: "case.recurred", Actor: system.Login, Name: system.Name,
		From: string(rights.CaseClosed), To: string(rights.CaseOpen), Reason: "结案后页面重新出现涉案文字，本案重启",
	})
}

// reopen takes a case back to where nobody has decided on it.
func reopen(k *rights.Case) {
	k.State = rights.CaseOpen
	k.Held, k.Confirmed, k.Approved, k.Sent, k.Closed, k.Cleared, k.AnswerBy = nil, nil, nil, nil, nil, nil, ""
}

// arrange asks for the looks that a case that was just sent is to have.
func arrange(ctx context.Context, tx *store.Tx, k *rights.Case) error {
	for _, r := range k.Rechecks() {
		if err := tx.EnqueueRecheck(ctx, store.RecheckJob{CaseID: k.ID, Step: r.Step}, r.Due); err != nil {
			return err
		}
	}
	return nil
}
