package casework

import (
	"fmt"
	"slices"
	"strings"

	"rightsdesk/internal/letters"
	"rightsdesk/internal/rights"
	"rightsdesk/policies"
)

// opinion is what the letter says of the use: the findings of the rules of
// infringement on each article claimed. Where the machine found none and a
// person decided, it is the person's.
func (c *Cases) opinion(f *File) letters.Verdict {
	said := map[string]bool{} // clauses whose text stands in the letter already
	v := letters.Verdict{Name: "经人工复核认定的未经许可使用", Outcome: demandName(f.demand()), Severity: f.Case.Severity}
	for _, cl := range f.claims {
		m := cl.match
		if !infringes(m.Verdict) {
			continue
		}
		if v.Rule == "" || m.ArticleID == f.Case.Articles[0] {
			v.Rule, v.Name, v.Severity = m.Verdict.Rule, m.Verdict.Label, m.Verdict.Severity
		}
		for _, finding := range m.Verdict.Findings {
			lf := letters.Finding{
				Rule: finding.Rule + " " + finding.Label, Basis: strings.Join(finding.Basis, "、"), Text: finding.Text, Values: c.values(finding),
			}
			if len(f.claims) > 1 {
				lf.Text = "《" + cl.article.Headline + "》：" + lf.Text
			}
			lf.Clause, lf.ClauseText = c.clause(m, finding.Clause)
			if text := lf.ClauseText; said[text] {
				lf.ClauseText = "（内容见前）"
			} else {
				said[text] = text != ""
			}
			v.Findings = append(v.Findings, lf)
		}
	}
	if v.Findings == nil {
		v.Findings = append(v.Findings, c.decided(f))
	}
	return v
}

// decided is the finding of a person who confirmed against the machine.
func (c *Cases) decided(f *File) letters.Finding {
	finding := letters.Finding{
		Basis: "《中华人民共和国著作权法》第十条第一款第十二项、《中华人民共和国著作权法》第五十三条第一项、《信息网络传播权保护条例》第二条",
		Text:  "经人工复核，该使用没有取得许可，也不属于法律规定可以不经许可使用的情形。",
	}
	if f.Case.Confirmed != nil && f.Case.Confirmed.Reason != "" {
		finding.Text += "复核意见：" + sentence(f.Case.Confirmed.Reason)
	}
	finding.Clause, finding.ClauseText = c.clause(f.claims[0].match, "licence")
	for _, cl := range f.claims {
		finding.Values = append(finding.Values, fmt.Sprintf("《%s》：相同文字 %d 字，占本报主张部分 %s", cl.article.Headline, cl.chars, percent(cl.coverage)))
	}
	return finding
}

// clause is a clause of the disclaimer in the wording that held when the page
// was seen.
func (c *Cases) clause(m *rights.Match, id string) (name, text string) {
	for _, cl := range c.opt.Policy.InForce(day(m.SeenAt), c.opt.Config.Paper.Name).Clauses {
		if cl.ID == id {
			return "“" + cl.Name + "”", cl.Text + "（" + longDay(cl.From) + "起）"
		}
	}
	return "", ""
}

// values says what a rule saw, in the order in which the rule lists it.
func (c *Cases) values(f policies.Finding) []string {
	var names []string
	for _, r := range c.opt.Policy.Rules {
		if r.ID == f.Rule {
			names = slices.Clone(r.Facts)
		}
	}
	var rest []string
	for name := range f.Values {
		if !slices.Contains(names, name) {
			rest = append(rest, name)
		}
	}
	slices.Sort(rest)
	var list []string
	for _, name := range append(names, rest...) {
		if v, ok := f.Values[name]; ok {
			list = append(list, factText(name, v))
		}
	}
	return slices.DeleteFunc(list, func(s string) bool { return s == "" })
}

// sentence ends a text with a full stop.
func sentence(s string) string {
	if s == "" || strings.HasSuffix(s, "。") || strings.HasSuffix(s, "！") || strings.HasSuffix(s, "？") {
		return s
	}
	return s + "。"
}

// against gathers what speaks against the claim, and what was answered to it.
func against(f *File) []string {
	var list []string
	add := func(s string) {
		if !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	for _, cl := range f.claims {
		m := cl.match
		work := "《" + cl.article.Headline + "》"
		for _, finding := range m.Verdict.Against {
			add(work + "：" + finding.Text)
		}
		switch cl.article.Reservation().Strength {
		case rights.StrengthNone:
			add(work + "刊发时没有登载不许转载的声明。")
		case rights.StrengthWeak:
			add(work + "的不许转载声明仅见于网站页脚，没有随文刊登，其效力存在不同认识。")
		case rights.StrengthMedium, rights.StrengthStrong:
		}
		if m.Capture.Attribution.Source {
			add("所涉页面注明了来源；注明来源不等于取得许可。")
		}
		if n := m.Facts.NumbersChanged + m.Facts.NegationsChanged + m.Facts.QuotesChanged; n > 0 {
			add(fmt.Sprintf("%s：比对发现数字、否定词或者引语不同共 %.0f 处，是否改变原意由人判断，也可能出自另一来源。", work, n))
		}
	}
	if gone := f.Case.GoneAt; gone != nil {
		add(longDay(day(*gone)) + "查看时，所涉页面已看不到上述文字。")
	}
	for _, q := range f.Questions {
		if a, ok := f.Case.AnswerTo(q.ID); ok {
			add(fmt.Sprintf("%s——经%s审核：%s。%s", q.Text, a.Name, appliesName(a), sentence(a.Reason)))
		} else {
			add(q.Text + "——尚待审核。")
		}
	}
	return list
}
