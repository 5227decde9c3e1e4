package casework

import (
	"rightsdesk/internal/rights"
	"rightsdesk/policies"
)

// The words of the record and of letters, in Chinese.

func demandName(d policies.Demand) string {
	switch d {
	case policies.DemandOffer:
		return "取得许可或者删除"
	case policies.DemandRemoval:
		return "停止使用并删除"
	case policies.DemandNone:
		return "不提出要求"
	default:
		return string(d)
	}
}

func channelName(c rights.Channel) string {
	switch c {
	case rights.ChannelEmail:
		return "电子邮件"
	case rights.ChannelCourier:
		return "快递"
	case rights.ChannelPlatform:
		return "平台投诉渠道"
	case rights.ChannelOther:
		return "其他方式"
	default:
		return string(c)
	}
}

func roleName(r rights.OperatorRole) string {
	switch r {
	case rights.RolePublisher:
		return "内容发布者"
	case rights.RoleHost:
		return "网络服务提供者（信息存储空间）"
	case rights.RoleSearch:
		return "网络服务提供者（搜索、链接）"
	default:
		return ""
	}
}

func basisName(b rights.Basis) string {
	switch b {
	case rights.BasisStaff:
		return "《中华人民共和国著作权法》第十八条第二款第二项（报社工作人员的职务作品）"
	case rights.BasisLegalPerson:
		return "《中华人民共和国著作权法》第十一条第三款（法人作品）"
	case rights.BasisAssignment:
		return "《中华人民共和国著作权法》第二十七条（著作财产权转让）"
	case rights.BasisExclusive:
		return "《中华人民共和国著作权法》第二十六条（专有使用许可）"
	case rights.BasisContract:
		return "《中华人民共和国著作权法》第十八条第二款第三项（合同约定）"
	case rights.BasisNonExclusive:
		return "非专有使用许可"
	case rights.BasisWire:
		return "通讯社供稿许可"
	case rights.BasisUnknown:
		return "依据不明"
	default:
		return string(b)
	}
}

func ownerName(s rights.Segment) string {
	name := s.Holder
	if name == "" {
		name = "权利人不明"
	}
	switch s.Owner {
	case rights.OwnerWire:
		return name + "的电讯稿"
	case rights.OwnerFreelance:
		return "外部作者（" + name + "）的来稿"
	case rights.OwnerReader:
		return "读者（" + name + "）的来稿"
	case rights.OwnerStaff, rights.OwnerUnknown:
		return "权属待查的文字"
	default:
		return "权属待查的文字"
	}
}

func strengthName(s rights.Strength) string {
	switch s {
	case rights.StrengthStrong:
		return "随文刊登"
	case rights.StrengthMedium:
		return "随版面或整期刊登"
	case rights.StrengthWeak:
		return "仅见于网站页脚"
	case rights.StrengthNone:
		return "无"
	default:
		return string(s)
	}
}

func appliesName(a rights.Answer) string {
	if a.Applies {
		return "适用"
	}
	return "不适用"
}
