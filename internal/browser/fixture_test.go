package browser_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"rightsdesk/internal/browser"
	"rightsdesk/internal/fetch"
	"rightsdesk/internal/testenv"
)

const address = "http://www.yuncheng.example/n/1.html"

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// record is a log that can be read while it is written.
type record struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (r *record) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.b.Write(p)
}

// lines are those that hold a text.
func (r *record) lines(text string) (list []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for line := range strings.Lines(r.b.String()) {
		if strings.Contains(line, text) {
			list = append(list, line)
		}
	}
	return list
}

// house is a browser before sites on 127.0.0.1, where nothing else may be reached.
type house struct {
	t      *testing.T
	server *httptest.Server
	folder string // of the profiles
	log    *record
	*browser.Browser
}

// newHouse serves h for www.yuncheng.example and mingsheng.example.
func newHouse(t *testing.T, h http.Handler, limits browser.Limits, change ...func(*fetch.Options)) *house {
	t.Helper()
	program := testenv.Program(t, "chromium")
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	log := &record{}
	logger := slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	opt := fetch.Options{
		UserAgent: "Rightsdesk/1.0 (+https://linjiang.example/bot)", MaxBytes: 1 << 20, Logger: logger,
		Allow:    []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")},
		Resolver: map[string]string{"www.yuncheng.example": server.Listener.Addr().String(), "mingsheng.example": server.Listener.Addr().String()},
	}
	for _, f := range change {
		f(&opt)
	}
	folder := t.TempDir()
	b, err := browser.New(browser.Options{Program: program, Fetcher: fetch.New(opt), Folder: folder, Limits: limits, Logger: logger})
	check(t, err)
	return &house{t: t, server: server, folder: folder, log: log, Browser: b}
}

// page is a page of the site with this body.
func page(body string) browser.Page {
	return browser.Page{
		URL: address, Status: http.StatusOK, Header: http.Header{"Content-Type": {"text/html; charset=utf-8"}, "Content-Encoding": {"gzip"}}, Body: []byte(body),
	}
}

// draw draws a page with this body.
func (h *house) draw(body string) *fetch.View {
	h.t.Helper()
	v, err := h.Draw(h.t.Context(), page(body))
	check(h.t, err)
	h.gone()
	return v
}

// gone wants nothing of a browser left: no process, and no profile.
func (h *house) gone() {
	h.t.Helper()
	if list := running(h.t, h.folder); len(list) > 0 {
		h.t.Errorf("processes are left: %q", list)
	}
	left, err := os.ReadDir(h.folder)
	check(h.t, err)
	if len(left) > 0 {
		h.t.Errorf("profiles are left: %v", left)
	}
}

// asked are the paths of the site that a page asked for.
func asked(v *fetch.View) (list []string) {
	for _, ex := range v.Exchanges {
		list = append(list, strings.TrimPrefix(ex.URL, "http://www.yuncheng.example"))
	}
	slices.Sort(list)
	return list
}
