package world

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"path/filepath"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"rightsdesk/config"
	"rightsdesk/internal/casework"
	"rightsdesk/internal/catalog"
	"rightsdesk/internal/evidence"
	"rightsdesk/internal/fetch"
	"rightsdesk/internal/index"
	"rightsdesk/internal/monitor"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
	"rightsdesk/policies"
)

// Options lay out a world.
type Options struct {
	Dir      string // the data folder
	Hosts    int
	Pages    int // of each host
	Reprints int // in all
	Articles int // registered, those that are reprinted among them
	Seed     uint64
	Rest     time.Duration // least rest of a host
	Timeout  time.Duration // of one exchange
	MaxBytes int64         // of a page
	Log      *slog.Logger
	// Progress is told how many pages were looked at; it may be nil.
	Progress func(done, total int)
}

// run is one run through a world.
type run struct {
	opt    Options
	sites  []*site
	server *server
	inside atomic.Int64 // connections to the canary

	db       *store.DB
	evidence *evidence.Store
	monitor  *monitor.Monitor
	catalog  *catalog.Catalog
}

// Run goes through a world and reports. An error is of the run itself.
func Run(ctx context.Context, opt Options) (r Report, err error) {
	w := &run{opt: opt, server: &server{sites: map[string]*site{}}}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	port, err := w.guard(ctx)
	if err != nil {
		return Report{}, err
	}
	w.sites = opt.sites(port)
	for _, s := range w.sites {
		w.server.sites[s.host] = s
	}
	address, err := w.serve(ctx)
	if err != nil {
		return Report{}, err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	if err := w.open(ctx, address); err != nil {
		return Report{}, err
	}
	if err := w.register(ctx); err != nil {
		return Report{}, err
	}
	begin := time.Now()
	if err := w.sweep(ctx); err != nil {
		return Report{}, err
	}
	return w.report(ctx, time.Since(begin))
}

// guard starts the canary, a service of this machine that nobody is to reach, on
// a port on which sites are, until ctx ends.
func (w *run) guard(ctx context.Context) (port string, err error) {
	var listen net.ListenConfig
	var l net.Listener
	for _, port = range []string{"8080", "8088", "8888", "8081", "8008", "8000"} {
		if l, err = listen.Listen(ctx, "tcp", net.JoinHostPort("127.0.0.2", port)); err == nil {
			break
		}
	}
	if err != nil {
		return "", err
	}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			w.inside.Add(1)
			_ = conn.Close()
		}
	}()
	context.AfterFunc(ctx, func() { _ = l.Close() })
	return port, nil
}

// serve starts the sites, until ctx ends.
func (w *run) serve(ctx context.Context) (address string, err error) {
	var listen net.ListenConfig
	l, err := listen.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	web := &http.Server{Handler: w.server, ReadHeaderTimeout: time.Minute}
	go func() { _ = web.Serve(l) }()
	context.AfterFunc(ctx, func() { _ = web.Close() })
	return l.Addr().String(), nil
}

func (w *run) open(ctx context.Context, address string) (err error) {
	cfg := config.Default()
	cfg.Data = w.opt.Dir
	cfg.Paper = config.Paper{Name: paper, Owner: paper + "社"}
	if w.db, err = store.Open(ctx, cfg.DatabaseURL(), w.opt.Log); err != nil {
		return err
	}
	if w.evidence, err = evidence.Open(cfg.Data); err != nil {
		return err
	}
	live, err := index.Load(ctx, index.Options{DB: w.db, File: filepath.Join(cfg.Data, "world.index"), Log: w.opt.Log})
	if err != nil {
		return err
	}
	policy, err := policies.Default()
	if err != nil {
		return err
	}
	hosts := map[string]string{}
	for _, s := range w.sites {
		hosts[s.host] = address
	}
	w.catalog = catalog.New(w.db, live, paper)
	w.monitor = monitor.New(monitor.Options{
		DB: w.db, Index: live, Evidence: w.evidence, Policy: policy, Config: cfg, Log: w.opt.Log, Catalog: w.catalog,
		Cases: casework.New(casework.Options{DB: w.db, Policy: policy, Config: cfg}),
		Fetcher: fetch.New(fetch.Options{
			UserAgent: "Rightsdesk-World/1.0 (+http://www.linjiang.example/)", Delay: w.opt.Rest, Timeout: w.opt.Timeout, MaxBytes: w.opt.MaxBytes, MaxRedirects: 5,
			Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}, Ports: cfg.Fetch.Ports, Resolver: hosts, Logger: w.opt.Log,
		}),
	})
	return nil
}

func (w *run) close() error {
	var errs []error
	if w.evidence != nil {
		errs = append(errs, w.evidence.Close())
	}
	if w.db != nil {
		errs = append(errs, w.db.Close())
	}
	return errors.Join(errs...)
}

const paper = "临江日报"

// register puts the paper's stories into the register; the first of them are
// those that are reprinted.
func (w *run) register(ctx context.Context) error {
	day := time.Now().In(rights.China).Format(time.DateOnly)
	for n := range w.opt.Articles {
		s := write(w.opt.Seed, uint64(n))
		a := &rights.Article{
			Paper: paper, IssueDate: day, PageNo: fmt.Sprintf("%02d", n/8+1), Headline: s.headline, Paragraphs: s.paragraphs, Genre: rights.GenreNews,
			Bylines: []string{"林远舟"}, CreditLine: "本报记者 林远舟",
		}
		if _, err := w.catalog.Register(ctx, rights.SystemActor(), a); err != nil {
			return err
		}
	}
	return nil
}

// sweep sweeps every host at once.
func (w *run) sweep(ctx context.Context) error {
	var done atomic.Int64
	total := w.opt.Hosts * w.opt.Pages
	group, ctx := errgroup.WithContext(ctx)
	for _, s := range w.sites {
		source := s.source()
		if err := w.db.Update(ctx, func(tx *store.Tx) error { return tx.PutSource(ctx, source) }); err != nil {
			return err
		}
		group.Go(func() error {
			_, err := w.monitor.Sweep(ctx, source.ID, func(monitor.Progress) {
				if n := done.Add(1); w.opt.Progress != nil {
					w.opt.Progress(int(n), total)
				}
			})
			return err
		})
	}
	return group.Wait()
}
