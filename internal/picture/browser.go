// Package picture draws recorded pages in Chromium and keeps the pictures beside
// the exchanges they were drawn from.
//
// The browser reaches nothing by itself: it knows no addresses, and its proxy is
// none. The page itself is given to it as it was recorded; all else that the page
// asks for is fetched by the [fetch.Fetcher], under its rules, and recorded too. The
// page cannot lead the browser elsewhere.
package picture

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	devtools "github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"rightsdesk/internal/fetch"
)

const (
	width, height = 1280, 900
	maxHeight     = 16_384 // of a picture
	maxText       = 4 << 20
	maxRequests   = 60 // of one page, beside itself
	maxBytes      = 32 << 20
	loading       = time.Minute      // the page may load
	drawing       = 30 * time.Second // longer
	settling      = 500 * time.Millisecond
)

// Page is a recorded page.
type Page struct {
	URL    string
	Status int
	Header http.Header
	Body   []byte // content encoding removed
}

// Picture is how a page looks.
type Picture struct {
	PNG       []byte // the full page
	Text      string // that can be seen
	Browser   string // and its version
	At        time.Time
	Exchanges []*fetch.Exchange // what the page asked for
}

// Draw draws a page in a new Chromium with an empty profile. program is its path.
func Draw(ctx context.Context, program string, f *fetch.Fetcher, p Page) (*Picture, error) {
	ctx, cancel := context.WithTimeout(ctx, loading+drawing)
	defer cancel()
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program), chromedp.WSURLReadTimeout(drawing),
		chromedp.Flag("accept-lang", "zh-CN"), chromedp.Flag("proxy-server", "http://127.0.0.1:1"), chromedp.Flag("proxy-bypass-list", "<-loopback>"),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND"), chromedp.Flag("dns-prefetch-disable", true),
		chromedp.Flag("force-webrtc-ip-handling-policy", "disable_non_proxied_udp"), chromedp.Flag("disable-features", "IsolateOrigins,site-per-process"),
		chromedp.Flag("hide-scrollbars", true))
	if os.Geteuid() == 0 {
		opts = append(opts, chromedp.NoSandbox) // Chromium refuses root otherwise
	}
	ctx, stop := chromedp.NewExecAllocator(ctx, opts...)
	defer stop()
	ctx, stop = chromedp.NewContext(ctx)
	defer stop()
	g := &gate{page: p, fetcher: f, until: time.Now().Add(loading), idle: make(chan struct{}, 1)}
	if err := g.open(ctx); err != nil {
		return nil, fmt.Errorf("start the browser: %w", err)
	}
	if err := chromedp.Do(ctx, chromedp.Navigate(p.URL)); err != nil {
		return nil, fmt.Errorf("draw %s: %w", p.URL, err)
	}
	g.settle(ctx)
	pic, err := shoot(ctx)
	if err != nil {
		return nil, fmt.Errorf("draw %s: %w", p.URL, err)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	pic.Exchanges = g.got
	return pic, nil
}

// shoot takes the picture and the text.
func shoot(ctx context.Context) (*Picture, error) {
	size, err := chromedp.Run(ctx, chromedp.Evaluate[float64](
		`Math.max(document.documentElement.scrollHeight, document.body ? document.body.scrollHeight : 0)`))
	if err != nil {
		return nil, err
	}
	beyond := true
	shot, err := chromedp.Call(ctx, page.CaptureScreenshot, page.CaptureScreenshotParams{
		CaptureBeyondViewport: &beyond, Clip: &page.Viewport{Width: width, Height: max(height, min(size, maxHeight)), Scale: 1},
	})
	if err != nil {
		return nil, err
	}
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](fmt.Sprintf(`(document.body ? document.body.innerText : "").slice(0, %d)`, maxText)))
	if err != nil {
		return nil, err
	}
	version, err := chromedp.CallBrowser(ctx, browser.GetVersion, cdp.Empty{})
	if err != nil {
		return nil, err
	}
	return &Picture{PNG: shot.Data, Text: text, Browser: version.Product, At: time.Now().UTC()}, nil
}

// gate answers everything that the page asks for.
type gate struct {
	page    Page
	fetcher *fetch.Fetcher
	until   time.Time
	idle    chan struct{}

	mu      sync.Mutex
	given   bool // the page itself
	asked   int
	bytes   int
	pending int
	got     []*fetch.Exchange
}

// open starts the browser with the gate closed behind it.
func (g *gate) open(ctx context.Context) error {
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, height)); err != nil {
		return err
	}
	// A dialog would wait for somebody, for ever.
	_, err := chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{
		Source: "window.alert = window.print = () => {}; window.confirm = () => false; window.prompt = () => null; window.open = () => null",
	})
	if err != nil {
		return err
	}
	err = chromedp.Listen(ctx, func(ev any) {
		if paused, ok := ev.(*devtools.EventRequestPaused); ok {
			g.begin()
			go g.answer(ctx, paused)
		}
	})
	if err != nil {
		return err
	}
	_, err = chromedp.Call(ctx, devtools.Enable, devtools.EnableParams{})
	return err
}

func (g *gate) begin() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.pending++
}

// answer answers one request. Where the browser is gone, so is who asked.
func (g *gate) answer(ctx context.Context, ev *devtools.EventRequestPaused) {
	defer func() {
		g.mu.Lock()
		g.pending--
		g.mu.Unlock()
		select {
		case g.idle <- struct{}{}:
		default:
		}
	}()
	p, err := g.get(ctx, ev)
	if err != nil {
		_, _ = chromedp.Call(ctx, devtools.FailRequest, devtools.FailRequestParams{RequestID: ev.RequestID, ErrorReason: "Aborted"})
		return
	}
	var list []*devtools.HeaderEntry
	for name, values := range p.Header {
		switch http.CanonicalHeaderKey(name) {
		case "Content-Encoding", "Content-Length", "Transfer-Encoding": // of what came over the wire
			continue
		}
		for _, v := range values {
			list = append(list, &devtools.HeaderEntry{Name: name, Value: strings.ToValidUTF8(v, "\uFFFD")})
		}
	}
	_, _ = chromedp.Call(ctx, devtools.FulfillRequest, devtools.FulfillRequestParams{
		RequestID: ev.RequestID, ResponseCode: int64(p.Status), ResponseHeaders: list, Body: p.Body,
	})
}

var errNotGiven = errors.New("not given")

// get is the page itself, once, or what it asks for, as far as the limits go. Other
// documents are not given, be it to frames or to the page that leads there.
func (g *gate) get(ctx context.Context, ev *devtools.EventRequestPaused) (Page, error) {
	g.mu.Lock()
	first := !g.given
	g.given = true
	g.asked++
	over := g.asked > maxRequests+1 || g.bytes > maxBytes
	g.mu.Unlock()
	if first {
		return g.page, nil
	}
	if over || ev.Request.Method != http.MethodGet || ev.ResourceType == "Document" || !strings.HasPrefix(ev.Request.URL, "http") {
		return Page{}, errNotGiven
	}
	ctx, cancel := context.WithDeadline(ctx, g.until)
	defer cancel()
	ex, err := g.fetcher.Get(ctx, fetch.Request{URL: ev.Request.URL})
	if err != nil {
		return Page{}, err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.bytes += len(ex.Body)
	g.got = append(g.got, ex)
	return Page{URL: ex.FinalURL, Status: ex.Status, Header: ex.Header, Body: ex.Body}, nil
}

// settle waits until the page asks for nothing more, for a moment.
func (g *gate) settle(ctx context.Context) {
	for {
		timer := time.NewTimer(settling)
		select {
		case <-g.idle:
			timer.Stop()
		case <-timer.C:
			g.mu.Lock()
			quiet := g.pending == 0
			g.mu.Unlock()
			if quiet || time.Now().After(g.until) {
				return
			}
		case <-ctx.Done():
			timer.Stop()
			return
		}
	}
}
