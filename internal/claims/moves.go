package claims

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

// claimant is the actor of what claimants do themselves.
const claimant = "claimant"

// Move is one step a person takes.
type Move struct {
	Name     string   `json:"name"`
	Reason   string   `json:"reason"`
	Missing  []string `json:"missing,omitempty"`  // for "ask": what is missing, all of it
	Remedies string   `json:"remedies,omitempty"` // for decisions: what the paper does
	Version  int      `json:"version"`            // of the claim as the person saw it; 0 does not check
}

// Move takes a step of the transition table for a person of the desk. A step
// that is not open now is a Conflict, one that is not the person's is Forbidden,
// and what the step lacks is Invalid with a Field for each.
func (o *Office) Move(ctx context.Context, by rights.Actor, id string, m Move) (c *rights.Claim, err error) {
	m.Reason, m.Remedies, m.Missing = text(m.Reason), text(m.Remedies), lines(m.Missing)
	err = o.db.Update(ctx, func(tx *store.Tx) error {
		if !by.Role.Valid() {
			return rights.Errorf(rights.Forbidden, "只有法务人员可以办理权利主张")
		}
		if c, err = tx.Claim(ctx, id); err != nil {
			return err
		}
		if m.Version != 0 && m.Version != c.Version {
			return rights.Errorf(rights.Conflict, "权利主张 %s 刚刚被他人改动，请刷新后再试", id)
		}
		row, err := findMove(c.State, m.Name, by.Role)
		if err != nil {
			return err
		}
		if err := guard(c, row, tx.Now); err != nil {
			return err
		}
		if err := m.lacks(row); err != nil {
			return err
		}
		was := c.State
		apply(c, row, m, tx.Now)
		if c.State.Final() {
			c.Decision = &rights.Act{By: by.Login, Name: by.Name, At: tx.Now, Reason: m.Reason}
		}
		if err := tx.PutClaim(ctx, c); err != nil {
			return err
		}
		return tx.AddEvent(ctx, &rights.Event{
			Subject: c.ID, Action: "claim." + m.Name, Actor: by.Login, Name: by.Name, From: string(was), To: string(c.State), Reason: m.told(),
		})
	})
	if err != nil {
		return nil, err
	}
	return c, nil
}

// findMove returns the row of a move. What the move itself lacks is named by
// lacks, all of it at once.
func findMove(from rights.ClaimState, name string, role rights.Role) (rights.ClaimMove, error) {
	const reasonComesLater = "-"
	return rights.FindClaimMove(from, name, role, reasonComesLater)
}

// guard refuses a move whose conditions do not hold.
func guard(c *rights.Claim, row rights.ClaimMove, now time.Time) error {
	if slices.Contains(row.Guards, rights.GuardCureOver) && c.CureBy >= now.In(rights.China).Format(time.DateOnly) {
		return rights.Errorf(rights.Conflict, "补正期限 %s 还没有过，不能以逾期结案", c.CureBy)
	}
	return nil
}

// Lapsed is what a claimant who did not hand in what was asked for is told,
// unless counsel says it otherwise.
func Lapsed(c *rights.Claim) string {
	return "补正期限（" + c.CureBy + "）已过，没有收到：" + strings.Join(c.Missing, "；") + "。材料补齐以后，可以重新提交权利主张。"
}

// lacks names what the step cannot do without.
func (m Move) lacks(row rights.ClaimMove) error {
	var fields []rights.Field
	if row.Reason && m.Reason == "" {
		fields = append(fields, rights.Field{Name: "reason", Detail: "请写明理由"})
	}
	if row.To == rights.ClaimDeficient && len(m.Missing) == 0 {
		fields = append(fields, rights.Field{Name: "missing", Detail: "请一次列出全部缺少的材料"})
	}
	if m.Remedies == "" && (row.To == rights.ClaimUpheld || row.To == rights.ClaimPartUpheld) {
		fields = append(fields, rights.Field{Name: "remedies", Detail: "请写明报社将采取的措施"})
	}
	for _, t := range []struct{ name, value string }{{"reason", m.Reason}, {"missing", strings.Join(m.Missing, "\n")}, {"remedies", m.Remedies}} {
		if utf8.RuneCountInString(t.value) > maxText {
			fields = append(fields, rights.Field{Name: t.name, Detail: "太长了，最多 5000 个字符"})
		}
	}
	if fields != nil {
		return &rights.Error{Kind: rights.Invalid, Detail: "这一步还缺少内容", Fields: fields}
	}
	return nil
}

// told is what the record says of a move.
func (m Move) told() string {
	parts := []string{m.Reason}
	if len(m.Missing) > 0 {
		parts = append(parts, "· "+strings.Join(m.Missing, "\n· "))
	}
	if m.Remedies != "" {
		parts = append(parts, "措施："+m.Remedies)
	}
	return strings.Join(parts, "\n")
}

// apply moves the claim and sets what hangs on its new state.
func apply(c *rights.Claim, row rights.ClaimMove, m Move, now time.Time) {
	c.State = row.To
	switch {
	case c.State == rights.ClaimDeficient:
		c.Missing, c.DueAt, c.CureBy = m.Missing, "", workdays(now, cureDays)
	case c.State == rights.ClaimSubmitted:
		c.Missing, c.DueAt, c.CureBy = nil, workdays(now, decisionDays), ""
	case c.State.Final():
		c.Missing, c.CureBy, c.Remedies, c.ClosedAt = nil, "", m.Remedies, &now
	}
}

// Complete hands in what the desk asked for, or the proofs that a filing lacked.
// It wants a message or a file, and refuses with a Field for each proof that is
// still missing; nothing is kept then.
func (o *Office) Complete(ctx context.Context, token, message string, files []Upload) (*rights.Claim, error) {
	message = text(message)
	c, err := o.Find(ctx, token)
	if err != nil {
		return nil, err
	}
	if err := completeFaults(c, message, files); err != nil {
		return nil, err
	}
	list, err := o.seal(files)
	if err != nil {
		return nil, err
	}
	err = o.db.Update(ctx, func(tx *store.Tx) error {
		if c, err = tx.Claim(ctx, c.ID); err != nil {
			return err
		}
		if err := completeFaults(c, message, files); err != nil {
			return err
		}
		if err := step(ctx, tx, c, "complete", message); err != nil {
			return err
		}
		return o.keep(ctx, tx, c.ID, list)
	})
	if err != nil {
		return nil, err
	}
	return o.Find(ctx, token)
}

// completeFaults says why what is handed in does not complete the claim.
func completeFaults(c *rights.Claim, message string, files []Upload) error {
	if _, err := findMove(c.State, "complete", ""); err != nil {
		return err
	}
	fields := checkFiles(files, len(c.Files))
	for _, k := range missingProofs(c.Claimant, files, c.Files) {
		fields = append(fields, missingField(k))
	}
	if message == "" && len(files) == 0 {
		fields = append(fields, rights.Field{Name: "message", Detail: "请填写说明，或者上传文件"})
	}
	if utf8.RuneCountInString(message) > maxText {
		fields = append(fields, rights.Field{Name: "message", Detail: "太长了，最多 5000 个字符"})
	}
	if fields != nil {
		return &rights.Error{Kind: rights.Invalid, Detail: "材料还不齐全，请补充或者更正以下各项", Fields: fields}
	}
	return nil
}

// Withdraw ends a claim by its claimant.
func (o *Office) Withdraw(ctx context.Context, token, reason string) (c *rights.Claim, err error) {
	reason = text(reason)
	if utf8.RuneCountInString(reason) > maxText {
		return nil, &rights.Error{Kind: rights.Invalid, Detail: "这一步还缺少内容", Fields: []rights.Field{{Name: "reason", Detail: "太长了，最多 5000 个字符"}}}
	}
	err = o.db.Update(ctx, func(tx *store.Tx) error {
		if c, err = lockByToken(ctx, tx, token); err != nil {
			return err
		}
		return step(ctx, tx, c, "withdraw", reason)
	})
	if err != nil {
		return nil, err
	}
	return c, nil
}

func lockByToken(ctx context.Context, tx *store.Tx, token string) (*rights.Claim, error) {
	c, err := tx.ClaimByToken(ctx, hashToken(token))
	if err != nil {
		return nil, err
	}
	return tx.Claim(ctx, c.ID)
}

// step is a move of the claimant.
func step(ctx context.Context, tx *store.Tx, c *rights.Claim, name, reason string) error {
	row, err := findMove(c.State, name, "")
	if err != nil {
		return err
	}
	was := c.State
	apply(c, row, Move{}, tx.Now)
	if err := tx.PutClaim(ctx, c); err != nil {
		return err
	}
	return tx.AddEvent(ctx, &rights.Event{
		Subject: c.ID, Action: "claim." + name, Actor: claimant, Name: c.Claimant.Name, From: string(was), To: string(c.State), Reason: reason,
	})
}

func lines(list []string) []string {
	var out []string
	for _, s := range list {
		if s = line(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}
