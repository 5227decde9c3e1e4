package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

// drain is how long running sweeps may go on after the end was asked for; what
// is not done then is taken up at the next start.
const drain = 20 * time.Second

type serveCmd struct {
	Listen string `placeholder:"HOST:PORT" help:"Where to answer; the configuration's where this is not set."`
}

// Help is the long help.
func (serveCmd) Help() string {
	return `Answers the API, the desk and the public pages, and sweeps the sources by their schedules, until it is interrupted or gets
SIGTERM. It speaks plain HTTP: put a proxy with TLS before it where others than this machine are to reach it.`
}

// Run serves.
func (c serveCmd) Run(ctx context.Context, s *shell) (err error) {
	cfg, err := s.config()
	if err != nil {
		return err
	}
	if c.Listen != "" {
		cfg.Listen = c.Listen
	}
	a, err := open(ctx, cfg, s.log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.close()) }()
	if err := a.watch(); err != nil {
		return running(err, "two processes cannot share it")
	}
	var listen net.ListenConfig
	l, err := listen.Listen(ctx, "tcp", cfg.Listen)
	if err != nil {
		return err
	}
	if err := a.schedule.Start(ctx); err != nil {
		return errors.Join(err, l.Close())
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), drain)
		defer cancel()
		err = errors.Join(err, a.schedule.Stop(ctx))
	}()
	stop, err := a.serveMetrics(ctx, s)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	defer stop()
	if err := a.greet(ctx, s, l.Addr()); err != nil && ctx.Err() == nil {
		return errors.Join(err, l.Close())
	}
	return a.server().Serve(ctx, l) //nolint:contextcheck // handlers take the context of their request
}

// serveMetrics answers Prometheus until stop is called, if it is to.
func (a *app) serveMetrics(ctx context.Context, s *shell) (stop func(), err error) {
	if a.cfg.Metrics == "" {
		return func() {}, nil
	}
	var listen net.ListenConfig
	l, err := listen.Listen(ctx, "tcp", a.cfg.Metrics)
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(s.out, "Metrics are at http://%s/metrics\n", l.Addr())
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", a.metrics.Handler())
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	go func() {
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			a.log.ErrorContext(ctx, "the figures are no longer served", slog.Any("error", err))
		}
	}()
	return func() { _ = server.Close() }, nil // a scrape that is cut is asked for again
}

// greet prints where the service is, and what the first person is to do.
func (a *app) greet(ctx context.Context, s *shell, addr net.Addr) error {
	fmt.Fprintf(s.out, "Rightsdesk is at http://%s/\n", addr)
	var users []rights.User
	err := a.db.View(ctx, func(tx *store.Tx) (err error) {
		users, err = tx.Users(ctx)
		return err
	})
	if err == nil && len(users) == 0 {
		fmt.Fprintf(s.out, "Nobody can log in yet. Add somebody:\n  rightsdesk --config %s user add LOGIN --name NAME --role counsel --password-stdin\n", s.file)
	}
	return err
}
