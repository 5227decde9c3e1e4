package api_test

import (
	"testing"
)

// TestNoInternalDetail asks everything of a service whose database is gone, and
// of one that panics: every answer says 500 and nothing of the cause.
func TestNoInternalDetail(t *testing.T) {
	h := open(t)
	panicking := h.options
	panicking.API.Catalog, panicking.API.Cases, panicking.API.Claims = nil, nil, nil
	mine := *h
	mine.url = serve(t, panicking)
	mine.play(t, []scenario{
		{name: "a panic in the register", method: "POST", path: "/v1/articles", as: "shen", body: pierJSON(nil), status: 500, has: []string{"request_id"}},
		{name: "a panic in a case", method: "GET", path: "/v1/cases/RD2026-0001", as: "shen", status: 500},
		{name: "a panic in a claim", method: "GET", path: "/v1/claims/RC2026-0001", as: "shen", status: 500},
		{name: "the next request is answered", method: "GET", path: "/v1/me", as: "shen", status: 200},
	})

	broken := *h
	opt := h.options
	opt.API.Schedule = nil
	broken.url = serve(t, opt)
	if err := h.options.API.Schedule.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := h.db.Close(); err != nil {
		t.Fatal(err)
	}
	var all []scenario
	for _, path := range []string{
		"/v1/me", "/v1/articles", "/v1/articles/a", "/v1/articles/a/versions", "/v1/sources", "/v1/sources/a", "/v1/sources/a/sweeps", "/v1/sources/a/pages",
		"/v1/matches", "/v1/matches/1", "/v1/cases", "/v1/cases/a", "/v1/cases/a/reports/1.pdf", "/v1/claims", "/v1/claims/a", "/v1/claims/a/files/1", "/v1/events?subject=a",
	} {
		all = append(all, scenario{name: path, method: "GET", path: path, as: "gu", status: 500, has: []string{"系统内部错误"}, not: []string{"closed", "begin"}})
	}
	all = append(all, scenario{name: "a decision", method: "POST", path: "/v1/cases/a/moves", as: "gu", body: `{"name":"approve"}`, status: 500, not: []string{"closed"}})
	broken.play(t, all)
}
