package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rightsdesk/internal/rights"
	"rightsdesk/internal/testenv"
	"rightsdesk/internal/tsa"
)

// TestDrawnPage: a reprint that a page fetches goes the whole way, from the source to
// a bundle that holds; what a browser made of the page is proven in it.
func TestDrawnPage(t *testing.T) {
	t.Parallel()
	testenv.Program(t, "chromium")
	file, data := watched(t)
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/1.html":
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprint(w, `<title>云城网</title><h1></h1><div class="content">正在加载…</div><script>fetch("/1.json").then(r => r.json()).then(s => {
				document.title = document.querySelector("h1").innerText = s.title; document.querySelector(".content").innerText = s.text })</script>`)
		case "/1.json":
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprintf(w, `{"title": "老码头的灯又亮了", "text": %q}`, quayText)
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(site.Close)
	a, err := tsa.New("云章")
	if err != nil {
		t.Fatal(err)
	}
	authority := httptest.NewServer(a)
	t.Cleanup(authority.Close)
	dir := t.TempDir()
	roots, out := filepath.Join(dir, "roots.pem"), filepath.Join(dir, "a.wacz")
	if err := os.WriteFile(roots, a.RootPEM(), 0o600); err != nil {
		t.Fatal(err)
	}
	setting, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	at := strings.Index(string(setting), `{www.yuncheng.example: "`) + len(`{www.yuncheng.example: "`)
	end := at + strings.Index(string(setting[at:]), `"`)
	changed := fmt.Sprintf("%s%s%stime_stamps: [{id: yunzhang, url: %q, roots: %q}]\n", setting[:at], site.Listener.Addr(), setting[end:], authority.URL, roots)
	if err := os.WriteFile(file, []byte(changed), 0o600); err != nil {
		t.Fatal(err)
	}
	id := "RD" + time.Now().In(rights.China).Format("2006") + "-0001"
	for _, tt := range []struct {
		args []string
		want string
	}{
		{[]string{"--config", file, "sweep"}, "yuncheng  2      0          1           1        1          1"},
		{[]string{"--config", file, "bundle", id, "--out", out}, "SHA-256"},
		{[]string{"verify", out, "--roots", roots}, "all is as it was written"},
		{[]string{"verify", "--dir", data, "--roots", roots}, "all is as it was written"},
	} {
		if code, printed, errs := command(t.Context(), t, tt.args...); code != 0 || !strings.Contains(printed, tt.want) {
			t.Fatalf("%v: status %d\n%s%s", tt.args, code, printed, errs)
		}
	}
	b, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"url":"urn:page:http://www.yuncheng.example/1.html"`, `"url":"urn:fullPage:http://www.yuncheng.example/1.html"`, `"url":"http://www.yuncheng.example/1.json"`} {
		if !strings.Contains(strings.ReplaceAll(string(b), `": "`, `":"`), want) {
			t.Errorf("the bundle lacks %s", want)
		}
	}
}
