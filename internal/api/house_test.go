package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"rightsdesk/config"
	"rightsdesk/internal/api"
	"rightsdesk/internal/audit"
	"rightsdesk/internal/auth"
	"rightsdesk/internal/bundle"
	"rightsdesk/internal/casework"
	"rightsdesk/internal/catalog"
	"rightsdesk/internal/claims"
	"rightsdesk/internal/desk"
	"rightsdesk/internal/evidence"
	"rightsdesk/internal/fetch"
	"rightsdesk/internal/index"
	"rightsdesk/internal/monitor"
	"rightsdesk/internal/notary"
	"rightsdesk/internal/portal"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/schedule"
	"rightsdesk/internal/server"
	"rightsdesk/internal/shelf"
	"rightsdesk/internal/store"
	"rightsdesk/policies"
)

// house is the whole service on 127.0.0.1, with one site to watch.
type house struct {
	t       *testing.T
	url     string
	db      *store.DB
	claims  *claims.Office
	options server.Options
	tokens  map[string]string // by login
	spec    *spec
}

func open(t *testing.T) *house {
	t.Helper()
	cfg := config.Default()
	cfg.Data, cfg.KeyFile = t.TempDir(), filepath.Join(t.TempDir(), "proofs.key")
	cfg.Paper = config.Paper{
		Name: "临江日报", Owner: "临江日报社", IDNumber: "00000000LINJIANG00", Representative: "周既明", Address: "临江市望江区滨河路1号",
		Contact: "版权管理部", Phone: "000-0000000", Email: "banquan@linjiang.example", Website: "http://epaper.linjiang.example/",
	}
	cfg.OwnHosts = []string{"linjiang.example"}
	site := httptest.NewServer(http.HandlerFunc(yuncheng))
	t.Cleanup(site.Close)
	cfg.Fetch.Delay, cfg.Fetch.Allow = time.Millisecond, []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	cfg.Fetch.Resolver = map[string]string{"www.yuncheng.example": strings.TrimPrefix(site.URL, "http://")}

	h := &house{t: t, tokens: map[string]string{}, spec: load(t)}
	h.build(cfg)
	h.people()
	h.url = serve(t, h.options)
	return h
}

// build puts the service together, as the command does.
func (h *house) build(cfg config.Config) {
	t, log := h.t, slog.New(slog.DiscardHandler)
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	policy, err := policies.Default()
	must(err)
	h.db, err = store.Open(t.Context(), cfg.DatabaseURL(), log)
	must(err)
	t.Cleanup(func() { h.db.Close() })
	live, err := index.Load(t.Context(), index.Options{DB: h.db, Log: slog.New(slog.DiscardHandler)})
	must(err)
	keep, err := evidence.Open(cfg.Data)
	must(err)
	t.Cleanup(func() { keep.Close() })
	var m *monitor.Monitor
	cases := casework.New(casework.Options{DB: h.db, Policy: policy, Config: cfg, Look: func(ctx context.Context, c *rights.Case) (casework.Sight, error) {
		return m.Look(ctx, c)
	}})
	m = monitor.New(monitor.Options{
		DB: h.db, Index: live, Evidence: keep, Policy: policy, Cases: cases, Config: cfg, Log: log,
		Fetcher: fetch.New(fetch.Options{
			UserAgent: cfg.Fetch.UserAgent, Delay: cfg.Fetch.Delay, Timeout: cfg.Fetch.Timeout, MaxBytes: cfg.Fetch.MaxBytes,
			MaxRedirects: cfg.Fetch.MaxRedirects, Allow: cfg.Fetch.Allow, Resolver: cfg.Fetch.Resolver, Logger: log,
		}),
	})
	key, err := audit.OpenKey(cfg.Data)
	must(err)
	sealer := notary.New(notary.Options{DB: h.db, Evidence: keep, Key: key})
	ticks, err := schedule.New(schedule.Options{DB: h.db, Monitor: m, Index: live, Notary: sealer, Log: log})
	must(err)
	must(ticks.Start(t.Context()))
	t.Cleanup(func() { must(ticks.Stop(context.Background())) })
	h.claims, err = claims.New(t.Context(), claims.Options{DB: h.db, Config: cfg})
	must(err)
	users, register := auth.New(h.db), catalog.New(h.db, live, cfg.Paper.Name)
	h.options = server.Options{
		Log: log,
		API: api.Options{
			DB: h.db, Auth: users, Catalog: register, Cases: cases, Claims: h.claims, Schedule: ticks,
			Bundles: &bundle.Maker{DB: h.db, Notary: sealer, Shelf: &shelf.Shelf{DB: h.db, Dir: cfg.Data}, Paper: cfg.Paper.Name},
		},
		Desk: desk.Options{
			DB: h.db, Auth: users, Catalog: register, Cases: cases, Claims: h.claims, Policy: policy, Config: cfg, Schedule: ticks,
		},
		Portal: portal.Options{Claims: h.claims, Policy: policy, Config: cfg},
	}
}

// people are a reviewer, a counsel, and one who has left.
func (h *house) people() {
	h.t.Helper()
	users, ctx, by := h.options.API.Auth, h.t.Context(), rights.SystemActor()
	for _, u := range []rights.User{
		{Login: "shen", Name: "沈知远", Role: rights.RoleReviewer},
		{Login: "gu", Name: "顾闻笙", Role: rights.RoleCounsel},
		{Login: "left", Name: "离职人员", Role: rights.RoleCounsel},
	} {
		if _, err := users.AddUser(ctx, by, u, ""); err != nil {
			h.t.Fatal(err)
		}
		token, err := users.Issue(ctx, by, rights.Token{Kind: rights.TokenAPI, Name: "测试"}, u.Login, time.Hour)
		if err != nil {
			h.t.Fatal(err)
		}
		h.tokens[u.Login] = token
	}
	if err := users.Disable(ctx, by, "left"); err != nil {
		h.t.Fatal(err)
	}
}

// serve runs a server until the end of the test, and returns its address.
func serve(t *testing.T, opt server.Options) string {
	t.Helper()
	var listen net.ListenConfig
	l, err := listen.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := server.New(opt).Serve(ctx, l); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(func() { stop(); wg.Wait() })
	return "http://" + l.Addr().String()
}

// answer is what came back.
type answer struct {
	t      *testing.T
	status int
	header http.Header
	body   []byte
}

// call asks as a user, or as nobody, and holds request and answer against
// /openapi.json.
func (h *house) call(method, path, as, body string) *answer {
	h.t.Helper()
	var in io.Reader
	if body != "" {
		in = strings.NewReader(body)
	}
	r, err := http.NewRequestWithContext(h.t.Context(), method, h.url+path, in)
	if err != nil {
		h.t.Fatal(err)
	}
	if token, ok := h.tokens[as]; ok {
		r.Header.Set("Authorization", "Bearer "+token)
	} else if as != "" {
		r.Header.Set("Authorization", as)
	}
	if body != "" {
		r.Header.Set("Content-Type", mediaType(path, body))
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		h.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	h.spec.check(h.t, r, body, res, b)
	return &answer{t: h.t, status: res.StatusCode, header: res.Header, body: b}
}

func mediaType(path, body string) string {
	if strings.HasSuffix(path, "/batch") && !strings.HasPrefix(strings.TrimSpace(body), "[") {
		return "application/jsonl"
	}
	return "application/json"
}

// want fails unless the answer has this status.
func (a *answer) want(status int) *answer {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("status %d, want %d: %.2000s", a.status, status, a.body)
	}
	return a
}

// into decodes the answer.
func (a *answer) into(v any) {
	a.t.Helper()
	if err := json.Unmarshal(a.body, v); err != nil {
		a.t.Fatalf("%v: %.2000s", err, a.body)
	}
}

// yuncheng is a site that carries the pier article, word for word and without a
// credit, and a page of its own.
func yuncheng(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	switch r.URL.Path {
	case "/news/8812.html":
		fmt.Fprint(w, page("老码头夜里亮灯了", pier()))
	case "/news/8813.html":
		fmt.Fprint(w, page("云城供水管网今起检修", []string{"记者从云城市水务部门获悉，自今日起，城东片区供水管网将分段检修，夜间水压可能偏低，请居民提前储水。"}))
	default:
		http.NotFound(w, r)
	}
}

func page(title string, paragraphs []string) string {
	var b bytes.Buffer
	fmt.Fprintf(&b, "<!doctype html><html><head><title>%s</title></head><body><h1>%s</h1><div>2026-01-08 09:30</div><article>", title, title)
	for _, p := range paragraphs {
		fmt.Fprintf(&b, "<p>%s</p>", p)
	}
	b.WriteString("</article></body></html>")
	return b.String()
}

// pier is the body of an article of the paper.
func pier() []string {
	return []string{
		"傍晚六点，临江老码头的灯一盏接一盏亮起来。三十年前停航的三号趸船如今改成了茶馆，老船工罗伯的收音机里放着戏，船舷边坐满了来吹江风的人。",
		"“以前这里只有缆绳和煤灰。”罗伯把茶杯往桌上一搁，指着对岸的吊塔说，去年开春工人们拆掉围墙，把两百多米岸线还给了街坊，孩子们才第一次摸到江水。",
		"改造花了十四个月。设计师何小满没有拆旧仓库，只把西墙换成玻璃，让过路的人看得见里面的榫卯屋架。她说，码头要留住的不是样子，是大家愿意来坐一坐的理由。",
		"如今每到周末，早市从石阶一直摆到防汛墙下，鱼贩和花农各占一边。街道办算过一笔账：一年下来，码头边新开了二十七家小店，没有一家是连锁。",
	}
}

// pierJSON is the article as it is sent.
func pierJSON(change func(map[string]any)) string {
	a := map[string]any{
		"issue_date": "2026-01-07", "page_no": "02", "page_name": "要闻·综合", "headline": "老码头的灯又亮了",
		"bylines": []string{"何小满", "罗听雨"}, "credit_line": "本报记者 何小满 罗听雨", "genre": "feature",
		"url":      "http://epaper.linjiang.example/html/2026-01/07/content_02_3.htm",
		"print_at": "2026-01-06T22:00:00Z", "paragraphs": pier(),
	}
	if change != nil {
		change(a)
	}
	b, err := json.Marshal(a)
	if err != nil {
		return err.Error()
	}
	return string(b)
}
