package desk_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"rightsdesk/internal/locale"
	"rightsdesk/internal/rights"
)

func han(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

// TestEnglish: every Chinese text of the templates and of the code has an
// English one, and no template speaks past T.
func TestEnglish(t *testing.T) {
	for _, text := range append(templateTexts(t), codeTexts(t)...) {
		if !locale.English(text.text) {
			t.Errorf("%s: %s has no English in internal/locale/desk.en.yaml", text.where, text.text)
		}
	}
}

type text struct{ where, text string }

func templateTexts(t *testing.T) []text {
	t.Helper()
	action, literal := regexp.MustCompile(`(?s)\{\{.*?\}\}`), regexp.MustCompile(`"((?:[^"\\]|\\.)*)"`)
	var list []text
	files, err := filepath.Glob("templates/*.html")
	if err != nil || len(files) < 10 {
		t.Fatal("templates are missing", files, err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if rest := action.ReplaceAllString(string(b), ""); han(rest) {
			for line := range strings.Lines(rest) {
				if han(line) {
					t.Errorf("%s: text outside T: %s", file, strings.TrimSpace(line))
				}
			}
		}
		for _, a := range action.FindAllString(string(b), -1) {
			for _, m := range literal.FindAllStringSubmatch(a, -1) {
				if han(m[1]) {
					list = append(list, text{file, m[1]})
				}
			}
		}
	}
	return list
}

func codeTexts(t *testing.T) []text {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var list []text
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		tree, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			s, err := strconv.Unquote(lit.Value)
			if err != nil {
				t.Fatal(err)
			}
			if han(s) && s != "中文" { // a language is called by its own name
				list = append(list, text{file, s})
			}
			return true
		})
	}
	for _, s := range rights.CaseStates() {
		list = append(list, text{"rights.CaseState", s.Label()})
	}
	for _, s := range rights.ClaimStates() {
		list = append(list, text{"rights.ClaimState", s.Label()})
	}
	for _, r := range []rights.Role{rights.RoleReviewer, rights.RoleCounsel} {
		list = append(list, text{"rights.Role", r.Label()})
	}
	for _, g := range []rights.Genre{
		"", rights.GenreBrief, rights.GenreNews, rights.GenreFeature, rights.GenreCommentary, rights.GenreInterview, rights.GenreSpeech, rights.GenreOfficial,
	} {
		list = append(list, text{"rights.Genre", g.Label()})
	}
	for _, topic := range []rights.Topic{"", rights.TopicPolitical, rights.TopicEconomic, rights.TopicReligious, rights.TopicOther} {
		list = append(list, text{"rights.Topic", topic.Label()})
	}
	return list
}
