package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"rightsdesk/internal/monitor"
	"rightsdesk/internal/rights"
)

// sweep asks for a sweep of a source now.
func (d *desk) sweep(c echo.Context, v *visit) error {
	return d.order(c, v, "sweep", func(ctx context.Context, id string) error {
		return d.Schedule.RunNow(ctx, v.actor, monitor.Order{Source: id, Mode: rights.SweepAll})
	})
}

// rehearse asks what a sweep would do now.
func (d *desk) rehearse(c echo.Context, v *visit) error {
	return d.order(c, v, "rehearsed", func(ctx context.Context, id string) error {
		return d.Schedule.RunNow(ctx, v.actor, monitor.Order{Source: id, Mode: rights.SweepDry})
	})
}

func (d *desk) pause(c echo.Context, v *visit) error {
	return d.order(c, v, "paused", func(ctx context.Context, id string) error { return d.Schedule.Pause(ctx, v.actor, id) })
}

func (d *desk) resume(c echo.Context, v *visit) error {
	return d.order(c, v, "resumed", func(ctx context.Context, id string) error { return d.Schedule.Resume(ctx, v.actor, id) })
}

// order gives the scheduler an order for a source, and shows the page that the
// form stood on.
func (d *desk) order(c echo.Context, v *visit, code string, give func(ctx context.Context, id string) error) error {
	if d.Schedule == nil {
		return rights.Errorf(rights.Unavailable, "本服务没有启用监测")
	}
	id := c.Param("id")
	if err := give(c.Request().Context(), id); err != nil {
		p, err := refused(c, v, err)
		if err != nil {
			return err
		}
		return d.showSources(c, v, p)
	}
	if c.Request().PostForm.Get("form") == "source" {
		return done(c, code, "/desk/sources/"+id)
	}
	return done(c, code, "/desk/sources")
}

// failures says why pages of a sweep failed, the commonest reason first.
func (w words) failures(counts map[rights.Failure]int) string {
	reasons := make([]rights.Failure, 0, len(counts))
	for f := range counts {
		reasons = append(reasons, f)
	}
	slices.SortFunc(reasons, func(a, b rights.Failure) int {
		if counts[a] != counts[b] {
			return counts[b] - counts[a]
		}
		return strings.Compare(string(a), string(b))
	})
	list := make([]string, len(reasons))
	for i, f := range reasons {
		list[i] = fmt.Sprintf("%s %d", w.failure(f), counts[f])
	}
	return strings.Join(list, w.loc.T("、"))
}

func (w words) failure(f rights.Failure) string {
	if status, ok := strings.CutPrefix(string(f), "http_"); ok {
		return "HTTP " + status
	}
	return w.loc.T(failureText(f))
}

func failureText(f rights.Failure) string {
	switch f {
	case rights.FailedRobots:
		return "robots.txt 不允许"
	case rights.FailedNoRobots:
		return "无法取得 robots.txt"
	case rights.FailedAddress:
		return "地址不许连接"
	case rights.FailedPostponed:
		return "对方要求稍后"
	case rights.FailedRedirects:
		return "跳转过多"
	case rights.FailedSize:
		return "过大"
	case rights.FailedTime:
		return "超时"
	case rights.FailedUnreachable:
		return "无法连接"
	case rights.FailedCut:
		return "只取到一部分"
	case rights.FailedParts:
		return "分页未取全"
	case rights.FailedContent:
		return "内容无法识别"
	case rights.FailedBrowser:
		return "浏览器没有画成"
	}
	return string(f)
}

func sweepMode(m rights.SweepMode) string {
	switch m {
	case rights.SweepDry:
		return "试运行"
	case rights.SweepDue:
		return "定时"
	case rights.SweepAll:
		return "人工"
	}
	return "—"
}
