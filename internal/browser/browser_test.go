package browser_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"slices"
	"strings"
	"testing"

	"rightsdesk/internal/browser"
)

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
func site() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("/style.css", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/css")
		fmt.Fprint(w, "body{background:rgb(200,30,30);margin:0;height:3000px}")
	})
	mux.HandleFunc("/logo.png", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(square(color.RGBA{0, 0, 255, 255})) })
	mux.HandleFunc("/other.html", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<p>另一页</p>") })
	mux.HandleFunc("/story.json", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Access-Control-Allow-Origin", "*")
		fmt.Fprintf(w, `{"text": "潮水退去，滩涂上留下一行行脚印。", "agent": %q}`, r.UserAgent())
	})
	mux.HandleFunc("/app.js", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		fmt.Fprint(w, `fetch("/story.json").then(r => r.json()).then(s => { document.querySelector("main").innerHTML = "<p>" + s.text + "</p>" })`)
	})
	mux.HandleFunc("/robots.txt", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "User-agent: *\nDisallow: /private/\n") })
	return mux
}

func TestDraw(t *testing.T) {
	v := newHouse(t, site(), browser.Limits{}).draw(`<title>题</title><link rel="stylesheet" href="/style.css"><img src="/logo.png" style="display:block"><p>江水东流</p><p hidden>看不见的字</p>
		<script>document.body.append("脚本写的字 " + navigator.userAgent)</script>`)
	img, err := png.Decode(bytes.NewReader(v.PNG))
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
	if !strings.Contains(v.Text, "江水东流") || !strings.Contains(v.Text, "脚本写的字 Rightsdesk/1.0 (+https://linjiang.example/bot)") || strings.Contains(v.Text, "看不见") {
		t.Errorf("the text is %q", v.Text)
	}
	if !bytes.Contains(v.HTML, []byte("脚本写的字 Rightsdesk")) || !bytes.HasPrefix(v.HTML, []byte("<!DOCTYPE html>")) {
		t.Errorf("the HTML is %q", v.HTML)
	}
	if got := asked(v); !slices.Contains(got, "/style.css") || !slices.Contains(got, "/logo.png") || !strings.Contains(v.Browser, "/") || v.At.IsZero() || v.Cut != "" {
		t.Errorf("asked for %v, with %s at %v, cut %q", got, v.Browser, v.At, v.Cut)
	}
}

// TestTextThatIsFetched: what a page fetches is shown, was asked for under our name,
// and every exchange of it is kept.
func TestTextThatIsFetched(t *testing.T) {
	v := newHouse(t, site(), browser.Limits{}).draw(`<title>题</title><main></main><img src="/logo.png"><script src="/app.js"></script>`)
	if v.Text != "潮水退去，滩涂上留下一行行脚印。" || !bytes.Contains(v.HTML, []byte("<main><p>潮水退去")) || v.Cut != "" {
		t.Errorf("text %q, cut %q, HTML %q", v.Text, v.Cut, v.HTML)
	}
	if got := asked(v); !slices.Equal(got, []string{"/app.js", "/logo.png", "/story.json"}) {
		t.Errorf("asked for %v", got)
	}
	for _, ex := range v.Exchanges {
		if !bytes.Contains(ex.RequestRaw, []byte("User-Agent: Rightsdesk/1.0 (+https://linjiang.example/bot)\r\n")) || len(ex.ResponseRaw) == 0 || ex.Robots == nil {
			t.Errorf("%s: %q, robots %v", ex.URL, ex.RequestRaw, ex.Robots)
		}
	}
}

// TestPageOverTLS: a page keeps its address, so that it is as it is at its site.
func TestPageOverTLS(t *testing.T) {
	p := page(`<p id="p"></p><script>p.innerText = location.href + " " + isSecureContext</script>`)
	p.URL = "https://www.yuncheng.example/n/1.html"
	v, err := newHouse(t, site(), browser.Limits{}).Draw(t.Context(), p)
	check(t, err)
	if v.Text != "https://www.yuncheng.example/n/1.html true" {
		t.Errorf("%q", v.Text)
	}
}

// TestNothingIsReplaced: what a page makes of the functions and names by which it
// could be read changes nothing.
func TestNothingIsReplaced(t *testing.T) {
	v := newHouse(t, site(), browser.Limits{}).draw(`<form name="body">假</form><form name="documentElement">假</form><p>江水东流</p><script>
		for (const name of ["innerText", "outerHTML", "scrollHeight"]) Object.defineProperty(Element.prototype, name, {get: () => "假的"});
		Object.defineProperty(HTMLElement.prototype, "innerText", {get: () => "假的"});
		Object.defineProperty(Document.prototype, "body", {get: () => null}); Math.max = () => 9e9; String.prototype.slice = () => "假的"</script>`)
	if !strings.Contains(v.Text, "江水东流") || strings.Contains(v.Text, "假的") || !bytes.Contains(v.HTML, []byte("<p>江水东流</p>")) {
		t.Errorf("text %q, HTML %q", v.Text, v.HTML)
	}
}
