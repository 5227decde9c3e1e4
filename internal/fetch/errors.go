package fetch

import (
	"context"
	"errors"
	"fmt"

	"rightsdesk/internal/rights"
)

var (
	// ErrRobots says that robots.txt forbids the URL, or could not be had.
	ErrRobots = errors.New("robots.txt does not allow it")
	// ErrBlocked says that the address is in a range nobody opened.
	ErrBlocked = errors.New("the address may not be connected to")
	// ErrRedirects says that redirects ran in a circle or were too many.
	ErrRedirects = errors.New("too many redirects, or a circle of them")
	// ErrPostponed says that the site asked, by Retry-After, to be left alone for
	// longer than a request waits.
	ErrPostponed = errors.New("the site asked to come back later")
)

var (
	errTooLong  = errors.New("the answer is longer than the limit")
	errEncoding = errors.New("an encoding that was not asked for")
)

func robotsError(target string, reason error) error {
	return rights.Errorf(rights.Forbidden, "对方网站的 robots.txt 不允许抓取：%s", target).Because(fmt.Errorf("%w: %w", ErrRobots, reason))
}

// robotsUnknown is the case where nobody can say what the site allows, which
// RFC 9309 has treated as a ban until it answers again.
func robotsUnknown(target string, reason error) error {
	return rights.Errorf(rights.Unavailable, "暂时无法取得对方网站的 robots.txt，按规范不予抓取：%s", target).Because(fmt.Errorf("%w: %w", ErrRobots, reason))
}

// wireError classifies what went wrong while connecting, sending or reading.
// A caller who gave up gets the reason of its context back.
func wireError(ctx context.Context, target string, err error) error {
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("fetch %s: %w", target, context.Cause(ctx))
	case errors.Is(err, ErrBlocked):
		return rights.Errorf(rights.Forbidden, "不允许连接该地址（内网、本机或保留地址）：%s", target).Because(err)
	case errors.Is(err, errTooLong):
		return rights.Errorf(rights.TooLarge, "响应过大，没有可用内容：%s", target).Because(err)
	case errors.Is(err, context.DeadlineExceeded):
		return rights.Errorf(rights.Unavailable, "对方网站响应超时：%s", target).Because(err)
	default:
		return rights.Errorf(rights.Unavailable, "无法取得网页：%s", target).Because(err)
	}
}
