package browser

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/chromedp/cdproto/inspector"
	"github.com/chromedp/chromedp"

	"rightsdesk/internal/fetch"
)

const starting = 30 * time.Second // the browser may take

// Limits bound one page. Zero values mean a minute and a half, 80 requests beside the
// page, 32 MiB of answers and 2 GiB of memory.
type Limits struct {
	Loading  time.Duration // to draw what has come may take half as long again
	Requests int
	Bytes    int64
	Memory   int64 // of all processes of the browser, as the system counts resident pages
}

// Options sets a [Browser] up.
type Options struct {
	Program string         // path of Chromium
	Fetcher *fetch.Fetcher // gets what pages ask for
	// Folder is where profiles lie while they are used; it belongs to the browser, and
	// what a killed process left there is removed. Empty means a temporary one.
	Folder string
	Limits Limits
	Logger *slog.Logger
}

// Browser draws pages, one at a time. It is safe for concurrent use.
type Browser struct {
	opt  Options
	slot chan struct{}
}

// New returns a browser. No program is started before a page is to be drawn.
func New(opt Options) (*Browser, error) {
	if opt.Limits.Loading <= 0 {
		opt.Limits.Loading = 90 * time.Second
	}
	if opt.Limits.Requests <= 0 {
		opt.Limits.Requests = 80
	}
	if opt.Limits.Bytes <= 0 {
		opt.Limits.Bytes = 32 << 20
	}
	if opt.Limits.Memory <= 0 {
		opt.Limits.Memory = 2 << 30
	}
	if opt.Logger == nil {
		opt.Logger = slog.New(slog.DiscardHandler)
	}
	if opt.Folder != "" {
		folder, err := filepath.Abs(opt.Folder)
		if err == nil {
			err = os.RemoveAll(folder)
		}
		if err == nil {
			err = os.MkdirAll(folder, 0o700)
		}
		if err != nil {
			return nil, fmt.Errorf("the folder of the browser: %w", err)
		}
		opt.Folder = folder
	}
	return &Browser{opt: opt, slot: make(chan struct{}, 1)}, nil
}

// Page is a recorded page.
type Page struct {
	URL    string
	Status int
	Header http.Header
	Body   []byte // content encoding removed
}

// Draw draws a page in a new Chromium with an empty profile. An error is a
// [rights.Error] of kind Unavailable that wraps [ErrNotDrawn], or wraps the reason for
// which ctx ended. When it returns, the browser and its profile are gone.
func (b *Browser) Draw(ctx context.Context, p Page) (*fetch.View, error) {
	select {
	case b.slot <- struct{}{}:
		defer func() { <-b.slot }()
	case <-ctx.Done():
		return nil, fmt.Errorf("draw %s: %w", p.URL, context.Cause(ctx))
	}
	profile, err := os.MkdirTemp(b.opt.Folder, "profile-")
	if err != nil {
		return nil, fmt.Errorf("the profile of the browser: %w", err)
	}
	defer b.remove(profile)
	w, err := newWall(ctx, b.opt.Logger)
	if err != nil {
		return nil, fmt.Errorf("the proxy of the browser: %w", err)
	}
	defer w.Close() //nolint:errcheck // nobody asks it any more
	run, cancel := context.WithTimeout(ctx, starting+b.opt.Limits.Loading*3/2)
	defer cancel()
	run, end := context.WithCancelCause(run)
	defer end(nil)
	view, err := b.draw(run, end, p, place{profile: profile, port: w.port()})
	if err != nil {
		return nil, fault(ctx, run, p.URL, err)
	}
	return view, nil
}

// place is what a browser is started with.
type place struct{ profile, port string }

func (b *Browser) draw(ctx context.Context, end context.CancelCauseFunc, p Page, at place) (*fetch.View, error) {
	var family family
	opts := append(switches(b.opt, at), chromedp.ModifyCmdFunc(func(cmd *exec.Cmd) { family.adopt(cmd) }))
	ctx, stop := chromedp.NewExecAllocator(ctx, opts...)
	defer stop()
	ctx, stop = chromedp.NewContext(ctx)
	defer stop()
	defer family.kill()
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, height)); err != nil {
		return nil, fmt.Errorf("start the browser: %w", err)
	}
	ctx, stop = context.WithTimeout(ctx, b.opt.Limits.Loading*3/2)
	defer stop()
	g := newGate(p, b.opt)
	if err := g.open(ctx); err != nil {
		return nil, err
	}
	go family.watch(ctx, b.opt.Limits.Memory, func() { end(errMemory) })
	err := chromedp.Listen(ctx, func(ev any) {
		if _, ok := ev.(*inspector.EventTargetCrashed); ok {
			end(errCrashed)
		}
	})
	if err != nil {
		return nil, err
	}
	if err := chromedp.Do(ctx, chromedp.Navigate(p.URL)); err != nil {
		return nil, err
	}
	if err := g.settle(ctx); err != nil {
		return nil, err
	}
	view, err := shoot(ctx)
	if err != nil {
		return nil, err
	}
	g.close(view)
	return view, nil
}

// remove removes a profile, into which a dying process may still have written.
func (b *Browser) remove(profile string) {
	var err error
	for range 10 {
		if err = os.RemoveAll(profile); err == nil {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	b.opt.Logger.Error("the profile of a browser was not removed", slog.Any("error", err))
}

// switches are those of the command line. What a list has before, the last one wins.
func switches(opt Options, at place) []chromedp.ExecAllocatorOption {
	list := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(opt.Program), chromedp.UserDataDir(at.profile), chromedp.WSURLReadTimeout(starting))
	for name, value := range map[string]any{
		"accept-lang": "zh-CN",
		"user-agent":  opt.Fetcher.UserAgent(),
		"incognito":   true, // what pages store lies in memory, which is watched

		// No way out but the proxy, and no other name or address that leads anywhere.
		"proxy-server":                    "http://wall.invalid:" + at.port,
		"proxy-bypass-list":               "<-loopback>",
		"host-resolver-rules":             "MAP wall.invalid 127.0.0.1, MAP * ~NOTFOUND",
		"dns-prefetch-disable":            true,
		"disable-quic":                    true,
		"force-webrtc-ip-handling-policy": "disable_non_proxied_udp",
		"webrtc-ip-handling-policy":       "disable_non_proxied_udp",
		"disable-component-update":        true,
		"disable-domain-reliability":      true,
		"no-pings":                        true,
		// One process holds the page with its frames, whose requests are then seen.
		"disable-features": "IsolateOrigins,site-per-process,Translate,DnsOverHttps,MediaRouter,OptimizationHints,Prerender2,SpeculationRulesPrefetchProxy",

		"disable-popup-blocking":          false,
		"disable-ipc-flooding-protection": false,
		"js-flags":                        "--max-old-space-size=512",
		"disable-gpu":                     true,
		"mute-audio":                      true,
		"hide-scrollbars":                 true,
	} {
		list = append(list, chromedp.Flag(name, value))
	}
	if os.Geteuid() == 0 {
		list = append(list, chromedp.NoSandbox) // Chromium refuses root otherwise
	}
	return list
}
