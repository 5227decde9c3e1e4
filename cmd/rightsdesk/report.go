package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"rightsdesk/internal/rights"
)

type reportCmd struct {
	Case string `arg:"" help:"Number of the case, as RD2026-0001."`
	Out  string `help:"Put copies of the HTML and the PDF into this folder." placeholder:"DIR" type:"path"`
}

// Run writes the letter and prints where it lies and what it lacks. Of a case
// that is approved it is the approved letter.
func (c reportCmd) Run(ctx context.Context, s *shell) (err error) {
	a, err := s.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.close()) }()
	r, err := a.cases.Report(ctx, rights.SystemActor(), c.Case)
	if err != nil {
		return err
	}
	paths := []string{filepath.Join(a.cfg.Data, filepath.FromSlash(r.HTMLFile)), filepath.Join(a.cfg.Data, filepath.FromSlash(r.PDFFile))}
	if c.Out != "" {
		if paths, err = a.copyReport(ctx, r, c.Out); err != nil {
			return err
		}
	}
	state := "final"
	if r.Draft {
		state = "draft"
	}
	fmt.Fprintf(s.out, "Letter   %s, %s\nHTML     %s\nPDF      %s\n", r.Title, state, paths[0], paths[1])
	if len(r.Missing) > 0 {
		fmt.Fprintf(s.out, "Missing  %s\n", strings.Join(r.Missing, ", "))
	}
	if r.Undrawn != "" {
		fmt.Fprintf(s.out, "Undrawn  %s (no font draws these characters; the letter shows their code points)\n", r.Undrawn)
	}
	return nil
}

// copyReport puts both files of a report into a folder under the case's number.
func (a *app) copyReport(ctx context.Context, r *rights.Report, dir string) ([]string, error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, err
	}
	var paths []string
	for _, format := range []string{"html", "pdf"} {
		b, err := a.cases.ReportFile(ctx, r.CaseID, r.ID, format)
		if err != nil {
			return nil, err
		}
		name := filepath.Join(dir, r.CaseID+"."+format)
		if err := os.WriteFile(name, b, 0o600); err != nil {
			return nil, err
		}
		paths = append(paths, name)
	}
	return paths, nil
}
