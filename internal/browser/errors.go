package browser

import (
	"context"
	"errors"
	"fmt"

	"rightsdesk/internal/rights"
)

// ErrNotDrawn says that the browser did not draw a page.
var ErrNotDrawn = errors.New("the browser did not draw the page")

var (
	errMemory  = errors.New("the page took too much memory")
	errCrashed = errors.New("the page brought the browser down")
	errLeft    = errors.New("the page left for an address that is none of the web's")
)

// fault says in the words of the house why a page was not drawn. caller is the
// context of the one who asked, ctx the one in which the page was drawn.
func fault(caller, ctx context.Context, target string, err error) error {
	cause := context.Cause(ctx)
	because := fmt.Errorf("%w: %w", ErrNotDrawn, err)
	switch {
	case caller.Err() != nil:
		return fmt.Errorf("draw %s: %w", target, context.Cause(caller))
	case errors.Is(cause, errMemory):
		return rights.Errorf(rights.Unavailable, "网页占用的内存过多，浏览器已停止：%s", target).Because(because)
	case errors.Is(cause, errCrashed):
		return rights.Errorf(rights.Unavailable, "网页使浏览器崩溃：%s", target).Because(because)
	case errors.Is(err, errLeft):
		return rights.Errorf(rights.Unavailable, "网页跳到了不属于任何网站的地址：%s", target).Because(because)
	case errors.Is(cause, context.DeadlineExceeded) || errors.Is(err, context.DeadlineExceeded):
		return rights.Errorf(rights.Unavailable, "浏览器在时限内没有画完网页：%s", target).Because(because)
	}
	return rights.Errorf(rights.Unavailable, "浏览器没有画成网页：%s", target).Because(because)
}
