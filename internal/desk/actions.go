package desk

import "strings"

// action is what an event of the record says was done. The moves of a
// transition table are called as on their buttons.
func action(name string) string { //nolint:funlen // a table
	switch name {
	case "case.opened":
		return "立案"
	case "case.seen":
		return "监测所见"
	case "case.joined":
		return "并入案件"
	case "case.gone":
		return "页面已不见涉案文字"
	case "case.send_refused":
		return "未能发送"
	case "case.report":
		return "生成函件"
	case "case.bundle":
		return "制作证据包"
	case "case.pictured":
		return "固定网页截图"
	case "case.answer":
		return "答复例外问题"
	case "case.operator":
		return "更正经营者"
	case "match.found":
		return "发现匹配"
	case "case.recheck":
		return "复查页面"
	case "case.recurred":
		return "再次出现，重启案件"
	case "source.paused":
		return "暂停定时监测"
	case "source.resumed":
		return "恢复定时监测"
	case "page.released":
		return "放行页面"
	case "match.reviewed":
		return "复核自动结案"
	case "claim.filed":
		return "收到主张"
	case "claim.complete":
		return "权利人补正"
	case "claim.withdraw":
		return "权利人撤回"
	case "claim.erased":
		return "到期删除材料"
	case "proof.opened":
		return "打开证明文件"
	case "register":
		return "登记"
	case "update":
		return "更新"
	case "segments":
		return "核定权属"
	}
	_, move, ok := strings.Cut(name, ".")
	if !ok {
		return name
	}
	return step(move)
}
