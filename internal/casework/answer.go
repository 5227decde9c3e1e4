package casework

import (
	"context"
	"slices"
	"strings"

	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
	"rightsdesk/policies"
)

// Answer keeps a person's answer to one exemption question; a new answer takes
// the place of the old one, and the record keeps both. Only open, held and
// confirmed cases take answers.
func (c *Cases) Answer(ctx context.Context, by rights.Actor, id string, a rights.Answer) (*rights.Case, error) {
	a.Reason = strings.TrimSpace(a.Reason)
	return c.edit(ctx, by, id, func(tx *store.Tx, f *File) (string, error) {
		i := slices.IndexFunc(f.Questions, func(q policies.Question) bool { return q.ID == a.Question })
		var fields []rights.Field
		if i < 0 {
			fields = append(fields, rights.Field{Name: "question", Detail: "本案没有这个问题"})
		}
		if a.Reason == "" {
			fields = append(fields, rights.Field{Name: "reason", Detail: "请写明理由"})
		}
		if fields != nil {
			return "", &rights.Error{Kind: rights.Invalid, Detail: "回答不完整", Fields: fields}
		}
		a.By, a.Name, a.At = by.Login, by.Name, tx.Now
		k := f.Case
		k.Answers = append(slices.DeleteFunc(k.Answers, func(old rights.Answer) bool { return old.Question == a.Question }), a)
		return rights.Note("%s 答：%s。%s", f.Questions[i].Text, appliesName(a), a.Reason), nil
	}, "case.answer")
}

// SetOperator corrects who runs the site; the source's operator does not
// overwrite it any more. Only open, held and confirmed cases take corrections:
// an approved letter has its addressee.
func (c *Cases) SetOperator(ctx context.Context, by rights.Actor, id string, op rights.Operator) (*rights.Case, error) {
	for _, s := range []*string{&op.Name, &op.ICP, &op.Contact, &op.Address, &op.Email} {
		*s = strings.TrimSpace(*s)
	}
	return c.edit(ctx, by, id, func(_ *store.Tx, f *File) (string, error) {
		var fields []rights.Field
		if op.Name == "" {
			fields = append(fields, rights.Field{Name: "operator.name", Detail: "缺少此项"})
		}
		switch op.Role {
		case rights.RolePublisher, rights.RoleHost, rights.RoleSearch:
		default:
			fields = append(fields, rights.Field{Name: "operator.role", Detail: "应为 publisher、host 或 search"})
		}
		if fields != nil {
			return "", &rights.Error{Kind: rights.Invalid, Detail: "网站经营者信息有误", Fields: fields}
		}
		was := f.Case.Operator
		f.Case.Operator, f.Case.OperatorBy = op, by.Login
		return rights.Note("原为：%s；现为：%s", operatorLine(was), operatorLine(op)), nil
	}, "case.operator")
}

// edit changes what belongs to a case without moving it. change says what the
// record is to say.
func (c *Cases) edit(ctx context.Context, by rights.Actor, id string, change func(*store.Tx, *File) (string, error), action string) (*rights.Case, error) {
	if err := staff(by); err != nil {
		return nil, err
	}
	var k *rights.Case
	err := c.opt.DB.Update(ctx, func(tx *store.Tx) error {
		f, err := c.read(ctx, tx, id)
		if err != nil {
			return err
		}
		k = f.Case
		if !undecided(k.State) && k.State != rights.CaseConfirmed {
			return rights.Errorf(rights.Conflict, "案件当前为“%s”，不能再改动；如确需改动，请先由法务退回或重启", k.State.Label())
		}
		said, err := change(tx, f)
		if err != nil {
			return err
		}
		if err := tx.PutCase(ctx, k); err != nil {
			return err
		}
		return tx.AddEvent(ctx, &rights.Event{Subject: id, Action: action, Actor: by.Login, Name: by.Name, Reason: said})
	})
	if err != nil {
		return nil, err
	}
	return k, nil
}

func operatorLine(o rights.Operator) string {
	var parts []string
	for _, s := range []string{o.Name, roleName(o.Role), o.ICP, o.Contact, o.Address, o.Email} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, "，")
}
