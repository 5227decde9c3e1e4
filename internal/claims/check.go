package claims

import (
	"net/mail"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"rightsdesk/internal/rights"
)

const (
	maxLine = 300  // characters of a line
	maxText = 5000 // characters of a text
)

// tidy takes off what nobody meant to type.
func (f *Filing) tidy() {
	for _, s := range []*string{
		&f.Claimant.Name, &f.Claimant.Kind, &f.Claimant.Email, &f.Claimant.Phone, &f.Claimant.Address, &f.Claimant.Agent,
		&f.Page, &f.Work.Title, &f.Work.URL, &f.Work.Published,
	} {
		*s = line(*s)
	}
	for _, s := range []*string{&f.Claimant.Authority, &f.Work.Details, &f.Details} {
		*s = text(*s)
	}
	slices.Sort(f.Wrongs)
	f.Wrongs = slices.Compact(f.Wrongs)
	slices.Sort(f.Asked)
	f.Asked = slices.Compact(f.Asked)
}

// line makes one line of a text, without control characters.
func line(s string) string { return strings.Join(strings.Fields(text(s)), " ") }

// text takes control characters off, line feeds excepted.
func text(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\r\n", "\n")
	s = strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)) {
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(s)
}

// faults names everything that is wrong with a filing, its page and the proofs
// that are missing excepted.
func (f *Filing) faults() []rights.Field {
	var fields []rights.Field
	fault := func(name, detail string) { fields = append(fields, rights.Field{Name: name, Detail: detail}) }
	need := func(name, value, detail string) {
		if value == "" {
			fault(name, detail)
		}
	}
	f.claimantFaults(fault)
	need("work.title", f.Work.Title, "请填写您的作品的名称")
	if u, err := url.Parse(f.Work.URL); f.Work.URL != "" && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
		fault("work.url", "网址应以 http:// 或者 https:// 开头；没有网址可以不填")
	}
	if len(f.Wrongs) == 0 || slices.ContainsFunc(f.Wrongs, func(w rights.Wrong) bool { return !known(w) }) {
		fault("wrongs", "请至少选择一项：问题是什么")
	}
	need("details", f.Details, "请说明涉及哪些内容、问题在哪里")
	if len(f.Asked) == 0 || slices.ContainsFunc(f.Asked, func(r rights.Remedy) bool { return !knownRemedy(r) }) {
		fault("asked", "请至少选择一项：您的要求是什么")
	}
	fields = append(fields, checkFiles(f.Files, 0)...)
	if !f.Truth {
		fault("truth", "请声明所述内容属实")
	}
	if !f.Consent {
		fault("consent", "请阅读并同意隐私说明")
	}
	if !f.ConsentID {
		fault("consent_id", "请单独同意处理身份证明")
	}
	return append(fields, f.tooLong()...)
}

func (f *Filing) claimantFaults(fault func(name, detail string)) {
	c := f.Claimant
	if c.Kind != "person" && c.Kind != "organisation" {
		fault("claimant.kind", "请选择权利人是个人还是单位")
	}
	if c.Name == "" {
		fault("claimant.name", "请填写权利人的姓名或者名称")
	}
	if c.Email == "" && c.Phone == "" {
		fault("claimant.email", "电子邮箱和电话请至少填写一项")
	}
	if a, err := mail.ParseAddress(c.Email); c.Email != "" && (err != nil || a.Address != c.Email) {
		fault("claimant.email", "电子邮箱的格式不对，应为 name@example.com 的样子")
	}
	if c.Phone != "" && !phone(c.Phone) {
		fault("claimant.phone", "电话应为 5 至 20 位数字，可以带 +、-、空格和括号")
	}
	if c.Agent == "" && c.Authority != "" {
		fault("claimant.agent", "请填写代理人的姓名或者名称")
	}
	if c.Agent != "" && c.Authority == "" {
		fault("claimant.authority", "请说明代理人获得了什么授权")
	}
}

func phone(s string) bool {
	digits := 0
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case !strings.ContainsRune("+-() （）", r):
			return false
		}
	}
	return digits >= 5 && digits <= 20
}

func (f *Filing) tooLong() []rights.Field {
	var fields []rights.Field
	for _, s := range []struct {
		name, value, detail string
		limit               int
	}{
		{"page", f.Page, "太长了，最多 300 个字符", maxLine},
		{"claimant.name", f.Claimant.Name, "太长了，最多 300 个字符", maxLine},
		{"claimant.email", f.Claimant.Email, "太长了，最多 300 个字符", maxLine},
		{"claimant.address", f.Claimant.Address, "太长了，最多 300 个字符", maxLine},
		{"claimant.agent", f.Claimant.Agent, "太长了，最多 300 个字符", maxLine},
		{"claimant.authority", f.Claimant.Authority, "太长了，最多 5000 个字符", maxText},
		{"work.title", f.Work.Title, "太长了，最多 300 个字符", maxLine},
		{"work.url", f.Work.URL, "太长了，最多 300 个字符", maxLine},
		{"work.published", f.Work.Published, "太长了，最多 300 个字符", maxLine},
		{"work.details", f.Work.Details, "太长了，最多 5000 个字符", maxText},
		{"details", f.Details, "太长了，最多 5000 个字符", maxText},
	} {
		if utf8.RuneCountInString(s.value) > s.limit {
			fields = append(fields, rights.Field{Name: s.name, Detail: s.detail})
		}
	}
	return fields
}

// sortAsForm puts faults into the order in which the form asks.
func sortAsForm(fields []rights.Field) {
	order := []string{
		"page", "article", "claimant.kind", "claimant.name", "claimant.email", "claimant.phone", "claimant.address", "claimant.agent",
		"claimant.authority", "proofs.authority", "work.title", "work.published", "work.url", "work.details", "wrongs", "details", "asked",
		"proofs", "proofs.identity", "proofs.ownership", "truth", "consent", "consent_id",
	}
	place := func(f rights.Field) int {
		name, _, _ := strings.Cut(f.Name, "[")
		return slices.Index(order, name)
	}
	slices.SortStableFunc(fields, func(a, b rights.Field) int { return place(a) - place(b) })
}

// Wrongs lists what a claimant may complain of, in the order of the form.
func Wrongs() []rights.Wrong {
	return []rights.Wrong{rights.WrongCopied, rights.WrongCredit, rights.WrongAltered, rights.WrongUnpaid, rights.WrongLink}
}

// Remedies lists what a claimant may ask for, in the order of the form.
func Remedies() []rights.Remedy {
	return []rights.Remedy{
		rights.RemedyRemove, rights.RemedyCredit, rights.RemedyCorrect, rights.RemedyPay, rights.RemedyApology, rights.RemedyUnlink,
	}
}

func known(w rights.Wrong) bool        { return slices.Contains(Wrongs(), w) }
func knownRemedy(r rights.Remedy) bool { return slices.Contains(Remedies(), r) }
