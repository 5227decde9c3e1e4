package desk_test

import (
	"context"
	"errors"
	"fmt"
	"html"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
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

const password = "correct horse battery"

// hostile is the title of the page that copies with changes.
const hostile = `<script>alert("x")</script>渡口 & 大桥`

// footer stands on every page of a site.
const footer = "云城网<b>新闻热线</b>全天接听，欢迎提供线索"

// house is the whole service on 127.0.0.1 over a temporary folder, with a site
// that reprints two articles.
type house struct {
	*testing.T
	db      *store.DB
	cfg     config.Config
	auth    *auth.Auth
	catalog *catalog.Catalog
	cases   *casework.Cases
	claims  *claims.Office
	monitor *monitor.Monitor
	site    *site
	url     string
	bridge  *rights.Article // by staff, the last paragraph wire copy
	market  *rights.Article // by staff
}

// site answers for every host name.
type site struct{ gone map[string]bool }

// open starts a service. Nothing was swept yet.
func open(t *testing.T) *house {
	t.Helper()
	h := &house{T: t, site: &site{gone: map[string]bool{}}}
	sites := httptest.NewServer(h.site)
	t.Cleanup(sites.Close)
	h.cfg = config.Default()
	h.cfg.Data, h.cfg.KeyFile = filepath.Join(t.TempDir(), "data"), filepath.Join(t.TempDir(), "key")
	h.cfg.Paper = config.Paper{Name: "临江日报", Owner: "临江日报社", Address: "临江市滨河路1号", Contact: "版权管理部", Phone: "000-0000000", Email: "banquan@linjiang.example"}
	h.cfg.Fetch.Allow, h.cfg.Fetch.Delay = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, 0
	h.cfg.Fetch.Resolver = map[string]string{"www.yuncheng.example": sites.Listener.Addr().String(), "www.qingshi.example": sites.Listener.Addr().String()}
	h.cfg.Licences = []config.Licence{{ID: "L-1", Licensee: "青石网", Hosts: []string{"www.qingshi.example"}, From: "2026-01-01"}}
	h.start()
	return h
}

func (h *house) start() {
	h.Helper()
	ctx, log := h.Context(), slog.New(slog.DiscardHandler)
	check(h, os.MkdirAll(h.cfg.Data, 0o750))
	policy, err := policies.Default()
	check(h, err)
	h.db, err = store.Open(ctx, h.cfg.DatabaseURL(), log)
	check(h, err)
	x, err := index.Load(ctx, index.Options{DB: h.db, Log: slog.New(slog.DiscardHandler)})
	check(h, err)
	kept, err := evidence.Open(h.cfg.Data)
	check(h, err)
	h.auth, h.catalog = auth.New(h.db), catalog.New(h.db, x, h.cfg.Paper.Name)
	h.cases = casework.New(casework.Options{DB: h.db, Policy: policy, Config: h.cfg, Look: func(ctx context.Context, c *rights.Case) (casework.Sight, error) {
		return h.monitor.Look(ctx, c)
	}})
	h.claims, err = claims.New(ctx, claims.Options{DB: h.db, Config: h.cfg})
	check(h, err)
	h.monitor = monitor.New(monitor.Options{
		DB: h.db, Index: x, Evidence: kept, Policy: policy, Cases: h.cases, Config: h.cfg, Log: log,
		Fetcher: fetch.New(fetch.Options{
			UserAgent: "Test/1", Timeout: 5 * time.Second, MaxBytes: 1 << 20, Allow: h.cfg.Fetch.Allow, Resolver: h.cfg.Fetch.Resolver, Logger: log,
		}),
	})
	key, err := audit.OpenKey(h.cfg.Data)
	check(h, err)
	sealer := notary.New(notary.Options{DB: h.db, Evidence: kept, Key: key})
	clock, err := schedule.New(schedule.Options{DB: h.db, Monitor: h.monitor, Index: x, Notary: sealer, Log: log})
	check(h, err)
	check(h, clock.Start(ctx))
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	check(h, err)
	h.url = "http://" + l.Addr().String()
	s := server.New(server.Options{
		API: api.Options{DB: h.db, Auth: h.auth, Catalog: h.catalog, Cases: h.cases, Claims: h.claims, Schedule: clock},
		Desk: desk.Options{
			DB: h.db, Auth: h.auth, Catalog: h.catalog, Cases: h.cases, Claims: h.claims, Policy: policy, Config: h.cfg, Schedule: clock,
			Bundles: &bundle.Maker{DB: h.db, Notary: sealer, Shelf: &shelf.Shelf{DB: h.db, Dir: h.cfg.Data}, Paper: "临江日报"},
		},
		Portal: portal.Options{Claims: h.claims, Policy: policy, Config: h.cfg},
		Log:    log,
	})
	serving, stop := context.WithCancel(ctx)
	served := make(chan error, 1)
	go func() { served <- s.Serve(serving, l) }()
	h.Cleanup(func() {
		stop()
		check(h, errors.Join(<-served, clock.Stop(context.WithoutCancel(ctx)), kept.Close(), h.db.Close()))
	})
	for _, u := range []rights.User{{Login: "shen", Name: "沈知远", Role: rights.RoleReviewer}, {Login: "gu", Name: "顾闻笙", Role: rights.RoleCounsel}} {
		_, err := h.auth.AddUser(ctx, rights.SystemActor(), u, password)
		check(h, err)
	}
}

func check(h *house, err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

// register puts the two articles into the register.
func (h *house) register() {
	h.Helper()
	web := time.Date(2026, 1, 6, 22, 0, 0, 0, time.UTC)
	h.bridge = &rights.Article{
		IssueDate: "2026-01-07", PageNo: "01", PageName: "要闻", Headline: "澜江二桥通车首日", Bylines: []string{"林远舟"}, CreditLine: "本报记者 林远舟",
		Genre: rights.GenreFeature, Topic: rights.TopicOther, WebAt: &web, Paragraphs: bridgeText(),
	}
	h.market = &rights.Article{
		IssueDate: "2026-01-07", PageNo: "04", PageName: "副刊", Headline: "老城的早市", Bylines: []string{"何青禾"}, CreditLine: "本报记者 何青禾",
		Genre: rights.GenreFeature, WebAt: &web, Paragraphs: marketText(),
	}
	for _, a := range []*rights.Article{h.bridge, h.market} {
		_, err := h.catalog.Register(h.Context(), rights.SystemActor(), a)
		check(h, err)
	}
}

// sweep watches the sites once: one page with changes and a hostile title, one
// with both articles, one under a licence.
func (h *house) sweep() {
	h.Helper()
	h.register()
	for _, s := range []rights.Source{
		{
			ID: "yuncheng", Name: "云城网", Kind: rights.SourceURLs, Origin: rights.OriginAPI,
			URLs:     []string{"http://www.yuncheng.example/bridge.html", "http://www.yuncheng.example/both.html", "http://www.yuncheng.example/missing.html"},
			Operator: rights.Operator{Name: "云城网络传媒有限公司", Role: rights.RolePublisher, Address: "云城市柳荫路9号", Email: "legal@yuncheng.example"},
		},
		{
			ID: "qingshi", Name: "青石网", Kind: rights.SourceURLs, Origin: rights.OriginAPI, URLs: []string{"http://www.qingshi.example/bridge.html"},
			Operator: rights.Operator{Name: "青石县融媒体中心", Role: rights.RolePublisher},
		},
	} {
		check(h, h.db.Update(h.Context(), func(tx *store.Tx) error { return tx.PutSource(h.Context(), &s) }))
		_, err := h.monitor.Sweep(h.Context(), s.ID, nil)
		check(h, err)
	}
}

// caseOn is the number of the case on a path of the site.
func (h *house) caseOn(path string) string {
	h.Helper()
	var k *rights.Case
	check(h, h.db.View(h.Context(), func(tx *store.Tx) (err error) {
		k, err = tx.CaseByURL(h.Context(), "http://www.yuncheng.example"+path)
		return err
	}))
	return k.ID
}

func (h *house) readCase(id string) *rights.Case {
	h.Helper()
	var k *rights.Case
	check(h, h.db.View(h.Context(), func(tx *store.Tx) (err error) {
		k, err = tx.Case(h.Context(), id)
		return err
	}))
	return k
}

func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	title, credit, text, at := "", "", []string(nil), "2026-01-08 09:30"
	switch r.URL.Path {
	case "/stale/11.html", "/stale/12.html", "/stale/13.html", "/stale/14.html":
		title, text = "澜江二桥通车首日", bridgeText()
	case "/own/1.html", "/own/2.html", "/own/3.html", "/own/4.html", "/own/5.html":
		title, text = "云城见闻", []string{
			fmt.Sprintf("云城第%s批老旧水管昨天换完，施工队连夜回填路面，早高峰前恢复了通行。", r.URL.Path),
			fmt.Sprintf("水务公司说，%s号工地周边的两千户居民用上了新水管，水压比原来稳了不少。", r.URL.Path), footer,
		}
	case "/before.html":
		title, text, at = "澜江二桥通车首日", bridgeText(), "2026-01-05 09:30"
	case "/bridge.html":
		title, text = "澜江二桥通车首日", bridgeText()
		if strings.HasPrefix(r.Host, "www.yuncheng") {
			title, text = hostile, strings.Split(strings.Replace(strings.Join(text, "\n"), "四十分钟", "五十分钟", 1), "\n")
		}
	case "/both.html":
		title, credit, text = "早读：两篇好文", "来源：临江日报　作者：林远舟 何青禾", slices.Concat(bridgeText()[:3], marketText()[:3], bridgeText()[:1]) // the first paragraph once more
	}
	if text == nil || s.gone[r.URL.Path] {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprintf(w, "<!DOCTYPE html><html><head><title>%s</title></head><body><article><h1>%[1]s</h1><p>%s　%s</p>", html.EscapeString(title), at, credit)
	for _, p := range text {
		fmt.Fprintf(w, "<p>%s</p>\n", html.EscapeString(p))
	}
	fmt.Fprint(w, "</article></body></html>")
}
