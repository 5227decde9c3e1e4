package api_test

import (
	"bytes"
	"crypto/x509"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"rightsdesk/internal/bundle"
	"rightsdesk/internal/casework"
	"rightsdesk/internal/claims"
	"rightsdesk/internal/rights"
)

// TestMainJob does the main job through the API alone: article, source, sweep,
// match, case, decision, letter.
func TestMainJob(t *testing.T) {
	h := open(t)
	h.call("POST", "/v1/articles", "shen", pierJSON(nil)).want(201)
	id := rights.ArticleID("临江日报", "2026-01-07", "02", "老码头的灯又亮了")
	h.call("POST", "/v1/sources", "shen", `{"id":"yuncheng","name":"云城网","kind":"urls",
		"urls":["http://www.yuncheng.example/news/8812.html","http://www.yuncheng.example/news/8813.html"],
		"operator":{"name":"云城网络传媒有限公司","role":"publisher","icp":"云ICP备00000001号"}}`).want(201)
	if at := h.call("POST", "/v1/sources/yuncheng/sweeps", "shen", "").want(202).header.Get("Location"); at != "/v1/sources/yuncheng/sweeps" {
		t.Errorf("the sweep is at %q", at)
	}
	h.swept("yuncheng")

	h.play(t, []scenario{
		{name: "both pages are kept", method: "GET", path: "/v1/sources/yuncheng/pages", as: "gu", status: 200, has: []string{`"total":2`, "8812.html", "8813.html"}},
		{
			name: "one page has the article", method: "GET", path: "/v1/matches?article_id=" + id, as: "gu", status: 200,
			has: []string{`"total":1`, "8812.html", `"outcome":"notice"`, `"opens_case":true`}, not: []string{"8813.html"},
		},
		{name: "by its address", method: "GET", path: "/v1/matches?url=" + url.QueryEscape("http://www.yuncheng.example/news/8812.html"), as: "gu", status: 200, has: []string{`"total":1`}},
		{name: "alone", method: "GET", path: "/v1/matches/1", as: "gu", status: 200, has: []string{`"passages":[{`, `"findings":[{`}},
		{name: "no other", method: "GET", path: "/v1/matches/2", as: "gu", status: 404},
		{name: "one case is open", method: "GET", path: "/v1/cases?state=open&q=yuncheng", as: "gu", status: 200, has: []string{`"total":1`, "8812.html"}},
		{name: "none is sent", method: "GET", path: "/v1/cases?state=sent", as: "gu", status: 200, has: []string{`"total":0`}},
	})
	h.decide(t, h.firstCase(), id)
}

// swept waits until a sweep of a source has ended.
func (h *house) swept(source string) {
	h.t.Helper()
	deadline := time.Now().Add(30 * time.Second)
	for time.Now().Before(deadline) {
		var sweeps struct{ Items []rights.Sweep }
		h.call("GET", "/v1/sources/"+source+"/sweeps?limit=1", "shen", "").want(200).into(&sweeps)
		if len(sweeps.Items) == 1 && sweeps.Items[0].EndedAt != nil {
			if s := sweeps.Items[0]; s.Pages != 2 || s.Matches != 1 || s.Cases != 1 || s.Faults != 0 {
				h.t.Fatalf("sweep %+v", s)
			}
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	h.t.Fatal("the sweep did not end")
}

func (h *house) firstCase() string {
	h.t.Helper()
	var cases struct{ Items []rights.Case }
	h.call("GET", "/v1/cases", "shen", "").want(200).into(&cases)
	if len(cases.Items) != 1 {
		h.t.Fatalf("%d cases", len(cases.Items))
	}
	return cases.Items[0].ID
}

// decide takes a case from open to closed.
func (h *house) decide(t *testing.T, id, article string) {
	t.Helper()
	at := "/v1/cases/" + id
	var file casework.File
	h.call("GET", at, "shen", "").want(200).into(&file)
	if len(file.Matches) != 1 || file.Articles[article] == nil || len(file.Standing) != 1 || len(file.Steps) == 0 {
		t.Fatalf("the file: %d matches, standing %+v, steps %+v", len(file.Matches), file.Standing, file.Steps)
	}
	segments := fmt.Sprintf(`{"reason":"已核对劳动合同","segments":[{"start":0,"end":%d,"owner":"staff","basis":"staff_18_2_2","verified":true}]}`,
		len([]rune(file.Articles[article].Text())))
	h.play(t, []scenario{
		{name: "no such case", method: "GET", path: "/v1/cases/RD1999-0001", as: "shen", status: 404, has: []string{"RD1999-0001"}},
		{name: "an unknown step", method: "POST", path: at + "/moves", as: "shen", body: `{"name":"burn"}`, status: 409},
		{name: "not from this state", method: "POST", path: at + "/moves", as: "gu", body: `{"name":"approve"}`, status: 409},
		{name: "an old version", method: "POST", path: at + "/moves", as: "shen", body: `{"name":"confirm","version":99}`, status: 409},
		{name: "a reason is asked for", method: "POST", path: at + "/moves", as: "shen", body: `{"name":"hold"}`, status: 422, has: []string{`"name":"reason"`}},
		{name: "an answer without a word", method: "POST", path: at + "/answers", as: "shen", body: `{"question":"x"}`, status: 422, has: []string{`"name":"applies"`}},
		{name: "an answer to no question", method: "POST", path: at + "/answers", as: "shen", body: `{"question":"none","applies":false,"reason":"不适用"}`, status: 422},
		{name: "answers of a case that is not there", method: "POST", path: "/v1/cases/RD1999-0001/answers", as: "shen", body: `{"question":"none","applies":false,"reason":"不适用"}`, status: 404},
		{name: "an operator without a name", method: "PUT", path: at + "/operator", as: "shen", body: `{"name":"","role":"publisher"}`, status: 422, has: []string{`"name":"operator.name"`}},
		{
			name: "the operator is corrected", method: "PUT", path: at + "/operator", as: "shen", status: 200, has: []string{"云城网络科技有限公司"},
			body: `{"name":"云城网络科技有限公司","role":"publisher","address":"云城市新港路8号","email":"bq@yuncheng.example"}`,
		},
		{name: "the owner is verified", method: "PUT", path: "/v1/articles/" + article + "/segments", as: "gu", body: segments, status: 200, has: []string{`"verified_by"`}},
		{name: "confirmed", method: "POST", path: at + "/moves", as: "shen", body: `{"name":"confirm"}`, status: 200, has: []string{`"state":"confirmed"`, `"by":"shen"`}},
		{name: "a reviewer approves nothing", method: "POST", path: at + "/moves", as: "shen", body: `{"name":"approve"}`, status: 403},
	})
	for _, q := range file.Questions {
		h.call("POST", at+"/answers", "gu", fmt.Sprintf(`{"question":%q,"applies":false,"reason":"不属于该情形"}`, q.ID)).want(200)
	}
	var draft rights.Report
	h.call("POST", at+"/reports", "shen", "").want(201).into(&draft)
	if !draft.Draft {
		t.Error("a letter before approval is no draft")
	}
	h.letter(t, at, draft)
	h.bundle(t, id)
	h.play(t, []scenario{
		{name: "approved", method: "POST", path: at + "/moves", as: "gu", body: `{"name":"approve"}`, status: 200, has: []string{`"state":"approved"`, `"by":"gu"`}},
		{name: "sent to nobody", method: "POST", path: at + "/moves", as: "shen", body: `{"name":"send","sending":{"to":"","how":"pigeon"}}`, status: 422},
		{
			name: "sent", method: "POST", path: at + "/moves", as: "shen", status: 200, has: []string{`"state":"sent"`, `"answer_by":"2`},
			body: `{"name":"send","sending":{"to":"bq@yuncheng.example","how":"email","detail":"<1@linjiang.example>"}}`,
		},
		{name: "closed", method: "POST", path: at + "/moves", as: "shen", body: `{"name":"close","reason":"对方已删除"}`, status: 200, has: []string{`"state":"closed"`}},
		{name: "its record", method: "GET", path: "/v1/events?subject=" + id, as: "gu", status: 200, has: []string{`"to":"sent"`, `"to":"closed"`, "对方已删除"}},
	})
}

// letter reads both files of a report.
func (h *house) letter(t *testing.T, at string, r rights.Report) {
	t.Helper()
	pdf := h.call("GET", fmt.Sprintf("%s/reports/%d.pdf", at, r.ID), "gu", "").want(200)
	if !bytes.HasPrefix(pdf.body, []byte("%PDF-")) || pdf.header.Get("Content-Type") != "application/pdf" {
		t.Errorf("%s: %.20q", pdf.header.Get("Content-Type"), pdf.body)
	}
	html := h.call("GET", fmt.Sprintf("%s/reports/%d.html", at, r.ID), "gu", "").want(200)
	if !strings.Contains(string(html.body), "老码头的灯又亮了") || !strings.Contains(html.header.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("%s: %.200s", html.header.Get("Content-Security-Policy"), html.body)
	}
	h.call("GET", fmt.Sprintf("%s/reports/%d.pdf", at, r.ID+100), "gu", "").want(404)
}

// bundle takes the bundle of a case and checks it. Nothing is stamped here.
func (h *house) bundle(t *testing.T, id string) {
	t.Helper()
	got := h.call("GET", "/v1/cases/"+id+"/bundle", "shen", "").want(200)
	if s := got.header.Get("Content-Disposition"); s != "attachment; filename="+id+".wacz" {
		t.Errorf("it comes as %s", s)
	}
	sum, err := bundle.Verify(t.Context(), bytes.NewReader(got.body), int64(len(got.body)), x509.NewCertPool(), func(file, detail string) { t.Errorf("%s: %s", file, detail) })
	if err != nil || sum.Case != id || sum.Matches != 1 {
		t.Errorf("%+v, %v", sum, err)
	}
	h.play(t, []scenario{
		{name: "no bundle without a token", method: "GET", path: "/v1/cases/" + id + "/bundle", status: 401},
		{name: "nor for who has left", method: "GET", path: "/v1/cases/" + id + "/bundle", as: "left", status: 401},
		{name: "nor of another case", method: "GET", path: "/v1/cases/RD1999-0001/bundle", as: "gu", status: 404},
		{name: "who took it is on record", method: "GET", path: "/v1/events?subject=" + id, as: "gu", status: 200, has: []string{`"action":"case.bundle","actor":"shen"`}},
	})
}

// TestClaims decides a claim.
func TestClaims(t *testing.T) {
	h := open(t)
	h.call("POST", "/v1/articles", "shen", pierJSON(nil)).want(201)
	pdf := []byte("%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")
	claim, _, err := h.claims.File(t.Context(), claims.Filing{
		Claimant: rights.Claimant{Name: "罗听雨", Kind: "person", Email: "luo@author.example", Phone: "13800000000"},
		Page:     "http://epaper.linjiang.example/html/2026-01/07/content_02_3.htm",
		Work:     rights.ClaimWork{Title: "老码头手记", URL: "http://blog.author.example/pier", Published: "2025-12-01"},
		Wrongs:   []rights.Wrong{rights.WrongCopied}, Details: "第二段与本人文章相同，未署名，也未支付稿酬。", Asked: []rights.Remedy{rights.RemedyCredit},
		Truth: true, Consent: true, ConsentID: true,
		Files: []claims.Upload{{Kind: rights.ProofIdentity, Name: "身份证.pdf", Content: pdf}, {Kind: rights.ProofOwnership, Name: "权属证明.pdf", Content: append(pdf, ' ')}},
	})
	if err != nil {
		t.Fatal(err)
	}
	at := "/v1/claims/" + claim.ID
	file := fmt.Sprintf("%s/files/%d", at, claim.Files[0].ID)
	h.play(t, []scenario{
		{name: "listed", method: "GET", path: "/v1/claims?state=submitted", as: "shen", status: 200, has: []string{`"total":1`, claim.ID}},
		{name: "in no other state", method: "GET", path: "/v1/claims?state=upheld", as: "shen", status: 200, has: []string{`"total":0`}},
		{name: "a claim", method: "GET", path: at, as: "shen", status: 200, has: []string{"罗听雨", `"name":"assess"`, "老码头的灯又亮了"}, not: []string{`"name":"uphold"`, "%PDF"}},
		{name: "no such claim", method: "GET", path: "/v1/claims/RC1999-0001", as: "shen", status: 404},
		{name: "a reviewer opens no proof", method: "GET", path: file, as: "shen", status: 403, not: []string{"%PDF"}},
		{
			name: "counsel does", method: "GET", path: file, as: "gu", status: 200, has: []string{"%PDF-1.4"},
			header: map[string]string{"Content-Type": "application/pdf", "Content-Disposition": "attachment; filename*=utf-8''%E8%BA%AB", "Content-Security-Policy": "sandbox"},
		},
		{name: "no such file", method: "GET", path: at + "/files/99", as: "gu", status: 404},
		{name: "the opening is on record, and its refusal is not an opening", method: "GET", path: "/v1/events?subject=" + claim.ID, as: "gu", status: 200, has: []string{`"actor":"gu"`}, not: []string{`"actor":"shen"`}},
		{name: "assessed", method: "POST", path: at + "/moves", as: "shen", body: `{"name":"assess"}`, status: 200, has: []string{`"state":"assessing"`}},
		{name: "a reviewer decides nothing", method: "POST", path: at + "/moves", as: "shen", body: `{"name":"uphold","reason":"属实","remedies":"补署名"}`, status: 403},
		{name: "without a reason", method: "POST", path: at + "/moves", as: "gu", body: `{"name":"uphold","remedies":"补署名"}`, status: 422, has: []string{`"name":"reason"`}},
		{name: "an unknown field", method: "POST", path: at + "/moves", as: "gu", body: `{"name":"uphold","why":"属实"}`, status: 422, has: []string{`"name":"why"`}},
		{name: "decided", method: "POST", path: at + "/moves", as: "gu", body: `{"name":"uphold","reason":"属实","remedies":"补署名"}`, status: 200, has: []string{`"state":"upheld"`, "补署名"}},
		{name: "once", method: "POST", path: at + "/moves", as: "gu", body: `{"name":"reject","reason":"不属实"}`, status: 409},
	})
}
