package fetch_test

import (
	"strings"
	"testing"
	"time"

	"rightsdesk/internal/fetch"
)

func TestTrap(t *testing.T) {
	now := time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)
	for path, want := range map[string]string{
		"/":                                          "",
		"/news/2026/03/10/1.html":                    "",
		"/2026/03/03/03.html":                        "",
		"/html/2026-03/10/content_3_1.htm":           "",
		"/a/20260310/content_20991299.html":          "",
		"/a?id=1&page=2&id=3":                        "",
		"/a/b/a/b/c":                                 "",
		"/a/b/a/b/a/b/":                              "repetition",
		"/news/news/news/1.html":                     "repetition",
		"/x/1/x/2/x/3/x/4":                           "repetition",
		"/a/b/c/a/b/c/a/b/c":                         "repetition",
		"/" + strings.Repeat("s/1/", 3):              "repetition",
		"/1/2/3/4/5/6/7/8/9/a/b/c/d/e/f/g/h/i/j/k/l": "depth",
		"/list?a=1&b=1&c=1&d=1&e=1&f=1&g=1&h=1&i=1&j=1&k=1&l=1&m=1": "parameters",
		"/list?f=1&f=2&f=3&f=4":       "parameters",
		"/calendar/2026-03-11":        "",
		"/calendar/2026-03-12/":       "calendar",
		"/calendar/2026/04/":          "calendar",
		"/calendar?month=2026-12":     "calendar",
		"/calendar?date=20270101":     "calendar",
		"/calendar?year=2031&month=1": "calendar",
		"/calendar?year=2025&month=1": "",
		"/html/2031-01/01/node_1.htm": "calendar",
		"/2026-13/45/x":               "",
		"/product-2099-1.html":        "calendar",
	} {
		if got := fetch.Trap("http://www.site.example"+path, now); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}

func FuzzTrap(f *testing.F) {
	f.Add("/a/b/a/b/a/b?x=1&x=2")
	f.Add("/2099-12-31/")
	f.Fuzz(func(_ *testing.T, path string) { fetch.Trap("http://www.site.example/"+path, time.Unix(0, 0)) })
}
