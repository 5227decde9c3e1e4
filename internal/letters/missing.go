package letters

import (
	"fmt"
	"strings"

	"rightsdesk/internal/rights"
)

// Missing names, in Chinese and in the order of the letter, the fields that the
// law wants and the report lacks. A notice to a host or search service wants
// more of the sender's identity than a letter to a publisher does.
func (r *Report) Missing() []string {
	var names []string
	want := func(value, name string) {
		if blank(value) {
			names = append(names, name)
		}
	}
	want(r.Number, "函号")
	want(r.Date, "出具日期")
	want(r.Recipient.Name, "收函人名称")
	want(r.Sender.Name, "权利人名称")
	if r.notice() {
		want(r.Sender.IDNumber, "权利人"+r.Sender.idKind())
		want(r.Sender.Representative, "法定代表人")
	}
	want(r.Sender.Address, "权利人通信地址")
	want(r.Sender.Contact, "联系人")
	want(r.Sender.Phone, "联系电话")
	if r.Sender.Lawyer != "" {
		want(r.Sender.Authority, "授权委托书")
		want(r.Sender.LicenceNo, "律师执业证号")
	}
	names = append(names, r.missingArticles()...)
	names = append(names, r.missingInfringements()...)
	if len(r.legalBasis()) == 0 {
		names = append(names, "法律依据")
	}
	if len(clean(r.Demands)) == 0 {
		names = append(names, "通知要求")
	}
	want(r.AnswerBy, "答复期限")
	want(r.Statement, "真实性声明")
	return names
}

func (r *Report) missingArticles() []string {
	if len(r.Articles) == 0 {
		return []string{"被侵权作品", "权属证明"}
	}
	var names []string
	for i, a := range r.Articles {
		want := func(value, name string) {
			if blank(value) {
				names = append(names, ordinal("作品", i, len(r.Articles))+name)
			}
		}
		want(a.Headline, "作品名称")
		want(strings.Join(a.Bylines, "")+a.CreditLine, "作者署名")
		want(a.Paper, "首发报纸")
		want(a.IssueDate, "见报日期")
		want(a.PageNo, "见报版次")
		if len(a.Standing) == 0 {
			want("", "权属证明")
		}
		for _, s := range a.Standing {
			want(s.Owner, "著作权人")
			want(s.Basis, "权属依据")
			want(s.VerifiedBy, "权属核验人")
		}
	}
	return names
}

func (r *Report) missingInfringements() []string {
	if len(r.Infringements) == 0 {
		return []string{"侵权内容网络地址", "初步证明材料"}
	}
	var names []string
	for i, inf := range r.Infringements {
		prefix := ordinal("侵权内容", i, len(r.Infringements))
		if blank(inf.URL) {
			names = append(names, prefix+"网络地址")
		}
		if inf.CapturedAt.IsZero() {
			names = append(names, prefix+"取证时间")
		}
		if !r.proves(inf.URL) {
			names = append(names, prefix+"证据摘要值")
		}
	}
	return names
}

// proves reports whether a record with a digest stands behind the address.
func (r *Report) proves(url string) bool {
	for _, e := range r.Evidence {
		if e.URL == url && !blank(e.SHA256) {
			return true
		}
	}
	return false
}

// notice reports whether the letter is a notice under article 14 of the
// Regulations and not a letter to a publisher.
func (r *Report) notice() bool {
	return r.Kind == rights.RoleHost || r.Kind == rights.RoleSearch
}

func (p Party) idKind() string { return either(p.IDKind, "统一社会信用代码") }

// ordinal numbers a field where there are several of its kind.
func ordinal(kind string, i, of int) string {
	if of < 2 {
		return ""
	}
	return fmt.Sprintf("%s（%d）", kind, i+1)
}

// legalBasis lists the articles of law of the findings, each once.
func (r *Report) legalBasis() []string {
	var list []string
	seen := map[string]bool{}
	for _, f := range r.Verdict.Findings {
		if b := strings.TrimSpace(f.Basis); b != "" && !seen[b] {
			seen[b] = true
			list = append(list, b)
		}
	}
	return list
}

// clean drops the blank texts.
func clean(texts []string) []string {
	var kept []string
	for _, t := range texts {
		if !blank(t) {
			kept = append(kept, t)
		}
	}
	return kept
}

func either(value, fallback string) string {
	if blank(value) {
		return fallback
	}
	return value
}
