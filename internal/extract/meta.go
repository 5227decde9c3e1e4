package extract

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/html"
)

func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if r <= ' ' || r == '\u00a0' || r == '\u3000' {
			return -1
		}
		return r
	}, s)
}

// title is the longest element of the page that <title> begins with. og:title
// and the like are cut at quotes by careless templates.
func (p *page) title() string {
	w := wordingOf(p.head)
	best, bestRank := "", 0
	for n := range p.root.Descendants() {
		if n.Type != html.ElementNode || n.Data == "title" || n.Data == "a" || !titleLike(n) {
			continue
		}
		text := oneLine(n)
		if rank := w.rank(text, n.Data); rank > bestRank {
			best, bestRank = text, rank
		}
	}
	if best != "" {
		return best
	}
	return siteless(p.head)
}

// wording is a <title>, whole and without the names of channel and site.
type wording struct{ whole, core string }

func wordingOf(head string) wording { return wording{squeeze(head), squeeze(siteless(head))} }

// rank says how likely the text of an element is the headline; 0 is not at all.
func (w wording) rank(text, element string) int {
	s := squeeze(text)
	if runes(s) < 4 || runes(s) > maxHeaderRune {
		return 0
	}
	switch {
	case w.whole != "" && strings.HasPrefix(w.whole, s), runes(w.core) >= 6 && strings.HasPrefix(s, w.core) && runes(s) < 2*runes(w.core):
		return 1000 + runes(s)
	case element == "h1" && (w.whole == "" || strings.Contains(w.whole, s)):
		return 1
	}
	return 0
}

func titleLike(n *html.Node) bool {
	switch n.Data {
	case "h1", "h2", "h3", "h4", "td", "strong", "founder-title":
		return true
	case "div", "p", "span":
		name := strings.ToLower(attr(n, "class") + " " + attr(n, "id"))
		return strings.Contains(name, "tit") || strings.Contains(name, "headline")
	}
	return false
}

// siteless drops the names of channel and site from the end of a <title>.
func siteless(head string) string {
	for {
		at := strings.LastIndexAny(head, "_|｜")
		if i := max(strings.LastIndex(head, "-"), strings.LastIndex(head, "–"), strings.LastIndex(head, "—")); i > at {
			at = i
		}
		if at <= 0 || runes(head[at:]) > 16 || runes(head[:at]) < 6 {
			return strings.TrimSpace(head)
		}
		head = strings.TrimRight(head[:at], " _|｜-–—")
	}
}

var datePattern = regexp.MustCompile(`((?:19|20)\d{2})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})日?(?:[\sT　]*(?:(上午|下午|晚上|凌晨)?\s*(\d{1,2})[:：时](\d{2})(?:[:：分](\d{2}))?(?:\.\d+)?\s*(Z|[+-]\d{2}:?\d{2})?))?`)

// firstDate reads the first date of a text and says at which byte it stands; at
// is negative where there is none.
func firstDate(s string) (date string, at int) {
	m := datePattern.FindStringSubmatchIndex(s)
	if m == nil {
		return "", -1
	}
	part := func(i int) string {
		if m[2*i] < 0 {
			return ""
		}
		return s[m[2*i]:m[2*i+1]]
	}
	num := func(i int) int { n, _ := strconv.Atoi(part(i)); return n }
	day := fmt.Sprintf("%s-%02d-%02d", part(1), num(2), num(3))
	if _, err := time.Parse(time.DateOnly, day); err != nil {
		return "", -1
	}
	hour := num(5)
	if part(5) == "" || hour > 23 || num(6) > 59 || num(7) > 59 {
		return day, m[0]
	}
	if (part(4) == "下午" || part(4) == "晚上") && hour < 12 {
		hour += 12
	}
	offset := part(8)
	if offset == "" {
		offset = "+08:00"
	} else if offset != "Z" && !strings.Contains(offset, ":") {
		offset = offset[:3] + ":" + offset[3:]
	}
	stamp := fmt.Sprintf("%sT%02d:%02d:%02d%s", day, hour, num(6), num(7), offset)
	if _, err := time.Parse(time.RFC3339, stamp); err != nil {
		return day, m[0]
	}
	return stamp, m[0]
}

// meta reads date, source, byline and marks.
func (p *page) meta(d *Document, body []string) {
	header := p.header(d.Title, body)
	d.PublishedAt = p.date(header)
	d.Source = p.source(header, body)
	d.Byline = byline(header, body)
	for _, line := range append(header, body...) {
		if m := originalTitle.FindStringSubmatch(line); m != nil && d.OriginalTitle == "" {
			d.OriginalTitle = strings.Trim(m[1], "《》 ）)")
		}
	}
	for _, line := range header {
		if runes(line) < 40 && strings.Contains(line, "原创") && d.Original == "" {
			d.Original = line
		}
	}
}

var originalTitle = regexp.MustCompile(`原(?:标)?题(?:为)?[：:]?\s*([《]?[^\n）)]{2,80})`)

// header is what stands between the title and the first paragraph of the body.
func (p *page) header(title string, body []string) []string {
	start := 0
	for i, line := range p.lines {
		if squeeze(line) == squeeze(title) && title != "" {
			start = i
			break
		}
	}
	first := ""
	for _, line := range body {
		if runes(line) > 30 && !dateline(line) {
			first = line
			break
		}
	}
	end := min(len(p.lines), start+25)
	for i := start + 1; i < end; i++ {
		if p.lines[i] == first {
			end = i
		}
	}
	return p.lines[min(start, len(p.lines)):end]
}

func (p *page) date(header []string) string {
	stated := ""
	for n := range p.root.Descendants() {
		if n.Type != html.ElementNode || stated != "" {
			continue
		}
		value := attr(n, "content")
		switch strings.ToLower(strings.TrimSpace(attr(n, "property") + attr(n, "name") + attr(n, "itemprop"))) {
		case "article:published_time", "publishdate", "pubdate", "og:time", "weibo: article:create_at", "datepublished", "og:published_time":
			if value == "" {
				value = attr(n, "datetime")
			}
			stated, _ = firstDate(value)
		}
	}
	shown := ""
	for _, line := range header {
		if runes(line) > maxHeaderRune {
			continue
		}
		if date, at := firstDate(line); at >= 0 && (at < 40 || strings.Contains(line, "发布") || strings.Contains(line, "时间") || dateline(line)) && len(date) > len(shown) {
			shown = date
		}
	}
	switch {
	case shown == "":
		if stated == "" {
			return p.dateElsewhere()
		}
		return stated
	case strings.HasPrefix(stated, shown[:10]) && len(stated) > len(shown):
		return stated
	}
	return shown
}

// dateElsewhere is the first line of the page that is a date and little else.
func (p *page) dateElsewhere() string {
	for _, line := range p.lines {
		if date, at := firstDate(line); at >= 0 && at < 40 && runes(line) < 60 && (len(date) > 10 || strings.Contains(line, "日期") || strings.Contains(line, "时间")) {
			return date
		}
	}
	return ""
}

var sourcePattern = regexp.MustCompile(`(?:来源于|来源|来自|稿源|转自|來源|出处)\s*[：:|]?\s*([^\s|｜，。；;：:（）()\[\]【】"]{2,30})`)

func (p *page) source(header, body []string) string {
	for i, line := range header {
		if runes(line) > maxHeaderRune {
			continue
		}
		if m := sourcePattern.FindStringSubmatch(line); m != nil {
			return cleanSource(m[1])
		}
		if label := strings.Trim(line, " ：:"); (label == "来源" || strings.HasSuffix(line, "来源：") || strings.HasSuffix(line, "来源:")) && i+1 < len(header) {
			return cleanSource(header[i+1])
		}
	}
	tail := body[max(0, len(body)-4):]
	for _, last := range slices.Backward(tail) {
		line := strings.Trim(last, "（）() ")
		if m := sourcePattern.FindStringSubmatchIndex(line); m != nil && m[0] < 12 && runes(line) < 60 {
			return cleanSource(line[m[2]:m[3]])
		}
	}
	for _, line := range header {
		_, at := firstDate(line)
		if at < 0 || runes(line) > 60 {
			continue
		}
		rest := strings.TrimSpace(datePattern.ReplaceAllString(line, " "))
		rest, _, _ = strings.Cut(rest, "[")
		if name := cleanSource(rest); runes(name) >= 2 && runes(name) <= 12 && !strings.ContainsAny(name, " ：:0123456789评论字号") && !strings.HasPrefix(name, "时间") && !strings.HasPrefix(name, "日期") {
			return name
		}
	}
	return p.markedSource()
}

func (p *page) markedSource() string {
	for n := range p.root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if n.Data == "meta" && (attr(n, "name") == "source" || attr(n, "name") == "mediaid") {
			if s := cleanSource(strings.TrimPrefix(attr(n, "content"), "来源：")); s != "" {
				return s
			}
		}
	}
	for _, line := range p.lines {
		if m := sourceLine.FindStringSubmatch(line); m != nil {
			return cleanSource(m[1])
		}
	}
	return ""
}

// cleanSource cuts off the next label where a template puts no space before it.
func cleanSource(s string) string {
	for _, label := range []string{"作者", "编辑", "责编", "时间", "发布", "记者", "点击", "浏览", "字号", "日期"} {
		if i := strings.Index(s, label); i > 3 {
			s = s[:i]
		}
	}
	return strings.Trim(tidy(s), " ：:|[]【】（）()<>《》")
}

var bylineLabel = regexp.MustCompile(`(?:^|[\s（(【|｜>》])(?:作者|撰文|文/图|文/|图文/)\s*[：:|/]?\s*([\p{Han}·]{2,8}(?:[\s、，,][\p{Han}·]{2,4})*)`)

var reporterLabel = regexp.MustCompile(`(?:□|■|○|●|◎)?\s*(?:本报|本网|[\p{Han}]{2,6}(?:报|社|网))?(?:首席|见习|实习|通讯员|评论员|特约)?(?:记者|作者|通讯员)\s*[：:/]?\s*([\p{Han}·]{2,4}(?:[\s、][\p{Han}·]{2,4})*)`)

// byline reads the names that header or the ends of the body print as authors.
func byline(header, body []string) string {
	for _, line := range header {
		if m := bylineLabel.FindStringSubmatch(line); m != nil && runes(line) < maxHeaderRune && !strings.HasPrefix(m[1], "来源") {
			return cutLabels(m[1])
		}
	}
	edge := append(append([]string{}, body[:min(len(body), 3)]...), body[max(0, len(body)-4):]...)
	for _, line := range edge {
		head := string([]rune(line)[:min(runes(line), 60)])
		if runes(line) < 60 {
			if m := bylineLabel.FindStringSubmatch(line); m != nil {
				return cutLabels(m[1])
			}
		}
		if m := reporterLabel.FindStringSubmatch(head); m != nil && (runes(line) < 40 || strings.Contains(head, "（") || strings.Contains(head, "(")) {
			if names := personNames(m[1]); names != nil {
				return strings.Join(names, " ")
			}
		}
	}
	for _, line := range body[max(0, len(body)-4):] {
		if m := nameInBrackets.FindStringSubmatch(line); m != nil {
			if names := personNames(m[1]); names != nil {
				return strings.Join(names, " ")
			}
		}
	}
	return ""
}

func cutLabels(s string) string {
	var keep []string
	for _, w := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" 、，,", r) }) {
		if label(w) {
			break
		}
		keep = append(keep, w)
	}
	return strings.Join(keep, " ")
}

// label reports whether a word begins the next field of the line.
func label(w string) bool {
	for _, l := range []string{"来源", "编辑", "责编", "责任", "时间", "发布", "日期", "原创", "校对", "阅读", "点击", "浏览", "评论", "字号", "摄影"} {
		if strings.HasPrefix(w, l) {
			return true
		}
	}
	return false
}

// personNames splits a run of names; it is nil where a part is no Chinese name.
func personNames(s string) []string {
	var out []string
	for _, w := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" 、，,\u3000", r) }) {
		first := []rune(w)[0]
		if runes(w) < 2 || runes(w) > 4 && !strings.Contains(w, "·") || !strings.ContainsRune(surnames, first) {
			break
		}
		out = append(out, w)
	}
	return out
}

const surnames = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐沿梅莫庄辛管祝左涂谷祁时舒耿牟卜路詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来嵺苟全褚廉简娄盖符奚木穆党燕郎邸冀谈姬屠连郜晏栾郁商蒙计喻揭窦迟宇敖糜鄢冷卓花仇艾蓝都巩稽井练仲乐虞卞封竺冼原官衣楚佟栗匡宗应台巫鞠僧桑荆谌银扬明沙薄伏岑习胥保和蔺上诸司皇公慕令东西南夏"

func reservationLines(all []string) []string {
	var out []string
	for _, line := range all {
		if runes(line) < 400 && reserves(line) && len(out) < 20 {
			out = append(out, line)
		}
	}
	return out
}

// reserves reports whether a line forbids reprinting or states a licence.
// "Not to be used without leave" is said of many things: of a text only where
// the line names one.
func reserves(line string) bool {
	return reservation.MatchString(line) || useWithoutLeave.MatchString(line) && ofText.MatchString(line)
}

var sourceLine = regexp.MustCompile(`^(?:版权声明\s*)?(?:本文|文章|稿件)?来源[：:]\s*([^\s，。]{2,20})(\s|$)`)

var nameInBrackets = regexp.MustCompile(`[（(](?:文/图|文|图文|作者|记者)?[\s：:/]*([\p{Han}·]{2,4}(?:[\s、][\p{Han}·]{2,4})*)[）)]$`)

var reservation = regexp.MustCompile(`(未经.{0,30}(授权|许可|同意|协议)|禁止|不得|谢绝|请勿|严禁|須經|须经).{0,30}(转载|轉載|摘编|转贴)|转载.{0,12}(注明|须|请|授权)|(?i:creative commons|cc[ -]by)|知识共享`)

var useWithoutLeave = regexp.MustCompile(`(未经.{0,30}(授权|许可|同意|协议)|須經|须经).{0,30}(复制|複製|镜像|使用)`)

var ofText = regexp.MustCompile(`本报|本網|本网|本站|本刊|本报社|稿件|作品|文章|图文|版权|版權|著作权`)
