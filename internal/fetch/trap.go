package fetch

import (
	"net/url"
	"regexp"
	"strings"
	"time"
)

// The bounds beyond which a URL is taken for one of a site that makes URLs
// without end.
const (
	maxDepth      = 20 // segments of a path
	maxSegment    = 3  // times that one segment stands in a path, or one name in a query
	maxParameters = 12
	maxRepeat     = 3 // segments in a row that repeat
)

// Trap says which trap for crawlers a URL looks like, or nothing: "depth",
// "repetition", "parameters", "calendar". now is what a calendar that runs into
// the future is told by.
func Trap(rawURL string, now time.Time) string {
	u, err := parseTarget(rawURL)
	if err != nil {
		return ""
	}
	segments := strings.Split(strings.Trim(u.EscapedPath(), "/"), "/")
	switch {
	case len(segments) > maxDepth:
		return "depth"
	case repeats(segments):
		return "repetition"
	case tooMany(u.RawQuery):
		return "parameters"
	case future(u, now):
		return "calendar"
	}
	return ""
}

// repeats finds a segment too often, and a run of segments that comes three
// times on end.
func repeats(segments []string) bool {
	times := map[string]int{}
	for _, s := range segments {
		if times[s]++; times[s] > maxSegment {
			return true
		}
	}
	for size := 1; size <= maxRepeat; size++ {
		same := 0
		for i := size; i < len(segments); i++ {
			if segments[i] != segments[i-size] || digitsOnly(segments[i]) && size == 1 {
				same = 0
			} else if same++; same == 2*size {
				return true
			}
		}
	}
	return false
}

func digitsOnly(s string) bool {
	return strings.Trim(s, "0123456789") == ""
}

func tooMany(query string) bool {
	times := map[string]int{}
	n := 0
	for pair := range strings.SplitSeq(query, "&") {
		name, _, _ := strings.Cut(pair, "=")
		if n++; n > maxParameters {
			return true
		}
		if times[name]++; times[name] > maxSegment {
			return true
		}
	}
	return false
}

// future finds a day or a month after tomorrow: a link to the next page of a
// calendar.
func future(u *url.URL, now time.Time) bool {
	limit := now.AddDate(0, 0, 1)
	for _, m := range dayInURL.FindAllStringSubmatch(u.EscapedPath()+"?"+u.RawQuery+"&", -1) {
		day := m[3]
		if day == "" {
			day = "01"
		}
		at, err := time.Parse("2006-1-2", m[1]+"-"+m[2]+"-"+day)
		if err == nil && at.After(limit) {
			return true
		}
	}
	year, err := time.Parse("2006", u.Query().Get("year"))
	return err == nil && year.After(limit)
}

var dayInURL = regexp.MustCompile(`[/=_-]((?:19|20|21)\d\d)[-/_.]?(1[0-2]|0?[1-9])(?:[-/_.]?([12]\d|3[01]|0?[1-9]))?(?:[/&?_]|\.s?html?)`)
