package fetch_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rightsdesk/internal/fetch"
	"rightsdesk/internal/rights"
)

func TestImpactOfADay(t *testing.T) {
	mux := page("/robots.txt", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "User-agent: *\nDisallow: /secret/\n")
	})
	mux.HandleFunc("/a", func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("tdm-reservation", "0") })
	mux.HandleFunc("/busy", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTooManyRequests) })
	mux.HandleFunc("/broken", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	mux.HandleFunc("/inside", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://10.0.0.1/", http.StatusFound)
	})
	f := site(t, mux, func(o *fetch.Options) { o.Delay = 20 * time.Millisecond })
	for _, path := range []string{"/a", "/a", "/busy", "/secret/1", "/secret/2", "/inside", "/broken"} {
		_, _ = f.Get(t.Context(), fetch.Request{URL: "http://www.site.example" + path})
	}
	list := f.Impacts()
	if len(list) != 1 {
		t.Fatalf("%+v", list)
	}
	got := list[0]
	if got.Bytes == 0 || got.Busy <= 0 || got.Slowest <= 0 || got.Slowest > got.Busy || got.ShortestRest < 20*time.Millisecond {
		t.Errorf("%+v", got)
	}
	got.Bytes, got.Busy, got.Slowest, got.ShortestRest = 0, 0, 0, 0
	want := rights.Impact{Host: "www.site.example", Day: time.Now().In(rights.China).Format(time.DateOnly), Requests: 6, Forbidden: 2, Refused: 1, Failed: 1}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if again := f.Impacts(); len(again) != 0 {
		t.Errorf("told twice: %+v", again)
	}
}
