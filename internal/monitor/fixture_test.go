package monitor_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rightsdesk/config"
	"rightsdesk/internal/browser"
	"rightsdesk/internal/casework"
	"rightsdesk/internal/catalog"
	"rightsdesk/internal/evidence"
	"rightsdesk/internal/extract"
	"rightsdesk/internal/fetch"
	"rightsdesk/internal/index"
	"rightsdesk/internal/monitor"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
	"rightsdesk/policies"
)

// web is the sites of a test, by host and path, on one server of 127.0.0.1.
type web struct {
	t      *testing.T
	server *httptest.Server

	mu    sync.Mutex
	pages map[string]http.HandlerFunc
	asked []string // "GET http://host/path", with " conditional" where it was
}

func newWeb(t *testing.T) *web {
	t.Helper()
	w := &web{t: t, pages: map[string]http.HandlerFunc{}}
	w.server = httptest.NewServer(http.HandlerFunc(w.serve))
	t.Cleanup(w.server.Close)
	return w
}

func (w *web) serve(out http.ResponseWriter, r *http.Request) {
	url := "http://" + r.Host + r.URL.RequestURI()
	w.mu.Lock()
	h, ok := w.pages[url]
	if !ok {
		h, ok = w.pages["http://"+r.Host+r.URL.Path+"?"]
	}
	if r.URL.Path != "/robots.txt" && r.URL.Path != "/.well-known/tdmrep.json" {
		if r.Header.Get("If-None-Match") != "" {
			url += " conditional"
		}
		w.asked = append(w.asked, url)
	}
	w.mu.Unlock()
	if !ok {
		http.NotFound(out, r)
		return
	}
	h(out, r)
}

// put makes a URL answer; the answer may be a body or a handler. nil takes it
// away.
func (w *web) put(url string, answer any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch a := answer.(type) {
	case nil:
		delete(w.pages, url)
	case http.HandlerFunc:
		w.pages[url] = a
	case string:
		w.pages[url] = func(out http.ResponseWriter, r *http.Request) {
			out.Header().Set("Content-Type", "text/html; charset=utf-8")
			tag := fmt.Sprintf("\"%x\"", sha256.Sum256([]byte(a)))
			out.Header().Set("ETag", tag)
			if r.Header.Get("If-None-Match") == tag {
				out.WriteHeader(http.StatusNotModified)
				return
			}
			fmt.Fprint(out, a)
		}
	default:
		w.t.Fatalf("%s: cannot serve a %T", url, answer)
	}
}

// any makes a URL answer whatever its query.
func (w *web) any(url string, h http.HandlerFunc) { w.put(url+"?", h) }

// requests are the URLs of pages asked for since the last call.
func (w *web) requests() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	asked := w.asked
	w.asked = nil
	return asked
}

// house is the service over a data folder, with the paper's articles.
type house struct {
	t      *testing.T
	web    *web
	cfg    config.Config
	db     *store.DB
	index  *index.Index
	keep   *evidence.Store
	office *casework.Cases
	chrome *browser.Browser // nil: there is none
	fetch  *fetch.Fetcher
	*monitor.Monitor
}

func newHouse(t *testing.T, change ...func(*config.Config)) *house {
	t.Helper()
	cfg := config.Default()
	cfg.Data = t.TempDir()
	cfg.Paper = config.Paper{Name: "临江日报", Aliases: []string{"临江新闻网"}, Owner: "临江日报社"}
	cfg.OwnHosts = []string{"linjiang.example"}
	cfg.Licences = []config.Licence{{ID: "L-2026-01", Licensee: "青石新闻网", Hosts: []string{"qingshi.example"}, From: "2026-01-01"}}
	for _, f := range change {
		f(&cfg)
	}
	h := &house{t: t, web: newWeb(t), cfg: cfg}
	if cfg.Database == "" {
		if err := os.WriteFile(cfg.DatabaseURL(), empty(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var err error
	if h.db, err = store.Open(t.Context(), cfg.DatabaseURL(), quiet()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.db.Close() })
	if h.keep, err = evidence.Open(cfg.Data); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.keep.Close() })
	if h.index, err = index.Load(t.Context(), index.Options{DB: h.db, Log: slog.New(slog.DiscardHandler)}); err != nil {
		t.Fatal(err)
	}
	h.start()
	return h
}

// empty is a database without rows: to migrate one takes longer than to copy it.
var empty = sync.OnceValue(func() []byte {
	dir, err := os.MkdirTemp("", "monitor")
	if err != nil {
		return nil
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a temporary folder
	path := filepath.Join(dir, "empty.db")
	db, err := store.Open(context.Background(), path, quiet())
	if err != nil || db.Close() != nil {
		return nil
	}
	b, _ := os.ReadFile(path) // without it each test migrates its own
	return b
})

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// start makes the monitor anew, as a restart with another configuration would.
func (h *house) start() {
	h.t.Helper()
	policy, err := policies.Default()
	if err != nil {
		h.t.Fatal(err)
	}
	address := h.web.server.Listener.Addr().String()
	hosts := map[string]string{}
	for _, name := range []string{"www.yuncheng.example", "m.yuncheng.example", "www.zhaoxi.example", "news.qingshi.example", "m.linjiang.example"} {
		hosts[name] = address
	}
	h.office = casework.New(casework.Options{DB: h.db, Policy: policy, Config: h.cfg, Look: nil})
	h.fetch = fetch.New(fetch.Options{
		UserAgent: "Rightsdesk/1.0", Timeout: 5 * time.Second, MaxBytes: 1 << 20, MaxRedirects: 3,
		Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Resolver: hosts,
	})
	h.Monitor = monitor.New(monitor.Options{
		DB: h.db, Index: h.index, Evidence: h.keep, Policy: policy, Config: h.cfg, Log: quiet(),
		Cases: h.office, Catalog: catalog.New(h.db, h.index, "临江日报"),
		Fetcher: h.fetch, Browser: h.chrome,
	})
}

func (h *house) update(f func(tx *store.Tx) error) {
	h.t.Helper()
	if err := h.db.Update(h.t.Context(), f); err != nil {
		h.t.Fatal(err)
	}
}

// register puts an article of testdata into the register.
func (h *house) register(name string) {
	h.t.Helper()
	a := article(h.t, name)
	h.update(func(tx *store.Tx) error { return tx.PutArticle(h.t.Context(), a, name) })
}

func text(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name+".txt"))
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(b))
}

func article(t *testing.T, name string) *rights.Article {
	t.Helper()
	a := &rights.Article{
		ID: name, Paper: "临江日报", IssueDate: "2026-03-10", PageNo: "01", PageName: "要闻", Genre: rights.GenreNews,
		Paragraphs: strings.Split(text(t, name), "\n"), URL: "http://epaper.linjiang.example/2026-03/10/" + name + ".htm",
	}
	at := time.Date(2026, 3, 10, 6, 0, 0, 0, rights.China)
	a.WebAt = &at
	switch name {
	case "bridge":
		a.Headline, a.Subtitle, a.Bylines, a.CreditLine = "滨江大桥今起通车", "两岸七分钟可达", []string{"林远舟", "何青禾"}, "本报记者 林远舟 何青禾"
	case "notice":
		a.Headline = "临江日报版权声明"
	case "wire":
		a.Headline, a.CreditLine = "全国农业气象工作会议部署春耕服务", "新华社北京3月8日电"
	case "library":
		a.Headline, a.Bylines, a.CreditLine, a.Genre = "夜读间的灯", []string{"苏晚晴"}, "本报记者 苏晚晴", rights.GenreFeature
	}
	a.Segments = extract.Segments(a)
	return a
}

// watch makes a source of URLs.
func (h *house) watch(urls ...string) {
	h.t.Helper()
	h.source(rights.Source{Kind: rights.SourceURLs, URLs: urls})
}

func (h *house) source(s rights.Source) {
	h.t.Helper()
	s.ID, s.Name, s.Origin = "site", "云城网", rights.OriginConfig
	if s.Operator.Role == "" {
		s.Operator = rights.Operator{Name: "云城网络传媒有限公司", Role: rights.RolePublisher}
	}
	h.update(func(tx *store.Tx) error { return tx.PutSource(h.t.Context(), &s) })
}

// sweep sweeps the source and returns the row.
func (h *house) sweep() *rights.Sweep {
	h.t.Helper()
	row, err := h.Sweep(h.t.Context(), "site", nil)
	if err != nil {
		h.t.Fatal(err)
	}
	return row
}

// matches says what is kept: "URL article rule", "+case" where there is one.
func (h *house) matches() []string {
	h.t.Helper()
	list := []string{}
	for _, m := range h.allMatches() {
		line := strings.TrimPrefix(m.URL, "http://") + " " + m.ArticleID + " " + m.Verdict.Name
		if m.CaseID != "" {
			line += " +case"
		}
		list = append(list, line)
	}
	slices.Sort(list)
	return list
}

func (h *house) allMatches() (list []rights.Match) {
	h.t.Helper()
	h.view(func(tx *store.Tx) (err error) {
		list, err = tx.Matches(h.t.Context(), store.MatchFilter{})
		return err
	})
	return list
}

func (h *house) view(f func(tx *store.Tx) error) {
	h.t.Helper()
	if err := h.db.View(h.t.Context(), f); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) cases() (list []rights.Case) {
	h.t.Helper()
	h.view(func(tx *store.Tx) (err error) {
		list, _, err = tx.Cases(h.t.Context(), store.CaseFilter{Limit: 100})
		return err
	})
	return list
}

// actions are the actions of the record of a subject.
func (h *house) actions(subject string) (list []string) {
	h.t.Helper()
	h.view(func(tx *store.Tx) error {
		events, err := tx.Events(h.t.Context(), subject)
		for _, e := range events {
			list = append(list, e.Action)
		}
		return err
	})
	return list
}

func (h *house) page(url string) rights.Page {
	h.t.Helper()
	var page rights.Page
	h.view(func(tx *store.Tx) error {
		p, err := tx.Page(h.t.Context(), url)
		if err == nil {
			page = *p
		}
		return err
	})
	return page
}

// same fails the test where two lists differ.
func same(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n  got  %s\n  want %s", what, strings.Join(got, "\n       "), strings.Join(want, "\n       "))
	}
}

// site makes a news page, as the portals of the country are built.
type site struct {
	title, info, body string
	head, tail        string // markup before and after the body
}

func (s site) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, `<!DOCTYPE html><html><head><meta charset="utf-8"><title>%s_城事_云城网</title>%s</head><body>
<div class="nav"><a href="/">首页</a><a href="/news/">新闻</a><a href="/life/">生活</a></div>
<h1>%s</h1><div class="info">%s</div><div class="content">`, s.title, s.head, s.title, s.info)
	for p := range strings.SplitSeq(s.body, "\n") {
		fmt.Fprintf(&b, "<p>%s</p>\n", p)
	}
	fmt.Fprintf(&b, `</div>%s<div class="footer">云城网络传媒有限公司版权所有 客服电话 000-22220000</div></body></html>`, s.tail)
	return b.String()
}

func (h *house) reasons(subject string) (list []string) {
	h.t.Helper()
	h.view(func(tx *store.Tx) error {
		events, err := tx.Events(h.t.Context(), subject)
		for _, e := range events {
			list = append(list, e.Reason)
		}
		return err
	})
	return list
}
