package rights

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

const (
	maxURL    = 2000 // bytes; longer ones do not fit an index of the store
	maxPageNo = 32   // bytes
)

// valueFaults names texts that cannot be stored and values that are none of
// those there are.
func (a *Article) valueFaults() []Field {
	var fields []Field
	fault := func(name, detail string) { fields = append(fields, Field{Name: name, Detail: detail}) }
	texts := []Field{
		{"paper", a.Paper},
		{"page_no", a.PageNo},
		{"page_name", a.PageName},
		{"headline", a.Headline},
		{"kicker", a.Kicker},
		{"subtitle", a.Subtitle},
		{"bylines", strings.Join(a.Bylines, "\n")},
		{"credit_line", a.CreditLine},
		{"paragraphs", a.Text()},
	}
	for i, s := range a.Segments {
		texts = append(texts, Field{fmt.Sprintf("segments[%d]", i), s.Holder + s.Document})
	}
	for i, r := range a.Reservations {
		texts = append(texts, Field{fmt.Sprintf("reservations[%d].text", i), r.Text})
		if r.Strength != StrengthNone && r.Strength.rank() == 0 {
			fault(fmt.Sprintf("reservations[%d].strength", i), "应为 weak、medium 或 strong")
		}
	}
	for _, f := range texts {
		if !utf8.ValidString(f.Detail) || strings.ContainsRune(f.Detail, 0) {
			fault(f.Name, "不是有效的 UTF-8 文本")
		}
	}
	if a.ID != "" && !articleID.MatchString(a.ID) {
		fault("id", "只能含字母、数字、“-”、“_”、“.”和“:”，至多 100 个")
	}
	if len(a.PageNo) > maxPageNo {
		fault("page_no", "过长")
	}
	if len(a.URL) > maxURL {
		fault("url", "过长")
	} else if detail := webURL(a.URL); a.URL != "" && detail != "" {
		fault("url", detail)
	}
	if !a.Genre.valid() {
		fault("genre", "应为 brief、news、feature、commentary、interview、speech 或 official")
	}
	if !a.Topic.valid() {
		fault("topic", "应为 political、economic、religious 或 other")
	}
	return fields
}

var articleID = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$`)

func (g Genre) valid() bool {
	switch g {
	case "", GenreBrief, GenreNews, GenreFeature, GenreCommentary, GenreInterview, GenreSpeech, GenreOfficial:
		return true
	default:
		return false
	}
}

func (t Topic) valid() bool {
	switch t {
	case "", TopicPolitical, TopicEconomic, TopicReligious, TopicOther:
		return true
	default:
		return false
	}
}
