package server_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"rightsdesk/config"
	"rightsdesk/internal/api"
	"rightsdesk/internal/auth"
	"rightsdesk/internal/casework"
	"rightsdesk/internal/catalog"
	"rightsdesk/internal/claims"
	"rightsdesk/internal/desk"
	"rightsdesk/internal/index"
	"rightsdesk/internal/portal"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/server"
	"rightsdesk/internal/store"
	"rightsdesk/policies"
)

// site is a server on 127.0.0.1 over an empty house, and its log.
type site struct {
	*testing.T
	url     string
	db      *store.DB
	token   string // of the API
	link    string // of a login
	log     *logbook
	unready error // what readiness is told
	stop    context.CancelFunc
	ended   chan error
}

// logbook is what the server logs, a JSON object a line.
type logbook struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logbook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func open(t *testing.T) *site {
	t.Helper()
	return openBehind(t, config.Default().TrustedProxies)
}

// openBehind opens the site with proxies that it trusts.
func openBehind(t *testing.T, trusted []netip.Prefix) *site {
	t.Helper()
	s := &site{T: t, log: &logbook{}, ended: make(chan error, 1)}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	cfg := config.Default()
	cfg.Data, cfg.KeyFile = t.TempDir(), filepath.Join(t.TempDir(), "proofs.key")
	cfg.TrustedProxies = trusted
	cfg.Paper = config.Paper{Name: "临江日报", Owner: "临江日报社"}
	quiet := slog.New(slog.DiscardHandler)
	policy, err := policies.Default()
	must(err)
	s.db, err = store.Open(t.Context(), cfg.DatabaseURL(), quiet)
	must(err)
	t.Cleanup(func() { s.db.Close() })
	live, err := index.Load(t.Context(), index.Options{DB: s.db, Log: slog.New(slog.DiscardHandler)})
	must(err)
	office, err := claims.New(t.Context(), claims.Options{DB: s.db, Config: cfg})
	must(err)
	users, register, cases := auth.New(s.db), catalog.New(s.db, live, cfg.Paper.Name), casework.New(casework.Options{DB: s.db, Policy: policy, Config: cfg})
	_, err = users.AddUser(t.Context(), rights.SystemActor(), rights.User{Login: "shen", Name: "沈知远", Role: rights.RoleReviewer}, "一个足够长的登录密码")
	must(err)
	s.token, err = users.Issue(t.Context(), rights.SystemActor(), rights.Token{Kind: rights.TokenAPI, Name: "接口"}, "shen", time.Hour)
	must(err)
	s.link, err = users.Issue(t.Context(), rights.SystemActor(), rights.Token{Kind: rights.TokenLogin, Name: "链接"}, "shen", time.Hour)
	must(err)
	s.serve(server.New(server.Options{
		API:    api.Options{DB: s.db, Auth: users, Catalog: register, Cases: cases, Claims: office},
		Desk:   desk.Options{DB: s.db, Auth: users, Catalog: register, Cases: cases, Claims: office, Policy: policy, Config: cfg},
		Portal: portal.Options{Claims: office, Policy: policy, Config: cfg},
		Ready:  func(context.Context) error { return s.unready },
		Log:    slog.New(slog.NewJSONHandler(s.log, nil)),
	}))
	return s
}

func (s *site) serve(srv *server.Server) {
	s.Helper()
	var listen net.ListenConfig
	l, err := listen.Listen(s.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		s.Fatal(err)
	}
	var ctx context.Context
	ctx, s.stop = context.WithCancel(s.Context())
	s.url = "http://" + l.Addr().String()
	go func() { s.ended <- srv.Serve(ctx, l) }()
	s.Cleanup(s.stop)
}

type reply struct {
	status int
	header http.Header
	body   string
}

// ask sends a request with headers, given as name and value in turn, and does
// not follow redirects.
func (s *site) ask(method, path, body string, headers ...string) reply {
	s.Helper()
	r, err := http.NewRequestWithContext(s.Context(), method, s.url+path, strings.NewReader(body))
	if err != nil {
		s.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(r)
	if err != nil {
		s.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		s.Fatal(err)
	}
	return reply{status: res.StatusCode, header: res.Header, body: string(b)}
}

func TestErrors(t *testing.T) {
	s := open(t)
	const page, problem = "text/html; charset=UTF-8", "application/problem+json"
	browser := []string{"Accept", "text/html,application/xhtml+xml,*/*;q=0.8"}
	with := func(more ...string) []string { return append(append([]string{}, browser...), more...) }
	bearer := "Bearer " + s.token
	for _, tt := range []struct {
		name, method, path, body string
		headers                  []string
		status                   int
		media                    string
		has, not                 []string
		header                   [2]string
	}{
		{"a page that is not there", "GET", "/nowhere", "", browser, 404, page, []string{"没有找到", `href="/"`, "返回首页", `lang="zh-CN"`}, nil, [2]string{}},
		{"in English", "GET", "/nowhere", "", with("Accept-Language", "en"), 404, page, []string{"Not found", "To the front page", `lang="en"`}, []string{"没有找到"}, [2]string{}},
		{"below the desk", "GET", "/desk/nowhere", "", browser, 404, page, []string{`href="/desk"`, "返回工作台"}, nil, [2]string{}},
		{"markup in the address", "GET", "/%3Cscript%3Ealert(1)%3C/script%3E", "", browser, 404, page, nil, []string{"<script"}, [2]string{}},
		{"for a program", "GET", "/nowhere", "", []string{"Accept", "application/json"}, 404, problem, []string{`"status":404`, `"instance":"/nowhere"`, `"type":"about:blank"`}, nil, [2]string{}},
		{"a method that is not there", "DELETE", "/healthz", "", nil, 405, problem, []string{`"status":405`}, nil, [2]string{"Allow", "GET"}},
		{"without a token", "GET", "/v1/me", "", browser, 401, problem, []string{`"status":401`}, nil, [2]string{"WWW-Authenticate", "Bearer"}},
		{
			"the desk without a login", "GET", "/desk/articles?q=%E7%81%AF&offset=50", "", browser, 303, "", nil, nil,
			[2]string{"Location", "/login?next=%2Fdesk%2Farticles%3Fq%3D%25E7%2581%25AF%26offset%3D50"},
		},
		{"a form of the desk without a login", "POST", "/desk/cases/RD2026-0001/moves/confirm", "a=b", browser, 303, "", nil, nil, [2]string{"Location", "/login?next=%2Fdesk"}},
		{"the desk without a login, for a program", "GET", "/desk", "", []string{"Accept", "application/json"}, 401, problem, nil, nil, [2]string{"WWW-Authenticate", "Bearer"}},
		{"a link that is not known", "GET", "/claim/nothing", "", browser, 404, page, nil, nil, [2]string{}},
		{"from another site", "POST", "/v1/articles", "{}", []string{"Sec-Fetch-Site", "cross-site", "Authorization", bearer}, 403, problem, []string{"其他网站"}, nil, [2]string{}},
		{"from another site, in an old browser", "POST", "/login", "login=shen", with("Origin", "http://evil.example"), 403, page, []string{"其他网站"}, nil, [2]string{}},
		{"a body over the limit", "POST", "/v1/articles", strings.Repeat(" ", 1<<20+1), []string{"Authorization", bearer}, 413, problem, []string{"最多 1 MiB"}, nil, [2]string{}},
		{"bytes that are no text", "GET", "/desk?q=%ff", "", browser, 400, page, []string{"无法识别"}, nil, [2]string{}},
		{"a huge header", "GET", "/v1/me", "", []string{"X-Long", strings.Repeat("x", 80<<10)}, 431, "", nil, nil, [2]string{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			res := s.ask(tt.method, tt.path, tt.body, tt.headers...)
			if res.status != tt.status {
				t.Fatalf("status %d, want %d: %s", res.status, tt.status, res.body)
			}
			if tt.media != "" && !strings.EqualFold(res.header.Get("Content-Type"), tt.media) {
				t.Errorf("media type %q, want %q", res.header.Get("Content-Type"), tt.media)
			}
			id := res.header.Get("X-Request-Id")
			if tt.media != "" && (id == "" || !strings.Contains(res.body, id)) {
				t.Errorf("the request ID %q is not in the answer: %s", id, res.body)
			}
			for _, want := range tt.has {
				if !strings.Contains(res.body, want) {
					t.Errorf("the answer lacks %q: %s", want, res.body)
				}
			}
			for _, never := range tt.not {
				if strings.Contains(res.body, never) {
					t.Errorf("the answer has %q: %s", never, res.body)
				}
			}
			if name := tt.header[0]; name != "" && !strings.Contains(res.header.Get(name), tt.header[1]) {
				t.Errorf("%s: %q, want %q", name, res.header.Get(name), tt.header[1])
			}
		})
	}
}

func TestHeaders(t *testing.T) {
	s := open(t)
	for _, path := range []string{"/", "/claim", "/login", "/nowhere", "/v1/me", "/openapi.json", "/healthz", "/assets/error.css"} {
		res := s.ask("GET", path, "")
		h := res.header
		csp := h.Get("Content-Security-Policy")
		if !strings.Contains(csp, "default-src 'none'") || !strings.Contains(csp, "frame-ancestors 'none'") || strings.Contains(csp, "unsafe") {
			t.Errorf("%s: Content-Security-Policy %q", path, csp)
		}
		if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") == "" || h.Get("X-Request-Id") == "" || h.Get("Cache-Control") == "" {
			t.Errorf("%s: %v", path, h)
		}
		if h.Get("Server") != "" || h.Get("X-Powered-By") != "" {
			t.Errorf("%s says what it is made of: %v", path, h)
		}
	}
}

func TestHealth(t *testing.T) {
	s := open(t)
	res := s.ask("GET", "/healthz", "")
	if res.status != http.StatusOK || res.body != "{\"status\":\"ok\"}\n" {
		t.Errorf("%d %q", res.status, res.body)
	}
	if res := s.ask("GET", "/readyz", ""); res.status != http.StatusOK {
		t.Errorf("ready: %d %q", res.status, res.body)
	}
	s.unready = errors.New("no workers")
	if res := s.ask("GET", "/readyz", ""); res.status != http.StatusServiceUnavailable || strings.Contains(res.body, "no workers") {
		t.Errorf("not ready: %d %q", res.status, res.body)
	}
	if err := s.db.Close(); err != nil {
		t.Fatal(err)
	}
	res = s.ask("GET", "/healthz", "")
	if res.status != http.StatusServiceUnavailable || strings.Contains(res.body, "closed") || strings.Contains(res.body, "sql: ") {
		t.Errorf("%d %q", res.status, res.body)
	}
}

// TestNoInternalDetail asks pages of a service whose database is gone.
func TestNoInternalDetail(t *testing.T) {
	s := open(t)
	res := s.ask("GET", "/login?token="+s.link, "")
	cookie := res.header.Get("Set-Cookie")
	if err := s.db.Close(); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/desk", "/desk/articles", "/desk/claims", "/desk/sources", "/claim/abc", "/v1/me", "/login?token=" + s.link} {
		res := s.ask("GET", path, "", "Cookie", cookie, "Authorization", "Bearer "+s.token)
		if res.status != http.StatusInternalServerError {
			t.Errorf("%s: status %d", path, res.status)
		}
		for _, never := range []string{"sql: ", "database", "closed", "begin", ".go", s.token, s.link} {
			if strings.Contains(strings.ToLower(res.body), strings.ToLower(never)) {
				t.Errorf("%s shows %q: %s", path, never, res.body)
			}
		}
		if id := res.header.Get("X-Request-Id"); !strings.Contains(s.log.String(), id) {
			t.Errorf("%s: the log lacks %s", path, id)
		}
	}
	if !strings.Contains(s.log.String(), "database is closed") {
		t.Errorf("the log lacks the cause:\n%s", s.log)
	}
}

func TestLog(t *testing.T) {
	s := open(t)
	s.ask("GET", "/login?token="+s.link+"&next=/desk", "")
	s.ask("GET", "/claim/geheim?page=geheim", "")
	s.ask("GET", "/claim/geheim/nowhere", "")
	s.ask("DELETE", "/claim/geheim", "")
	s.ask("GET", "/v1/articles?q=geheim", "", "Authorization", "Bearer "+s.token)
	s.ask("POST", "/login", "login=shen&password=geheim", "Content-Type", "application/x-www-form-urlencoded")
	log := s.log.String()
	for _, never := range []string{"geheim", s.token, s.link} {
		if strings.Contains(log, never) {
			t.Errorf("the log has %q:\n%s", never, log)
		}
	}
	var lines []map[string]any
	for line := range strings.Lines(log) {
		var entry map[string]any
		if err := json.Unmarshal([]byte(line), &entry); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, entry)
	}
	if len(lines) != 6 {
		t.Fatalf("%d lines for 6 requests:\n%s", len(lines), log)
	}
	for i, want := range []string{"GET /login 303", "GET /claim/:token 404", "GET /… 404", "DELETE /claim/:token 405", "GET /v1/articles 200", "POST /login 401"} {
		got := strings.Join([]string{lines[i]["method"].(string), lines[i]["path"].(string), jsonText(lines[i]["status"])}, " ")
		if got != want || lines[i]["remote"] != "127.0.0.1" || lines[i]["request_id"] == "" {
			t.Errorf("line %d is %q, want %q: %v", i, got, want, lines[i])
		}
	}
}

func jsonText(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// TestHangUp lets a client go away while its request is read.
func TestHangUp(t *testing.T) {
	s := open(t)
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = io.WriteString(conn, "POST /v1/articles HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "+s.token+"\r\nContent-Length: 1000\r\n\r\n{")
	if err != nil {
		t.Fatal(err)
	}
	conn.Close()
	deadline := time.Now().Add(10 * time.Second)
	for !strings.Contains(s.log.String(), `"path":"/v1/articles"`) && time.Now().Before(deadline) {
		time.Sleep(5 * time.Millisecond)
	}
	if log := s.log.String(); !strings.Contains(log, `"status":499`) || strings.Contains(log, `"level":"ERROR"`) {
		t.Errorf("the log: %s", log)
	}
}

// TestShutdown ends the server while a request is under way: it is answered.
func TestShutdown(t *testing.T) {
	s := open(t)
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_, err = io.WriteString(conn, "POST /v1/articles HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nAuthorization: Bearer "+s.token+"\r\nContent-Length: 2\r\n\r\n")
	if err != nil {
		t.Fatal(err)
	}
	// The server asks for the body once the handler reads it.
	r := bufio.NewReader(conn)
	line, err := r.ReadString('\n')
	if err != nil || !strings.Contains(line, "100 Continue") {
		t.Fatalf("%q %v", line, err)
	}
	if _, err := r.ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	s.stop()
	deadline := time.Now().Add(10 * time.Second)
	for time.Now().Before(deadline) {
		if late, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimPrefix(s.url, "http://")); err != nil {
			break
		} else {
			late.Close()
		}
	}
	if _, err := io.WriteString(conn, "{}"); err != nil {
		t.Fatal(err)
	}
	res, err := http.ReadResponse(r, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("status %d", res.StatusCode)
	}
	if err := <-s.ended; err != nil {
		t.Errorf("the server ended with %v", err)
	}
}
