package main

import (
	"cmp"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"rightsdesk/config"
	"rightsdesk/internal/stamp"
	"rightsdesk/internal/store"
	"rightsdesk/internal/vault"
)

type verifyCmd struct {
	Bundle string `arg:"" help:"A bundle to verify in place of a data folder." optional:"" type:"path"`

	Dir     string   `placeholder:"DIR"  help:"The data folder; the configuration's where this is not set."                                            type:"path"`
	Storage bool     `help:"Also re-read what the storage of the configuration holds; this needs the network."`
	Roots   []string `placeholder:"FILE" help:"PEM files with roots of time-stamp authorities, beside those of this machine and of the configuration." type:"existingfile"`
}

// Help is the long help.
func (verifyCmd) Help() string {
	return `Needs no network and changes nothing. Re-reads every recorded exchange against the manifest of the evidence, every sealed
file against its seal, every time stamp against the digest it is of and the roots of its authority, the record of
events against its chain of hashes and its signed roots, every match against its seal in that record and against the exchanges it stands on,
and every letter and every claimant's file against its digest. Of a bundle it holds every file to the list and the stamps,
the entries of the record to their signed root, the matches to these entries, the exchanges and both texts; no
configuration and no database are asked for. Each thing that was changed is named on a line; the exit
status is 1 then. A file of evidence that was removed by a decision in the record of events is named with it, and is no
change. Of machines that share a database each keeps its own files: those of others are read from the storage with --storage, and are named where they were not read. The database is rightsdesk.db in the data folder, unless the configuration names another.`
}

// Run verifies a data folder.
func (c verifyCmd) Run(ctx context.Context, s *shell) (err error) {
	at, err := c.where(s)
	if err != nil {
		return err
	}
	if c.Bundle != "" {
		return s.verifyBundle(ctx, c.Bundle, at)
	}
	if info, err := os.Stat(at.dir); err != nil || !info.IsDir() {
		return fmt.Errorf("there is no folder %s", at.dir)
	}
	db, err := store.OpenReader(ctx, at.database)
	if errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("%s is no data folder: %s: %w", at.dir, at.database, cause(err))
	}
	if err != nil {
		return fmt.Errorf("%s: %w", at.dir, err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	v := &verification{shell: s, dir: at.dir, db: db, roots: at.roots, elsewhere: map[string]bool{}}
	if err := v.openShelf(at.storage); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(v.cache)) }()
	for _, step := range []func(context.Context) error{v.decisions, v.evidence, v.database, v.events, v.stamps, v.matches, v.reports, v.proofs} {
		if err := step(ctx); err != nil {
			if ctx.Err() != nil {
				return err
			}
			v.problem("database", say(err)) // a file that cannot be read was changed
		}
	}
	return v.sum()
}

// place is what is to be verified, and by what.
type place struct {
	dir, database string
	roots         *x509.CertPool // of time stamps
	storage       *vault.Vault   // nil: not asked for
}

// where says what is meant. With a folder or a bundle given, the configuration need not be
// there unless it was asked for by name.
func (c verifyCmd) where(s *shell) (place, error) {
	var cfg config.Config
	var err error
	_, missing := os.Stat(s.file)
	if c.Dir == "" && c.Bundle == "" || missing == nil || filepath.Base(s.file) != "rightsdesk.yaml" {
		if cfg, err = s.config(); err != nil {
			return place{}, err
		}
	}
	files := c.Roots
	for _, a := range cfg.TimeStamps {
		files = append(files, a.Roots)
	}
	at := place{dir: cmp.Or(c.Dir, cfg.Data)}
	at.database = cmp.Or(cfg.Database, filepath.Join(at.dir, "rightsdesk.db"))
	if at.roots, err = stamp.Roots(files...); err != nil || !c.Storage {
		return at, err
	}
	if cfg.Storage == "" {
		return at, errors.New("the configuration names no storage")
	}
	at.storage, err = vault.Open(cfg.Storage)
	return at, err
}
