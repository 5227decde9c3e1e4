package locale_test

import (
	"testing"

	"rightsdesk/internal/locale"
	"rightsdesk/internal/rights"
)

// TestSaid says lines of the record as they were kept: those of formats, with formats
// as arguments, and what persons wrote.
func TestSaid(t *testing.T) {
	names := map[string]string{"未注明来源或作者": "No credit given", "使用者是否属于课堂教学？": "Is this classroom teaching?"}
	seen := rights.Note("《%s》，规则 %s %s（%s），占作品 %.1f%%", "渡口的灯（上）", "I03", "未注明来源或作者", "S3", 100.0)
	for _, tt := range []struct{ name, text, want string }{
		{"a text", "页面重新出现涉案文字", "The text is on the page again"},
		{"a name of the policy", "未注明来源或作者", "No credit given"},
		{
			"a format in a format", rights.Note("监测发现：%s", seen),
			"Found by monitoring: “渡口的灯（上）”, rule I03 No credit given (S3), 100.0% of the work",
		},
		{
			"three deep", rights.Note("%s。本案%s，不因监测而变动；如有新的理由，可由法务重启", rights.Note("页面重新出现涉案文字；%s", rights.Note("同一页面另见：%s", seen)), rights.CaseClosed.Label()),
			"The text is on the page again. Also on this page: “渡口的灯（上）”, rule I03 No credit given (S3), 100.0% of the work. This case is “Closed” and is not changed by monitoring; where there is a new reason, counsel can reopen it.",
		},
		{
			"what was seen", rights.Note("发函后七日复查：%s", rights.Note("%s，取证记录 %s", rights.Note("对方服务器返回 %d", 404), "urn:uuid:1")),
			"Looked at again seven days after the notice: The server answered 404, evidence record urn:uuid:1",
		},
		{"a question", rights.Note("%s 答：%s。%s", "使用者是否属于课堂教学？", "不适用", "对方是商业网站。"), "Is this classroom teaching? Answer: Does not apply. 对方是商业网站。"},
		{"nothing of a person's", rights.Note("要求：%s。%s", "停止使用并删除", ""), "Demand: stop and remove."},
		{"a person's", "要求：停止使用并删除。已与对方编辑通过电话：对方答应三日内删除", "Demand: stop and remove. 已与对方编辑通过电话：对方答应三日内删除"},
		{"a person's alone", "合同在档案室第 3 柜：已经到期", "合同在档案室第 3 柜：已经到期"},
		{"with what looks like a verb", rights.Note("文件 %d：%s", 2, "100%s.pdf"), "File 2: 100%s.pdf"},
		{"with a verb as an argument", rights.Note("监测发现：%s", "50%d"), "Found by monitoring: 50%d"},
		{"codes", "qingce 1378409208895827", "qingce 1378409208895827"},
		{"nothing", "", ""},
	} {
		if got := (locale.Locale{Lang: "en"}).Said(tt.text, names); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
		if got := (locale.Locale{Lang: "zh-CN"}).Said(tt.text, names); got != tt.text {
			t.Errorf("%s in Chinese: %q", tt.name, got)
		}
	}
}
