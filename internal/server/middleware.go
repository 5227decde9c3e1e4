package server

import (
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"rightsdesk/internal/rights"
)

// contentPolicy lets a page load nothing from elsewhere and run no script or
// style that stands in the page itself.
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// harden sets the headers of every answer; a handler may set its own over them.
func harden(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		h.Set("Content-Security-Policy", contentPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		return next(c)
	}
}

const (
	defaultBody = 1 << 20  // bytes
	batchBody   = 64 << 20 // bytes
)

// limitBody bounds what is read of a request. The claim form has files, and
// sets its own limit.
func limitBody(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r, limit := c.Request(), int64(defaultBody)
		switch {
		case below(r.URL.Path, "/claim"):
			return next(c)
		case c.Path() == "/v1/articles/batch":
			limit = batchBody
		}
		if r.ContentLength > limit {
			return &http.MaxBytesError{Limit: limit}
		}
		r.Body = http.MaxBytesReader(c.Response().Writer, r.Body, limit)
		return next(c)
	}
}

// below reports whether a path is root or below it.
func below(path, root string) bool {
	rest, ok := strings.CutPrefix(path, root)
	return ok && (rest == "" || rest[0] == '/')
}

// plainText refuses addresses with bytes that are no text: no database takes
// them.
func plainText(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		u := c.Request().URL
		texts := []string{u.Path}
		for name, values := range u.Query() {
			texts = append(append(texts, name), values...)
		}
		for _, s := range texts {
			if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
				return echo.NewHTTPError(http.StatusBadRequest).SetInternal(rights.Errorf(rights.Invalid, "网址含有无法识别的字符"))
			}
		}
		return next(c)
	}
}

// sameOrigin refuses what a page of another site makes a browser send.
func sameOrigin(next echo.HandlerFunc) echo.HandlerFunc {
	protection := http.NewCrossOriginProtection()
	return func(c echo.Context) error {
		if err := protection.Check(c.Request()); err != nil {
			return rights.Errorf(rights.Forbidden, "该请求来自其他网站，已拒绝").Because(err)
		}
		return next(c)
	}
}
