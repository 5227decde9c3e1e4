package casework

import (
	"fmt"
	"strconv"

	"rightsdesk/internal/rights"
)

// factText says in Chinese what a rule saw: a fact or a threshold of the policy
// under its name, with its unit. A name that is not known is said as it is; a
// text that is not there is left out.
func factText(name string, v any) string {
	switch v := v.(type) {
	case bool:
		label, ifTrue, ifFalse := truth(name)
		if v {
			return label + ifTrue
		}
		return label + ifFalse
	case float64:
		return number(name, v)
	case string:
		return code(name, v)
	}
	return fmt.Sprintf("%s：%v", name, v)
}

// truth is a fact's name and what is said where it holds and where not.
func truth(name string) (label, ifTrue, ifFalse string) {
	switch name {
	case "own_mirror":
		return "本报自己的网站或账号：", "是", "否"
	case "licensed":
		return "在有效授权范围内：", "是", "否"
	case "link_only":
		return "仅有标题和链接：", "是", "否"
	case "reworded":
		return "换一种说法重述：", "疑似", "否"
	case "link_present":
		return "链接到本报：", "是", "否"
	case "has_quote":
		return "作品含有引语：", "是", "否"
	case "source_named":
		return "页面来源", "已注明", "未注明"
	case "author_named":
		return "页面作者", "已注明", "未注明"
	case "author_known":
		return "作品有署名：", "是", "否"
	case "title_known":
		return "双方标题均可确定：", "是", "否"
	case "times_known":
		return "双方发布时间均可确定：", "是", "否"
	case "media_user":
		return "使用者为媒体：", "是", "否"
	case "online":
		return "作品此前已在网上发表：", "是", "否"
	}
	return name + "：", "是", "否"
}

func number(name string, v float64) string {
	n := strconv.FormatFloat(v, 'f', -1, 64)
	switch name {
	case "matched":
		return "相同文字 " + n + " 字"
	case "matched_own":
		return "其中属本报的 " + n + " 字"
	case "matched_wire":
		return "其中属通讯社的 " + n + " 字"
	case "matched_other":
		return "其中属其他作者的 " + n + " 字"
	case "containment":
		return "占本报主张部分 " + percent(v)
	case "gross":
		return "占作品全文 " + percent(v)
	case "page_share":
		return "占页面正文 " + percent(v)
	case "longest_run":
		return "最长连续相同 " + n + " 字"
	case "chars":
		return "作品 " + n + " 字"
	case "title_similarity":
		return "标题相似度 " + strconv.FormatFloat(v, 'f', 2, 64)
	case "numbers_changed":
		return "数字改动 " + n + " 处"
	case "negations_changed":
		return "否定词改动 " + n + " 处"
	case "quotes_changed":
		return "引语改动 " + n + " 处"
	case "minutes_earlier":
		if v < 0 {
			return "页面晚于本报 " + strconv.FormatFloat(-v, 'f', 0, 64) + " 分钟"
		}
		return "页面早于本报 " + strconv.FormatFloat(v, 'f', 0, 64) + " 分钟"
	}
	return limit(name, v)
}

// limit says a threshold of the policy.
func limit(name string, v float64) string {
	n := strconv.FormatFloat(v, 'f', -1, 64)
	switch name {
	case "link_body":
		return "界限：正文不超过 " + n + " 字仍为链接"
	case "priority_minutes":
		return "界限：早 " + n + " 分钟以上"
	case "brief_chars":
		return "界限：短消息 " + n + " 字"
	case "quote_share":
		return "界限：引用占作品 " + percent(v)
	case "quote_run":
		return "界限：连续引用 " + n + " 字"
	case "quote_page_share":
		return "界限：引用占页面 " + percent(v)
	case "full_copy":
		return "界限：全文转载 " + percent(v)
	case "title_alike":
		return "界限：标题相似度 " + strconv.FormatFloat(v, 'f', 2, 64)
	case "title_page_share":
		return "界限：作品占页面 " + percent(v)
	}
	return name + "：" + n
}

func code(name, v string) string {
	switch name {
	case "licence":
		if v == "" {
			return ""
		}
		return "授权编号 " + v
	case "genre":
		return "体裁：" + rights.Genre(v).Label()
	case "topic":
		return "题材：" + rights.Topic(v).Label()
	case "reservation":
		return "不许转载声明：" + strengthName(rights.Strength(v))
	case "operator_role":
		return "经营者身份：" + roleName(rights.OperatorRole(v))
	}
	return name + "：" + v
}

func percent(share float64) string { return strconv.FormatFloat(share*100, 'f', 1, 64) + "%" }
