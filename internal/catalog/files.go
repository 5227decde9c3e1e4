package catalog

import (
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"rightsdesk/internal/rights"
)

// file is one that an import reads.
type file struct {
	path  string // as the person named it, or below the folder
	below string // with slashes, below the folder; empty where the file was named itself
	size  int    // bytes
}

// find lists the files that the paths name.
func (run *importing) find(paths []string) {
	run.known = map[string]bool{}
	for _, p := range paths {
		info, err := os.Stat(p)
		switch {
		case err != nil:
			run.fault(unreadable(p, err))
		case info.IsDir():
			run.folder(p)
		default:
			run.take(file{path: p, size: int(info.Size())})
		}
	}
}

func (run *importing) take(f file) {
	if at := filepath.Clean(f.path); !run.known[at] {
		run.known[at] = true
		run.files = append(run.files, f)
		run.total += f.size
	}
}

// folder lists the files below a folder. Links to files are followed, links to
// folders are not, and what is hidden is left alone.
func (run *importing) folder(dir string) {
	root, before := os.DirFS(dir), len(run.known)
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		at := filepath.Join(dir, filepath.FromSlash(name))
		if err != nil {
			run.fault(unreadable(at, err))
			return nil
		}
		if name != "." && strings.HasPrefix(d.Name(), ".") {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if d.IsDir() {
			return nil
		}
		if !holdsArticles(name) {
			run.Skipped++
			return nil
		}
		info, err := fs.Stat(root, name)
		if err != nil {
			run.fault(unreadable(at, err))
			return nil
		}
		if info.Mode().IsRegular() {
			run.take(file{path: at, below: name, size: int(info.Size())})
		}
		return nil
	})
	if err != nil {
		run.fault(unreadable(dir, err))
	}
	if len(run.known) == before {
		run.fault(rights.Errorf(rights.Invalid, "%s：文件夹中没有可以导入的文件", dir))
	}
}

// holdsArticles tells from a file's name whether it can hold articles; e-paper
// folders hold pictures, scripts and page images too.
func holdsArticles(name string) bool {
	return isJSON(name) || isPage(name)
}

func isPage(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".txt", ".html", ".htm", ".shtml", ".xhtml":
		return true
	}
	return false
}

func isJSON(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".json", ".jsonl", ".ndjson":
		return true
	}
	return false
}

// address is where the file was published. For a file that was named itself,
// a base without a slash at its end is the whole address. A file of records is no
// page and has no address.
func (f file) address(base string) string {
	u, err := url.Parse(base)
	if base == "" || err != nil || isJSON(f.path) {
		return ""
	}
	below := f.below
	if below == "" && !strings.HasSuffix(u.Path, "/") {
		return base
	}
	if below == "" {
		below = filepath.Base(f.path)
	}
	return u.JoinPath(below).String()
}

// beside is the path of what a page links to, as the files of an import know
// it: beside the page, or where a relative link leads.
func (f file) beside(link string) string {
	u, err := url.Parse(link)
	if err != nil {
		return ""
	}
	if u.Host != "" {
		return filepath.Join(filepath.Dir(f.path), path.Base(u.Path))
	}
	return filepath.Join(filepath.Dir(f.path), filepath.FromSlash(u.Path))
}

func checkOptions(opt Options) error {
	var fields []rights.Field
	if _, err := time.Parse(time.DateOnly, opt.IssueDate); opt.IssueDate != "" && err != nil {
		fields = append(fields, rights.Field{Name: "issue_date", Detail: "应为 2006-01-02 形式的日期"})
	}
	if u, err := url.Parse(opt.BaseURL); opt.BaseURL != "" && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
		fields = append(fields, rights.Field{Name: "base_url", Detail: "不是完整的网址"})
	}
	if fields != nil {
		return &rights.Error{Kind: rights.Invalid, Detail: "导入选项有误", Fields: fields}
	}
	return nil
}

// unreadable is the fault of a file that cannot be read.
func unreadable(name string, err error) error {
	if known, ok := errors.AsType[*fs.PathError](err); ok {
		err = known.Err // without the name
	}
	return rights.Errorf(rights.NotFound, "%s：无法读取：%w", name, err)
}
