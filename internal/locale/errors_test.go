package locale_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"rightsdesk/internal/locale"
)

// TestErrorsHaveEnglish reads the source of every package: what an error or the
// record says in Chinese has an English text.
func TestErrorsHaveEnglish(t *testing.T) {
	const root = "../.."
	found := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, lit := range errorTexts(file) {
			text, err := strconv.Unquote(lit.Value)
			if err != nil || !strings.ContainsFunc(text, han) {
				continue
			}
			found++
			if !locale.English(text) {
				t.Errorf("%s: no English for %q", files.Position(lit.Pos()), text)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if found < 100 {
		t.Errorf("only %d texts were found", found)
	}
}

func han(r rune) bool { return unicode.Is(unicode.Han, r) }

// errorTexts finds the literals of errors: the arguments of rights.Errorf, rights.Note and of
// functions that make fields or errors, the values of Detail and Format, and
// all of package rights.
func errorTexts(file *ast.File) []*ast.BasicLit {
	var texts []*ast.BasicLit
	ast.Inspect(file, func(n ast.Node) bool {
		var from []ast.Expr
		switch n := n.(type) {
		case *ast.BasicLit:
			if file.Name.Name == "rights" && n.Kind == token.STRING {
				texts = append(texts, n)
			}
		case *ast.CallExpr:
			if name := called(n.Fun); name == "Errorf" || name == "Note" || name == "fault" || name == "missing" {
				from = n.Args
			}
		case *ast.KeyValueExpr:
			if key, ok := n.Key.(*ast.Ident); ok && (key.Name == "Detail" || key.Name == "Format") {
				from = []ast.Expr{n.Value}
			}
		}
		for _, e := range from {
			if lit, ok := e.(*ast.BasicLit); ok && lit.Kind == token.STRING && file.Name.Name != "rights" {
				texts = append(texts, lit)
			}
		}
		return true
	})
	return texts
}

func called(fun ast.Expr) string {
	switch f := fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}
