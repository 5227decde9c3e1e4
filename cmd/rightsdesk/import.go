package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/schollz/progressbar/v3"

	"rightsdesk/internal/catalog"
	"rightsdesk/internal/extract"
	"rightsdesk/internal/rights"
)

type importCmd struct {
	Paths     []string `arg:"" name:"path" help:"Files, and folders whose files are read in the order of their names."`
	Paper     string   `placeholder:"NAME" help:"The paper of articles that do not name theirs; the configuration's where this is not set."`
	IssueDate string   `placeholder:"DAY" help:"The issue of articles that do not name theirs, as 2006-01-02."`
	BaseURL   string   `placeholder:"URL" help:"Where the files were published: a file's address is this and its path below the folder that was named."`
}

// Help is the long help.
func (importCmd) Help() string {
	return `Reads e-paper article pages (Founder), plain text of saved pages, JSON lines of articles, and IPTC ninjs 3.1; the format
is told from the content. Importing the same again changes nothing. A record that is wrong is named with file, line and
field on standard error, and the rest goes in; the exit status is 1 then. Layout pages of an e-paper hold no articles and
are passed over when their article pages are imported with them.`
}

// Run registers articles.
func (c importCmd) Run(ctx context.Context, s *shell) (err error) {
	a, err := s.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.close()) }()
	bar := newProgress(s.err, progressbar.OptionShowBytes(true))
	done, err := a.catalog.Import(ctx, rights.SystemActor(), c.Paths, catalog.Options{
		Options:  extract.Options{Paper: c.Paper, IssueDate: c.IssueDate, BaseURL: c.BaseURL},
		Progress: bar.tell,
	})
	bar.end()
	for _, fault := range done.Faults {
		fmt.Fprintln(s.err, say(fault))
	}
	if c.IssueDate == "" && slices.ContainsFunc(done.Faults, lacksDay) {
		fmt.Fprintln(s.err, "Where a file names no day of issue, say it by --issue-date.")
	}
	if err != nil && done.Files == 0 {
		return err
	}
	fmt.Fprintln(s.out, summary(done))
	if err == nil && len(done.Faults) > 0 {
		return errSilent
	}
	return err
}

// lacksDay reports whether the day of issue is among what is wrong.
func lacksDay(err error) bool {
	var known *rights.Error
	return errors.As(err, &known) && slices.ContainsFunc(known.Fields, func(f rights.Field) bool { return f.Name == "issue_date" })
}

func summary(done catalog.Imported) string {
	text := fmt.Sprintf("%s read: %d created, %d updated, %d unchanged", count(done.Files, "file"), done.Created, done.Updated, done.Unchanged)
	if done.Layouts > 0 {
		text += "; " + count(done.Layouts, "layout page") + " passed over"
	}
	if done.Skipped > 0 {
		text += "; " + count(done.Skipped, "other file") + " left alone"
	}
	if len(done.Faults) > 0 {
		text += "; " + count(len(done.Faults), "fault")
	}
	return text
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
