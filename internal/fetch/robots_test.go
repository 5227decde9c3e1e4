package fetch_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"rightsdesk/internal/fetch"
	"rightsdesk/internal/testenv"
)

func TestRobotsRules(t *testing.T) {
	for _, c := range []struct {
		name, file, path string
		want             bool
	}{
		{"empty file", "", "/a", true},
		{"no rule for us", "User-agent: other\nDisallow: /\n", "/a", true},
		{"all", "User-agent: *\nDisallow: /\n", "/a", false},
		{"empty disallow", "User-agent: *\nDisallow:\n", "/a", true},
		{"robots.txt itself", "User-agent: *\nDisallow: /\n", "/robots.txt", true},
		{"own group wins over the star", "User-agent: *\nDisallow: /\n\nUser-agent: rightsdesk\nDisallow: /b\n", "/a", true},
		{"own group, its rule", "User-agent: *\nAllow: /\n\nUser-agent: RIGHTSDESK\nDisallow: /b\n", "/b/c", false},
		{"version in the group name", "User-agent: Rightsdesk/2.0\nDisallow: /\n", "/a", false},
		{"a longer name is another crawler", "User-agent: Rightsdesk-News\nDisallow: /\n", "/a", true},
		{"two groups of ours are one", "User-agent: rightsdesk\nDisallow: /a\n\nUser-agent: x\nDisallow: /\n\nUser-agent: rightsdesk\nDisallow: /b\n", "/b", false},
		{"names share a group", "User-agent: x\nUser-agent: rightsdesk\nDisallow: /a\n", "/a", false},
		{"longest match allows", "User-agent: *\nDisallow: /news\nAllow: /news/public\n", "/news/public/1", true},
		{"longest match forbids", "User-agent: *\nAllow: /news\nDisallow: /news/private\n", "/news/private/1", false},
		{"equal length: allow", "User-agent: *\nDisallow: /page\nAllow: /page\n", "/page", true},
		{"star inside", "User-agent: *\nDisallow: /*/print\n", "/news/1/print", false},
		{"end anchor", "User-agent: *\nDisallow: /*.pdf$\n", "/a.pdf", false},
		{"end anchor, more follows", "User-agent: *\nDisallow: /*.pdf$\n", "/a.pdf?x=1", true},
		{"query", "User-agent: *\nDisallow: /a?print=\n", "/a?print=1", false},
		{"case of the path counts", "User-agent: *\nDisallow: /News\n", "/news", true},
		{"Chinese rule, escaped path", "User-agent: *\nDisallow: /新闻\n", "/%E6%96%B0%E9%97%BB/1", false},
		{"escaped rule, Chinese path", "User-agent: *\nDisallow: /%E6%96%B0%E9%97%BB\n", "/新闻/1", false},
		{"lower-case escapes in the rule", "User-agent: *\nDisallow: /%e6%96%b0\n", "/%E6%96%B0%E9%97%BB", false},
		{"lower-case escapes in the path", "User-agent: *\nDisallow: /%E6%96%B0\n", "/%e6%96%b0%e9%97%bb", false},
		{"needless escape in the rule", "User-agent: *\nDisallow: /%61bc\n", "/abc", false},
		{"needless escape in the path", "User-agent: *\nDisallow: /abc\n", "/%61bc", false},
		{"an escaped slash is no slash", "User-agent: *\nDisallow: /a/b\n", "/a%2Fb", true},
		{"dot segments are resolved", "User-agent: *\nDisallow: /secret\n", "/open/../secret", false},
		{"byte order mark", "\xef\xbb\xbfUser-agent: *\nDisallow: /a\n", "/a", false},
		{"CR line ends", "User-agent: *\rDisallow: /a\r", "/a", false},
		{"comments and space", "# no\n  User-agent : *   # all\n\tDisallow : /a # this\n", "/a", false},
		{"rule before any group", "Disallow: /a\n\nUser-agent: *\nDisallow: /b\n", "/a", true},
		{"sitemap between", "User-agent: *\nSitemap: https://x.example/s.xml\nDisallow: /a\n", "/a", false},
		{"a page instead of a file", "<!DOCTYPE html><html><body>404</body></html>", "/a", true},
		{"what follows 500 KiB is not read", "User-agent: *\n" + strings.Repeat("#\n", 256<<10) + "Disallow: /a\n", "/a", true},
	} {
		r := fetch.ParseRobots([]byte(c.file), "Rightsdesk")
		if got := r.Allowed("https://www.site.example" + c.path); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestCrawlDelay(t *testing.T) {
	for _, c := range []struct {
		name, file string
		want       time.Duration
	}{
		{"none", "User-agent: *\nDisallow: /a\n", 0},
		{"star", "User-agent: *\nCrawl-delay: 2\n", 2 * time.Second},
		{"fraction", "User-agent: *\nCrawl-Delay: 0.5\n", 500 * time.Millisecond},
		{"ours", "User-agent: *\nCrawl-delay: 9\nDisallow: /x\n\nUser-agent: rightsdesk\nCrawl-delay: 3\n", 3 * time.Second},
		{"our group has none", "User-agent: *\nCrawl-delay: 9\nDisallow: /x\n\nUser-agent: rightsdesk\nDisallow: /y\n", 0},
		{"another's", "User-agent: other\nCrawl-delay: 9\n", 0},
		{"nonsense", "User-agent: *\nCrawl-delay: NaN\nCrawl-delay: -1\nCrawl-delay: much\n", 0},
		{"endless", "User-agent: *\nCrawl-delay: 1e300\n", 24 * time.Hour},
	} {
		if got := fetch.ParseRobots([]byte(c.file), "Rightsdesk").CrawlDelay(); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestRobotsStatus(t *testing.T) {
	status := func(n int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(n)
			fmt.Fprint(w, body)
		}
	}
	const all = "User-agent: *\nDisallow: /\n"
	for _, c := range []struct {
		name   string
		robots http.HandlerFunc
		ok     bool
	}{
		{"200 forbids", status(200, all), false},
		{"404", status(404, all), true},
		{"403", status(403, all), true},
		{"429", status(429, ""), false},
		{"500", status(500, ""), false},
		{"503", status(503, ""), false},
		{"redirect", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/elsewhere", http.StatusFound) }, false},
		{"redirect in a circle", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/robots.txt", http.StatusFound) }, true},
		{"redirect inwards", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://192.168.0.1/robots.txt", http.StatusFound)
		}, false},
		{"hangs up", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, false},
		{"never ends", func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprint(w, "User-agent: *\n")
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			var asked atomic.Int32
			mux := page("/robots.txt", func(w http.ResponseWriter, r *http.Request) { asked.Add(1); c.robots(w, r) })
			mux.HandleFunc("/elsewhere", status(200, all))
			mux.HandleFunc("/p", status(200, "page"))
			f := site(t, mux, func(o *fetch.Options) { o.Timeout = testenv.Patience(300 * time.Millisecond) })
			for range 2 {
				_, err := f.Get(t.Context(), fetch.Request{URL: "http://www.site.example/p"})
				if c.ok && err != nil || !c.ok && !errors.Is(err, fetch.ErrRobots) {
					t.Errorf("%v", err)
				}
			}
			if asked.Load() != 1 && c.name != "redirect in a circle" {
				t.Errorf("robots.txt was asked for %d times", asked.Load())
			}
		})
	}
}

func TestCrawlDelayIsKept(t *testing.T) {
	asks := func(seconds string) *http.ServeMux {
		mux := page("/robots.txt", func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, "User-agent: *\nCrawl-delay: "+seconds+"\n")
		})
		mux.HandleFunc("/p", func(http.ResponseWriter, *http.Request) {})
		return mux
	}
	f := site(t, asks("0.15"))
	begin := time.Now()
	for range 3 {
		get(t, f, "http://www.site.example/p")
	}
	if took := time.Since(begin); took < 440*time.Millisecond {
		t.Errorf("three pages in %v", took)
	}
	own := site(t, asks("0"))
	begin = time.Now()
	for range 2 {
		if _, err := own.Get(t.Context(), fetch.Request{URL: "http://www.site.example/p", Rest: 150 * time.Millisecond}); err != nil {
			t.Fatal(err)
		}
	}
	if took := time.Since(begin); took < 300*time.Millisecond {
		t.Errorf("robots.txt and two pages in %v", took)
	}
	slow := site(t, asks("60"), func(o *fetch.Options) { o.MaxWait = 10 * time.Millisecond })
	if _, err := slow.Get(t.Context(), fetch.Request{URL: "http://www.site.example/p"}); !errors.Is(err, fetch.ErrPostponed) {
		t.Errorf("a longer delay than a request waits was not kept: %v", err)
	}
}

func FuzzRobots(f *testing.F) {
	f.Add("User-agent: *\nDisallow: /a*b$\nCrawl-delay: 1\n", "/a%2fb")
	f.Add("\xef\xbb\xbfuser-agent:rightsdesk\rallow:/%e6", "/新?x=%")
	f.Fuzz(func(t *testing.T, file, path string) {
		r := fetch.ParseRobots([]byte(file), "Rightsdesk")
		r.Allowed("http://www.site.example/" + path)
		if d := r.CrawlDelay(); d < 0 || d > 24*time.Hour {
			t.Errorf("delay %v", d)
		}
	})
}
