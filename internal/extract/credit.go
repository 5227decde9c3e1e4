package extract

import (
	"regexp"
	"strings"

	"rightsdesk/internal/rights"
)

var creditPattern = regexp.MustCompile(`^[□■○●◎◇◆△▲★☆\s（(]*((?:本报|本网|[\p{Han}]{2,8}(?:报|社|网|台))?(?:[\p{Han}]{0,4})(?:记者|通讯员|评论员|特约撰稿|作者|读者)\s*[：:]?\s*.{2,60}?)[）)]?$`)

// creditLine reads a line that says who wrote the article and nothing else.
func creditLine(line string) (credit string, names []string, ok bool) {
	line = tidy(line)
	if runes(line) > 60 || strings.ContainsAny(line, "，。！？；") {
		return "", nil, false
	}
	m := creditPattern.FindStringSubmatch(line)
	if m == nil {
		return "", nil, false
	}
	credit = strings.TrimSpace(m[1])
	names = creditNames(credit)
	return credit, names, len(names) > 0
}

// creditNames are the persons of a credit line, in order.
func creditNames(credit string) []string {
	credit = roles.ReplaceAllString(credit, " ")
	var out []string
	for _, w := range strings.FieldsFunc(credit, func(r rune) bool { return strings.ContainsRune(" 、，,/；;（）()\u3000", r) }) {
		if n := runes(w); n >= 2 && (n <= 4 || strings.Contains(w, "·") && n <= 12) {
			out = append(out, w)
		}
	}
	return out
}

// complete fills what the article's own text says about its origin.
func complete(a *rights.Article, opt Options) {
	if a.Paper == "" {
		a.Paper = opt.Paper
	}
	if a.IssueDate == "" {
		a.IssueDate = opt.IssueDate
	}
	if a.CreditLine == "" {
		a.CreditLine = creditOfBody(a)
	}
	if len(a.Bylines) == 0 && a.CreditLine != "" {
		for _, name := range creditNames(a.CreditLine) {
			a.Bylines = append(a.Bylines, personNames(name)...)
		}
	}
	if len(a.Segments) == 0 {
		a.Segments = Segments(a)
	}
	if a.ID == "" {
		a.ID = rights.ArticleID(a.Paper, a.IssueDate, a.PageNo, a.Headline)
	}
}

// creditOfBody reads the credit from the dateline of the first paragraph or from
// brackets at the end of the last.
func creditOfBody(a *rights.Article) string {
	if len(a.Paragraphs) == 0 {
		return ""
	}
	first := a.Paragraphs[0]
	bracket := reporterInBrackets
	for _, pattern := range []*regexp.Regexp{wireDateline, ownDateline} {
		if m := pattern.FindString(first); m != "" {
			credit := strings.Trim(m, " （(")
			if b := bracket.FindStringSubmatch(first[len(m):]); b != nil {
				credit += "（" + b[1] + "）"
			}
			return credit
		}
	}
	last := a.Paragraphs[len(a.Paragraphs)-1]
	if m := tailCredit.FindStringSubmatch(last); m != nil {
		return m[1]
	}
	return ""
}

// takeReservation removes a line that forbids reprinting from the ends of the
// body and keeps it as printed with the article.
func takeReservation(a *rights.Article) {
	var keep []string
	for i, p := range a.Paragraphs {
		edge := i == 0 || i >= len(a.Paragraphs)-2
		if edge && len(a.Paragraphs) > 1 && runes(p) <= 120 && reserves(p) {
			a.Reservations = append(a.Reservations, rights.Reservation{Text: p, Strength: rights.StrengthStrong})
			continue
		}
		keep = append(keep, p)
	}
	a.Paragraphs = keep
}

// siteReservation grades a line outside the article: one that speaks for the
// page or the issue is medium, any other a site's footer.
func siteReservation(line string) rights.Reservation {
	r := rights.Reservation{Text: line, Strength: rights.StrengthWeak}
	if pageWide.MatchString(line) {
		r.Strength = rights.StrengthMedium
	}
	return r
}

var roles = regexp.MustCompile(`(?:本报|本网|[\p{Han}]{2,8}?(?:日报|晚报|报社|通讯社|电视台|社|网))?(?:首席|见习|实习|全媒体|驻[\p{Han}]{2,4}?|特约)*(?:记者|通讯员|评论员|撰稿人?|作者|读者|摄影|文/图|图/文|文|图)\s*[：:/]?`)

var reporterInBrackets = regexp.MustCompile(`^\s*[（(]([^）)]{0,10}记者[^）)]{2,30})[）)]`)

var tailCredit = regexp.MustCompile(`[（(]((?:本报)?(?:记者|通讯员|作者|据新华社|新华社|据中新社)[^（()）]{0,30})[）)]$`)

var pageWide = regexp.MustCompile(`本版|本期|今日本报|本报今日`)
