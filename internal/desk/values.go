package desk

import (
	"slices"
	"strconv"

	"rightsdesk/internal/rights"
	"rightsdesk/policies"
)

// value is a fact or threshold that a rule saw, in words.
type value struct{ Label, Value string }

// values says what a finding saw, in the order in which the rule lists it.
func (d *desk) values(w words, f policies.Finding) []value {
	var names []string
	for i := range d.Policy.Rules {
		if d.Policy.Rules[i].ID == f.Rule {
			names = slices.DeleteFunc(slices.Clone(d.Policy.Rules[i].Facts), func(name string) bool { _, seen := f.Values[name]; return !seen })
		}
	}
	var rest []string
	for name := range f.Values {
		if !slices.Contains(names, name) {
			rest = append(rest, name)
		}
	}
	slices.Sort(rest)
	list := []value{}
	for _, name := range append(names, rest...) {
		label := factLabel(name)
		if label == "" {
			label = name
		}
		list = append(list, value{Label: w.loc.T(label), Value: w.fact(name, f.Values[name])})
	}
	return list
}

// fact says one value.
func (w words) fact(name string, v any) string {
	switch v := v.(type) {
	case bool:
		if v {
			return w.loc.T("是")
		}
		return w.loc.T("否")
	case float64:
		if share(name) {
			return percent(v)
		}
		return strconv.FormatFloat(v, 'f', -1, 64)
	case string:
		return w.factCode(name, v)
	}
	return "—"
}

func (w words) factCode(name, v string) string {
	switch name {
	case "genre":
		return w.loc.T(rights.Genre(v).Label())
	case "topic":
		return w.loc.T(rights.Topic(v).Label())
	case "reservation":
		return w.loc.T(strength(v))
	case "operator_role":
		return w.loc.T(operatorRole(v))
	}
	if v == "" {
		return "—"
	}
	return v
}

// share reports whether a fact is a part of a whole.
func share(name string) bool {
	switch name {
	case "containment", "gross", "page_share", "title_similarity", "quote_share", "quote_page_share", "full_copy", "title_page_share", "title_alike":
		return true
	}
	return false
}

// factLabel names a fact or a threshold in Chinese, or is empty.
func factLabel(name string) string { //nolint:funlen // a table, one line a fact
	switch name {
	case "own_mirror":
		return "本报自己的网站或账号"
	case "licensed":
		return "有有效授权"
	case "licence":
		return "授权编号"
	case "link_only":
		return "仅有标题和链接"
	case "reworded":
		return "疑似换一种说法重述"
	case "link_present":
		return "页面链接到本报"
	case "matched":
		return "相同字数"
	case "matched_own":
		return "相同字数中属本报的"
	case "matched_wire":
		return "相同字数中属通讯社的"
	case "matched_other":
		return "相同字数中属其他作者的"
	case "containment":
		return "占本报主张部分的比例"
	case "gross":
		return "占作品全文的比例"
	case "page_share":
		return "占对方页面的比例"
	case "longest_run":
		return "最长连续相同字数"
	case "chars":
		return "作品字数"
	case "genre":
		return "体裁"
	case "topic":
		return "题材"
	case "has_quote":
		return "作品含有引语"
	case "reservation":
		return "不许转载声明"
	case "source_named":
		return "页面注明来源"
	case "author_named":
		return "页面注明作者"
	case "author_known":
		return "作品有署名"
	case "title_similarity":
		return "标题相似度"
	case "title_known":
		return "双方标题均已知"
	case "numbers_changed":
		return "改动的数字"
	case "negations_changed":
		return "改动的否定词"
	case "quotes_changed":
		return "改动的引语"
	case "times_known":
		return "双方发布时间均可确定"
	case "minutes_earlier":
		return "对方早于本报的分钟数"
	case "operator_role":
		return "经营者身份"
	case "media_user":
		return "使用者是媒体"
	case "online":
		return "作品此前已在网上发表"
	}
	return limitLabel(name)
}

func limitLabel(name string) string {
	switch name {
	case "link_body":
		return "门槛：仍算链接的正文字数"
	case "priority_minutes":
		return "门槛：早于本报的分钟数"
	case "brief_chars":
		return "门槛：短消息字数"
	case "quote_share":
		return "门槛：引用占全文的比例"
	case "quote_run":
		return "门槛：连续引用字数"
	case "quote_page_share":
		return "门槛：引用占页面的比例"
	case "full_copy":
		return "门槛：全文转载的比例"
	case "title_alike":
		return "门槛：标题相似度"
	case "title_page_share":
		return "门槛：占页面的比例"
	}
	return ""
}

// clause is a clause of the disclaimer as it was in force when the page was
// seen.
func (d *desk) clause(m *rights.Match, id string) policies.Clause {
	day := m.SeenAt.In(rights.China).Format("2006-01-02")
	for _, c := range d.Policy.InForce(day, d.Config.Paper.Name).Clauses {
		if c.ID == id {
			return c
		}
	}
	return policies.Clause{}
}
