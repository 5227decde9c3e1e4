package catalog

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"rightsdesk/internal/extract"
	"rightsdesk/internal/rights"
)

// Imported is what an import did.
type Imported struct {
	Files     int     `json:"files"` // that were read
	Layouts   int     `json:"layouts"`
	Skipped   int     `json:"skipped"` // files below folders whose names are not those of articles
	Created   int     `json:"created"`
	Updated   int     `json:"updated"`
	Unchanged int     `json:"unchanged"`
	Faults    []error `json:"-"` // each names file, line and field
}

// Options of an import.
type Options struct {
	// Options hold for every file. BaseURL is where the files were published: a
	// file's address is this and its path below the folder that was named.
	extract.Options
	// Progress, where it is not nil, is told how many of the bytes are read,
	// before each file and after each article.
	Progress func(done, total int, file string)
}

// Import registers the articles of files, and of the files below folders, which
// it reads in the order of their names. What is faulty is named in Faults and
// the rest goes in. A layout page (版面) of an e-paper whose article pages are
// all in the same import is no fault. The error is of the import itself: options
// that make no sense, or a register that does not answer.
func (c *Catalog) Import(ctx context.Context, by rights.Actor, paths []string, opt Options) (Imported, error) {
	if opt.Paper == "" {
		opt.Paper = c.paper
	}
	if err := checkOptions(opt); err != nil {
		return Imported{}, err
	}
	run := importing{catalog: c, by: by, opt: opt}
	run.find(paths)
	for _, f := range run.files {
		if err := run.file(ctx, f); err != nil {
			return run.Imported, err
		}
	}
	run.tell("")
	return run.Imported, nil
}

// importing is one import on its way.
type importing struct {
	Imported
	catalog *Catalog
	by      rights.Actor
	opt     Options

	files       []file
	known       map[string]bool // the paths of files
	done, total int             // bytes
}

func (run *importing) tell(name string) {
	if run.opt.Progress != nil {
		run.opt.Progress(run.done, run.total, name)
	}
}

func (run *importing) fault(err error) { run.Faults = append(run.Faults, err) }

// file registers the articles of one file. An error ends the import.
func (run *importing) file(ctx context.Context, f file) error {
	start := run.done
	defer func() { run.done = start + f.size }()
	run.tell(f.path)
	r, err := os.Open(f.path)
	if err != nil {
		run.fault(unreadable(f.path, err))
		return nil
	}
	defer r.Close() //nolint:errcheck // it was only read
	run.Files++
	opt := run.opt.Options
	opt.File, opt.BaseURL = f.path, f.address(run.opt.BaseURL)
	var broken error
	counted := &counter{r: r}
	faults := extract.Articles(counted, opt, func(a *rights.Article) error {
		if broken != nil {
			return broken
		}
		if broken = ctx.Err(); broken != nil {
			return broken
		}
		change, err := run.catalog.Register(ctx, run.by, a)
		if err != nil && rights.KindOf(err) == rights.Internal {
			broken = err
		}
		run.count(change)
		run.done = start + counted.n
		run.tell(f.path)
		return err
	})
	if broken != nil {
		return fmt.Errorf("%s: %w", f.path, broken)
	}
	for _, err := range faults {
		if errors.Is(err, extract.ErrLayout) {
			run.layout(f, err)
		} else {
			run.fault(err)
		}
	}
	return nil
}

func (run *importing) count(change Change) {
	switch change {
	case Created:
		run.Created++
	case Updated:
		run.Updated++
	case Unchanged:
		run.Unchanged++
	}
}

// layout takes a layout page, whose reading as an article gave the error.
func (run *importing) layout(f file, notArticle error) {
	raw, err := os.ReadFile(f.path)
	if err != nil {
		run.fault(unreadable(f.path, err))
		return
	}
	page, err := extract.Layout(raw, "", "")
	if err != nil {
		run.fault(notArticle)
		return
	}
	missing := 0
	for _, l := range page.Articles {
		if !run.known[f.beside(l.URL)] {
			missing++
		}
	}
	switch missing {
	case 0:
		run.Layouts++
	case len(page.Articles):
		run.fault(notArticle)
	default:
		run.fault(rights.Errorf(rights.Invalid, "%s：版面页列出 %d 篇稿件，其中 %d 篇的稿件页不在此次导入之列", f.path, len(page.Articles), missing))
	}
}

// counter counts the bytes that were read.
type counter struct {
	r io.Reader
	n int
}

// Read makes counter an io.Reader.
func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += n
	return n, err
}
