package browser

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"rightsdesk/internal/fetch"
)

const (
	maxHeight = 16_384 // of a picture
	maxText   = 4 << 20
	maxHTML   = 8 << 20 // UTF-16 code units
)

// look reads the page. The page may have given its document elements by the names of
// properties, which its prototype does not show.
const look = `(() => {
	const part = name => Object.getOwnPropertyDescriptor(Document.prototype, name).get.call(document);
	const root = part("documentElement"), body = part("body");
	const html = root ? root.outerHTML : "", text = body ? body.innerText || "" : "";
	return {
		height: Math.max(root ? root.scrollHeight : 0, body ? body.scrollHeight : 0),
		text: text.slice(0, %d), html: html.slice(0, %d), whole: text.length <= %[1]d && html.length <= %[2]d,
	};
})()`

// rest is kept once the page has done what it had to do, or is busy without end.
const rest = `new Promise(done => setTimeout(() => requestIdleCallback(() => done(true), {timeout: 3000})))`

// sight is what look gives.
type sight struct {
	Height float64 `json:"height"`
	Text   string  `json:"text"`
	HTML   string  `json:"html"`
	Whole  bool    `json:"whole"`
}

// shoot takes the picture, the text and the HTML.
func shoot(ctx context.Context) (*fetch.View, error) {
	s, err := ask[sight](ctx, fmt.Sprintf(look, maxText, maxHTML))
	if err != nil {
		return nil, err
	}
	beyond := true
	shot, err := chromedp.Call(ctx, page.CaptureScreenshot, page.CaptureScreenshotParams{
		CaptureBeyondViewport: &beyond, Clip: &page.Viewport{Width: width, Height: max(height, min(s.Height, maxHeight)), Scale: 1},
	})
	if err != nil {
		return nil, err
	}
	product, err := version(ctx)
	if err != nil {
		return nil, err
	}
	v := &fetch.View{PNG: shot.Data, Text: s.Text, HTML: []byte("<!DOCTYPE html>\n" + s.HTML), Browser: product, At: time.Now().UTC().Truncate(time.Microsecond)}
	if !s.Whole {
		v.Cut = "length"
	}
	return v, nil
}

// ask evaluates an expression, or what it promises, in a world of its own, whose
// functions the page cannot have replaced.
func ask[T any](ctx context.Context, expression string) (v T, err error) {
	tree, err := chromedp.Call(ctx, page.GetFrameTree, cdp.Empty{})
	if err != nil {
		return v, err
	}
	if !strings.HasPrefix(tree.FrameTree.Frame.URL, "http") {
		return v, errLeft
	}
	world, err := chromedp.Call(ctx, page.CreateIsolatedWorld, page.CreateIsolatedWorldParams{FrameID: tree.FrameTree.Frame.ID})
	if err != nil {
		return v, err
	}
	yes := true
	got, err := chromedp.Call(ctx, runtime.Evaluate, runtime.EvaluateParams{
		Expression: expression, ContextID: world.ExecutionContextID, ReturnByValue: &yes, AwaitPromise: &yes,
	})
	switch {
	case err != nil:
		return v, err
	case got.ExceptionDetails != nil || got.Result == nil:
		return v, errors.New("the page cannot be read")
	}
	return v, json.Unmarshal(got.Result.Value, &v)
}
