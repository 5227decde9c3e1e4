package casework

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"rightsdesk/internal/letters"
	"rightsdesk/internal/rights"
	"rightsdesk/policies"
)

// edition is one writing of a letter.
type edition struct {
	by    rights.Actor
	at    time.Time
	final bool // written by an approval; else a draft
}

// addressed begins the letter of a case: who writes to whom.
func (c *Cases) addressed(k *rights.Case) *letters.Report {
	p, o := c.opt.Config.Paper, k.Operator
	r := &letters.Report{
		Case: k.ID, Kind: o.Role,
		Sender: letters.Party{
			Name: p.Owner, Role: "权利人", IDNumber: p.IDNumber, Representative: p.Representative, Address: p.Address, Postcode: p.Postcode,
			Contact: p.Contact, Phone: p.Phone, Email: p.Email, Website: p.Website,
			LawFirm: p.LawFirm, Lawyer: p.Lawyer, LicenceNo: p.LawyerLicence, Authority: p.LawyerAuthority,
		},
		Recipient: letters.Party{Name: o.Name, Role: roleName(o.Role), Address: o.Address, Contact: o.Contact, Email: o.Email, ICP: o.ICP},
	}
	if o.Role == rights.RolePublisher || o.Role == "" {
		r.Recipient.Website = host(k.URL)
	}
	return r
}

// letter composes the letter of a case. Nothing to claim is a Conflict.
func (c *Cases) letter(f *File, e edition) (*letters.Report, error) {
	if len(f.claims) == 0 {
		return nil, &rights.Error{Kind: rights.Conflict, Detail: "本案没有可由本报主张的内容，不能出具函件", Fields: f.claimable()}
	}
	r := c.addressed(f.Case)
	r.Number, r.Date, r.Draft = c.number(f), day(e.at), !e.final
	r.AnswerBy = e.at.In(rights.China).AddDate(0, 0, c.opt.Config.AnswerDays).Format(time.DateOnly)
	for _, cl := range f.claims {
		r.Infringements = append(r.Infringements, infringements(cl, len(r.Articles))...)
		r.Articles = append(r.Articles, c.work(cl))
		for _, ref := range evidence(cl.match) {
			if !slices.Contains(r.Evidence, ref) {
				r.Evidence = append(r.Evidence, ref)
			}
		}
	}
	r.Verdict, r.Against = c.opinion(f), against(f)
	r.PolicyVersion = "规则版本 " + f.claims[0].match.Verdict.PolicyVersion
	r.Events = history(f, e)
	text, err := c.wording(f, r)
	if err != nil {
		return nil, err
	}
	r.Title, r.Demands, r.Statement = text.Title, text.Demands, text.Statement
	r.Paragraphs = append(text.Paragraphs, reserved(f.claims)...)
	return r, nil
}

// number makes the letter's number from that of the case; once a letter was
// sent, the next one gets a number of its own.
func (c *Cases) number(f *File) string {
	year, serial, _ := strings.Cut(strings.TrimPrefix(f.Case.ID, "RD"), "-")
	number := fmt.Sprintf("%s法函〔%s〕第%s", c.opt.Config.Paper.Name, year, serial)
	sent := 0
	for _, e := range f.Events {
		if e.Action == "case."+moveSend {
			sent++
		}
	}
	if sent > 0 && f.Case.State != rights.CaseSent && f.Case.State != rights.CaseClosed {
		number += fmt.Sprintf("-%d", sent+1)
	}
	return number + "号"
}

// wording is the policy's text for the recipient's role and the demand.
func (c *Cases) wording(f *File, r *letters.Report) (policies.Letter, error) {
	var headlines, days, urls []string
	add := func(list *[]string, s string) {
		if !slices.Contains(*list, s) {
			*list = append(*list, s)
		}
	}
	for _, a := range r.Articles {
		add(&headlines, a.Headline)
		add(&days, longDay(a.IssueDate))
	}
	for _, inf := range r.Infringements {
		add(&urls, inf.URL)
	}
	role := f.Case.Operator.Role
	if role == "" {
		role = rights.RolePublisher
	}
	return c.opt.Policy.Letter(string(role), f.demand(), policies.LetterData{
		Paper: c.opt.Config.Paper.Name, Owner: c.opt.Config.Paper.Owner, Recipient: f.Case.Operator.Name,
		Headline: strings.Join(headlines, "》《"), IssueDate: strings.Join(days, "、"), AnswerBy: longDay(r.AnswerBy), URLs: len(urls),
	})
}

func (c *Cases) work(cl claim) letters.Article {
	a := cl.article
	w := letters.Article{
		ID: a.ID, Paper: a.Paper, IssueDate: a.IssueDate, PageNo: a.PageNo, PageName: a.PageName, Headline: a.Headline, Subtitle: a.Subtitle,
		Bylines: a.Bylines, CreditLine: a.CreditLine, URL: a.URL,
	}
	if len(a.Bylines) == 0 && a.CreditLine == "" {
		w.CreditLine = "刊发时未署名"
	}
	if at, exact := a.FirstPublished(); exact {
		w.FirstPublished = at.In(rights.China).Format("2006年1月2日 15:04（UTC+8）")
	} else {
		w.FirstPublished = a.IssueDate
	}
	for _, i := range cl.segments {
		s := a.Segments[i]
		st := letters.Standing{Part: part(a, s), Owner: s.Holder, Basis: basisName(s.Basis), Document: s.Document, VerifiedBy: s.VerifiedBy}
		if st.Owner == "" {
			st.Owner = c.opt.Config.Paper.Owner
		}
		if s.VerifiedAt != nil {
			st.VerifiedAt = day(*s.VerifiedAt)
		}
		w.Standing = append(w.Standing, st)
	}
	if r := a.Reservation(); r.Text != "" {
		w.Reservation = fmt.Sprintf("“%s”（%s）", strings.TrimSpace(r.Text), strengthName(r.Strength))
	}
	return w
}

// reserved says which parts of the articles the letter does not claim.
func reserved(list []claim) []string {
	var texts []string
	for _, cl := range list {
		var parts []string
		for _, s := range cl.article.Segments {
			if !s.Asserted() {
				parts = append(parts, part(cl.article, s)+"系"+ownerName(s))
			}
		}
		if parts != nil {
			texts = append(texts, fmt.Sprintf("《%s》中，%s，不在本函主张之列；下列比例和字数均已将其扣除。", cl.article.Headline, strings.Join(parts, "，")))
		}
	}
	return texts
}

// infringements lists the addresses of a page, one a part; the comparison stands
// with the first.
func infringements(cl claim, article int) []letters.Infringement {
	m := cl.match
	first := letters.Infringement{
		Article: article, URL: m.URL, PageTitle: m.Capture.Title, CapturedAt: m.SeenAt,
		Coverage: cl.coverage, PageCoverage: cl.ofPage, LongestRun: cl.longest, MatchedChars: cl.chars,
		Attribution: letters.Attribution{
			SourceFound: m.Capture.Attribution.Source, AuthorFound: m.Capture.Attribution.Author,
			Source: m.Capture.Attribution.SourceText, Author: m.Capture.Attribution.AuthorText,
		},
	}
	first.Passages, first.More = compare(cl)
	var list []letters.Infringement
	for i, e := range m.Evidence {
		inf := first
		inf.URL, inf.CapturedAt = e.URL, e.FetchedAt
		if len(m.Evidence) > 1 {
			inf.PageTitle = fmt.Sprintf("%s（分页 %d/%d，比例按各分页合计）", m.Capture.Title, i+1, len(m.Evidence))
		}
		if i > 0 {
			inf.Passages, inf.More = nil, ""
		}
		list = append(list, inf)
	}
	if list == nil {
		list = append(list, first)
	}
	return list
}

func evidence(m *rights.Match) []letters.EvidenceRef {
	var list []letters.EvidenceRef
	for _, e := range m.Evidence {
		list = append(list, letters.EvidenceRef{
			URL: e.URL, File: path.Join("evidence", e.File), Offset: e.Offset, Length: e.Length, SHA256: e.SHA256, RecordID: e.RecordID, CapturedAt: e.FetchedAt,
		})
	}
	return list
}

// history is what the other side may know of how the letter came about: of the
// later looks the last one. Reasons given inside the house stay there.
func history(f *File, e edition) []string {
	const again = "再次查看所涉页面并取证"
	var list []string
	add := func(at time.Time, what string) {
		list = append(list, at.In(rights.China).Format("2006年1月2日")+"　"+what)
	}
	for _, ev := range f.Events {
		switch ev.Action {
		case "case.opened":
			add(ev.At, "发现所涉页面并取证")
		case "case.seen":
			list = slices.DeleteFunc(list, func(line string) bool { return strings.HasSuffix(line, again) })
			add(ev.At, again)
		case "case.confirm":
			add(ev.At, "经"+ev.Name+"复核确认")
		case "case." + moveSend:
			add(ev.At, "前函已经发出")
		}
	}
	if e.final {
		add(e.at, "经"+e.by.Name+"批准出具本函")
	}
	return list
}

func longDay(date string) string {
	t, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return date
	}
	return t.Format("2006年1月2日")
}
