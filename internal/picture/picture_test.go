package picture_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"rightsdesk/internal/evidence"
	"rightsdesk/internal/fetch"
	"rightsdesk/internal/picture"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
	"rightsdesk/internal/testenv"
)

const address = "http://www.yuncheng.example/n/1.html"

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// square is a PNG of one colour.
func square(c color.Color) []byte {
	img := image.NewRGBA(image.Rect(0, 0, 40, 40))
	for i := range 40 * 40 {
		img.Set(i%40, i/40, c)
	}
	var b bytes.Buffer
	_ = png.Encode(&b, img) // into memory
	return b.Bytes()
}

// site answers what pages ask for; pages themselves are given by the tests.
func site(t *testing.T) *fetch.Fetcher {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("/style.css", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/css")
		fmt.Fprint(w, "body{background:rgb(200,30,30);margin:0;height:3000px}")
	})
	mux.HandleFunc("/logo.png", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(square(color.RGBA{0, 0, 255, 255})) })
	mux.HandleFunc("/other.html", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<p>另一页</p>") })
	mux.HandleFunc("/robots.txt", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "User-agent: *\nDisallow: /private/\n") })
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return fetch.New(fetch.Options{
		UserAgent: "Rightsdesk/1.0 (+https://linjiang.example/bot)", Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")},
		Resolver: map[string]string{"www.yuncheng.example": server.Listener.Addr().String()},
	})
}

func draw(t *testing.T, body string) *picture.Picture {
	t.Helper()
	program := testenv.Program(t, "chromium")
	p, err := picture.Draw(t.Context(), program, site(t), picture.Page{
		URL: address, Status: http.StatusOK, Header: http.Header{"Content-Type": {"text/html; charset=utf-8"}, "Content-Encoding": {"gzip"}}, Body: []byte(body),
	})
	check(t, err)
	return p
}

func asked(p *picture.Picture) (list []string) {
	for _, ex := range p.Exchanges {
		list = append(list, strings.TrimPrefix(ex.URL, "http://www.yuncheng.example"))
	}
	slices.Sort(list)
	return list
}

func TestDraw(t *testing.T) {
	p := draw(t, `<title>题</title><link rel="stylesheet" href="/style.css"><img src="/logo.png" style="display:block"><p>江水东流</p><p hidden>看不见的字</p>
		<script>document.body.append("脚本写的字")</script>`)
	img, err := png.Decode(bytes.NewReader(p.PNG))
	check(t, err)
	if size := img.Bounds().Size(); size.X != 1280 || size.Y != 3000 {
		t.Errorf("the picture is %v", size)
	}
	if c := color.RGBAModel.Convert(img.At(20, 20)); c != (color.RGBA{0, 0, 255, 255}) {
		t.Errorf("the image is %v", c)
	}
	if c := color.RGBAModel.Convert(img.At(600, 2900)); c != (color.RGBA{200, 30, 30, 255}) {
		t.Errorf("the page is %v", c)
	}
	if !strings.Contains(p.Text, "江水东流") || !strings.Contains(p.Text, "脚本写的字") || strings.Contains(p.Text, "看不见") {
		t.Errorf("the text is %q", p.Text)
	}
	if got := asked(p); !slices.Contains(got, "/style.css") || !slices.Contains(got, "/logo.png") || !strings.Contains(p.Browser, "/") || p.At.IsZero() {
		t.Errorf("asked for %v, with %s at %v", got, p.Browser, p.At)
	}
}

// TestHostilePages: whatever a page does, it is drawn, and reaches nothing that the
// fetcher would not.
func TestHostilePages(t *testing.T) {
	testenv.Program(t, "chromium")
	var reached atomic.Int64
	inside := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }))
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.9:0")
	check(t, err)
	inside.Listener = l
	inside.Start()
	t.Cleanup(inside.Close)
	for name, body := range map[string]string{
		"it asks for an inside address": `<img src="INSIDE/a"><iframe src="INSIDE/b"></iframe><script src="INSIDE/c"></script><link rel="preconnect" href="INSIDE">
			<link rel="prefetch" href="INSIDE/d"><script>fetch("INSIDE/e").catch(()=>{});navigator.sendBeacon("INSIDE/f","x");new WebSocket("ws://"+"INSIDE".slice(7)+"/g");new EventSource("INSIDE/h")</script>`,
		"it leads elsewhere":       `<meta http-equiv="refresh" content="0;url=/other.html"><script>location="/other.html"</script>`,
		"it leads inside":          `<script>location="INSIDE/i"</script>`,
		"it asks somebody":         `<script>alert(1);confirm(2);prompt(3);print()</script>`,
		"it sends a form":          `<form method="post" action="INSIDE/j"></form><script>document.forms[0].submit()</script>`,
		"it opens windows":         `<script>for (let i=0;i<20;i++) window.open("INSIDE/k"+i)</script>`,
		"it asks without end":      `<script>for (let i=0;i<500;i++) new Image().src="/logo.png?"+i</script>`,
		"it is what robots forbid": `<img src="/private/a.png">`,
		"it is of giant size":      `<div style="height:9000000px"></div>`,
	} {
		t.Run(name, func(t *testing.T) {
			p := draw(t, "<p>江水东流</p>"+strings.ReplaceAll(body, "INSIDE", inside.URL))
			img, err := png.DecodeConfig(bytes.NewReader(p.PNG))
			check(t, err)
			if !strings.Contains(p.Text, "江水东流") || img.Height > 16_384 || len(p.Exchanges) > 60 {
				t.Errorf("text %q, height %d, %d exchanges", p.Text, img.Height, len(p.Exchanges))
			}
			if got := asked(p); slices.Contains(got, "/other.html") || slices.Contains(got, "/private/a.png") {
				t.Errorf("asked for %v", got)
			}
		})
	}
	if n := reached.Load(); n > 0 {
		t.Errorf("an inside address was reached %d times", n)
	}
}

// TestKeep: picture and text lie beside the exchange, and the record of events names
// them.
func TestKeep(t *testing.T) {
	program := testenv.Program(t, "chromium")
	dir := t.TempDir()
	db, err := store.Open(t.Context(), filepath.Join(dir, "a.db"), slog.New(slog.DiscardHandler))
	check(t, err)
	defer db.Close()
	keep, err := evidence.Open(dir)
	check(t, err)
	defer keep.Close()
	f := site(t)
	ex, err := f.Get(t.Context(), fetch.Request{URL: "http://www.yuncheng.example/other.html"})
	check(t, err)
	ref, err := keep.Put(t.Context(), ex)
	check(t, err)
	k := &picture.Keeper{DB: db, Evidence: keep, Fetcher: f, Program: program}
	check(t, k.Keep(t.Context(), "RD2026-0001", rights.Evidence(ref)))
	parts, err := evidence.Parts(dir, []evidence.Ref{ref})
	check(t, err)
	digests := map[string]string{}
	for _, p := range parts {
		digests[p.Record.URL] = p.SHA256
		switch p.Record.URL {
		case "urn:fullPage:" + ref.URL:
			if _, err := png.Decode(bytes.NewReader(p.Record.Block)); err != nil || p.Record.ConcurrentTo != ref.RecordID {
				t.Errorf("picture: %v, concurrent to %s", err, p.Record.ConcurrentTo)
			}
		case "urn:text:" + ref.URL:
			if string(p.Record.Block) != "另一页" {
				t.Errorf("text %q", p.Record.Block)
			}
		}
	}
	check(t, db.View(t.Context(), func(tx *store.Tx) error {
		events, err := tx.Events(t.Context(), "RD2026-0001")
		want := digests["urn:fullPage:"+ref.URL] + " " + digests["urn:text:"+ref.URL]
		if len(events) != 1 || events[0].Reason != want || events[0].To != ref.RecordID || len(want) != 129 {
			t.Errorf("events %+v, want %s", events, want)
		}
		return err
	}))
	if sum, err := evidence.Verify(dir, func(p evidence.Problem) { t.Errorf("%+v", p) }); err != nil || sum.Records < 6 {
		t.Errorf("%+v, %v", sum, err)
	}
	wrong := rights.Evidence(ref)
	wrong.RecordID = "urn:uuid:0"
	if err := k.Keep(t.Context(), "RD2026-0001", wrong); rights.KindOf(err) != rights.Conflict {
		t.Errorf("another record: %v", err)
	}
	k.Program = "/nowhere/chromium"
	if err := k.Keep(t.Context(), "RD2026-0001", rights.Evidence(ref)); rights.KindOf(err) != rights.Unavailable {
		t.Errorf("no browser: %v", err)
	}
}
