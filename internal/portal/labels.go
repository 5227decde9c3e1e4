package portal

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"
	"time"

	"rightsdesk/internal/locale"
	"rightsdesk/internal/rights"
)

func funcs(l locale.Locale) template.FuncMap {
	return template.FuncMap{
		"t":      l.T,
		"wrong":  func(w rights.Wrong) string { return l.T(wrongLabel(w)) },
		"remedy": func(r rights.Remedy) string { return l.T(remedyLabel(r)) },
		"proof":  func(k rights.ProofKind) string { return l.T(fieldLabel("proofs." + string(k))) },
		"state":  func(s rights.ClaimState) string { return l.T(s.Label()) },
		"event":  func(e rights.Event) string { return l.T(eventLabel(e)) },
		"next":   func(s rights.ClaimState) string { return l.T(nextLabel(s)) },
		"day":    func(day string) string { return sayDay(l, day) },
		"when":   func(t time.Time) string { return t.In(rights.China).Format("2006-01-02 15:04") },
		"list":   func(items ...any) []any { return items },
		"received": func(have []rights.Proof) string {
			if len(have) == 0 {
				return ""
			}
			names := make([]string, len(have))
			for i, p := range have {
				names[i] = p.Name
			}
			return l.T("已收到：%s", strings.Join(names, l.T("、")))
		},
		"size": size,
	}
}

// size is a number of bytes for people.
func size(n int64) string {
	if n < 1<<20 {
		return fmt.Sprintf("%d KiB", (n+1<<10-1)>>10)
	}
	return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
}

// sayDay says a day, 2006-01-02, in the language.
func sayDay(l locale.Locale, day string) string {
	d, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	if l.Lang == "en" {
		return d.Format("2 January 2006")
	}
	return fmt.Sprintf("%d年%d月%d日", d.Year(), d.Month(), d.Day())
}

// cutPlace splits the name of a field: proofs.identity[0] is the first file of
// proofs.identity. place is 0 where the name has none.
func cutPlace(name string) (id string, place int) {
	id, rest, ok := strings.Cut(name, "[")
	n, err := strconv.Atoi(strings.TrimSuffix(rest, "]"))
	if !ok || err != nil {
		return id, 0
	}
	return id, n + 1
}

// fieldLabel is the label of an input.
func fieldLabel(id string) string { //nolint:funlen // a table
	switch id {
	case "page":
		return "本报页面的网址或者标题"
	case "article":
		return "是哪一篇"
	case "claimant.kind":
		return "权利人是"
	case "claimant.name":
		return "权利人的姓名或者名称"
	case "claimant.email":
		return "电子邮箱"
	case "claimant.phone":
		return "电话"
	case "claimant.address":
		return "通信地址"
	case "claimant.agent":
		return "代理人的姓名或者名称"
	case "claimant.authority":
		return "授权范围"
	case "work.title":
		return "作品名称"
	case "work.url":
		return "作品的网址"
	case "work.published":
		return "首次发表的时间和处所"
	case "work.details":
		return "作品情况与权利来源"
	case "wrongs":
		return "问题是什么"
	case "details":
		return "具体说明"
	case "asked":
		return "您的要求"
	case "proofs":
		return "证明文件"
	case "proofs.identity":
		return "身份证明"
	case "proofs.ownership":
		return "权属证明"
	case "proofs.authority":
		return "授权委托书"
	case "truth":
		return "属实声明"
	case "consent":
		return "隐私说明"
	case "consent_id":
		return "单独同意"
	case "message":
		return "补充说明"
	case "reason":
		return "撤回的理由"
	}
	return id
}

func wrongLabel(w rights.Wrong) string {
	switch w {
	case rights.WrongCopied:
		return "未经许可使用了我的作品"
	case rights.WrongCredit:
		return "没有署名，或者署名、出处有误"
	case rights.WrongAltered:
		return "改动了我的作品"
	case rights.WrongUnpaid:
		return "没有支付稿酬"
	case rights.WrongLink:
		return "链接到了侵权的内容"
	}
	return string(w)
}

func remedyLabel(r rights.Remedy) string {
	switch r {
	case rights.RemedyRemove:
		return "删除或者停止使用"
	case rights.RemedyCredit:
		return "补上或者改正署名"
	case rights.RemedyCorrect:
		return "刊登更正"
	case rights.RemedyPay:
		return "支付稿酬或者赔偿"
	case rights.RemedyApology:
		return "赔礼道歉"
	case rights.RemedyUnlink:
		return "断开链接"
	}
	return string(r)
}

// eventLabel says what happened to a claim.
func eventLabel(e rights.Event) string {
	switch e.Action {
	case "claim.filed":
		return "您提交了权利主张"
	case "claim.ask":
		return "报社请您补充材料"
	case "claim.complete":
		return "您补充了材料"
	case "claim.assess":
		return "报社开始审核"
	case "claim.uphold", "claim.uphold_part", "claim.reject":
		return "报社作出了答复"
	case "claim.lapse":
		return "材料逾期没有补齐，报社结束办理"
	case "claim.withdraw":
		return "您撤回了权利主张"
	case "claim.erased":
		return "保存期满，报社删除了证明文件和联系方式"
	}
	return e.Action
}

// nextLabel says what comes next in a state.
func nextLabel(s rights.ClaimState) string {
	switch s {
	case rights.ClaimSubmitted:
		return "材料齐全，法务人员将开始审核。"
	case rights.ClaimDeficient:
		return "还缺少材料。补齐以后，审核才会开始。"
	case rights.ClaimAssessing:
		return "法务人员正在核实您的主张。"
	case rights.ClaimUpheld, rights.ClaimPartUpheld, rights.ClaimRejected:
		return "报社已经答复，见下。"
	case rights.ClaimWithdrawn:
		return "您撤回了这项主张，报社不再办理。"
	}
	return ""
}
