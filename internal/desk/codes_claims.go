package desk

import (
	"strings"

	"rightsdesk/fingerprints"
	"rightsdesk/internal/rights"
)

func channel(c rights.Channel) string {
	switch c {
	case rights.ChannelEmail:
		return "电子邮件"
	case rights.ChannelCourier:
		return "快递"
	case rights.ChannelPlatform:
		return "平台投诉入口"
	case rights.ChannelOther:
		return "其他方式"
	}
	return string(c)
}

func channels() []rights.Channel {
	return []rights.Channel{rights.ChannelEmail, rights.ChannelCourier, rights.ChannelPlatform, rights.ChannelOther}
}

func wrong(w rights.Wrong) string {
	switch w {
	case rights.WrongCopied:
		return "未经许可使用"
	case rights.WrongCredit:
		return "署名有误或缺失"
	case rights.WrongAltered:
		return "改动作品"
	case rights.WrongUnpaid:
		return "未付稿酬"
	case rights.WrongLink:
		return "链接"
	}
	return string(w)
}

func remedy(r rights.Remedy) string {
	switch r {
	case rights.RemedyRemove:
		return "删除"
	case rights.RemedyCredit:
		return "补正署名"
	case rights.RemedyCorrect:
		return "更正"
	case rights.RemedyPay:
		return "支付稿酬"
	case rights.RemedyApology:
		return "赔礼道歉"
	case rights.RemedyUnlink:
		return "断开链接"
	}
	return string(r)
}

func claimantKind(k string) string {
	switch k {
	case "person":
		return "个人"
	case "organisation":
		return "单位"
	}
	return k
}

func proof(k rights.ProofKind) string {
	switch k {
	case rights.ProofIdentity:
		return "身份证明"
	case rights.ProofOwnership:
		return "权属证明"
	case rights.ProofAuthority:
		return "授权委托书"
	}
	return string(k)
}

func sourceKind(k rights.SourceKind) string {
	switch k {
	case rights.SourceURLs:
		return "网址清单"
	case rights.SourceList:
		return "列表页"
	case rights.SourceFeed:
		return "RSS/Atom"
	case rights.SourceSitemap:
		return "站点地图"
	case rights.SourceSearch:
		return "站内检索"
	case rights.SourceEPaper:
		return "他报数字报"
	case rights.SourceOwn:
		return "本报数字报"
	}
	return string(k)
}

func changeKind(k string) string {
	switch fingerprints.ChangeKind(k) {
	case fingerprints.ChangeNumber:
		return "数字"
	case fingerprints.ChangeNegation:
		return "否定词"
	case fingerprints.ChangeQuote:
		return "引语"
	}
	return k
}

// step is the verb of a move on its button.
func step(name string) string {
	switch name {
	case "confirm":
		return "确认侵权"
	case "hold":
		return "暂缓"
	case "resume":
		return "恢复处理"
	case "clear":
		return "排除"
	case "approve":
		return "批准发函"
	case "return":
		return "退回"
	case "send":
		return "登记发函"
	case "close":
		return "结案"
	case "reopen":
		return "重新立案"
	case "ask":
		return "要求补正"
	case "assess":
		return "开始审查"
	case "uphold":
		return "认定成立"
	case "uphold_part":
		return "认定部分成立"
	case "lapse":
		return "逾期未补正，结案"
	case "reject":
		return "认定不成立"
	}
	return name
}

// field names an input that was found wrong, or is empty where the fault speaks
// for itself.
func field(name string) string {
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		name = name[i+1:]
	}
	switch name {
	case "reason":
		return "理由"
	case "to":
		return "寄送对象"
	case "how":
		return "方式"
	case "at":
		return "发出时间"
	case "demand":
		return "要求"
	case "name":
		return "名称"
	case "role":
		return "身份"
	case "owner":
		return "权利人类别"
	case "holder":
		return "权利人"
	case "basis":
		return "权利依据"
	case "document":
		return "证明文件（编号）"
	case "missing":
		return "缺少的材料"
	case "remedies":
		return "采取的措施"
	}
	return ""
}
