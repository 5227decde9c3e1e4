package letters

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

func (c *composer) addresses() {
	c.section("侵权内容及其网络地址")
	rows := make([][]cell, 0, len(c.r.Infringements))
	for i, inf := range c.r.Infringements {
		address := join(wanted(inf.URL, "网络地址"), inf.details())
		share := words("占作品 " + percent(inf.Coverage))
		share = join(share, cell{{Text: "\n占页面 " + percent(inf.PageCoverage)}})
		if len(c.r.Articles) > 1 {
			share = join(cell{{Text: fmt.Sprintf("作品%d\n", inf.Article+1)}}, share)
		}
		rows = append(rows, []cell{
			words(strconv.Itoa(i + 1)), address,
			wanted(instant(inf.CapturedAt), "取证时间"), share, inf.Attribution.cell(),
		})
	}
	if len(rows) == 0 {
		rows = append(rows, []cell{words("1"), wanted("", "侵权内容网络地址"), wanted("", "取证时间"), words("—"), words("—")})
	}
	c.add(block{
		kind: kindTable, rows: rows, widths: []float64{0.07, 0.41, 0.18, 0.17, 0.17},
		head: []cell{bolded("序号"), bolded("网络地址（页面标题）"), bolded("取证时间"), bolded("相同比例"), bolded("来源与署名")},
	})
}

func (inf Infringement) details() cell {
	var t cell
	line := func(label, value string) {
		if !blank(value) {
			t = append(t, run{Text: "\n" + label + printable(value)})
		}
	}
	line("标题：", inf.PageTitle)
	line("网站：", inf.Site)
	line("域名：", host(inf.URL))
	line("备案号：", inf.ICP)
	line("IP：", inf.IP)
	return t
}

// host names the domain where the address is one of the web.
func host(address string) string {
	u, err := url.Parse(printable(address))
	if err != nil {
		return ""
	}
	return u.Hostname()
}

func (a Attribution) cell() cell {
	one := func(label, found string, ok bool) string {
		switch {
		case !ok:
			return label + "：未标注"
		case blank(found):
			return label + "：已标注"
		}
		return label + "：“" + printable(found) + "”"
	}
	return cell{{Text: one("来源", a.Source, a.SourceFound) + "\n" + one("作者", a.Author, a.AuthorFound)}}
}

func (c *composer) comparison() {
	c.section("侵权事实及比对")
	shown := 0
	for i, inf := range c.r.Infringements {
		if len(inf.Passages) == 0 {
			continue
		}
		shown++
		if shown == 1 {
			c.para(join(words("下表左栏为权利人作品，右栏为所涉页面。标记："),
				cell{
					{Text: "改动", Style: changed},
					{Text: "（下划线）为文字不同之处，"},
					{Text: "缺失", Style: missing},
					{Text: "（删除线）为仅见于权利人作品，"},
					{Text: "增加", Style: added},
					{Text: "（双下划线）为仅见于所涉页面；未作标记者两者相同，繁简字形之别不作标记。"},
				}))
		}
		c.add(block{kind: kindSub, text: words(fmt.Sprintf("（%s）序号%d：%s", numeral(shown), i+1, either(inf.PageTitle, host(inf.URL))))})
		c.para(words(c.summary(inf)))
		rows := make([][]cell, 0, len(inf.Passages))
		for k, p := range inf.Passages {
			rows = append(rows, []cell{words(strconv.Itoa(k + 1)), spans(p.Ours), spans(p.Theirs)})
		}
		c.add(block{
			kind: kindPassages, rows: rows, widths: []float64{0.06, 0.47, 0.47},
			head: []cell{bolded("段"), bolded("权利人作品"), bolded("所涉页面")},
		})
		if !blank(inf.More) {
			c.add(block{kind: kindNote, text: words(inf.More)})
		}
	}
	if shown == 0 {
		c.para(words("各页面的相同比例见上表。"))
	}
}

func (c *composer) summary(inf Infringement) string {
	work := ""
	if inf.Article >= 0 && inf.Article < len(c.r.Articles) && !blank(c.r.Articles[inf.Article].Headline) {
		work = "《" + printable(c.r.Articles[inf.Article].Headline) + "》"
	}
	at := instant(inf.CapturedAt)
	if at != "" {
		at = "于" + at + "取证，"
	}
	return fmt.Sprintf("该页面%s与权利人作品%s相同的文字合计%d字，占作品的%s，占该页面正文的%s，最长连续相同%d字。",
		at, work, inf.MatchedChars, percent(inf.Coverage), percent(inf.PageCoverage), inf.LongestRun)
}

func (c *composer) opinion() {
	v := c.r.Verdict
	c.section("认定意见及法律依据")
	var f facts
	f.may("认定意见", v.Name)
	f.may("处理意见", v.Outcome)
	f.may("规则与等级", strings.Join(clean([]string{v.Rule, v.Severity, c.r.PolicyVersion}), " / "))
	if basis := c.r.legalBasis(); len(basis) == 0 {
		f.need("法律依据", "")
	} else {
		for _, b := range basis {
			f.may("法律依据", b)
		}
	}
	c.facts(f)
	for i, finding := range v.Findings {
		if !blank(finding.Text) {
			c.add(block{kind: kindList, text: words(fmt.Sprintf("%d. %s", i+1, finding.Text))})
		}
		var g facts
		g.may("适用规则", finding.Rule)
		g.may("版权声明条款", strings.TrimSpace(finding.Clause+"　"+finding.ClauseText))
		g.may("认定所据事实", strings.Join(clean(finding.Values), "；"))
		if len(g) > 0 {
			c.facts(g)
		}
	}
}

func (c *composer) against() {
	list := clean(c.r.Against)
	if len(list) == 0 {
		return
	}
	c.section("已考虑的相反情形")
	for i, a := range list {
		c.add(block{kind: kindList, text: words(fmt.Sprintf("%d. %s", i+1, a))})
	}
}

func (c *composer) demands() {
	title := "函告要求"
	if c.r.notice() {
		title = "通知要求"
	}
	c.section(title)
	list := clean(c.r.Demands)
	if len(list) == 0 {
		c.para(wanted("", "通知要求"))
	}
	for i, d := range list {
		c.add(block{kind: kindList, text: words(fmt.Sprintf("%d. %s", i+1, d))})
	}
	c.para(join(words("请贵方于"), wanted(day(c.r.AnswerBy), "答复期限"), words("前将处理结果书面函复权利人。")))
}

func (c *composer) statement() {
	c.section("真实性声明")
	if blank(c.r.Statement) {
		c.para(wanted("", "真实性声明"))
	}
	for _, line := range lines(c.r.Statement) {
		c.para(words(line))
	}
}

func (c *composer) dealings() {
	contact := strings.Join(clean([]string{c.r.Sender.Contact, c.r.Sender.Phone, c.r.Sender.Email}), "，")
	c.section("许可、异议与权利保留")
	counter := "如贵方已取得许可，或认为上述内容与事实不符，请于答复期限内将许可文件或书面说明送交："
	if c.r.notice() {
		counter = "如内容提供者认为其未侵犯他人权利，可以依照《信息网络传播权保护条例》第十六条、《中华人民共和国民法典》第一千一百九十六条提交书面说明及不构成侵权的初步证明材料，并请转送："
	}
	c.para(join(words(counter), wanted(either(c.r.Counter, contact), "异议联系方式"), words("。")))
	c.para(join(words("如需取得转载许可，请联系："), wanted(either(c.r.Licensing, contact), "许可联系方式"), words("。")))
	c.para(words("本函不构成对权利人任何权利、请求或者救济的放弃，权利人保留依法采取进一步措施的权利。"))
}

func (c *composer) history() {
	list := clean(c.r.Events)
	if len(list) == 0 {
		return
	}
	c.section("经过")
	for _, e := range list {
		c.add(block{kind: kindList, text: words("— " + e)})
	}
}

// signature leaves signature and day to the hand that signs.
func (c *composer) signature() {
	rows := []cell{words("权利人（签章）："), words("法定代表人或授权代表（签字）：")}
	if !blank(c.r.Sender.Lawyer) {
		rows = append(rows, words("承办律师（签字）："))
	}
	rows = append(rows, cell{{Text: "日期：　　　　年　　　月　　　日"}})
	end := "特此函告。"
	if c.r.notice() {
		end = "特此通知。"
	}
	c.add(block{kind: kindSign, text: words(end), lines: rows})
}

func (c *composer) evidence() {
	c.add(block{kind: kindAppendix, text: words("附件　证据清单与摘要值")})
	if len(c.r.Evidence) == 0 {
		c.para(wanted("", "初步证明材料"))
		return
	}
	c.add(block{kind: kindNote, text: words("每项摘要值为该证据记录在存档文件中所占字节（自起始字节起，按所列长度）的 SHA-256 值，可据以核验记录未被改动。")})
	for i, e := range c.r.Evidence {
		var f facts
		f.need("网络地址", e.URL)
		f.need("取证时间", instant(e.CapturedAt))
		f.may("存档文件", e.File)
		f.may("起始字节与长度", fmt.Sprintf("%d，%d", e.Offset, e.Length))
		f.may("记录编号", e.RecordID)
		digest := coded(e.SHA256)
		if blank(e.SHA256) {
			digest = wanted("", "证据摘要值")
		}
		f = append(f, []cell{words("SHA-256"), digest})
		c.add(block{kind: kindSub, text: words(fmt.Sprintf("证据%d", i+1))})
		c.facts(f)
	}
	if !blank(c.r.BundleSHA256) {
		c.add(block{kind: kindNote, text: join(words("证据包 SHA-256："), coded(c.r.BundleSHA256))})
	}
}
