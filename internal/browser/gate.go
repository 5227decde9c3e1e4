package browser

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	devtools "github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"rightsdesk/internal/fetch"
)

const (
	width, height = 1280, 900
	settling      = time.Second // without a request that is answered
)

// gate answers everything that the page asks for.
type gate struct {
	page    Page
	fetcher *fetch.Fetcher
	limits  Limits
	until   time.Time
	changed chan struct{} // something was begun or answered

	mu      sync.Mutex
	given   bool       // the page itself
	pending int        // requests under way
	asked   int        // that were let in
	words   int        // of those under way, that are for what is to be read
	quiet   *sync.Cond // words has become zero
	bytes   int64
	cut     string
	got     []*fetch.Exchange
}

func newGate(p Page, opt Options) *gate {
	g := &gate{page: p, fetcher: opt.Fetcher, limits: opt.Limits, until: time.Now().Add(opt.Limits.Loading), changed: make(chan struct{}, 1)}
	g.quiet = sync.NewCond(&g.mu)
	return g
}

// open has all requests come to the gate.
func (g *gate) open(ctx context.Context) error {
	deny := browser.SetDownloadBehaviorParams{Behavior: browser.SetDownloadBehaviorBehaviorDeny}
	if _, err := chromedp.CallBrowser(ctx, browser.SetDownloadBehavior, deny); err != nil {
		return err
	}
	// What would wait for somebody, for ever.
	_, err := chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{
		Source: "window.print = () => {}; window.open = () => null",
	})
	if err != nil {
		return err
	}
	err = chromedp.Listen(ctx, func(ev any) {
		switch ev := ev.(type) {
		case *devtools.EventRequestPaused:
			g.under(1)
			go g.answer(ctx, ev)
		case *page.EventJavascriptDialogOpening:
			go func() {
				// Where it cannot be closed, the time of the page ends it.
				_, _ = chromedp.Call(ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{})
			}()
		}
	})
	if err != nil {
		return err
	}
	_, err = chromedp.Call(ctx, devtools.Enable, devtools.EnableParams{})
	return err
}

// wordy reports whether the text of a page can come from what is asked for.
func wordy(kind network.ResourceType) bool {
	switch kind { //nolint:exhaustive // all others cannot
	case network.ResourceTypeScript, network.ResourceTypeXHR, network.ResourceTypeFetch, network.ResourceTypeStylesheet:
		return true
	}
	return false
}

// under counts the requests under way.
func (g *gate) under(way int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.pending += way
}

// read ends a request for what is to be read.
func (g *gate) read() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.words--; g.words == 0 {
		g.quiet.Broadcast()
	}
}

func (g *gate) stir() {
	select {
	case g.changed <- struct{}{}:
	default:
	}
}

// answer answers one request. Where the browser is gone, so is who asked.
func (g *gate) answer(ctx context.Context, ev *devtools.EventRequestPaused) {
	defer g.under(-1)
	p, err := g.get(ctx, ev)
	if !errors.Is(err, errNotGiven) { // else it could keep the page from coming to rest
		g.stir()
	}
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
	if first, err := g.enter(ev); err != nil || first {
		return g.page, err
	}
	if wordy(ev.ResourceType) {
		defer g.read()
	}
	ctx, cancel := context.WithDeadline(ctx, g.until)
	defer cancel()
	ex, err := g.fetcher.Get(ctx, fetch.Request{URL: ev.Request.URL})
	g.mu.Lock()
	defer g.mu.Unlock()
	if wordy(ev.ResourceType) {
		g.lacks(whyLacking(ex, err))
	}
	if err != nil {
		return Page{}, err
	}
	g.bytes += int64(len(ex.Body))
	g.got = append(g.got, ex)
	return Page{URL: ex.FinalURL, Status: ex.Status, Header: ex.Header, Body: ex.Body}, nil
}

// enter lets a request in, the first as that for the page itself. What is only to be
// seen waits for what is to be read: hosts answer one request at a time.
func (g *gate) enter(ev *devtools.EventRequestPaused) (first bool, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.given {
		g.given = true
		return true, nil
	}
	seen := ev.ResourceType == network.ResourceTypeImage || ev.ResourceType == network.ResourceTypeFont
	if ev.Request.Method != http.MethodGet || !seen && !wordy(ev.ResourceType) ||
		!strings.HasPrefix(ev.Request.URL, "http") {
		return false, errNotGiven
	}
	for seen && g.words > 0 {
		g.quiet.Wait()
	}
	g.asked++
	most, why := g.limits.Requests, ""
	if seen {
		most /= 2 // so that enough is left for what is to be read
	}
	switch {
	case time.Now().After(g.until):
		why = "time"
	case g.asked > most || g.bytes > g.limits.Bytes:
		why = "length"
	case !seen:
		g.words++
	}
	if why != "" {
		if !seen {
			g.lacks(why)
		}
		return false, errNotGiven
	}
	return false, nil
}

// lacks keeps the first reason for which something did not come.
func (g *gate) lacks(why string) {
	if g.cut == "" {
		g.cut = why
	}
}

// whyLacking says in the words of WARC-Truncated why an answer is not what the page
// would have had from its site; "" where it is. An address that nobody may reach is
// not the site's.
func whyLacking(ex *fetch.Exchange, err error) string {
	switch {
	case errors.Is(err, fetch.ErrBlocked):
		return ""
	case errors.Is(err, context.DeadlineExceeded):
		return "time"
	case errors.Is(err, fetch.ErrRobots):
		return "unspecified"
	case err != nil:
		return "disconnect"
	case ex.Status >= http.StatusInternalServerError || ex.Status == http.StatusTooManyRequests:
		return "disconnect"
	}
	return ex.Cut
}

// settle waits until the page asks for nothing more, for a moment, and has nothing
// left to do that could have it ask.
func (g *gate) settle(ctx context.Context) error {
	for {
		timer := time.NewTimer(settling)
		select {
		case <-g.changed:
			timer.Stop()
		case <-timer.C:
			g.mu.Lock()
			quiet, asked := g.pending == 0, g.asked
			g.mu.Unlock()
			if !quiet {
				break
			}
			if _, err := ask[bool](ctx, rest); err != nil {
				return err
			}
			if g.still(asked) {
				return nil
			}
		case <-ctx.Done():
			timer.Stop()
			return context.Cause(ctx)
		}
		if time.Now().After(g.until) {
			g.late()
			return nil
		}
	}
}

// still reports whether nothing was let in since so many were.
func (g *gate) still(asked int) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.pending == 0 && g.asked == asked
}

// late says of a page that still asks for what is to be read that it is not whole.
func (g *gate) late() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.words > 0 {
		g.lacks("time")
	}
}

// close hands over what the page asked for. Answers that come later are not shown.
func (g *gate) close(v *fetch.View) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if v.Cut == "" {
		v.Cut = g.cut
	}
	v.Exchanges = g.got
}

// version is the browser and its version.
func version(ctx context.Context) (string, error) {
	v, err := chromedp.CallBrowser(ctx, browser.GetVersion, cdp.Empty{})
	return v.Product, err
}
