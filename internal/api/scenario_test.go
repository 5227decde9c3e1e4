package api_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// scenario is a request and what must, and must not, come back. Those of a table
// are asked in order of one service.
type scenario struct {
	name         string
	method, path string
	as           string // login; anything else is the header itself
	body         string
	status       int
	has, not     []string
	header       map[string]string // a part of each
}

func (h *house) play(t *testing.T, scenarios []scenario) {
	for _, s := range scenarios {
		t.Run(s.name, func(t *testing.T) {
			mine := *h
			mine.t = t
			got := mine.call(s.method, s.path, s.as, s.body).want(s.status)
			for _, want := range s.has {
				if !strings.Contains(string(got.body), want) {
					t.Errorf("the answer lacks %q:\n%.2000s", want, got.body)
				}
			}
			for _, never := range append(s.not, leaks()...) {
				if strings.Contains(strings.ToLower(string(got.body)), strings.ToLower(never)) {
					t.Errorf("the answer has %q:\n%.2000s", never, got.body)
				}
			}
			for name, want := range s.header {
				if !strings.Contains(got.header.Get(name), want) {
					t.Errorf("%s is %q and lacks %q", name, got.header.Get(name), want)
				}
			}
			if s.status >= 400 {
				if media := got.header.Get("Content-Type"); media != "application/problem+json" {
					t.Errorf("an error as %s", media)
				}
				var p struct {
					Status    int    `json:"status"`
					Instance  string `json:"instance"`
					RequestID string `json:"request_id"`
				}
				got.into(&p)
				path, _, _ := strings.Cut(s.path, "?")
				if diff := cmp.Diff([]any{s.status, path, got.header.Get("X-Request-Id")}, []any{p.Status, p.Instance, p.RequestID}); diff != "" {
					t.Errorf("problem (-want +got):\n%s", diff)
				}
			}
		})
	}
}

// leaks are what no answer shows.
func leaks() []string {
	return []string{"sql: ", "sqlite", "SQLSTATE", "goroutine", ".go:", "panic", "runtime error", "password_hash", "token_hash", "argon2"}
}

func TestNobodyWithoutAToken(t *testing.T) {
	h := open(t)
	challenge := map[string]string{"WWW-Authenticate": `Bearer realm="rightsdesk"`}
	h.play(t, []scenario{
		{name: "no token", method: "GET", path: "/v1/me", status: 401, header: challenge, has: []string{"Bearer"}},
		{name: "an unknown token", method: "GET", path: "/v1/me", as: "Bearer 0123456789", status: 401, header: challenge, has: []string{"令牌无效或已过期"}, not: []string{"0123456789"}},
		{name: "another scheme", method: "GET", path: "/v1/me", as: "Basic c2hlbjpzaGVu", status: 401, header: challenge},
		{name: "a user who is disabled", method: "GET", path: "/v1/me", as: "left", status: 401, header: challenge, not: []string{"离职人员"}},
		{name: "nothing is told of what there is", method: "GET", path: "/v1/cases/RD2026-0001", status: 401},
		{name: "nothing is read of a body", method: "POST", path: "/v1/articles", body: "{", status: 401},
		{name: "a reviewer", method: "GET", path: "/v1/me", as: "shen", status: 200, has: []string{`"login":"shen"`, `"role":"reviewer"`, `"name":"沈知远"`}},
		{name: "a counsel", method: "GET", path: "/v1/me", as: "gu", status: 200, has: []string{`"role":"counsel"`}},
		{name: "a scheme in other letters", method: "GET", path: "/v1/me", as: "bearer " + h.tokens["gu"], status: 200, not: []string{h.tokens["gu"]}},
	})
}

func TestRoutes(t *testing.T) {
	h := open(t)
	h.play(t, []scenario{
		{name: "an unknown route", method: "GET", path: "/v1/nowhere", as: "shen", status: 404},
		{name: "a method that is not there", method: "DELETE", path: "/v1/cases", as: "shen", status: 405, header: map[string]string{"Allow": "GET"}},
		{name: "bytes that are no text", method: "GET", path: "/v1/articles?q=%ff", as: "shen", status: 400},
		{name: "a zero byte", method: "GET", path: "/v1/cases/RD%002026", as: "shen", status: 400},
		{name: "a slash in an ID", method: "GET", path: "/v1/articles/a%2F..%2Fb", as: "shen", status: 404},
		{name: "a match that is no number", method: "GET", path: "/v1/matches/first", as: "shen", status: 404},
		{name: "a report of no format", method: "GET", path: "/v1/cases/RD2026-0001/reports/1.docx", as: "shen", status: 404},
		{name: "a report that leaves the folder", method: "GET", path: "/v1/cases/RD2026-0001/reports/..%2F1.pdf", as: "shen", status: 404},
		{name: "an unknown parameter", method: "GET", path: "/v1/cases?status=open", as: "shen", status: 422, has: []string{`{"name":"status","detail":"没有这个参数"}`}},
		{
			name: "every faulty parameter", method: "GET", path: "/v1/articles?limit=0&offset=-1&issue_date=2026-13-01&q=a&q=b", as: "shen", status: 422,
			has: []string{`"name":"limit"`, `"name":"offset"`, `"name":"issue_date"`, `"name":"q","detail":"参数重复"`},
		},
		{name: "more than there may be", method: "GET", path: "/v1/matches?limit=101", as: "shen", status: 422, has: []string{`"name":"limit"`}},
		{name: "a state that is none", method: "GET", path: "/v1/cases?state=lost", as: "shen", status: 422, has: []string{`"name":"state"`}},
		{name: "events of nothing", method: "GET", path: "/v1/events", as: "shen", status: 422, has: []string{`"name":"subject"`}},
		{name: "empty lists are lists", method: "GET", path: "/v1/cases", as: "shen", status: 200, has: []string{`"items":[]`, `"total":0`, `"limit":50`, `"offset":0`}},
		{name: "far past the end", method: "GET", path: "/v1/sources?offset=1000000", as: "shen", status: 200, has: []string{`"items":[]`, `"offset":1000000`}},
		{name: "answers are not kept", method: "GET", path: "/v1/claims", as: "gu", status: 200, header: map[string]string{"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}},
	})
}

func TestSources(t *testing.T) {
	h := open(t)
	const source = `{"id":"yuncheng","name":"云城网","kind":"urls","urls":["http://www.yuncheng.example/news/8812.html"],"cron":"*/30 * * * *",
		"operator":{"name":"云城网络传媒有限公司","role":"publisher"}}`
	h.configSource()
	h.play(t, []scenario{
		{
			name: "everything is missing", method: "POST", path: "/v1/sources", as: "shen", body: `{}`, status: 422,
			has: []string{`"name":"id"`, `"name":"name"`, `"name":"kind"`, `"name":"operator.name"`, `"name":"operator.role"`},
		},
		{
			name: "an operator is required", method: "POST", path: "/v1/sources", as: "shen", status: 422,
			body: `{"id":"a","name":"甲","kind":"list","url":"http://a.example/","operator":{"name":"","role":"host"}}`, has: []string{`"name":"operator.name"`},
		},
		{
			name: "a faulty cron expression", method: "POST", path: "/v1/sources", as: "shen", status: 422,
			body: `{"id":"a","name":"甲","kind":"list","url":"http://a.example/","cron":"every day","operator":{"name":"甲","role":"host"}}`, has: []string{`"name":"cron"`},
		},
		{
			name: "an unknown field", method: "POST", path: "/v1/sources", as: "shen", status: 422,
			body: `{"id":"a","operator":{"nom":"甲"}}`, has: []string{`"name":"operator.nom","detail":"没有这个字段"`},
		},
		{name: "nothing went in", method: "GET", path: "/v1/sources", as: "shen", status: 200, has: []string{`"total":1`}},
		{
			name: "a source", method: "POST", path: "/v1/sources", as: "shen", body: source, status: 201,
			has: []string{`"origin":"api"`, `"created_at"`}, header: map[string]string{"Location": "/v1/sources/yuncheng"},
		},
		{name: "twice", method: "POST", path: "/v1/sources", as: "shen", body: source, status: 409},
		{name: "one", method: "GET", path: "/v1/sources/yuncheng", as: "gu", status: 200, has: []string{"云城网络传媒有限公司"}},
		{
			name: "changed under another ID", method: "PUT", path: "/v1/sources/yuncheng", as: "shen", status: 422,
			body: `{"id":"other","name":"云城网","kind":"list","url":"http://www.yuncheng.example/","operator":{"name":"云城网络","role":"host"}}`, has: []string{`"name":"id"`},
		},
		{
			name: "changed", method: "PUT", path: "/v1/sources/yuncheng", as: "shen", status: 200,
			body: `{"name":"云城网二版","kind":"list","url":"http://www.yuncheng.example/","operator":{"name":"云城网络","role":"host","media":true}}`,
			has:  []string{`"name":"云城网二版"`, `"origin":"api"`, `"media":true`}, not: []string{"8812"},
		},
		{
			name: "the origin is not taken from what is sent", method: "PUT", path: "/v1/sources/yuncheng", as: "shen", status: 200,
			body: `{"name":"云城网","kind":"list","url":"http://www.yuncheng.example/","operator":{"name":"云城网络","role":"host"},"origin":"config","created_at":"2001-01-01T00:00:00Z"}`,
			has:  []string{`"origin":"api"`}, not: []string{"2001-01-01"},
		},
		{
			name: "an unknown one is not made", method: "PUT", path: "/v1/sources/nowhere", as: "shen", status: 404,
			body: `{"name":"无","kind":"list","url":"http://www.yuncheng.example/","operator":{"name":"云城网络","role":"host"}}`,
		},
		{
			name: "the configuration's is not changed", method: "PUT", path: "/v1/sources/paper", as: "gu", status: 409,
			body: `{"name":"改名","kind":"list","url":"http://www.yuncheng.example/","operator":{"name":"云城网络","role":"host"}}`, has: []string{"配置"},
		},
		{name: "nor deleted", method: "DELETE", path: "/v1/sources/paper", as: "gu", status: 409},
		{name: "no sweeps yet", method: "GET", path: "/v1/sources/paper/sweeps", as: "gu", status: 200, has: []string{`"items":[]`}},
		{name: "sweeps of nothing", method: "GET", path: "/v1/sources/nowhere/sweeps", as: "gu", status: 404},
		{name: "pages of nothing", method: "GET", path: "/v1/sources/nowhere/pages", as: "gu", status: 404},
		{name: "a sweep of nothing", method: "POST", path: "/v1/sources/nowhere/sweeps", as: "gu", status: 404},
		{name: "deleted", method: "DELETE", path: "/v1/sources/yuncheng", as: "shen", status: 204},
		{name: "gone", method: "GET", path: "/v1/sources/yuncheng", as: "shen", status: 404},
		{name: "deleted twice", method: "DELETE", path: "/v1/sources/yuncheng", as: "shen", status: 404},
		{
			name: "all of it is on record", method: "GET", path: "/v1/events?subject=yuncheng", as: "shen", status: 200,
			has: []string{`"action":"source.added"`, `"action":"source.changed"`, `"action":"source.deleted"`, `"actor":"shen"`, `"total":4`},
		},
	})
	without := h.options
	without.API.Schedule = nil
	mine := *h
	mine.url = serve(t, without)
	mine.play(t, []scenario{
		{name: "where nothing can be swept", method: "POST", path: "/v1/sources/paper/sweeps", as: "shen", status: 503, has: []string{"不能抓取"}},
	})
}
