package extract

import (
	"regexp"
	"strings"
)

// trimBody drops lines at both ends that belong to the page and not to the text.
func trimBody(body []string, title string) []string {
	body = trimHead(body, title)
	for len(body) > 1 && trailing(body[len(body)-1]) {
		body = body[:len(body)-1]
	}
	// A heading of related links ends the text where little follows it.
	rest := 0
	for i := len(body) - 1; i > 0; i-- {
		rest += runes(body[i])
		if relatedHeading(body[i]) && rest*2 < total(body[:i]) {
			body = body[:i]
			rest = 0
		}
	}
	for len(body) > 1 && trailing(body[len(body)-1]) {
		body = body[:len(body)-1]
	}
	return body
}

func total(body []string) int {
	n := 0
	for _, line := range body {
		n += runes(line)
	}
	return n
}

func trimHead(body []string, title string) []string {
	for n := 0; n < 6 && len(body) > 1; n++ {
		line := body[0]
		switch {
		case squeeze(line) == squeeze(title):
		case runes(line) < 80 && dateline(line):
		case runes(line) < 60 && strings.HasPrefix(strings.TrimLeft(line, "（( "), "原标题"):
		case runes(line) < 40 && (strings.HasPrefix(line, "来源：") || strings.HasPrefix(line, "来源:")):
		case line == "分享到" || line == "字号" || line == "正文" || strings.HasPrefix(line, "字号："):
		default:
			return body
		}
		body = body[1:]
	}
	return body
}

// dateline reports whether a line gives the date of the page and little else.
func dateline(line string) bool {
	_, at := firstDate(line)
	return at >= 0 && (at < 20 || infoLabel.MatchString(line)) && !strings.ContainsAny(line, "，。")
}

var infoLabel = regexp.MustCompile(`^(作者|来源|文|编辑|责编|记者)\s*[：:/]`)

func relatedHeading(line string) bool {
	line = strings.Trim(line, " :：【】[]-—>▲■◆●")
	switch line {
	case "相关阅读", "相关新闻", "相关报道", "推荐阅读", "延伸阅读", "热门推荐", "精彩推荐", "猜你喜欢", "相关文章", "相关推荐", "更多精彩", "最新评论", "热门评论", "网友评论", "为您推荐", "热点推荐", "往期回顾":
		return true
	}
	return false
}

// trailing reports whether a last line is an editor's, a sharing or a rights
// notice.
func trailing(line string) bool {
	if runes(line) > 160 {
		return false
	}
	if relatedHeading(line) {
		return true
	}
	line = strings.Trim(line, " （）()[]【】\"“”")
	return trailingStart.MatchString(line) || runes(line) < 60 && trailingInside.MatchString(line)
}

var trailingStart = regexp.MustCompile(`^(责任编辑|责编[：:]|编辑[：:]|本文来源|原标题|本文原标题|声明[：:]|免责声明|特别声明|版权声明|版权所有|转载请注明|分享到|分享至|扫描|关注我们|微信扫|更多精彩|点击查看更多|上一篇|下一篇|返回首页|举报|评论|收藏|点赞|打印|阅读原文|标签[：:]|(文章)?关键词[：:]|知道了$|投稿|本站|相关链接|文章来源|(未经|凡).{0,20}(授权|许可|转载)|\d+$|返回搜狐|\d+人参与)`)

var trailingInside = regexp.MustCompile(`(禁止转载|不得转载|谢绝转载|请勿转载|违法和不良信息|ICP备|下载.{0,6}客户端|公众号|本文系.{0,12}(稿|独家)|观察者网独家|扫码|扫描下方二维码|不代表本(网|站|平台))`)
