package bundle_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"rightsdesk/config"
	"rightsdesk/fingerprints"
	"rightsdesk/internal/audit"
	"rightsdesk/internal/bundle"
	"rightsdesk/internal/evidence"
	"rightsdesk/internal/fetch"
	"rightsdesk/internal/notary"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/shelf"
	"rightsdesk/internal/stamp"
	"rightsdesk/internal/store"
	"rightsdesk/internal/tsa"
	"rightsdesk/policies"
)

const text = "傍晚六点，旧港三号码头的第一盏灯亮了，守灯人老秦站在栈桥尽头，望着江面上最后一班轮渡缓缓靠岸。三十七年来，他每天都在这个时辰点灯，风雨无阻。"

// house is a data folder with one case: an article, found on a page to which
// another one leads, and a letter.
type house struct {
	t      *testing.T
	dir    string
	db     *store.DB
	maker  *bundle.Maker
	roots  *x509.CertPool
	pem    string      // the file of the roots
	down   atomic.Bool // the authority qingce
	caseID string
	// drawn, where it is set, is what a browser makes of the page; it gives the place of
	// the evidence as the match is to name it.
	drawn func(ex *fetch.Exchange) (*fetch.Exchange, func(*evidence.Ref))
}

func check(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

func open(t *testing.T, change ...func(*house)) *house {
	t.Helper()
	h := &house{t: t, dir: t.TempDir()}
	for _, f := range change {
		f(h)
	}
	var err error
	h.db, err = store.Open(t.Context(), filepath.Join(h.dir, "rightsdesk.db"), slog.New(slog.DiscardHandler))
	check(t, err)
	t.Cleanup(func() { check(t, h.db.Close()) })
	keep, err := evidence.Open(h.dir)
	check(t, err)
	t.Cleanup(func() { check(t, keep.Close()) })
	key, err := audit.OpenKey(h.dir)
	check(t, err)
	authorities, err := stamp.New(h.authorities())
	check(t, err)
	h.roots, err = stamp.Roots(h.pem)
	check(t, err)
	n := notary.New(notary.Options{DB: h.db, Evidence: keep, Key: key, Authorities: authorities})
	h.maker = &bundle.Maker{DB: h.db, Notary: n, Shelf: &shelf.Shelf{DB: h.db, Dir: h.dir}, Paper: "临江日报"}
	h.fill(keep)
	return h
}

// authorities serves two, of which one can be down.
func (h *house) authorities() (list []config.Authority) {
	h.t.Helper()
	h.pem = filepath.Join(h.t.TempDir(), "roots.pem")
	var pem []byte
	for _, id := range []string{"yunzhang", "qingce"} {
		a, err := tsa.New(id)
		check(h.t, err)
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if id == "qingce" && h.down.Load() {
				w.WriteHeader(http.StatusServiceUnavailable)
				return
			}
			a.ServeHTTP(w, r)
		}))
		h.t.Cleanup(server.Close)
		pem = append(pem, a.RootPEM()...)
		list = append(list, config.Authority{ID: id, URL: server.URL, Roots: h.pem})
	}
	check(h.t, os.WriteFile(h.pem, pem, 0o600))
	return list
}

// fill writes the case.
func (h *house) fill(keep *evidence.Store) {
	h.t.Helper()
	ctx := h.t.Context()
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/old/1.html":
			http.Redirect(w, r, "/n/1.html", http.StatusMovedPermanently)
		case "/n/1.html":
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprintf(w, "<title>老码头的灯</title><p>%s</p>", text)
		default:
			http.NotFound(w, r)
		}
	}))
	h.t.Cleanup(site.Close)
	f := fetch.New(fetch.Options{
		UserAgent: "Rightsdesk/1.0 (+https://linjiang.example/bot)", Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
		Resolver: map[string]string{"www.yuncheng.example": site.Listener.Addr().String()},
	})
	for _, path := range []string{"/n/404.html", "/old/1.html"} { // the first is no part of the case
		ex, err := f.Get(ctx, fetch.Request{URL: "http://www.yuncheng.example" + path})
		check(h.t, err)
		named := func(*evidence.Ref) {}
		if h.drawn != nil && path == "/old/1.html" {
			ex, named = h.drawn(ex)
		}
		ref, err := keep.Put(ctx, ex)
		check(h.t, err)
		named(&ref)
		switch {
		case path != "/old/1.html":
		case h.drawn != nil:
			check(h.t, h.db.Update(ctx, func(tx *store.Tx) error { return h.file(ctx, tx, ex, ref) }))
		default:
			check(h.t, h.db.Update(ctx, func(tx *store.Tx) error { return h.file(ctx, tx, ex, ref) }))
			h.picture(keep, ref, ex)
		}
	}
}

func (h *house) file(ctx context.Context, tx *store.Tx, ex *fetch.Exchange, ref evidence.Ref) error {
	a := &rights.Article{ID: "linjiang-2026-01-07-02-1", Paper: "临江日报", IssueDate: "2026-01-07", PageNo: "02", Headline: "老码头的灯又亮了", Paragraphs: []string{text}}
	check(h.t, tx.PutArticle(ctx, a, "1"))
	k := &rights.Case{URL: ref.URL, State: rights.CaseOpen, Operator: rights.Operator{Name: "云城网络传媒有限公司"}, Articles: []string{a.ID}}
	check(h.t, tx.AddCase(ctx, k))
	h.caseID = k.ID
	n := len([]rune(text))
	m := &rights.Match{
		URL: ref.URL, ArticleID: a.ID, CaseID: k.ID, SeenAt: ref.FetchedAt, Evidence: []rights.Evidence{rights.Evidence(ref)},
		Found:   fingerprints.Match{Article: a.ID, Coverage: 1, LongestRun: n, Passages: []fingerprints.Passage{{Article: [2]int{0, n}, Page: [2]int{0, n}}}},
		Capture: rights.Capture{Title: "老码头的灯", Text: text, Digest: ex.Digest, Charset: "utf-8"}, Verdict: policies.Verdict{PolicyVersion: "1"},
	}
	_, err := tx.AddMatch(ctx, m)
	check(h.t, err)
	seal, err := m.Seal()
	check(h.t, err)
	check(h.t, tx.AddEvent(ctx, &rights.Event{Subject: m.Subject(), Action: "match.found", Actor: "system", Name: "系统", To: k.ID, Reason: seal}))
	letter := []byte("%PDF-1.7 函件")
	check(h.t, os.WriteFile(filepath.Join(h.dir, "letter.pdf"), letter, 0o600))
	check(h.t, os.WriteFile(filepath.Join(h.dir, "letter.html"), letter, 0o600))
	return tx.AddReport(ctx, &rights.Report{
		CaseID: k.ID, CreatedAt: time.Now(), HTMLFile: "letter.html", HTMLSHA: digest(letter), PDFFile: "letter.pdf", PDFSHA: digest(letter),
	})
}

// picture puts one beside the page, for which the page asked for itself.
func (h *house) picture(keep *evidence.Store, ref evidence.Ref, asked *fetch.Exchange) {
	h.t.Helper()
	ctx := h.t.Context()
	view := &fetch.View{PNG: []byte("\x89PNG\r\n"), Text: text, Browser: "Chromium/1", At: time.Now(), Exchanges: []*fetch.Exchange{asked}}
	kept, err := keep.PutView(ctx, ref, view)
	check(h.t, err)
	check(h.t, h.db.Update(ctx, func(tx *store.Tx) error {
		return tx.AddEvent(ctx, &rights.Event{Subject: h.caseID, Action: "case.pictured", Actor: "system", Name: "系统", To: ref.RecordID, Reason: kept.String()})
	}))
}

// make is the bundle of the case.
func (h *house) make() ([]byte, *bundle.Made) {
	h.t.Helper()
	var b bytes.Buffer
	made, err := h.maker.Make(h.t.Context(), rights.Actor{Login: "gu", Name: "顾闻笙", Role: rights.RoleCounsel}, h.caseID, &b)
	check(h.t, err)
	return b.Bytes(), made
}

// verify returns what is found, a line each.
func verify(t *testing.T, b []byte, roots *x509.CertPool) (sum bundle.Summary, found []string, err error) {
	t.Helper()
	sum, err = bundle.Verify(t.Context(), bytes.NewReader(b), int64(len(b)), roots, func(file, detail string) { found = append(found, file+": "+detail) })
	return sum, found, err
}

func parse[T any](t *testing.T, b []byte) (v T) {
	t.Helper()
	check(t, json.Unmarshal(b, &v))
	return v
}
