package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"rightsdesk/internal/bundle"
	"rightsdesk/internal/rights"
)

type bundleCmd struct {
	Case string `arg:"" help:"Number of the case, as RD2026-0001."`
	Out  string `help:"The file, which must not be there yet; CASE.wacz where this is not set." placeholder:"FILE" type:"path"`
}

// Help is the long help.
func (bundleCmd) Help() string {
	return `Packs all that proves a case into one file: the exchanges, both texts and their comparison, the letters, the entries of the
record with their proofs, and the time stamps. Anybody can check it, without us and without this program; the page
README.html in it says how. What was recorded so far is sealed and stamped first. Where an authority does not answer, the
bundle is made without its stamps, says so, and the exit status is 1. While the service is running, take the bundle from
its desk.`
}

// Run makes the bundle.
func (c bundleCmd) Run(ctx context.Context, s *shell) (err error) {
	a, err := s.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.close()) }()
	if err := a.watch(); err != nil {
		return running(err, "take the bundle from its desk, at "+a.cfg.Link("/desk/cases/"+c.Case))
	}
	out := cmp.Or(c.Out, c.Case+".wacz")
	made, err := a.writeBundle(ctx, rights.SystemActor(), c.Case, out)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "Bundle   %s\nSHA-256  %s of its datapackage.json\n", out, made.SHA256)
	for _, l := range made.Lacking {
		fmt.Fprintf(s.out, "Lacking  %s\n", l)
	}
	if len(made.Lacking) > 0 {
		return errSilent
	}
	return nil
}

// writeBundle writes the bundle of a case to a new file.
func (a *app) writeBundle(ctx context.Context, by rights.Actor, caseID, out string) (*bundle.Made, error) {
	if _, err := os.Lstat(out); err == nil {
		return nil, fmt.Errorf("%s is there already", out)
	}
	f, err := os.CreateTemp(filepath.Dir(out), ".bundle-*")
	if err != nil {
		return nil, err
	}
	defer os.Remove(f.Name()) //nolint:errcheck // where it was moved it is not there any more
	made, err := a.bundles.Make(ctx, by, caseID, f)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return nil, err
	}
	return made, os.Rename(f.Name(), out)
}

// verifyBundle checks a bundle.
func (s *shell) verifyBundle(ctx context.Context, path string, at place) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	v := &verification{shell: s}
	sum, err := bundle.Verify(ctx, f, info.Size(), at.roots, v.problem)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	v.counted("case", "%s", sum.Case)
	v.counted("files", "%d", sum.Files)
	v.counted("exchanges", "%d records", sum.Records)
	v.counted("matches", "%d", sum.Matches)
	v.counted("events", "%d", sum.Events)
	v.counted("stamps", "%d", sum.Stamps)
	if !sum.Earliest.IsZero() {
		v.counted("stamped", "%s", sum.Earliest.In(rights.China).Format("2006-01-02 15:04:05 -07:00"))
	}
	return v.sum()
}
