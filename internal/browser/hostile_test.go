package browser_test

import (
	"bytes"
	"errors"
	"fmt"
	"image/png"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"rightsdesk/internal/browser"
	"rightsdesk/internal/fetch"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/testenv"
)

// hostileSite has what pages ask for to do harm.
func hostileSite(t *testing.T) *http.ServeMux {
	t.Helper()
	mux := site()
	mux.HandleFunc("/save", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Disposition", `attachment; filename="a.exe"`)
		fmt.Fprint(w, "MZ")
	})
	mux.HandleFunc("/sw.js", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		fmt.Fprint(w, `self.onfetch = e => e.respondWith(new Response("假的"))`)
	})
	mux.HandleFunc("/door", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("WWW-Authenticate", `Basic realm="x"`)
		w.WriteHeader(http.StatusUnauthorized)
	})
	mux.HandleFunc("/circle", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/circle", http.StatusFound) })
	mux.HandleFunc("/down", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	for i, codings := range testenv.Codings() {
		bomb := testenv.Coded(t, codings, make([]byte, 64<<20))
		mux.HandleFunc(fmt.Sprintf("/bomb/%d", i), func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", strings.ReplaceAll(codings, "raw ", ""))
			_, _ = w.Write(bomb)
		})
	}
	for path, d := range testenv.Drips() {
		mux.HandleFunc("/drip"+path, d.Serve)
	}
	return mux
}

// TestHostilePages: whatever a page does, it is drawn as far as it is a page.
func TestHostilePages(t *testing.T) {
	mux := hostileSite(t)
	for name, c := range map[string]struct {
		body, cut string
	}{
		"it leads elsewhere":          {`<meta http-equiv="refresh" content="0;url=/other.html"><script>location="/other.html"</script>`, ""},
		"it asks somebody":            {`<script>alert(1);confirm(2);prompt(3);print();onbeforeunload=()=>"x";location="/other.html"</script><iframe srcdoc="<script>alert(1);print()</script>"></iframe>`, ""},
		"it asks a hundred times":     {`<script>for (let i=0;i<100;i++) alert(i)</script>`, ""},
		"it asks for images for ever": {`<script>for (let i=0;i<500;i++) new Image().src="/logo.png?"+i</script>`, ""},
		"it fetches without end":      {`<script>(async () => { for (let i=0;;i++) { try { await (await fetch("/story.json?"+i)).text() } catch { await new Promise(r => setTimeout(r, 10)) } } })()</script>`, "length"},
		"it is what robots forbid":    {`<img src="/private/a.png">`, ""},
		"text that robots forbid":     {`<script src="/private/a.js"></script>`, "unspecified"},
		"text of a server that is down": {
			`<script>fetch("/down").catch(()=>0)</script>`, "disconnect",
		},
		"redirects in a circle":        {`<script>fetch("/circle").catch(()=>0)</script>`, "disconnect"},
		"it is of giant size":          {`<div style="height:9000000px;width:9000000px"></div>`, ""},
		"a site that wants a password": {`<img src="/door"><script src="/door"></script><script>fetch("/door").catch(()=>0)</script>`, ""},
		"it saves files":               {`<a id="a" href="/save" download>x</a><a id="b" href="data:application/octet-stream,x" download="b.exe">x</a><iframe src="/save"></iframe><script>a.click();b.click();location="/save"</script>`, ""},
		"it opens windows":             {`<a id="a" href="/other.html" target="_blank">x</a><form action="/other.html" target="_blank"></form><script>for (let i=0;i<50;i++) { open("about:blank"); a.click(); document.forms[0].submit() }</script>`, ""},
		"a service worker":             {`<script>navigator.serviceWorker && navigator.serviceWorker.register("/sw.js").catch(()=>0)</script>`, ""},
		"files of this machine":        {`<iframe src="file:///etc/passwd"></iframe><img src="file:///etc/passwd"><script>fetch("file:///etc/passwd").catch(()=>0);location="file:///etc/passwd"</script>`, ""},
		"data instead of a page":       {`<script>location="data:text/html,假的"</script>`, ""},
		"pages of the browser":         {`<script>for (const u of ["chrome://version", "chrome://kill", "chrome://crash", "devtools://devtools/bundled/inspector.html", "view-source:http://www.yuncheng.example/"]) location=u</script>`, ""},
		"history without end":          {`<script>for (let i=0;i<5000;i++) try { history.pushState({}, "", "/n/"+i+".html") } catch {}; setInterval(() => { history.back(); history.forward(); location.hash=Math.random() }, 1)</script>`, ""},
		"it reloads without end":       {`<script>setInterval(() => location.reload(), 1)</script>`, ""},
		"frames in frames":             {`<script>for (let i=0;i<200;i++) { const f=document.createElement("iframe"); f.srcdoc="<iframe srcdoc='<script>alert(1)</"+"script>'></iframe>"; document.body.append(f) }</script>`, ""},
		"it fills the disk":            {`<script>(async () => { const root = await navigator.storage.getDirectory(); const f = await root.getFileHandle("a", {create: true}); const w = await f.createWritable(); await w.write(new Uint8Array(64<<20)); await w.close() })().catch(()=>0); try { localStorage.a = "x".repeat(4<<20) } catch {}</script>`, ""},
		"elements nested very deep":    {"<p>" + strings.Repeat("<div>", 100_000), ""},
		"a giant attribute":            {`<div data-x="` + strings.Repeat("字", 300_000) + `">`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t, mux, browser.Limits{})
			v := h.draw("<p>江水东流</p>" + c.body)
			img, err := png.DecodeConfig(bytes.NewReader(v.PNG))
			check(t, err)
			if !strings.Contains(v.Text, "江水东流") || strings.Contains(v.Text, "假的") || img.Height > 16_384 || len(v.Exchanges) > 80 || v.Cut != c.cut {
				t.Errorf("text %q, height %d, %d exchanges, cut %q", v.Text, img.Height, len(v.Exchanges), v.Cut)
			}
			if got := asked(v); slices.Contains(got, "/other.html") || slices.Contains(got, "/private/a.png") || slices.Contains(got, "/save") {
				t.Errorf("asked for %v", got)
			}
		})
	}
}

// TestBombs: what a page asks for is held to the limits of the fetcher, and the page
// is marked.
func TestBombs(t *testing.T) {
	h := newHouse(t, hostileSite(t), browser.Limits{})
	v := h.draw(fmt.Sprintf(`<p>江水东流</p><script>for (let i=0;i<%d;i++) fetch("/bomb/"+i).then(r => r.text()).catch(() => 0)</script>`, len(testenv.Codings())))
	if v.Text != "江水东流" || v.Cut != "length" || len(v.Exchanges) != len(testenv.Codings()) {
		t.Errorf("text %q, cut %q, %v", v.Text, v.Cut, asked(v))
	}
	for _, ex := range v.Exchanges {
		if len(ex.Body) != 1<<20 || ex.Cut != "length" {
			t.Errorf("%s: %d bytes, cut %q", ex.URL, len(ex.Body), ex.Cut)
		}
	}
}

// TestAnswersThatNeverEnd: none holds a page up for longer than an exchange may take.
func TestAnswersThatNeverEnd(t *testing.T) {
	mux := hostileSite(t)
	for path, d := range testenv.Drips() {
		t.Run(strings.TrimPrefix(path, "/"), func(t *testing.T) {
			t.Parallel()
			h := newHouse(t, mux, browser.Limits{}, func(o *fetch.Options) { o.Timeout = testenv.Patience(time.Second) })
			v := h.draw(`<p>江水东流</p><script>fetch("/drip` + path + `").then(r => r.text()).catch(() => 0)</script>`)
			want := "time"
			if path == "/interim" { // of which a few are waited for
				want = "disconnect"
			}
			if v.Text != "江水东流" || v.Cut != want || (len(v.Exchanges) == 1) != d.Body {
				t.Errorf("text %q, cut %q, want %q, %v", v.Text, v.Cut, want, asked(v))
			}
		})
	}
}

// TestPagesThatAreNotDrawn: each is an error that says what happened, and the browser
// is gone after it.
func TestPagesThatAreNotDrawn(t *testing.T) {
	mux := hostileSite(t)
	for name, c := range map[string]struct {
		body, detail string
		memory       int64
	}{
		"a script without end":            {body: `<script>for(;;);</script>`, detail: "浏览器在时限内没有画完网页：" + address},
		"a script without end, later":     {body: `<script>setTimeout(() => { for(;;); }, 300)</script>`, detail: "浏览器在时限内没有画完网页：" + address},
		"questions without end":           {body: `<script>for(;;) alert(1)</script>`, detail: "浏览器在时限内没有画完网页：" + address},
		"a regular expression":            {body: `<script>/^(a+)+$/.test("a".repeat(60)+"!")</script>`, detail: "浏览器在时限内没有画完网页：" + address},
		"elements without end":            {body: `<script>for(;;) document.body.append(document.createElement("p"))</script>`, detail: "浏览器在时限内没有画完网页：" + address},
		"arrays that fill the memory":     {body: `<script>const a=[]; for(;;) a.push(new Array(1e5).fill(Math.random()))</script>`, detail: "网页使浏览器崩溃：" + address},
		"buffers that fill the memory":    {body: `<script>const a=[]; setInterval(() => { for (let i=0;i<4;i++) a.push(new Uint8Array(32<<20).fill(1)) }, 10)</script>`, detail: "网页占用的内存过多，浏览器已停止：" + address, memory: 1500 << 20},
		"it leaves for an empty page":     {body: `<script>location="about:blank"</script>`, detail: "网页跳到了不属于任何网站的地址：" + address},
		"it leaves for a page of its own": {body: `<script>location=URL.createObjectURL(new Blob(["<p>江水东流</p>"], {type: "text/html"}))</script>`, detail: "网页跳到了不属于任何网站的地址：" + address},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t, mux, browser.Limits{Loading: 6 * time.Second, Memory: c.memory})
			v, err := h.Draw(t.Context(), page("<p>江水东流</p>"+c.body))
			var e *rights.Error
			if !errors.Is(err, browser.ErrNotDrawn) || !errors.As(err, &e) || e.Detail != c.detail || e.Kind != rights.Unavailable {
				t.Errorf("%+v, %v, want %q", v, err, c.detail)
			}
			h.gone()
		})
	}
}
