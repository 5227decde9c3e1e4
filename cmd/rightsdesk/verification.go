package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"rightsdesk/internal/audit"
	"rightsdesk/internal/claims"
	"rightsdesk/internal/evidence"
	"rightsdesk/internal/monitor"
	"rightsdesk/internal/notary"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/shelf"
	"rightsdesk/internal/store"
	"rightsdesk/internal/vault"
)

// verification is one run over a data folder.
type verification struct {
	*shell
	dir string
	db  *store.DB

	roots     *x509.CertPool // of time stamps
	shelf     *shelf.Shelf
	cache     string // folder of what was fetched
	counts    [][2]string
	problems  int
	elsewhere map[string]bool         // what other machines keep and was not read
	removed   map[string]rights.Event // files of evidence, by a decision
}

// openShelf prepares the reading of what other machines keep, where the storage is asked.
func (v *verification) openShelf(storage *vault.Vault) (err error) {
	v.shelf = &shelf.Shelf{DB: v.db, Dir: v.dir, Machine: monitor.Machine(v.dir), Vault: storage}
	if storage == nil {
		return nil
	}
	if v.cache, err = os.MkdirTemp("", "rightsdesk-verify-*"); err != nil {
		return err
	}
	v.shelf.Cache = vault.NewCache(storage, v.cache, cacheSize)
	return nil
}

// away reports whether a file was not read because another machine keeps it, which is
// said at the end.
func (v *verification) away(name string, err error) bool {
	machine := shelf.Machine(name)
	if rights.KindOf(err) != rights.Unavailable || machine == "" || machine == v.shelf.Machine {
		return false
	}
	v.elsewhere[name] = true
	return true
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
	for _, name := range slices.Sorted(maps.Keys(v.elsewhere)) {
		fmt.Fprintf(v.out, "not read: %s: kept by machine %s\n", name, shelf.Machine(name))
	}
	switch {
	case v.problems > 0:
		fmt.Fprintf(v.out, "%d problems\n", v.problems)
		return errSilent
	case len(v.elsewhere) > 0:
		fmt.Fprintf(v.out, "all that was read is as it was written; %d files of other machines were not read\n", len(v.elsewhere))
		return nil
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

// decisions reads which files of evidence were removed, and names those that are gone.
func (v *verification) decisions(ctx context.Context) error {
	err := v.db.View(ctx, func(tx *store.Tx) (err error) {
		v.removed, err = tx.DiscardedFiles(ctx)
		return err
	})
	for _, file := range slices.Sorted(maps.Keys(v.removed)) {
		if _, err := os.Lstat(filepath.Join(v.dir, "evidence", file)); err != nil {
			e := v.removed[file]
			fmt.Fprintf(v.out, "removed: evidence/%s: by %s (%s) on %s: %s\n", file, e.Name, e.Actor, e.At.In(rights.China).Format(time.DateOnly), e.Reason)
		}
	}
	return err
}

// gone reports whether a file cannot be read because it was removed by a decision.
func (v *verification) gone(file string, err error) bool {
	_, removed := v.removed[file]
	return removed && rights.KindOf(err) == rights.NotFound
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
	err := v.db.View(ctx, func(tx *store.Tx) error {
		place := notary.Place{Dir: v.dir, Machine: v.shelf.Machine, Roots: v.roots, Elsewhere: func(subject string) {
			file := strings.TrimPrefix(subject, "evidence/")
			if _, removed := v.removed[file]; !removed {
				v.elsewhere[file] = true
			}
		}}
		sum, err := notary.Verify(ctx, tx, place, v.problem)
		v.counted("seals", "%d", sum.Seals)
		v.counted("stamps", "%d", sum.Stamps)
		return err
	})
	if err != nil || v.shelf.Vault == nil {
		return err
	}
	read, err := notary.VerifyVault(ctx, v.db, v.shelf.Vault, v.problem)
	for _, subject := range read {
		delete(v.elsewhere, strings.TrimPrefix(subject, "evidence/"))
	}
	v.counted("storage", "%d files in %s", len(read), v.shelf.Vault)
	return err
}

func (v *verification) matches(ctx context.Context) error {
	var ids []int64
	err := v.db.View(ctx, func(tx *store.Tx) (err error) {
		ids, err = tx.MatchIDs(ctx)
		return err
	})
	v.counted("matches", "%d", len(ids))
	for _, id := range ids {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := v.match(ctx, id); err != nil {
			v.problem(fmt.Sprintf("match %d", id), say(err))
		}
	}
	return err
}

// match checks a match against its seal, and against the exchanges it stands on.
func (v *verification) match(ctx context.Context, id int64) error {
	var m *rights.Match
	var events []rights.Event
	err := v.db.View(ctx, func(tx *store.Tx) (err error) {
		if m, err = tx.Match(ctx, id); err == nil {
			events, err = tx.Events(ctx, (&rights.Match{ID: id}).Subject())
		}
		return err
	})
	if err != nil {
		return err
	}
	seal, err := m.Seal()
	if err != nil {
		return err
	}
	if len(events) == 0 || events[len(events)-1].Reason != seal {
		v.problem(fmt.Sprintf("match %d", id), "its seal is not the one in the record of events")
	}
	digests := make([]string, 0, len(m.Evidence))
	for _, ref := range m.Evidence {
		r, err := v.shelf.Evidence().Read(ctx, evidence.Ref(ref))
		if v.away(ref.File, err) || v.gone(ref.File, err) {
			return nil
		}
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
	var reports []rights.Report
	err := v.db.View(ctx, func(tx *store.Tx) (err error) {
		reports, err = tx.Reports(ctx, "")
		return err
	})
	for _, r := range reports {
		v.letter(ctx, r.HTMLFile, r.HTMLSHA)
		v.letter(ctx, r.PDFFile, r.PDFSHA)
	}
	v.counted("reports", "%d", len(reports))
	return err
}

// letter checks one file of a letter.
func (v *verification) letter(ctx context.Context, name, want string) {
	if _, err := v.shelf.Read(ctx, name, want); err != nil && !v.away(name, err) {
		v.problem(name, say(err))
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
	return claims.VerifyProofs(ctx, v.shelf, func(p rights.Proof, err error) {
		if !v.away(p.File, err) {
			v.problem(p.File, say(err))
		}
	})
}
