// Package architecture_test holds the code to the list in ARCHITECTURE.md.
package architecture_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

const root = "../.."

// TestLayers checks that every package is listed and imports only packages
// that stand above it.
func TestLayers(t *testing.T) {
	order := listed(t)
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != root && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" || strings.HasPrefix(d.Name(), "vendor")) {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") {
			return nil
		}
		dir, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		pkg := filepath.ToSlash(dir)
		place, ok := order[pkg]
		if !ok {
			t.Errorf("%s: package %s is not in the list of ARCHITECTURE.md", path, pkg)
			return nil
		}
		if strings.HasSuffix(path, "_test.go") {
			return nil
		}
		for _, imported := range imports(t, path) {
			at, ok := order[imported]
			if !ok || at >= place {
				t.Errorf("%s: %s may not import %s, which does not stand above it in ARCHITECTURE.md", path, pkg, imported)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func listed(t *testing.T) map[string]int {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "ARCHITECTURE.md"))
	if err != nil {
		t.Fatal(err)
	}
	order := map[string]int{}
	for _, m := range regexp.MustCompile("(?m)^\\| `([a-z/]+)` \\|").FindAllStringSubmatch(string(text), -1) {
		if _, twice := order[m[1]]; twice {
			t.Errorf("ARCHITECTURE.md lists %s twice", m[1])
		}
		order[m[1]] = len(order)
	}
	if len(order) == 0 {
		t.Fatal("ARCHITECTURE.md has no list of packages")
	}
	return order
}

func imports(t *testing.T, path string) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	var own []string
	for _, spec := range file.Imports {
		name, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		if rest, ok := strings.CutPrefix(name, "rightsdesk/"); ok {
			own = append(own, rest)
		}
	}
	return own
}
