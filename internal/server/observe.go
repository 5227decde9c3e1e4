package server

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/labstack/echo/v4"
)

// hungUp is logged where the client went away: nobody's fault, and no answer.
const hungUp = 499

// observe gives the request an ID, turns a panic into an error, answers errors,
// and writes one line to the log. Query strings, and below /login and /claim
// paths too, can hold secrets and are not logged.
func (e *edge) observe(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		begin, r := time.Now(), c.Request()
		id := rand.Text()
		c.Response().Header().Set(echo.HeaderXRequestID, id)
		err := e.guarded(next, c)
		if err != nil {
			c.Error(err)
		}
		path := r.URL.Path
		if below(path, "/login") || below(path, "/claim") {
			path = cmp.Or(c.Path(), "/…")
		}
		status, level := c.Response().Status, slog.LevelInfo
		attrs := []slog.Attr{
			slog.String("request_id", id), slog.String("method", r.Method), slog.String("path", path),
			slog.Int64("bytes", c.Response().Size), slog.Duration("took", time.Since(begin)), slog.String("remote", c.RealIP()),
		}
		switch {
		case gone(r.Context(), err):
			status = hungUp
		case err != nil && statusOf(err) >= http.StatusInternalServerError:
			level = slog.LevelError
			attrs = append(attrs, slog.Any("error", err))
		}
		e.metrics.Request(r.Method, cmp.Or(c.Path(), "none"), status, time.Since(begin))
		e.log.LogAttrs(r.Context(), level, "request", append(attrs, slog.Int("status", status))...)
		return nil
	}
}

// guarded calls a handler. A panic is logged with its stack and returned.
func (e *edge) guarded(h echo.HandlerFunc, c echo.Context) (err error) {
	defer func() {
		v := recover()
		if v == nil {
			return
		}
		if v == http.ErrAbortHandler { //nolint:errorlint // it is thrown as itself
			panic(v) //nolint:forbidigo // net/http ends the connection by it
		}
		err = fmt.Errorf("panic: %v", v)
		e.log.LogAttrs(c.Request().Context(), slog.LevelError, "panic", slog.String("request_id", requestID(c)),
			slog.Any("error", err), slog.String("stack", string(debug.Stack())))
	}()
	return h(c)
}

func gone(ctx context.Context, err error) bool {
	return err != nil && errors.Is(ctx.Err(), context.Canceled)
}

func requestID(c echo.Context) string { return c.Response().Header().Get(echo.HeaderXRequestID) }
