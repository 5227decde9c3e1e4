package fetch_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rightsdesk/internal/fetch"
	"rightsdesk/internal/rights"
)

func TestMiningFile(t *testing.T) {
	const file = `[
		{"location": "/", "tdm-reservation": 1, "tdm-policy": "https://www.site.example/terms.json"},
		{"location": "/open/*", "tdm-reservation": 0},
		{"location": "/open/photo/*.htm$", "tdm-reservation": 1, "tdm-policy": "javascript:alert(1)"}]`
	whole := &rights.Mining{Reserved: true, Policy: "https://www.site.example/terms.json", By: rights.MiningFile}
	for _, c := range []struct {
		file, path string
		want       *rights.Mining
	}{
		{file, "/news/1.htm", whole},
		{file, "/open/1.htm", &rights.Mining{By: rights.MiningFile}},
		{file, "/open/photo/1.htm", &rights.Mining{Reserved: true, By: rights.MiningFile}},
		{file, "/open/photo/1.htm?x=1", &rights.Mining{By: rights.MiningFile}},
		{"\xef\xbb\xbf" + file, "/", whole},
		{`[{"location": "/paper/", "tdm-reservation": 1}]`, "/news/1.htm", nil},
		{`{"location": "/"}`, "/", nil},
		{`<html>not found</html>`, "/", nil},
		{``, "/", nil},
	} {
		if diff := cmp.Diff(c.want, fetch.Mining(c.file, "https://www.site.example"+c.path)); diff != "" {
			t.Errorf("%s of %.40q: %s", c.path, c.file, diff)
		}
	}
}

func TestMiningOfAPage(t *testing.T) {
	for head, want := range map[string]*rights.Mining{
		`<meta name="tdm-reservation" content="1">`:                                                   {Reserved: true, By: rights.MiningPage},
		`<META NAME=TDM-Reservation CONTENT=1><meta name="tdm-policy" content="https://a.example/p">`: {Reserved: true, Policy: "https://a.example/p", By: rights.MiningPage},
		`<meta name="tdm-reservation" content="0">`:                                                   {By: rights.MiningPage},
		`<meta name="tdm-reservation" content="yes">`:                                                 nil,
		`<p>tdm-reservation: 1</p>`:                                                                   nil,
		`<!-- <meta name="tdm-reservation" content=1>-`:                                               nil,
	} {
		if diff := cmp.Diff(want, fetch.PageMining(head)); diff != "" {
			t.Errorf("%s: %s", head, diff)
		}
	}
}

func TestWhatTheSiteAllowsStaysWithTheExchange(t *testing.T) {
	const rules = "User-agent: *\nDisallow: /secret/\n"
	var asked atomic.Int32
	mux := page("/robots.txt", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/rules.txt", http.StatusFound) })
	mux.HandleFunc("/rules.txt", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, rules) })
	mux.HandleFunc("/.well-known/tdmrep.json", func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		fmt.Fprint(w, `[{"location": "/", "tdm-reservation": 1}]`)
	})
	mux.HandleFunc("/plain", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "正文") })
	mux.HandleFunc("/header", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("TDM-Reservation", "0")
		fmt.Fprint(w, "正文")
	})
	mux.HandleFunc("/page", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("TDM-Reservation", "0")
		fmt.Fprint(w, `<meta name="tdm-reservation" content="1">正文`)
	})
	f := site(t, mux)
	var by []rights.MiningSignal
	for _, path := range []string{"/plain", "/header", "/page", "/plain"} {
		ex := get(t, f, "http://www.site.example"+path)
		by = append(by, ex.Mining.By)
		sum := sha256.Sum256([]byte(rules))
		robots := ex.Robots.Exchange
		if robots.Digest != hex.EncodeToString(sum[:]) || string(robots.Body) != rules || len(robots.Redirects) != 1 || len(robots.ResponseRaw) == 0 {
			t.Errorf("%s: robots.txt %+v", path, robots)
		}
	}
	if want := []rights.MiningSignal{"file", "header", "page", "file"}; !slices.Equal(by, want) {
		t.Errorf("said by %v, want %v", by, want)
	}
	if asked.Load() != 1 {
		t.Errorf("the file was asked for %d times", asked.Load())
	}
	missing := get(t, site(t, page("/p", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "正文") })), "http://www.site.example/p")
	if missing.Robots.Exchange.Status != http.StatusNotFound || missing.Mining != nil {
		t.Errorf("a site that says nothing: %+v, %+v", missing.Robots.Exchange, missing.Mining)
	}
}

func FuzzMining(f *testing.F) {
	f.Add(`[{"location": "/a*b$", "tdm-reservation": 1}]`, `<meta name="tdm-reservation" content="1">`)
	f.Add(`[{"location": "\r\nAllow: /"}]`, `<meta name=tdm-reservation content`)
	f.Fuzz(func(t *testing.T, file, head string) {
		for _, m := range []*rights.Mining{fetch.Mining(file, "http://www.site.example/a"), fetch.PageMining(head)} {
			if m == nil || m.Policy == "" {
				continue
			}
			if again, err := fetch.Canonical(m.Policy); err != nil {
				t.Errorf("policy %q: %q, %v", m.Policy, again, err)
			}
		}
	})
}
