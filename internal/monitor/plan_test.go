package monitor_test

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"rightsdesk/internal/monitor"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

func (h *house) run(mode rights.SweepMode) *rights.Sweep {
	h.t.Helper()
	row, err := h.Run(h.t.Context(), monitor.Order{Source: "site", Mode: mode}, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	return row
}

// age makes the rows of pages older than they are.
func (h *house) age(by time.Duration, urls ...string) {
	h.t.Helper()
	h.update(func(tx *store.Tx) error {
		for _, u := range urls {
			p, err := tx.Page(h.t.Context(), u)
			if err != nil {
				return err
			}
			p.FirstSeen, p.FetchedAt = p.FirstSeen.Add(-by), p.FetchedAt.Add(-by)
			if p.NextLook != nil {
				next := p.NextLook.Add(-by)
				p.NextLook = &next
			}
			if err := tx.PutPage(h.t.Context(), p); err != nil {
				return err
			}
		}
		return nil
	})
}

func numbered(n int) (urls []string) {
	for i := range n {
		urls = append(urls, fmt.Sprintf("http://www.yuncheng.example/n/%04d.html", i))
	}
	return urls
}

func other(i int) string {
	return site{title: fmt.Sprintf("第%d号渡口昨日停航", i), info: bare, body: fmt.Sprintf("云城第%d号渡口昨日停航，何时复航另行通知。", i)}.String()
}

const day = 24 * time.Hour

// TestTheScheduleLooksAtWhatIsDue: a page that is new or young at every sweep, an
// old one when its time has come, one beyond the window no more; a person's sweep
// looks at all.
func TestTheScheduleLooksAtWhatIsDue(t *testing.T) {
	h := newHouse(t)
	urls := numbered(4)
	for i, u := range urls {
		h.web.put(u, other(i))
	}
	h.watch(urls...)
	if row := h.run(rights.SweepDue); row.Named != 4 || row.Pages != 4 || row.Resting != 0 || row.Fetched != 4 || row.Bytes == 0 {
		t.Fatalf("all are new: %+v", row)
	}
	if row := h.run(rights.SweepDue); row.Pages != 4 || row.Unchanged != 4 {
		t.Fatalf("all are young: %+v", row)
	}
	h.age(20*day, urls[0], urls[1])
	h.age(200*day, urls[2])
	if row := h.run(rights.SweepDue); row.Pages != 3 || row.Resting != 1 {
		t.Fatalf("one is beyond the window: %+v", row)
	}
	if p := h.page(urls[0]); p.NextLook == nil || p.NextLook.Before(time.Now().Add(2*day)) {
		t.Fatalf("an old page that stays as it is: %+v", p)
	}
	if row := h.run(rights.SweepDue); row.Pages != 1 || row.Resting != 3 {
		t.Errorf("two old ones rest now: %+v", row)
	}
	h.age(10*day, urls[0])
	if row := h.run(rights.SweepDue); row.Pages != 2 || row.Resting != 2 {
		t.Errorf("one is due again: %+v", row)
	}
	if row := h.run(rights.SweepAll); row.Pages != 4 || row.Resting != 0 {
		t.Errorf("a person asks: %+v", row)
	}
}

// TestBudgetOfPages: what is beyond it comes first at the next sweep.
func TestBudgetOfPages(t *testing.T) {
	h := newHouse(t)
	urls := numbered(5)
	for i, u := range urls {
		h.web.put(u, other(i))
	}
	h.source(rights.Source{Kind: rights.SourceURLs, URLs: urls, Rules: rights.Rules{MaxPages: 2}})
	seen := map[string]int{}
	for range 3 {
		if row := h.run(rights.SweepDue); row.Pages != 2 || row.Left != 3 {
			t.Errorf("%+v", row)
		}
		for _, u := range h.web.requests() {
			seen[strings.TrimSuffix(u, " conditional")]++
		}
	}
	if got := slices.Sorted(maps.Keys(seen)); !slices.Equal(got, urls) {
		t.Errorf("three sweeps of two looked at %v", got)
	}
}

func TestBudgetOfBytes(t *testing.T) {
	h := newHouse(t)
	urls := numbered(5)
	for _, u := range urls {
		h.web.put(u, strings.Repeat("<p>云城昨日有雨。</p>", 2000)) // 54 kB
	}
	h.source(rights.Source{Kind: rights.SourceURLs, URLs: urls, Rules: rights.Rules{MaxBytes: 100_000}})
	if row := h.sweep(); row.Pages != 2 || row.Left != 3 || row.Bytes < 100_000 || row.Bytes > 150_000 {
		t.Errorf("%+v", row)
	}
}

func TestDryRun(t *testing.T) {
	h := newHouse(t)
	h.register("bridge")
	h.web.put("http://www.yuncheng.example/news/", `<a href="/n/1.html">一</a><a href="/n/2.html">二</a><a href="/a/b/a/b/a/b/">三</a>`)
	h.web.put("http://www.yuncheng.example/n/1.html", reprint(t))
	h.source(rights.Source{Kind: rights.SourceList, URL: "http://www.yuncheng.example/news/", Rules: rights.Rules{MaxPages: 1}})
	row := h.run(rights.SweepDry)
	if row.Mode != rights.SweepDry || row.Named != 2 || row.Left != 1 || row.Traps != 1 || row.Pages != 0 || !slices.Equal(row.Sample, []string{"http://www.yuncheng.example/n/1.html"}) {
		t.Errorf("%+v", row)
	}
	same(t, "requests", h.web.requests(), []string{"http://www.yuncheng.example/news/"})
	h.view(func(tx *store.Tx) error {
		source, err := tx.Source(t.Context(), "site")
		pages, err2 := tx.Pages(t.Context(), "site")
		if source.LastSwept != nil || len(pages) != 0 || len(h.allMatches()) != 0 {
			t.Errorf("it left %+v and %d pages", source, len(pages))
		}
		return errors.Join(err, err2)
	})
}

// TestWhyPagesFailed is what the row of a sweep says.
func TestWhyPagesFailed(t *testing.T) {
	const base = "http://www.yuncheng.example/n/"
	h := newHouse(t)
	h.web.put("http://www.yuncheng.example/robots.txt", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "User-agent: *\nDisallow: /n/secret\n") }))
	h.web.put(base+"loop", redirect(base+"loop"))
	h.web.put(base+"inside", redirect("http://10.0.0.1/"))
	h.web.put(base+"half", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000")
		fmt.Fprint(w, "半")
	}))
	h.web.put(base+"good", other(1))
	h.watch(base+"good", base+"secret/1", base+"secret/2", base+"loop", base+"inside", base+"half", base+"gone")
	row := h.sweep()
	want := map[rights.Failure]int{
		rights.FailedRobots: 2, rights.FailedRedirects: 1, rights.FailedAddress: 1, rights.FailedCut: 1, "http_404": 1,
	}
	if !maps.Equal(row.Failures, want) || row.Faults != 6 || row.Forbidden != 2 {
		t.Errorf("%+v", row)
	}
}
