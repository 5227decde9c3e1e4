package server

import (
	"context"
	"encoding/json"
	"errors"
	"html/template"
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"rightsdesk/internal/locale"
	"rightsdesk/internal/metrics"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

// edge is what stands around every handler.
type edge struct {
	log  *slog.Logger
	db   *store.DB
	page *template.Template

	metrics *metrics.Metrics
	ready   func(context.Context) error
}

// problem is what a client is told of an error: RFC 9457.
type problem struct {
	Type      string         `json:"type"`
	Title     string         `json:"title"`
	Status    int            `json:"status"`
	Detail    string         `json:"detail,omitempty"`
	Instance  string         `json:"instance"`
	Errors    []rights.Field `json:"errors,omitempty"`
	RequestID string         `json:"request_id"`
}

// statusOf is the one mapping of errors to statuses. In this order:
//
//  1. an error of Echo says its status itself: the router's, and malformed
//     bodies;
//  2. a body over its limit;
//  3. the kind of a [rights.Error]; whatever is none is Internal.
func statusOf(err error) int {
	if routed, ok := errors.AsType[*echo.HTTPError](err); ok {
		return routed.Code
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return http.StatusRequestEntityTooLarge
	}
	switch rights.KindOf(err) {
	case rights.Invalid:
		return http.StatusUnprocessableEntity
	case rights.Unauthorised:
		return http.StatusUnauthorized
	case rights.Forbidden:
		return http.StatusForbidden
	case rights.NotFound:
		return http.StatusNotFound
	case rights.Conflict:
		return http.StatusConflict
	case rights.TooLarge:
		return http.StatusRequestEntityTooLarge
	case rights.TooMany:
		return http.StatusTooManyRequests
	case rights.Unavailable:
		return http.StatusServiceUnavailable
	case rights.Internal:
		return http.StatusInternalServerError
	default:
		return http.StatusInternalServerError
	}
}

// title names a status for people, in Chinese.
func title(status int) string {
	switch status {
	case http.StatusBadRequest:
		return "请求格式有误"
	case http.StatusUnauthorized:
		return "需要登录"
	case http.StatusForbidden:
		return "无权进行此操作"
	case http.StatusNotFound:
		return "没有找到"
	case http.StatusMethodNotAllowed:
		return "此地址不支持该请求方法"
	case http.StatusConflict:
		return "当前状态不允许此操作"
	case http.StatusRequestEntityTooLarge:
		return "内容过大"
	case http.StatusUnprocessableEntity:
		return "提交的内容有误"
	case http.StatusTooManyRequests:
		return "请求过于频繁"
	case http.StatusServiceUnavailable:
		return "暂时无法提供服务"
	case http.StatusInternalServerError:
		return "系统内部错误"
	default:
		return http.StatusText(status)
	}
}

// describe says an error in a language. Of what is Internal nothing is said but
// how to ask about it.
func describe(err error, c echo.Context, l locale.Locale) problem {
	status := statusOf(err)
	p := problem{
		Type: "about:blank", Title: l.T(title(status)), Status: status,
		Instance: c.Request().URL.EscapedPath(), RequestID: requestID(c),
	}
	tooLarge, over := errors.AsType[*http.MaxBytesError](err)
	switch {
	case status == http.StatusInternalServerError:
		p.Detail = l.T("请稍后再试；如仍出现，请把请求编号告诉管理员。")
	case over:
		p.Detail = l.T("最多 %d MiB", tooLarge.Limit>>20)
	case rights.KindOf(err) != rights.Internal:
		p.Detail, p.Errors = l.Error(err), l.Fields(err)
	}
	return p
}

// answer writes an error as problem details, as a page, or as the way to the
// login. What has begun to be written, or has nobody to read it, stays.
func (e *edge) answer(err error, c echo.Context) {
	r, w := c.Request(), c.Response()
	if w.Committed || gone(r.Context(), err) {
		return
	}
	p := describe(err, c, locale.Of(r))
	switch {
	case wantsJSON(r):
		if p.Status == http.StatusUnauthorized {
			w.Header().Set(echo.HeaderWWWAuthenticate, `Bearer realm="rightsdesk"`)
		}
		e.write(c, p.Status, "application/problem+json", func() ([]byte, error) { return json.Marshal(p) })
	case p.Status == http.StatusUnauthorized && below(r.URL.Path, "/desk"):
		w.Header().Set(echo.HeaderLocation, loginURL(r))
		w.WriteHeader(http.StatusSeeOther)
	default:
		e.write(c, p.Status, echo.MIMETextHTMLCharsetUTF8, func() ([]byte, error) { return e.render(p, r) })
	}
}

func (e *edge) write(c echo.Context, status int, mediaType string, body func() ([]byte, error)) {
	b, err := body()
	if err == nil {
		// What was set for the answer that did not come must not name this one.
		c.Response().Header().Del(echo.HeaderContentDisposition)
		c.Response().Header().Set("Content-Security-Policy", contentPolicy)
		c.Response().Header().Set("Cache-Control", "no-store")
		err = c.Blob(status, mediaType, b)
	}
	if err != nil {
		e.log.LogAttrs(c.Request().Context(), slog.LevelWarn, "error page", slog.String("request_id", requestID(c)), slog.Any("error", err))
	}
}

// wantsJSON reports whether a program asks.
func wantsJSON(r *http.Request) bool {
	accept := r.Header.Get(echo.HeaderAccept)
	return below(r.URL.Path, "/v1") || r.URL.Path == "/openapi.json" || r.URL.Path == "/healthz" || r.URL.Path == "/readyz" ||
		(strings.Contains(accept, "application/json") || strings.Contains(accept, "application/problem+json")) &&
			!strings.Contains(accept, "text/html")
}

// loginURL leads to the login, and from there to the page that was asked for.
// After the form of a page that is the page.
func loginURL(r *http.Request) string {
	next := "/desk"
	if r.Method == http.MethodGet {
		next = r.URL.RequestURI()
	}
	return "/login?" + url.Values{"next": {next}}.Encode()
}
