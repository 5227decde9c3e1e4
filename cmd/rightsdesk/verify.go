package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"rightsdesk/config"
	"rightsdesk/internal/audit"
	"rightsdesk/internal/claims"
	"rightsdesk/internal/evidence"
	"rightsdesk/internal/monitor"
	"rightsdesk/internal/notary"
	"rightsdesk/internal/rights"
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
status is 1 then. The database is rightsdesk.db in the data folder, unless the configuration names another.`
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
	v := &verification{shell: s, dir: at.dir, db: db, roots: at.roots, storage: at.storage}
	for _, step := range []func(context.Context) error{v.evidence, v.database, v.events, v.stamps, v.matches, v.reports, v.proofs} {
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

// verification is one run over a data folder.
type verification struct {
	*shell
	dir string
	db  *store.DB

	roots     *x509.CertPool // of time stamps
	storage   *vault.Vault   // nil: not asked for
	counts    [][2]string
	problems  int
	elsewhere int // matches whose exchanges another machine keeps
}

// problem names one thing that is not as it was written.
func (v *verification) problem(what, detail string) {
	v.problems++
	fmt.Fprintf(v.out, "changed: %s: %s\n", what, detail)
}

func (v *verification) counted(what, format string, args ...any) {
	v.counts = append(v.counts, [2]string{what, fmt.Sprintf(format, args...)})
}

// sum prints what was read.
func (v *verification) sum() error {
	table := tabwriter.NewWriter(v.out, 0, 0, 2, ' ', 0)
	for _, c := range v.counts {
		fmt.Fprintf(table, "%s\t%s\n", c[0], c[1])
	}
	if err := table.Flush(); err != nil {
		return err
	}
	if v.problems > 0 {
		fmt.Fprintf(v.out, "%d problems\n", v.problems)
		return errSilent
	}
	fmt.Fprintln(v.out, "all is as it was written")
	return nil
}

func (v *verification) evidence(context.Context) error {
	sum, err := evidence.Verify(v.dir, func(p evidence.Problem) {
		what := []string{fmt.Sprintf("evidence/%s at %d", p.File, p.Offset), p.RecordID, p.URL}
		what = slices.DeleteFunc(what, func(s string) bool { return s == "" })
		v.problem(strings.Join(what, ", "), p.Detail)
	})
	v.counted("evidence", "%d records in %d files, head %s", sum.Records, sum.Files, cmp.Or(sum.Head, "none"))
	return err
}

func (v *verification) database(ctx context.Context) error {
	return v.db.View(ctx, func(tx *store.Tx) error {
		return tx.CheckFile(ctx, func(detail string) { v.problem("database", detail) })
	})
}

func (v *verification) events(ctx context.Context) error {
	return v.db.View(ctx, func(tx *store.Tx) error {
		sum, err := audit.Verify(ctx, tx, func(seq int64, detail string) { v.problem(fmt.Sprintf("event %d", seq), detail) })
		v.counted("events", "%d under %d signed roots, head %s", sum.Events, sum.Roots, cmp.Or(sum.Head, "none"))
		return err
	})
}

func (v *verification) stamps(ctx context.Context) error {
	return v.db.View(ctx, func(tx *store.Tx) error {
		sum, err := notary.Verify(ctx, tx, notary.Place{Dir: v.dir, Machine: monitor.Machine(v.dir), Roots: v.roots}, v.problem)
		v.counted("seals", "%d", sum.Seals)
		v.counted("stamps", "%d", sum.Stamps)
		if err != nil || v.storage == nil {
			return err
		}
		n, err := notary.VerifyVault(ctx, tx, v.storage, v.problem)
		v.counted("storage", "%d files in %s", n, v.storage)
		return err
	})
}

func (v *verification) matches(ctx context.Context) error {
	return v.db.View(ctx, func(tx *store.Tx) error {
		ids, err := tx.MatchIDs(ctx)
		v.counted("matches", "%d", len(ids))
		for _, id := range ids {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := v.match(ctx, tx, id); err != nil {
				v.problem(fmt.Sprintf("match %d", id), say(err))
			}
		}
		if v.elsewhere > 0 {
			v.counted("elsewhere", "%d matches, whose exchanges other machines keep", v.elsewhere)
		}
		return err
	})
}

// match checks a match against its seal, and against the exchanges it stands on.
func (v *verification) match(ctx context.Context, tx *store.Tx, id int64) error {
	m, err := tx.Match(ctx, id)
	if err != nil {
		return err
	}
	seal, err := m.Seal()
	if err != nil {
		return err
	}
	events, err := tx.Events(ctx, (&rights.Match{ID: id}).Subject())
	if err != nil {
		return err
	}
	if len(events) == 0 || events[len(events)-1].Reason != seal {
		v.problem(fmt.Sprintf("match %d", id), "its seal is not the one in the record of events")
	}
	digests := make([]string, 0, len(m.Evidence))
	for _, ref := range m.Evidence {
		if at := evidence.Machine(ref.File); at != "" && at != monitor.Machine(v.dir) {
			v.elsewhere++
			return nil
		}
		r, err := evidence.Read(v.dir, evidence.Ref(ref))
		if err != nil {
			return err
		}
		sum := sha256.Sum256(r.Body)
		digests = append(digests, hex.EncodeToString(sum[:]))
	}
	if rights.PartsDigest(digests) != m.Capture.Digest {
		v.problem(fmt.Sprintf("match %d", id), "its digest is not that of the exchanges it stands on")
	}
	return nil
}

func (v *verification) reports(ctx context.Context) error {
	return v.db.View(ctx, func(tx *store.Tx) error {
		reports, err := tx.Reports(ctx, "")
		for _, r := range reports {
			v.file(r.HTMLFile, r.HTMLSHA)
			v.file(r.PDFFile, r.PDFSHA)
		}
		v.counted("reports", "%d", len(reports))
		return err
	})
}

// file checks one file of the data folder.
func (v *verification) file(name, want string) {
	if !filepath.IsLocal(name) {
		v.problem(name, "leads out of the data folder")
		return
	}
	b, err := os.ReadFile(filepath.Join(v.dir, name))
	if err != nil {
		v.problem(name, cause(err).Error())
		return
	}
	if sum := sha256.Sum256(b); !strings.EqualFold(hex.EncodeToString(sum[:]), want) {
		v.problem(name, "SHA-256 does not agree")
	}
}

func (v *verification) proofs(ctx context.Context) error {
	n := 0
	err := v.db.View(ctx, func(tx *store.Tx) error {
		list, err := tx.Proofs(ctx)
		n = len(list)
		return err
	})
	if err != nil {
		return err
	}
	v.counted("proofs", "%d", n)
	return claims.VerifyProofs(ctx, v.db, v.dir, func(p rights.Proof, detail string) { v.problem(p.File, detail) })
}
