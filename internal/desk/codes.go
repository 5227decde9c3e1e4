package desk

import (
	"rightsdesk/internal/rights"
	"rightsdesk/policies"
)

// What follows says codes in Chinese. A code that is not known stays as it is.

// eventState is a state of a case or a claim.
func eventState(s string) string {
	if zh := rights.CaseState(s).Label(); zh != s {
		return zh
	}
	return rights.ClaimState(s).Label()
}

func severity(s string) string {
	switch s {
	case "S4":
		return "S4 严重"
	case "S3":
		return "S3 较重"
	case "S2":
		return "S2 一般"
	case "S1":
		return "S1 存疑"
	case "S0":
		return "S0 无须主张"
	}
	return s
}

func demand(d policies.Demand) string {
	switch d {
	case policies.DemandNone:
		return "不主张"
	case policies.DemandOffer:
		return "补办授权"
	case policies.DemandRemoval:
		return "删除"
	}
	return string(d)
}

func outcome(o policies.Outcome) string {
	switch o {
	case policies.OutcomeClose:
		return "自动结案"
	case policies.OutcomeNoNotice:
		return "不属本报权利，不宜主张"
	case policies.OutcomeHold:
		return "先核查来源"
	case policies.OutcomeCleared:
		return "可能适用例外"
	case policies.OutcomeHint:
		return "提示"
	case policies.OutcomeCounsel:
		return "由法务判断"
	case policies.OutcomeOffer:
		return "建议先提出授权"
	case policies.OutcomeNotice:
		return "建议发函要求删除"
	}
	return string(o)
}

func owner(o rights.Owner) string {
	switch o {
	case rights.OwnerStaff:
		return "本报采编人员"
	case rights.OwnerWire:
		return "通讯社"
	case rights.OwnerFreelance:
		return "特约作者"
	case rights.OwnerReader:
		return "读者来稿"
	case rights.OwnerUnknown:
		return "不明"
	}
	return string(o)
}

func owners() []rights.Owner {
	return []rights.Owner{rights.OwnerStaff, rights.OwnerWire, rights.OwnerFreelance, rights.OwnerReader, rights.OwnerUnknown}
}

func basis(b rights.Basis) string {
	switch b {
	case rights.BasisStaff:
		return "职务作品（著作权法第十八条第二款第二项）"
	case rights.BasisLegalPerson:
		return "法人作品（第十一条第三款）"
	case rights.BasisAssignment:
		return "转让（第二十七条）"
	case rights.BasisExclusive:
		return "专有许可（第二十六条）"
	case rights.BasisContract:
		return "合同约定（第十八条第二款第三项）"
	case rights.BasisNonExclusive:
		return "非专有许可"
	case rights.BasisWire:
		return "通讯社供稿协议"
	case rights.BasisUnknown:
		return "依据不明"
	}
	return string(b)
}

func bases() []rights.Basis {
	return []rights.Basis{
		rights.BasisStaff, rights.BasisLegalPerson, rights.BasisAssignment, rights.BasisExclusive,
		rights.BasisContract, rights.BasisNonExclusive, rights.BasisWire, rights.BasisUnknown,
	}
}

func strength(s string) string {
	switch rights.Strength(s) {
	case rights.StrengthNone:
		return "无"
	case rights.StrengthWeak:
		return "弱（网站页脚）"
	case rights.StrengthMedium:
		return "中（随版刊登）"
	case rights.StrengthStrong:
		return "强（随文刊登）"
	}
	return s
}

func operatorRole(r string) string {
	switch rights.OperatorRole(r) {
	case rights.RolePublisher:
		return "内容发布者"
	case rights.RoleHost:
		return "信息存储空间服务提供者"
	case rights.RoleSearch:
		return "搜索、链接服务提供者"
	}
	return r
}

func operatorRoles() []rights.OperatorRole {
	return []rights.OperatorRole{rights.RolePublisher, rights.RoleHost, rights.RoleSearch}
}
