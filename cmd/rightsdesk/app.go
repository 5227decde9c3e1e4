package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"

	"rightsdesk/config"
	"rightsdesk/internal/api"
	"rightsdesk/internal/audit"
	"rightsdesk/internal/auth"
	"rightsdesk/internal/browser"
	"rightsdesk/internal/bundle"
	"rightsdesk/internal/casework"
	"rightsdesk/internal/catalog"
	"rightsdesk/internal/claims"
	"rightsdesk/internal/desk"
	"rightsdesk/internal/evidence"
	"rightsdesk/internal/fetch"
	"rightsdesk/internal/index"
	"rightsdesk/internal/metrics"
	"rightsdesk/internal/monitor"
	"rightsdesk/internal/notary"
	"rightsdesk/internal/picture"
	"rightsdesk/internal/portal"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/schedule"
	"rightsdesk/internal/server"
	"rightsdesk/internal/shelf"
	"rightsdesk/internal/stamp"
	"rightsdesk/internal/store"
	"rightsdesk/internal/vault"
	"rightsdesk/policies"
)

// app is the service put together from a configuration.
type app struct {
	cfg     config.Config
	log     *slog.Logger
	db      *store.DB
	policy  *policies.Set
	index   *index.Index
	metrics *metrics.Metrics
	catalog *catalog.Catalog
	auth    *auth.Auth
	shelf   *shelf.Shelf
	cases   *casework.Cases
	claims  *claims.Office

	// The rest is there after watch.
	evidence *evidence.Store
	monitor  *monitor.Monitor
	notary   *notary.Notary
	bundles  *bundle.Maker
	schedule *schedule.Scheduler
}

// open puts together what the configuration file names.
func (s *shell) open(ctx context.Context) (*app, error) {
	cfg, err := s.config()
	if err != nil {
		return nil, err
	}
	return open(ctx, cfg, s.log)
}

// open puts together what needs no fetching.
func open(ctx context.Context, cfg config.Config, log *slog.Logger) (*app, error) {
	a := &app{cfg: cfg, log: log}
	if err := a.open(ctx); err != nil {
		return nil, errors.Join(err, a.close())
	}
	return a, nil
}

func (a *app) open(ctx context.Context) (err error) {
	if err := os.MkdirAll(a.cfg.Data, 0o750); err != nil {
		return err
	}
	if a.policy, err = loadPolicy(a.cfg); err != nil {
		return err
	}
	if a.db, err = store.Open(ctx, a.cfg.DatabaseURL(), a.log); err != nil {
		return err
	}
	if a.index, err = index.Load(ctx, index.Options{DB: a.db, File: filepath.Join(a.cfg.Data, "index.snapshot"), Log: a.log}); err != nil {
		return err
	}
	a.metrics = metrics.New()
	if err := a.metrics.Watch(a.db, a.index, a.log); err != nil {
		return err
	}
	a.catalog = catalog.New(a.db, a.index, a.cfg.Paper.Name)
	a.auth = auth.New(a.db)
	if err := a.openShelf(); err != nil {
		return err
	}
	a.cases = casework.New(casework.Options{DB: a.db, Policy: a.policy, Config: a.cfg, Shelf: a.shelf, Look: a.look})
	if a.claims, err = claims.New(ctx, claims.Options{DB: a.db, Config: a.cfg, Shelf: a.shelf}); err != nil {
		return err
	}
	return a.syncSources(ctx)
}

// cacheSize bounds what is kept here of other machines' files: some days of evidence.
const cacheSize = 8 << 30

// openShelf prepares what is read of the data folder and of the storage.
func (a *app) openShelf() (err error) {
	a.shelf = &shelf.Shelf{DB: a.db, Dir: a.cfg.Data}
	if a.db.Shared() {
		a.shelf.Machine = monitor.Machine(a.cfg.Data)
	}
	if a.cfg.Storage == "" {
		return nil
	}
	if a.shelf.Vault, err = vault.Open(a.cfg.Storage); err != nil {
		return err
	}
	a.shelf.Cache = vault.NewCache(a.shelf.Vault, filepath.Join(a.cfg.Data, "cache"), cacheSize)
	return nil
}

func loadPolicy(cfg config.Config) (*policies.Set, error) {
	if cfg.Policies == "" {
		return policies.Default()
	}
	return policies.Load(os.DirFS(cfg.Policies))
}

// watch adds what looks at pages. One process at a time may: it takes the lock
// of the evidence folder.
func (a *app) watch() (err error) {
	if a.evidence, err = evidence.Open(a.cfg.Data); err != nil {
		return err
	}
	authorities, err := stamp.New(a.cfg.TimeStamps)
	if err != nil {
		return err
	}
	key, err := audit.OpenKey(a.cfg.Data)
	if err != nil {
		return err
	}
	a.notary = notary.New(notary.Options{DB: a.db, Evidence: a.evidence, Key: key, Authorities: authorities, Vault: a.shelf.Vault})
	a.bundles = &bundle.Maker{DB: a.db, Notary: a.notary, Shelf: a.shelf, Paper: a.cfg.Paper.Name}
	f := a.cfg.Fetch
	machine := monitor.Machine(a.cfg.Data)
	var turns fetch.SharedTurns
	if a.db.Shared() {
		a.evidence.Name(machine)
		turns = a.db.Turns(machine)
	}
	fetcher := fetch.New(fetch.Options{
		UserAgent: f.UserAgent, Delay: f.Delay, Timeout: f.Timeout, MaxBytes: f.MaxBytes, MaxRedirects: f.MaxRedirects,
		Allow: f.Allow, Ports: f.Ports, Turns: turns, Resolver: f.Resolver, Logger: a.log,
	})
	chromium, err := a.browser(fetcher)
	if err != nil {
		return err
	}
	var pictures *picture.Keeper
	if chromium != nil {
		pictures = &picture.Keeper{DB: a.db, Evidence: a.evidence, Browser: chromium}
	}
	a.monitor = monitor.New(monitor.Options{
		DB: a.db, Fetcher: fetcher, Index: a.index, Evidence: a.evidence, Policy: a.policy, Cases: a.cases, Catalog: a.catalog, Config: a.cfg, Log: a.log,
		Browser: chromium, Pictures: pictures != nil,
	})
	a.schedule, err = schedule.New(schedule.Options{DB: a.db, Monitor: a.monitor, Index: a.index, Notary: a.notary, Claims: a.claims, Pictures: pictures, Metrics: a.metrics, Log: a.log})
	return err
}

// browser draws pages, or is nil where there is none.
func (a *app) browser(f *fetch.Fetcher) (*browser.Browser, error) {
	if a.cfg.Browser == "" {
		return nil, nil
	}
	program, err := exec.LookPath(a.cfg.Browser)
	if err != nil {
		a.log.Warn("no pages are drawn, and none that need scripts are read", slog.Any("error", err))
		return nil, nil
	}
	return browser.New(browser.Options{Program: program, Fetcher: f, Folder: filepath.Join(a.cfg.Data, "browser"), Logger: a.log})
}

func (a *app) look(ctx context.Context, c *rights.Case) (casework.Sight, error) {
	if a.monitor == nil {
		return casework.Sight{}, rights.Errorf(rights.Unavailable, "此处不能抓取网页，请在运行中的服务里操作")
	}
	return a.monitor.Look(ctx, c)
}

// syncSources brings the sources of the configuration into the store; those
// that left the configuration are deleted there.
func (a *app) syncSources(ctx context.Context) error {
	return a.db.Update(ctx, func(tx *store.Tx) error {
		return putSources(ctx, tx, a.cfg.Sources)
	})
}

// ready says why the process can take no work, if it cannot.
func (a *app) ready(ctx context.Context) error {
	if a.schedule == nil {
		return nil
	}
	return a.schedule.Ready(ctx)
}

// server is the web server over everything.
func (a *app) server() *server.Server {
	return server.New(server.Options{
		API: api.Options{DB: a.db, Auth: a.auth, Catalog: a.catalog, Cases: a.cases, Claims: a.claims, Schedule: a.schedule, Bundles: a.bundles},
		Desk: desk.Options{
			DB: a.db, Auth: a.auth, Catalog: a.catalog, Cases: a.cases, Claims: a.claims, Policy: a.policy, Config: a.cfg, Schedule: a.schedule,
			Bundles: a.bundles,
		},
		Portal:  portal.Options{Claims: a.claims, Policy: a.policy, Config: a.cfg},
		Metrics: a.metrics,
		Ready:   a.ready,
		Log:     a.log,
	})
}

func (a *app) close() error {
	var errs []error
	if a.evidence != nil {
		errs = append(errs, a.evidence.Close())
	}
	if a.index != nil {
		errs = append(errs, a.index.Close())
	}
	if a.db != nil {
		errs = append(errs, a.db.Close())
	}
	return errors.Join(errs...)
}
