package casework

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"

	"rightsdesk/internal/licensing"
	"rightsdesk/internal/rights"
	"rightsdesk/policies"
)

// check is who wants to move a case, and when.
type check struct {
	by  rights.Actor
	now time.Time
}

// obstacles names everything that stands in the way of a move, save for the
// look at the page.
func (c *Cases) obstacles(ctx context.Context, f *File, row rights.CaseMove, at check) []rights.Field {
	var list []rights.Field
	switch {
	case row.Name == moveConfirm:
		list = append(list, f.claimable()...)
	case row.To == rights.CaseApproved:
		list = append(list, c.parties(f)...)
	case row.To == rights.CaseSent:
		list = append(list, c.letterReady(ctx, f, at.now)...)
	}
	for _, g := range row.Guards {
		list = append(list, c.guard(f, g, at)...)
	}
	return list
}

func (c *Cases) guard(f *File, g rights.Guard, at check) []rights.Field {
	var list []rights.Field
	fault := func(detail string) { list = append(list, rights.Field{Name: string(g), Detail: detail}) }
	switch g {
	case rights.GuardFourEyes:
		if f.Case.Confirmed == nil || f.Case.Confirmed.By == at.by.Login {
			fault("本案由您本人确认，须由另一人批准")
		}
	case rights.GuardStanding:
		if len(f.claims) == 0 {
			fault("相同的文字中没有可由本报主张的部分")
		}
		for _, s := range f.Standing {
			fault(fmt.Sprintf("《%s》%s：%s", s.Headline, s.Part, s.Fault))
		}
	case rights.GuardExemptions:
		for _, q := range f.Questions {
			switch a, ok := f.Case.AnswerTo(q.ID); {
			case !ok:
				fault("尚未回答：" + q.Text)
			case a.Applies:
				fault("已认定例外适用，本案应予排除：" + q.Text)
			}
		}
	case rights.GuardLicence:
		if l, ok := licensing.Covers(c.opt.Config.Licences, host(f.Case.URL), at.now); ok {
			fault(fmt.Sprintf("该网站现有授权 %s（被授权方：%s），不得发函；请退回后予以排除", l.ID, l.Licensee))
		}
	case rights.GuardLive: // see Cases.look
	case rights.GuardCureOver: // of claims
	}
	return list
}

// claimable says why nothing of the case can be claimed, or nothing.
func (f *File) claimable() []rights.Field {
	if len(f.claims) > 0 {
		return nil
	}
	detail := "相同的文字中没有可由本报主张的部分，不能确认为侵权；如权属登记有误，请先更正，否则请予排除"
	for _, m := range f.Matches {
		if m.Verdict.Outcome == policies.OutcomeNoNotice {
			detail = fmt.Sprintf("规则 %s（%s）：%s如权属登记有误，请先更正并待下次监测重新认定，否则请予排除",
				m.Verdict.Rule, m.Verdict.Label, firstText(m.Verdict))
		}
	}
	return []rights.Field{{Name: "claim", Detail: detail}}
}

func firstText(v policies.Verdict) string {
	if len(v.Findings) == 0 {
		return ""
	}
	return v.Findings[0].Text
}

// parties names what a letter cannot do without, of sender and recipient.
func (c *Cases) parties(f *File) []rights.Field {
	letter := c.addressed(f.Case)
	var list []rights.Field
	for _, name := range letter.Missing() {
		switch name {
		case "收函人名称":
			list = append(list, rights.Field{Name: "operator", Detail: "函件缺少收函人名称，请先补全网站经营者"})
		case "权利人名称", "权利人统一社会信用代码", "法定代表人", "权利人通信地址", "联系人", "联系电话", "律师执业证号", "授权委托书":
			list = append(list, rights.Field{Name: "paper", Detail: "函件缺少" + name + "，请管理员在配置的 paper 一节补全"})
		}
	}
	return list
}

// letterReady says why the approved letter cannot be sent, or nothing.
func (c *Cases) letterReady(ctx context.Context, f *File, now time.Time) []rights.Field {
	var list []rights.Field
	r, ok := f.approvedReport()
	switch _, err := c.readFile(ctx, r, formatPDF); {
	case !ok:
		list = append(list, rights.Field{Name: "report", Detail: "没有经批准的函件，请退回后重新批准"})
	case rights.KindOf(err) == rights.Unavailable:
		list = append(list, rights.Field{Name: "report", Detail: reasonOf(err)})
	case err != nil:
		list = append(list, rights.Field{Name: "report", Detail: "经批准的函件文件缺失或已被改动，请退回后重新批准"})
	}
	if today := day(now); f.Case.AnswerBy <= today {
		list = append(list, rights.Field{Name: "answer_by", Detail: "函件所定答复期限已到，请退回后重新批准"})
	}
	return list
}

// approvedReport is the letter that was last approved: only approvals write
// letters that are no drafts.
func (f *File) approvedReport() (rights.Report, bool) {
	for _, r := range f.Reports {
		if !r.Draft {
			return r, true
		}
	}
	return rights.Report{}, false
}

// demand is what the letter asks for: what a person decided, or else what the
// verdict proposes, or else an offer.
func (f *File) demand() policies.Demand {
	if d := policies.Demand(f.Case.Demand); d == policies.DemandOffer || d == policies.DemandRemoval {
		return d
	}
	for _, cl := range f.claims {
		if d := cl.match.Verdict.Demand; d != policies.DemandNone {
			return d
		}
	}
	return policies.DemandOffer
}

// againstMachine reports whether the machine proposes no demand on anything that
// would be claimed: then a person who confirms has to say why.
func (f *File) againstMachine() bool {
	for _, cl := range f.claims {
		if infringes(cl.match.Verdict) {
			return false
		}
	}
	return true
}

// infringes reports whether the verdict rests on the rules of infringement.
func infringes(v policies.Verdict) bool {
	return v.Outcome == policies.OutcomeOffer || v.Outcome == policies.OutcomeNotice
}

func host(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Hostname())
}

// day is the day in China.
func day(t time.Time) string { return t.In(rights.China).Format(time.DateOnly) }
