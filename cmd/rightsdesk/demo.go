package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"rightsdesk/internal/catalog"
	"rightsdesk/internal/demo"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

type demoCmd struct {
	Dir      string `placeholder:"DIR" help:"The data folder, which must be empty or not be there yet; a new temporary folder where this is not set."`
	Once     bool   `help:"End when all is done; the exit status says whether everything was as expected."`
	Pictures bool   `help:"Draw the pages of the cases in Chromium, which takes a while."`
	Listen   string `default:"127.0.0.1:0" help:"Where the desk is served; port 0 takes a free one."`
}

// Help is the long help.
func (demoCmd) Help() string {
	return `Registers a sample issue of a fictitious newspaper, serves fictitious third-party sites on this machine, sweeps them
through the real pipeline, judges what was found, writes the letters and files a claim by the public form. Then it
serves the desk until it is interrupted. It asks nothing of the network.`
}

// Run shows the whole service at work.
func (c demoCmd) Run(ctx context.Context, s *shell) (err error) {
	ctx, cancel := context.WithCancel(ctx)
	sample, err := demo.Load()
	if err != nil {
		cancel()
		return err
	}
	d := &demonstration{shell: s, sample: sample}
	defer func() {
		cancel()
		err = errors.Join(err, d.end(context.WithoutCancel(ctx)))
	}()
	if err := d.begin(ctx, c); err != nil {
		return err
	}
	for _, step := range []func(context.Context) error{d.people, d.register, d.owners, d.sweep, d.showMatches, d.letters, d.claim, d.seal, d.compare} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	if c.Once {
		return nil
	}
	if err := d.links(ctx); err != nil {
		return err
	}
	fmt.Fprintln(s.out, "\nPress Ctrl-C to end.")
	select {
	case <-d.served:
	case <-ctx.Done():
	}
	return nil
}

// demonstration is one run of the demo.
type demonstration struct {
	*shell
	sample *demo.Sample
	app    *app
	sites  *http.Server
	desk   string // host:port
	status string // the address of the claimant's private page

	served   chan struct{} // closed when the desk has ended
	serveErr error         // why, once served is closed

	matches []rights.Match
	pages   []rights.Page
}

// begin serves the sites and the desk over an empty data folder.
func (d *demonstration) begin(ctx context.Context, c demoCmd) error {
	dir, err := demoFolder(c.Dir)
	if err != nil {
		return err
	}
	handler, err := d.sample.Handler()
	if err != nil {
		return err
	}
	var listen net.ListenConfig
	sites, err := listen.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	cfg := d.sample.Config(dir, sites.Addr().String())
	if !c.Pictures {
		cfg.Browser = ""
	}
	if handler, err = d.authorities(handler, sites.Addr().String(), &cfg); err != nil {
		return errors.Join(err, sites.Close())
	}
	d.sites = &http.Server{Handler: handler, ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = d.sites.Serve(sites) }() // a fault shows as pages that cannot be read
	desk, err := listen.Listen(ctx, "tcp", c.Listen)
	if err != nil {
		return err
	}
	d.desk = desk.Addr().String()
	cfg.Listen = d.desk
	if d.app, err = open(ctx, cfg, d.log); err != nil {
		return errors.Join(err, desk.Close())
	}
	if err := d.app.watch(); err != nil {
		return errors.Join(err, desk.Close())
	}
	d.served = make(chan struct{})
	go func() {
		defer close(d.served)
		d.serveErr = d.app.server().Serve(ctx, desk) //nolint:contextcheck // handlers take the context of their request
	}()
	fmt.Fprintf(d.out, "Data folder  %s\nKey          %s\nSites        %d fictitious sites at %s\n\n", cfg.Data, cfg.KeyFile, len(d.sample.Sites), sites.Addr())
	return d.app.schedule.Start(ctx)
}

// demoFolder makes the data folder, or refuses one that holds something: what
// lies in it might be evidence.
func demoFolder(dir string) (string, error) {
	if dir == "" {
		parent, err := os.MkdirTemp("", "rightsdesk-demo-")
		return filepath.Join(parent, "data"), err
	}
	dir, err := filepath.Abs(dir) // the key is to lie beside it, also where it is "."
	if err != nil {
		return "", err
	}
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return dir, os.MkdirAll(filepath.Dir(dir), 0o750)
	case err != nil:
		return "", fmt.Errorf("the data folder cannot be used: %w", err)
	case len(entries) > 0:
		return "", fmt.Errorf("%s is not empty; give a folder that is empty or not there yet", dir)
	}
	return dir, nil
}

// end stops what begin started.
func (d *demonstration) end(ctx context.Context) error {
	var errs []error
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	if d.app != nil {
		if d.app.schedule != nil {
			errs = append(errs, d.app.schedule.Stop(ctx))
		}
		if d.served != nil {
			select {
			case <-d.served:
				errs = append(errs, d.serveErr)
			case <-ctx.Done():
				errs = append(errs, errors.New("the desk did not end"))
			}
		}
		errs = append(errs, d.app.close())
	}
	if d.sites != nil {
		errs = append(errs, d.sites.Close())
	}
	return errors.Join(errs...)
}

// The people of the demo.
func editor() rights.Actor {
	return rights.Actor{Login: "editor", Name: "孔令仪", Role: rights.RoleReviewer}
}

func reviewer() rights.Actor {
	return rights.Actor{Login: "reviewer", Name: "沈知远", Role: rights.RoleReviewer}
}

func counsel() rights.Actor {
	return rights.Actor{Login: "counsel", Name: "顾闻笙", Role: rights.RoleCounsel}
}

func (d *demonstration) people(ctx context.Context) error {
	for _, who := range []rights.Actor{editor(), reviewer(), counsel()} {
		if _, err := d.app.auth.AddUser(ctx, rights.SystemActor(), rights.User{Login: who.Login, Name: who.Name, Role: who.Role}, ""); err != nil {
			return err
		}
	}
	return nil
}

// register writes the issue and imports it.
func (d *demonstration) register(ctx context.Context) error {
	issue := filepath.Join(d.app.cfg.Data, "issue")
	if err := d.sample.WriteIssue(issue); err != nil {
		return err
	}
	bar := newProgress(d.err)
	done, err := d.app.catalog.Import(ctx, rights.SystemActor(), []string{issue}, catalog.Options{Progress: bar.tell})
	bar.end()
	if err := errors.Join(append(done.Faults, err)...); err != nil {
		return err
	}
	fmt.Fprintf(d.out, "Registered   %s of %s: %s\n", demo.Paper, demo.IssueDate, summary(done))
	return nil
}

// unverified is the article whose owner nobody verifies, so that the desk shows
// what then stands in the way of a letter.
const unverified = "03-watch"

// owners verifies who owns the staff's parts.
func (d *demonstration) owners(ctx context.Context) error {
	verified, left := 0, ""
	for _, a := range d.sample.Articles {
		if a.Name == unverified {
			left = a.Headline
			continue
		}
		var held *rights.Article
		err := d.app.db.View(ctx, func(tx *store.Tx) (err error) {
			held, err = tx.Article(ctx, a.ID())
			return err
		})
		if err != nil {
			return err
		}
		segments, ours := staffSegments(held)
		if !ours {
			continue
		}
		if _, err := d.app.catalog.SetSegments(ctx, editor(), held.ID, segments, "核对采编系统署名与劳动合同"); err != nil {
			return err
		}
		verified++
	}
	fmt.Fprintf(d.out, "Owners       %s verified the staff's parts of %d articles; those of 《%s》 are left open\n", editor().Name, verified, left)
	return nil
}

// staffSegments are the segments of an article, those of the staff verified.
func staffSegments(a *rights.Article) (list []catalog.Segment, ours bool) {
	for _, s := range a.Segments {
		set := catalog.Segment{Start: s.Start, End: s.End, Owner: s.Owner, Holder: s.Holder, Basis: s.Basis, Document: s.Document}
		if s.Owner == rights.OwnerStaff {
			set.Holder, set.Document, set.Verified, ours = "临江日报社", "采编人员劳动合同（含职务作品约定）", true, true
		}
		list = append(list, set)
	}
	return list, ours
}
