package letters

import (
	"fmt"
	"strconv"
	"strings"
)

// composer writes the sections of one letter and counts them.
type composer struct {
	r        *Report
	sections int
	blocks   []block
}

func compose(r *Report) []block {
	c := &composer{r: r}
	c.opening()
	c.parties()
	c.works()
	c.addresses()
	c.comparison()
	c.history()
	c.opinion()
	c.against()
	c.demands()
	c.statement()
	c.dealings()
	c.signature()
	c.evidence()
	return c.blocks
}

func (c *composer) add(b block) { c.blocks = append(c.blocks, b) }

func (c *composer) section(title string) {
	c.sections++
	c.add(block{kind: kindSection, text: words(numeral(c.sections) + "、" + title)})
}

func (c *composer) para(text cell) { c.add(block{kind: kindPara, text: text}) }

// title is the report's own, or the one of its kind.
func (r *Report) title() string {
	if r.notice() {
		return either(r.Title, "侵权通知书")
	}
	return either(r.Title, "侵权告知函")
}

func (c *composer) opening() {
	r := c.r
	name := either(r.Sender.LawFirm, r.Sender.Name)
	c.add(block{kind: kindHead, text: wanted(name, "权利人名称"), lines: r.Sender.reach()})
	if lacks := r.Missing(); r.Draft && len(lacks) > 0 {
		c.add(block{kind: kindDraft, text: join(bolded("本稿尚待补充："), words(strings.Join(lacks, "、")+"。"))})
	}
	c.add(block{kind: kindTitle, text: words(r.title())})
	number := join(words("函号："), wanted(r.Number, "函号"))
	if !blank(r.Case) {
		number = join(number, cell{{Text: "　案件编号：" + printable(r.Case)}})
	}
	c.add(block{kind: kindNumber, text: number})
	c.add(block{kind: kindNumber, text: join(words("出具日期："), wanted(day(r.Date), "出具日期"))})
	to := join(bolded("致："), cell{{Text: wanted(r.Recipient.Name, "收函人名称")[0].Text, Style: emphasis(r.Recipient.Name)}})
	if !blank(r.Recipient.Role) {
		to = join(to, words("（"+r.Recipient.Role+"）"))
	}
	c.add(block{kind: kindTo, text: to})
	c.add(block{kind: kindTo, text: join(bolded("事由："), words(r.subject()))})
	for _, p := range clean(r.Paragraphs) {
		for _, line := range lines(p) {
			c.para(words(line))
		}
	}
}

// reach says below the letterhead how to reach the party.
func (p Party) reach() []cell {
	var list []cell
	var ways []string
	if !blank(p.Address) {
		list = append(list, words("地址："+p.Address))
	}
	for _, f := range []struct{ label, value string }{{"电话：", p.Phone}, {"电子邮箱：", p.Email}, {"网址：", p.Website}} {
		if !blank(f.value) {
			ways = append(ways, f.label+printable(f.value))
		}
	}
	if ways != nil {
		list = append(list, cell{{Text: strings.Join(ways, "　")}})
	}
	return list
}

func emphasis(value string) style {
	if blank(value) {
		return gap
	}
	return strong
}

// subject says in neutral words what the letter is about.
func (r *Report) subject() string {
	works := "有关作品"
	if len(r.Articles) > 0 && !blank(r.Articles[0].Headline) {
		works = "《" + printable(r.Articles[0].Headline) + "》"
		if len(r.Articles) > 1 {
			works += fmt.Sprintf("等%d篇作品", len(r.Articles))
		}
	}
	if r.notice() {
		return "关于请求对涉及" + works + "的侵权内容采取必要措施的通知"
	}
	return "关于贵方网站使用" + works + "所涉著作权事宜的函告"
}

// facts collects rows of a label and a value.
type facts [][]cell

func (f *facts) need(label, value string) {
	*f = append(*f, []cell{words(label), wanted(value, label)})
}

func (f *facts) may(label, value string) {
	if !blank(value) {
		*f = append(*f, []cell{words(label), words(value)})
	}
}

func (c *composer) facts(rows facts) {
	c.add(block{kind: kindFacts, rows: rows, widths: []float64{0.22, 0.78}})
}

func (c *composer) parties() {
	s, t := c.r.Sender, c.r.Recipient
	c.section("权利人及其代理人")
	var f facts
	f.need("权利人名称", s.Name)
	if c.r.notice() {
		f.need(s.idKind(), s.IDNumber)
		f.need("法定代表人", s.Representative)
	} else {
		f.may(s.idKind(), s.IDNumber)
		f.may("法定代表人", s.Representative)
	}
	f.need("权利人通信地址", s.Address)
	f.may("邮政编码", s.Postcode)
	f.need("联系人", s.Contact)
	f.need("联系电话", s.Phone)
	f.may("电子邮箱", s.Email)
	if !blank(s.Lawyer) {
		f.may("代理律师", strings.TrimSpace(s.Lawyer+"　"+s.LawFirm))
		f.need("律师执业证号", s.LicenceNo)
		f.need("授权委托书", s.Authority)
	}
	c.facts(f)
	title := "收函人"
	if c.r.notice() {
		title = "网络服务提供者"
	}
	c.section(title)
	var g facts
	g.need("收函人名称", t.Name)
	g.may("身份", t.Role)
	g.may(t.idKind(), t.IDNumber)
	g.may("法定代表人", t.Representative)
	g.may("通信地址", t.Address)
	g.may("邮政编码", t.Postcode)
	g.may("联系人", t.Contact)
	g.may("联系电话", t.Phone)
	g.may("电子邮箱", t.Email)
	g.may("网站", t.Website)
	g.may("备案号或许可证号", t.ICP)
	c.facts(g)
}

func (c *composer) works() {
	c.section("被侵权作品及权属")
	if len(c.r.Articles) == 0 {
		var f facts
		f.need("被侵权作品", "")
		f.need("权属证明", "")
		c.facts(f)
	}
	for i, a := range c.r.Articles {
		if len(c.r.Articles) > 1 {
			c.add(block{kind: kindSub, text: words("（" + numeral(i+1) + "）作品" + strconv.Itoa(i+1))})
		}
		c.facts(a.facts())
	}
}

func (a Article) facts() facts {
	var f facts
	f.need("作品名称", a.Headline)
	f.may("副题", a.Subtitle)
	credit := strings.Join(clean(a.Bylines), "、")
	if !blank(a.CreditLine) && !strings.Contains(credit, strings.TrimSpace(a.CreditLine)) {
		credit = strings.TrimSpace(credit + "（" + a.CreditLine + "）")
	}
	f.need("作者署名", credit)
	f.need("首发报纸", a.Paper)
	f.need("见报日期", day(a.IssueDate))
	page := ""
	if !blank(a.PageNo) {
		page = "第 " + a.PageNo + " 版"
		if !blank(a.PageName) {
			page += "：" + a.PageName
		}
	}
	f.need("见报版次", page)
	f.may("首次发表", day(a.FirstPublished))
	f.may("首发网络地址", a.URL)
	f.may("权利保留声明", a.Reservation)
	for _, s := range a.Standing {
		f = append(f, []cell{words("权属证明"), s.text()})
	}
	if len(a.Standing) == 0 {
		f.need("权属证明", "")
	}
	f.may("作品编号", a.ID)
	return f
}

func (s Standing) text() cell {
	t := join(words(either(s.Part, "全文")+"：著作权人"), wanted(s.Owner, "著作权人"), words("；依据："), wanted(s.Basis, "权属依据"))
	if !blank(s.Document) {
		t = join(t, words("；证明文件："+s.Document))
	}
	t = join(t, words("；核验："), wanted(s.VerifiedBy, "权属核验人"))
	if !blank(s.VerifiedAt) {
		t = join(t, words("，"+day(s.VerifiedAt)))
	}
	return join(t, words("。"))
}
