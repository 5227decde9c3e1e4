package api_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

// configSource is a source that the configuration declares.
func (h *house) configSource() {
	h.t.Helper()
	err := h.db.Update(h.t.Context(), func(tx *store.Tx) error {
		return tx.PutSource(h.t.Context(), &rights.Source{
			ID: "paper", Name: "配置中的来源", Kind: rights.SourceURLs, URLs: []string{"http://www.yuncheng.example/news/8813.html"},
			Operator: rights.Operator{Name: "云城网络传媒有限公司", Role: rights.RolePublisher}, Origin: rights.OriginConfig,
		})
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

func TestArticles(t *testing.T) {
	h := open(t)
	id := rights.ArticleID("临江日报", "2026-01-07", "02", "老码头的灯又亮了")
	at := "/v1/articles/" + id
	without := func(field string) string {
		return pierJSON(func(a map[string]any) { delete(a, field) })
	}
	with := func(field string, v any) string {
		return pierJSON(func(a map[string]any) { a[field] = v })
	}
	h.play(t, []scenario{
		{name: "no JSON", method: "POST", path: "/v1/articles", as: "shen", body: `{"headline":`, status: 400, has: []string{"第 12 字节"}},
		{name: "text after the value", method: "POST", path: "/v1/articles", as: "shen", body: pierJSON(nil) + "{}", status: 400},
		{name: "nothing", method: "POST", path: "/v1/articles", as: "shen", status: 400},
		{name: "a list", method: "POST", path: "/v1/articles", as: "shen", body: `[]`, status: 422, has: []string{"应为对象"}},
		{name: "an unknown field", method: "POST", path: "/v1/articles", as: "shen", body: with("tittle", "x"), status: 422, has: []string{`"name":"tittle","detail":"没有这个字段"`}},
		{name: "a field in other letters", method: "POST", path: "/v1/articles", as: "shen", body: with("Headline", "x"), status: 422, has: []string{`"name":"Headline"`}},
		{
			name: "an unknown field deep inside", method: "POST", path: "/v1/articles", as: "shen", body: with("segments", []any{map[string]any{"ownr": "staff"}}), status: 422,
			has: []string{`"name":"segments[0].ownr"`},
		},
		{name: "a wrong type", method: "POST", path: "/v1/articles", as: "shen", body: with("page_no", 2), status: 422, has: []string{`"name":"page_no","detail":"应为字符串"`}},
		{
			name: "a wrong type deep inside", method: "POST", path: "/v1/articles", as: "shen", body: with("segments", []any{map[string]any{"start": "zero"}}), status: 422,
			has: []string{`"name":"segments[0].start","detail":"应为整数"`},
		},
		{name: "a wrong time", method: "POST", path: "/v1/articles", as: "shen", body: with("print_at", "yesterday"), status: 422, has: []string{`"name":"print_at"`, "RFC 3339"}},
		{name: "a field twice", method: "POST", path: "/v1/articles", as: "shen", body: `{"headline":"一","headline":"二"}`, status: 422, has: []string{`"name":"headline","detail":"字段重复"`}},
		{
			name: "a zero character", method: "POST", path: "/v1/articles", as: "shen", body: with("bylines", []string{"何小满", "罗\x00听雨"}), status: 422,
			has: []string{`"name":"bylines[1]","detail":"不得含有空字符"`},
		},
		{name: "half a character", method: "POST", path: "/v1/articles", as: "shen", body: "{\"headline\":\"\xe4\xb8\"}", status: 400},
		{name: "no headline", method: "POST", path: "/v1/articles", as: "shen", body: without("headline"), status: 422, has: []string{`"name":"headline"`}, not: []string{`"name":"paragraphs"`}},
		{name: "everything is missing", method: "POST", path: "/v1/articles", as: "shen", body: `{}`, status: 422, has: []string{`"name":"headline"`, `"name":"issue_date"`, `"name":"paragraphs"`}},
		{name: "nothing went in", method: "GET", path: "/v1/articles", as: "shen", status: 200, has: []string{`"total":0`}},
		{
			name: "an article", method: "POST", path: "/v1/articles", as: "shen", body: pierJSON(nil), status: 201, header: map[string]string{"Location": at},
			has: []string{`"change":"created"`, `"paper":"临江日报"`, `"owner":"staff"`, `"basis":"staff_18_2_2"`},
		},
		{name: "again", method: "POST", path: "/v1/articles", as: "shen", body: pierJSON(nil), status: 200, has: []string{`"change":"unchanged"`}},
		{name: "corrected", method: "POST", path: "/v1/articles", as: "shen", body: with("kicker", "旧港新生"), status: 200, has: []string{`"change":"updated"`, "旧港新生"}},
		{
			name: "nobody verifies by sending it", method: "POST", path: "/v1/articles", as: "shen", status: 200, not: []string{"verified_by"},
			body: with("segments", []any{map[string]any{"start": 0, "end": 281, "owner": "staff", "basis": "staff_18_2_2", "verified_by": "gu", "verified_at": "2026-01-08T00:00:00Z"}}),
		},
		{name: "one", method: "GET", path: at, as: "gu", status: 200, has: []string{"老码头的灯又亮了", "罗听雨"}},
		{name: "unknown", method: "GET", path: "/v1/articles/a-none", as: "gu", status: 404, has: []string{"a-none"}},
		{name: "what it was", method: "GET", path: at + "/versions", as: "gu", status: 200, has: []string{`"total":2`}},
		{name: "what nothing was", method: "GET", path: "/v1/articles/a-none/versions", as: "gu", status: 404},
		{name: "found by its author", method: "GET", path: "/v1/articles?q=%E7%BD%97%E5%90%AC%E9%9B%A8&issue_date=2026-01-07", as: "gu", status: 200, has: []string{`"total":1`, id}},
		{name: "not found by a wildcard", method: "GET", path: "/v1/articles?q=%25", as: "gu", status: 200, has: []string{`"total":0`}},
		{name: "not of another day", method: "GET", path: "/v1/articles?issue_date=2026-01-08", as: "gu", status: 200, has: []string{`"items":[]`}},
		{name: "its record", method: "GET", path: "/v1/events?subject=" + id, as: "gu", status: 200, has: []string{`"actor":"shen"`, `"total":3`}},
		{
			name: "segments without a reason", method: "PUT", path: at + "/segments", as: "shen", status: 422, has: []string{`"name":"reason"`},
			body: `{"segments":[{"start":0,"end":10,"owner":"staff","basis":"staff_18_2_2","verified":true}]}`,
		},
		{
			name: "segments of nothing", method: "PUT", path: "/v1/articles/a-none/segments", as: "shen", status: 404,
			body: `{"segments":[{"start":0,"end":10,"owner":"staff","basis":"staff_18_2_2"}],"reason":"核对"}`,
		},
		{name: "a body over the limit", method: "POST", path: "/v1/articles", as: "shen", body: with("headline", strings.Repeat("长", 400_000)), status: 413, has: []string{"1 MiB"}},
	})
}

func TestBatch(t *testing.T) {
	h := open(t)
	second := pierJSON(func(a map[string]any) { a["headline"], a["page_no"] = "早市从石阶摆到防汛墙", "03" })
	faulty := pierJSON(func(a map[string]any) { a["issue_date"] = "7.1.2026" })
	h.play(t, []scenario{
		{
			name: "JSON lines: the rest goes in", method: "POST", path: "/v1/articles/batch", as: "shen", status: 200,
			body: "\ufeff" + pierJSON(nil) + "\n\n" + faulty + "\r\n{\"headline\": \n" + `{"head":1}` + "\n" + second,
			has: []string{
				`"created":2`, `"failed":3`, `"record":1,"line":1`, `"record":2,"line":3`, `"name":"issue_date"`,
				`"record":3,"line":4`, `"record":4,"line":5`, `"name":"head","detail":"没有这个字段"`, `"record":5,"line":6`,
			},
		},
		{
			name: "again, as an array", method: "POST", path: "/v1/articles/batch", as: "shen", status: 200,
			body: "[\n" + pierJSON(nil) + ",\n\n" + faulty + ",\n" + second + "\n]",
			has:  []string{`"unchanged":2`, `"failed":1`, `"record":1,"line":2`, `"record":2,"line":4`, `"record":3,"line":5`},
		},
		{
			name: "an array that is cut off goes in not at all", method: "POST", path: "/v1/articles/batch", as: "shen", status: 400,
			body: "[" + pierJSON(func(a map[string]any) { a["headline"] = "半截数组里的一篇" }) + ",",
		},
		{name: "text after an array", method: "POST", path: "/v1/articles/batch", as: "shen", status: 400, body: "[" + pierJSON(nil) + "] x"},
		{name: "nothing", method: "POST", path: "/v1/articles/batch", as: "shen", status: 422},
		{name: "an empty array", method: "POST", path: "/v1/articles/batch", as: "shen", status: 422, body: "[]"},
		{
			name: "more than 1 MiB", method: "POST", path: "/v1/articles/batch", as: "shen", status: 200, body: pierJSON(nil) + "\n" + strings.Repeat(" ", 2<<20) + second,
			has: []string{`"unchanged":2`},
		},
		{name: "two are there", method: "GET", path: "/v1/articles?limit=1&offset=1", as: "shen", status: 200, has: []string{`"total":2`, `"limit":1`, `"offset":1`}, not: []string{"半截"}},
	})
}

// TestErrorsInEnglish asks for English.
func TestErrorsInEnglish(t *testing.T) {
	h := open(t)
	r, err := http.NewRequestWithContext(context.WithoutCancel(t.Context()), http.MethodPost, h.url+"/v1/articles", strings.NewReader(`{"tittle":1}`))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+h.tokens["shen"])
	r.Header.Set("Accept-Language", "en-GB,en;q=0.9")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	got := (&answer{t: t, status: res.StatusCode, body: b}).want(http.StatusUnprocessableEntity)
	if want := `"errors":[{"name":"tittle","detail":"there is no such field"}]`; !strings.Contains(string(got.body), want) {
		t.Errorf("the answer lacks %s: %s", want, got.body)
	}
}
