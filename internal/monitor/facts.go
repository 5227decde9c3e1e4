package monitor

import (
	"regexp"
	"strings"
	"time"

	"rightsdesk/fingerprints"
	"rightsdesk/internal/extract"
	"rightsdesk/internal/fetch"
	"rightsdesk/internal/licensing"
	"rightsdesk/internal/rights"
	"rightsdesk/policies"
)

// facts are what the rules see of an article on a page.
func (v *visit) facts(a *rights.Article, l *look, f finding) (policies.Facts, rights.Attribution) {
	host := hostOf(l.url)
	o := measure(a, f)
	who := v.attribution(a, l, f)
	changes := alterations(a, f)
	known, earlier := priority(a, l.doc.PublishedAt)
	facts := policies.Facts{
		OwnMirror:    licensing.Within(v.opt.Config.OwnHosts, host),
		LinkOnly:     f.LinkOnly,
		Reworded:     f.Reworded,
		LinkPresent:  v.linksToUs(a, l.links),
		Matched:      float64(o.matched()),
		MatchedOwn:   float64(o.own),
		MatchedWire:  float64(o.wire),
		MatchedOther: float64(o.other),
		Containment:  share(o.own, o.asserted),
		Gross:        share(o.matched(), o.chars),
		PageShare:    share(o.onPage, o.page),
		LongestRun:   float64(o.longest),
		Chars:        float64(o.chars),

		Genre: string(a.Genre), Topic: string(a.Topic), HasQuote: quotes(a.Text()),
		Reservation: string(a.Reservation().Strength),
		SourceNamed: who.Source, AuthorNamed: who.Author, AuthorKnown: len(a.Bylines) > 0,
		TitleKnown: a.Headline != "" && l.doc.Title != "", TitleSimilarity: titleSimilarity(a, l.doc.Title),

		NumbersChanged:   float64(changes[fingerprints.ChangeNumber]),
		NegationsChanged: float64(changes[fingerprints.ChangeNegation]),
		QuotesChanged:    float64(changes[fingerprints.ChangeQuote]),

		TimesKnown: known, MinutesEarlier: earlier,
		OperatorRole: string(v.source.Operator.Role), MediaUser: v.source.Operator.Media,
		Online: online(a, l.doc.PublishedAt, seenAt(l.chain)),
	}
	if licence, ok := licensing.Covers(v.opt.Config.Licences, host, seenAt(l.chain)); ok {
		facts.Licensed, facts.Licence = true, licence.ID
	}
	return facts, who
}

func share(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return min(float64(part)/float64(whole), 1)
}

// linksToUs reports whether a page links to the article or to a site of ours.
func (v *visit) linksToUs(a *rights.Article, links []extract.Link) bool {
	own, err := fetch.Canonical(a.URL)
	known := err == nil
	for _, l := range links {
		if licensing.Within(v.opt.Config.OwnHosts, hostOf(l.URL)) {
			return true
		}
		if there, err := fetch.Canonical(l.URL); known && err == nil && there == own {
			return true
		}
	}
	return false
}

// attribution is what the page says at the head and the end of its text, or in
// the lines around the passages, where a roundup names its sources.
func (v *visit) attribution(a *rights.Article, l *look, f finding) rights.Attribution {
	names := v.opt.Config.Paper.Names()
	whole := extract.Attribute(&l.doc, names, a.Bylines)
	near := l.doc
	near.Text = around(f.text, f.Passages)
	local := extract.Attribute(&near, names, a.Bylines)
	r := rights.Attribution{Source: whole.Source || local.Source, Author: whole.Author || local.Author, SourceText: whole.SourceText, AuthorText: whole.AuthorText}
	if !whole.Source && local.Source {
		r.SourceText = local.SourceText
	}
	if !whole.Author && local.Author {
		r.AuthorText = local.AuthorText
	}
	return r
}

// around are the lines of a text from the one before the first passage to the
// one after the last.
func around(text string, passages []fingerprints.Passage) string {
	if len(passages) == 0 {
		return ""
	}
	from, to := passages[0].Page[0], passages[len(passages)-1].Page[1]
	lines := strings.Split(text, "\n")
	first, last, at := len(lines)-1, 0, 0
	for i, line := range lines {
		end := at + len([]rune(line))
		if at <= to && end >= from {
			first, last = min(first, i), max(last, i)
		}
		at = end + 1
	}
	return strings.Join(lines[max(0, first-1):min(len(lines), last+2)], "\n")
}

// titleSimilarity compares a page's title with the headline, also with the
// lines that stand above and below it in print.
func titleSimilarity(a *rights.Article, title string) float64 {
	title = folded(title)
	best := 0.0
	for _, ours := range []string{a.Headline, a.Kicker + a.Headline, a.Headline + a.Subtitle, a.Kicker + a.Headline + a.Subtitle} {
		best = max(best, policies.TitleSimilarity(folded(ours), title))
	}
	return best
}

var (
	speech    = regexp.MustCompile(`[：:]\s*[“「『"]`)
	longQuote = regexp.MustCompile(`[“「『"][^”」』"\n]{12,}[”」』"]`)
)

// quotes reports whether a text quotes somebody. A term in quotation marks is no
// quotation.
func quotes(text string) bool { return speech.MatchString(text) || longQuote.MatchString(text) }

// priority says by how many minutes the page was before us, by its own word.
// Where one of the two is known by the day only, the days are compared, and
// nothing is known unless theirs is the earlier one.
func priority(a *rights.Article, published string) (known bool, minutes float64) {
	ours, exact := a.FirstPublished()
	theirs, day, precise := publication(published)
	switch {
	case ours.IsZero() || theirs.IsZero():
		return false, 0
	case exact && precise:
		return true, ours.Sub(theirs).Minutes()
	}
	ourDay, err := time.Parse(time.DateOnly, ours.In(rights.China).Format(time.DateOnly))
	if err != nil || !day.Before(ourDay) {
		return false, 0
	}
	return true, ourDay.Sub(day).Minutes()
}

// publication reads Document.PublishedAt: the instant, the day as printed, and
// whether a time of day was printed.
func publication(s string) (at, day time.Time, precise bool) {
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		local := t.In(rights.China)
		return t.UTC(), time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, time.UTC), true
	}
	t, err := time.ParseInLocation(time.DateOnly, s, rights.China)
	if err != nil {
		return time.Time{}, time.Time{}, false
	}
	return t.UTC(), time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC), false
}

// online reports whether our article was on the network before the page was
// published, or seen where it does not say.
func online(a *rights.Article, published string, seen time.Time) bool {
	limit := seen
	if at, day, precise := publication(published); precise {
		limit = at
	} else if !day.IsZero() {
		limit = at.Add(24 * time.Hour)
	}
	for _, t := range []*time.Time{a.WebAt, a.EPaperAt} {
		if t != nil && !t.After(limit) {
			return true
		}
	}
	return a.URL != "" && a.WebAt == nil && a.EPaperAt == nil
}
