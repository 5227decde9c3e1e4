package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"rightsdesk/internal/testenv"
)

// screenshots names the folder that takes a picture of every step; none are
// taken where it is not set.
const screenshots = "RIGHTSDESK_SCREENSHOTS"

// longestRoad is when a person in the browser gives up.
const longestRoad = 4 * time.Minute

// TestInTheBrowser goes both roads of the desk as its users do: in a real
// Chromium, from the links that the demo prints.
func TestInTheBrowser(t *testing.T) {
	t.Parallel()
	chromium := readers(t)
	d := serveDemo(t)
	t.Run("a reprint is sent a letter", func(t *testing.T) { reprintRoad(t, chromium, d) })
	t.Run("a rewording is compared", func(t *testing.T) { rewordedRoad(t, chromium, d) })
	t.Run("a claim is decided", func(t *testing.T) { claimRoad(t, chromium, d) })
}

// readers is a real Chromium whose users read Chinese.
func readers(t *testing.T) context.Context {
	t.Helper()
	path := testenv.Program(t, "chromium")
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.Flag("accept-lang", "zh-CN"),
		chromedp.WSURLReadTimeout(longestRoad))
	ctx, stop := chromedp.NewExecAllocator(t.Context(), opts...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(stop)
	if err := chromedp.Do(ctx); err != nil { // starts it
		t.Fatal(err)
	}
	return ctx
}

// person is somebody at a browser that shares no cookies with others.
type person struct {
	*testing.T

	ctx   context.Context
	name  string
	shots int
}

// screen is the size of a window.
type screen struct {
	width, height int64
	options       []chromedp.EmulateViewportOption
}

func desktop() screen { return screen{width: 1440, height: 900} }

func phone() screen {
	return screen{width: 390, height: 844, options: []chromedp.EmulateViewportOption{chromedp.EmulateMobile, chromedp.EmulateTouch}}
}

func sit(t *testing.T, chromium context.Context, name string, s screen) *person {
	t.Helper()
	ctx, stop := chromedp.NewContext(chromium, chromedp.WithNewBrowserContext())
	t.Cleanup(stop)
	p := &person{T: t, name: name}
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(s.width, s.height, s.options...)); err != nil {
		t.Fatal(err)
	}
	p.ctx, stop = context.WithTimeout(ctx, longestRoad)
	t.Cleanup(stop)
	return p
}

// do takes steps in the browser.
func (p *person) do(steps ...chromedp.Action[chromedp.Void]) {
	p.Helper()
	if err := chromedp.Do(p.ctx, steps...); err != nil {
		p.Fatalf("%s: %v\n%s", p.name, err, p.page())
	}
}

// page is what the page says now, for messages.
func (p *person) page() string {
	ctx, stop := context.WithTimeout(context.WithoutCancel(p.ctx), 10*time.Second)
	defer stop()
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](`location.href + "\n" + document.body.innerText`))
	if err != nil {
		return err.Error()
	}
	return text
}

func (p *person) open(url string) { p.Helper(); p.do(chromedp.Navigate(url)) }

// ask evaluates a script.
func ask[T any](p *person, script string) T {
	p.Helper()
	v, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	if err != nil {
		p.Fatalf("%s: %s: %v\n%s", p.name, script, err, p.page())
	}
	return v
}

// until waits for a condition of the page, which may be another page meanwhile.
func (p *person) until(condition string) {
	p.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		if ok, err := chromedp.Run(p.ctx, chromedp.Evaluate[bool](condition)); err == nil && ok {
			return
		}
		select {
		case <-p.ctx.Done():
			p.Fatalf("%s waited in vain for %s\n%s", p.name, condition, p.page())
		case <-tick.C:
		}
	}
}

// reads waits for texts on the page, white space aside.
func (p *person) reads(texts ...string) {
	p.Helper()
	for _, text := range texts {
		p.until(`document.readyState === "complete" && document.body.innerText.replace(/\s+/g, "").includes(` + quote(strings.Join(strings.Fields(text), "")) + `)`)
	}
}

// missing wants nothing on the page that a selector finds.
func (p *person) missing(selector string) {
	p.Helper()
	if n := ask[int](p, `document.querySelectorAll(`+quote(selector)+`).length`); n != 0 {
		p.Errorf("%s sees %d of %s", p.name, n, selector)
	}
}

// click presses what a selector finds, where it can be seen.
func (p *person) click(selector string) {
	p.Helper()
	p.do(chromedp.Click(selector))
}

// leave clicks, and waits for the page that follows.
func (p *person) leave(selector string) {
	p.Helper()
	p.do(chromedp.Evaluate[chromedp.Void](`window.before = true`))
	p.click(selector)
	p.until(`!window.before && document.readyState === "complete"`)
}

// fill types into what a selector finds in place of what stands there.
func (p *person) fill(selector, text string) {
	p.Helper()
	p.do(chromedp.Evaluate[chromedp.Void](`document.querySelector(`+quote(selector)+`).value = ""`), chromedp.SendKeys(selector, text))
}

// choose selects an option of a list.
func (p *person) choose(selector, value string) {
	p.Helper()
	p.do(chromedp.SetValue(selector, value))
}

// forge sends a form that the page does not offer, with what a form of the page
// carries, and returns the status.
func (p *person) forge(path string) int {
	p.Helper()
	return ask[int](p, `fetch(`+quote(path)+`, {method: "POST", redirect: "manual", body: new URLSearchParams({
		csrf: document.querySelector("[name=csrf]").value, version: (document.querySelector("[name=version]") || {value: "1"}).value, reason: "试一试"})}).then(r => r.status)`)
}

// shoot takes a picture of the whole page, where pictures are wanted.
func (p *person) shoot(what string) {
	p.Helper()
	dir := os.Getenv(screenshots)
	if dir == "" {
		return
	}
	png, err := chromedp.Run(p.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		p.Fatal(err)
	}
	p.shots++
	if err := os.MkdirAll(dir, 0o750); err != nil {
		p.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%s-%02d-%s.png", p.name, p.shots, what)), png, 0o600); err != nil {
		p.Fatal(err)
	}
}

func quote(s string) string {
	b, _ := json.Marshal(s) // a string always can
	return string(b)
}
