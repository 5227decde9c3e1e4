// Package server is Echo with its middleware and the one mapping of errors.
package server

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"rightsdesk/internal/api"
	"rightsdesk/internal/desk"
	"rightsdesk/internal/metrics"
	"rightsdesk/internal/portal"
)

// Options of a [Server].
type Options struct {
	API    api.Options
	Desk   desk.Options
	Portal portal.Options
	// Metrics counts the requests; nil counts none.
	Metrics *metrics.Metrics
	// Ready says why the process can take no work, if it cannot; nil says that it
	// always can.
	Ready func(context.Context) error
	Log   *slog.Logger
}

// Server answers HTTP.
type Server struct{ http *http.Server }

// New puts the routes together.
func New(opt Options) *Server {
	e := echo.New()
	e.Logger.SetOutput(io.Discard) // all that is worth saying goes to opt.Log
	behind(e, opt.Desk.Config.TrustedProxies)
	edge := &edge{log: opt.Log, db: opt.API.DB, page: errorPage(), metrics: opt.Metrics, ready: opt.Ready}
	e.HTTPErrorHandler = edge.answer
	e.Use(edge.observe, harden, limitBody, plainText, sameOrigin)
	e.GET("/healthz", edge.health)
	e.GET("/readyz", edge.readiness)
	e.GET(stylePath, style)
	opt.Desk.Status, opt.Portal.Status = statusOf, statusOf
	api.Register(e, opt.API)
	desk.Register(e, opt.Desk)
	portal.Register(e, opt.Portal)
	return &Server{http: &http.Server{
		Handler:           e,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       5 * time.Minute, // a phone sends its proofs
		WriteTimeout:      5 * time.Minute, // a report is written while somebody waits
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(opt.Log.Handler(), slog.LevelWarn),
	}}
}

// patience is how long running requests may go on after the end was asked for.
const patience = 30 * time.Second

// Serve answers on a listener until ctx ends, then lets running requests end.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	s.http.BaseContext = func(net.Listener) context.Context { return context.WithoutCancel(ctx) }
	failed := make(chan error, 1)
	go func() { failed <- s.http.Serve(l) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	wait, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	if err := s.http.Shutdown(wait); err != nil {
		return errors.Join(err, s.http.Close())
	}
	return nil
}
