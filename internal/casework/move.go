package casework

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
	"rightsdesk/policies"
)

// The moves that do more than change the state, as the transition table names
// them.
const (
	moveConfirm = "confirm"
	moveSend    = "send"
)

// Move is one step a person takes.
type Move struct {
	Name    string `json:"name"`
	Reason  string `json:"reason"`
	Version int    `json:"version"` // of the case as the person saw it; 0 does not check
	// Demand is, for "confirm", what the letter is to ask for: offer or removal.
	// Empty means what the verdict asks for, or an offer where it asks for nothing.
	Demand policies.Demand `json:"demand,omitempty"`
	// Sending is for "send". To and How are needed. A zero At means now. Report,
	// where it is given, has to be the digest of the approved PDF.
	Sending *rights.Sending `json:"sending,omitempty"`
}

// Move takes a step: the transition table and its guards decide. A guard that
// does not hold is a Conflict whose Fields name every obstacle; what the person
// has to give and did not is Invalid. An approval writes the final letter; a
// sending looks at the page first.
func (c *Cases) Move(ctx context.Context, by rights.Actor, id string, m Move) (*rights.Case, error) {
	s := &step{move: m, by: by}
	err := c.opt.DB.View(ctx, func(tx *store.Tx) (err error) {
		if s.file, err = c.read(ctx, tx, id); err != nil {
			return err
		}
		if m.Version != 0 && m.Version != s.file.Case.Version {
			return rights.Errorf(rights.Conflict, "案件 %s 在您查看之后有变动，请刷新后再操作", id)
		}
		return c.allow(ctx, s, s.file, tx.Now)
	})
	if err != nil {
		return nil, err
	}
	if slices.Contains(s.row.Guards, rights.GuardLive) {
		if s.seen, err = c.look(ctx, by, s.file.Case); err != nil {
			return nil, err
		}
	}
	if s.row.To == rights.CaseApproved {
		if s.letter, err = c.write(ctx, s.file, edition{by: by, at: time.Now(), final: true}); err != nil {
			return nil, err
		}
	}
	return c.commit(ctx, s)
}

// step is a move under way.
type step struct {
	move   Move
	by     rights.Actor
	row    rights.CaseMove
	file   *File    // as it was when the move was checked
	letter *written // of an approval
	seen   string   // of a sending: what the look at the page showed
}

// allow checks table, input and guards, and finds the row of the table.
func (c *Cases) allow(ctx context.Context, s *step, f *File, now time.Time) (err error) {
	if s.row, err = rights.FindCaseMove(f.Case.State, s.move.Name, s.by.Role, s.move.Reason); err != nil {
		return err
	}
	if fields := s.faults(f, now); fields != nil {
		return &rights.Error{Kind: rights.Invalid, Detail: "这一步所需的信息不全或有误", Fields: fields}
	}
	return refuse(c.obstacles(ctx, f, s.row, check{by: s.by, now: now}))
}

func refuse(obstacles []rights.Field) error {
	if len(obstacles) == 0 {
		return nil
	}
	return &rights.Error{Kind: rights.Conflict, Detail: "现在还不能进行这一步", Fields: obstacles}
}

// faults names what the person gave wrongly or not at all.
func (s *step) faults(f *File, now time.Time) []rights.Field {
	var list []rights.Field
	fault := func(name, detail string) { list = append(list, rights.Field{Name: name, Detail: detail}) }
	if s.move.Name == moveConfirm {
		if d := s.move.Demand; d != "" && d != policies.DemandOffer && d != policies.DemandRemoval {
			fault("demand", "应为 offer 或 removal")
		}
		if len(f.claims) > 0 && f.againstMachine() && strings.TrimSpace(s.move.Reason) == "" {
			fault("reason", "系统没有提出主张，确认须说明理由")
		}
	}
	if s.move.Name == moveSend {
		list = append(list, s.sendingFaults(f, now)...)
	}
	return list
}

func (s *step) sendingFaults(f *File, now time.Time) []rights.Field {
	to := s.move.Sending
	if to == nil {
		to = &rights.Sending{}
	}
	var list []rights.Field
	fault := func(name, detail string) { list = append(list, rights.Field{Name: "sending." + name, Detail: detail}) }
	if strings.TrimSpace(to.To) == "" {
		fault("to", "请写明寄送对象和地址")
	}
	switch to.How {
	case rights.ChannelEmail, rights.ChannelCourier, rights.ChannelPlatform, rights.ChannelOther:
	default:
		fault("how", "应为 email、courier、platform 或 other")
	}
	switch {
	case to.At.IsZero():
	case to.At.After(now):
		fault("at", "发送时间不能晚于现在")
	case f.Case.Approved != nil && to.At.Before(f.Case.Approved.At.Truncate(time.Minute)):
		fault("at", "发送时间不能早于批准时间")
	}
	if r, ok := f.approvedReport(); ok && to.Report != "" && to.Report != r.PDFSHA {
		fault("report", "不是经批准的那一份函件")
	}
	return list
}

// look refuses a sending where the page no longer shows the text or could not be
// seen, either of which goes into the record, and says what was seen.
func (c *Cases) look(ctx context.Context, by rights.Actor, k *rights.Case) (string, error) {
	sight, err := c.opt.Look(ctx, k)
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	if err == nil && sight.Shown {
		return sight.Detail, nil
	}
	said := rights.Note("对方页面现已看不到涉案文字（%s）", sight.Detail)
	if err != nil {
		said = rights.Note("发送前未能看到对方页面（%s）", reasonOf(err))
	}
	noted := c.opt.DB.Update(ctx, func(tx *store.Tx) error {
		return tx.AddEvent(ctx, &rights.Event{
			Subject: k.ID, Action: "case.send_refused", Actor: by.Login, Name: by.Name, From: string(k.State), To: string(k.State), Reason: said,
		})
	})
	switch {
	case noted != nil:
		return "", errors.Join(noted, err)
	case err != nil && rights.KindOf(err) == rights.Internal:
		return "", rights.Errorf(rights.Unavailable, "未能重新抓取对方页面，暂不能标记为已发送，请稍后再试").Because(err)
	case err != nil:
		return "", err
	}
	return "", refuse([]rights.Field{{
		Name: string(rights.GuardLive), Detail: said + "。请不要发函；请由法务退回后排除本案，或者另行就已经发生的使用主张报酬",
	}})
}

// commit makes the move, unless something moved since it was checked.
func (c *Cases) commit(ctx context.Context, s *step) (*rights.Case, error) {
	var moved *rights.Case
	done := false
	err := c.opt.DB.Update(ctx, func(tx *store.Tx) error {
		now, err := c.read(ctx, tx, s.file.Case.ID)
		if err != nil {
			return err
		}
		if !s.still(now) {
			return rights.Errorf(rights.Conflict, "案件 %s 刚刚有变动，请刷新后再操作", now.Case.ID)
		}
		if err := c.allow(ctx, s, now, tx.Now); err != nil {
			return err
		}
		moved = now.Case
		said := s.apply(now, tx.Now)
		if s.letter != nil {
			moved.AnswerBy = s.letter.answerBy
			if err := tx.AddReport(ctx, s.letter.report); err != nil {
				return err
			}
		}
		if err := tx.PutCase(ctx, moved); err != nil {
			return err
		}
		if s.row.To == rights.CaseSent {
			if err := arrange(ctx, tx, moved); err != nil {
				return err
			}
		}
		err = tx.AddEvent(ctx, &rights.Event{
			Subject: moved.ID, Action: "case." + s.row.Name, Actor: s.by.Login, Name: s.by.Name,
			From: string(s.row.From), To: string(s.row.To), Reason: said,
		})
		done = err == nil
		return err
	})
	if err != nil {
		if s.letter != nil && !done { // where the commit itself failed, the row may be there
			s.letter.discard()
		}
		return nil, err
	}
	return moved, nil
}

// still reports whether the case is as it was when the move was checked. The
// look of a sending may itself have noted something on the case; what a person
// decided has to be the same.
func (s *step) still(now *File) bool {
	was := s.file
	if s.row.To == rights.CaseSent {
		return now.Case.State == was.Case.State && now.Case.Approved != nil && now.Case.Approved.At.Equal(was.Case.Approved.At)
	}
	if now.Case.Version != was.Case.Version || len(now.Matches) != len(was.Matches) {
		return false
	}
	for i, m := range now.Matches {
		if m.ID != was.Matches[i].ID || !now.Articles[m.ArticleID].UpdatedAt.Equal(was.Articles[m.ArticleID].UpdatedAt) {
			return false
		}
	}
	return true
}

// apply changes the case and says what the record is to say.
func (s *step) apply(f *File, now time.Time) string {
	k, said := f.Case, strings.TrimSpace(s.move.Reason)
	act := &rights.Act{By: s.by.Login, Name: s.by.Name, At: now, Reason: said}
	k.State = s.row.To
	switch s.row.To {
	case rights.CaseConfirmed:
		demand := s.move.Demand
		if demand == "" {
			demand = f.demand()
		}
		k.Confirmed, k.Demand = act, string(demand)
		said = rights.Note("要求：%s。%s", demandName(demand), said)
	case rights.CaseHeld:
		k.Held = act
	case rights.CaseOpen:
		reopen(k)
		k.Demand = string(f.verdict().Demand)
	case rights.CaseCleared:
		k.Held, k.Confirmed, k.Cleared = nil, nil, act
		k.Demand = string(f.verdict().Demand)
	case rights.CaseApproved:
		k.Approved = act
		said = rights.Note("函件 PDF 的 SHA-256：%s。%s", s.letter.report.PDFSHA, said)
	case rights.CaseSent:
		k.Sent = s.sending(f, now)
		k.LastSeen = now
		said = s.sent(k.Sent)
	case rights.CaseClosed:
		k.Closed = act
	}
	return said
}

// sent is what the record says of a sending, and of what was checked before it.
func (s *step) sent(to *rights.Sending) string {
	at := to.At.In(rights.China).Format("2006-01-02 15:04")
	if to.Detail == "" {
		return rights.Note("%s 发送至 %s（%s）。发送前核对：该网站没有有效的授权。%s。", at, to.To, channelName(to.How), s.seen)
	}
	return rights.Note("%s 发送至 %s（%s）。%s。发送前核对：该网站没有有效的授权。%s。", at, to.To, channelName(to.How), to.Detail, s.seen)
}

func (s *step) sending(f *File, now time.Time) *rights.Sending {
	to := *s.move.Sending
	to.By, to.Name, to.To, to.Detail = s.by.Login, s.by.Name, strings.TrimSpace(to.To), strings.TrimSpace(to.Detail)
	if to.At.IsZero() {
		to.At = now
	}
	to.At = to.At.UTC()
	if r, ok := f.approvedReport(); ok {
		to.Report = r.PDFSHA
	}
	return &to
}
