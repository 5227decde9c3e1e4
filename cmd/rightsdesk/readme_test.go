package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// commands returns the lines of a README that a person types.
func commands(t *testing.T, file string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", file))
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, m := range regexp.MustCompile(`(?m)^    (\S.*)$`).FindAllStringSubmatch(string(text), -1) {
		list = append(list, m[1])
	}
	return list
}

// arguments are those of the program in a line, or nil where it is another.
func arguments(line string) []string {
	line, _, _ = strings.Cut(line, " > ")
	for _, program := range []string{"bin/rightsdesk ", "go run ./cmd/rightsdesk "} {
		if rest, ok := strings.CutPrefix(line, program); ok {
			return strings.Fields(rest)
		}
	}
	return nil
}

// TestReadmeCommands checks that both READMEs tell the same, and that what they
// tell can be typed.
func TestReadmeCommands(t *testing.T) {
	list := commands(t, "README.md")
	if chinese := commands(t, "README.zh-CN.md"); !slices.Equal(list, chinese) {
		t.Errorf("README.md tells %q, README.zh-CN.md %q", list, chinese)
	}
	makefile, err := os.ReadFile("../../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range list {
		if target, ok := strings.CutPrefix(line, "make "); ok {
			if !bytes.Contains(makefile, []byte("\n"+target+":")) {
				t.Errorf("%s: the Makefile has no such target", line)
			}
			continue
		}
		parser, err := kong.New(&cli{}, kong.Name("rightsdesk"))
		if err != nil {
			t.Fatal(err)
		}
		args := arguments(line)
		if _, err := parser.Parse(args); err != nil || args == nil {
			t.Errorf("%s: %v", line, err)
		}
	}
}

// TestReadmeFirstSteps takes the first steps up to the service itself.
func TestReadmeFirstSteps(t *testing.T) {
	list := commands(t, "README.md")
	t.Chdir(t.TempDir())
	if err := os.Mkdir("issue", 0o750); err != nil {
		t.Fatal(err)
	}
	text := "江堤加固工程昨日合龙\n□本报记者 沈砚秋\n临江两岸的灯，昨夜亮到了天明。最后一车石料落下时，堤上的人都停下手来。\n【第 02 版:要闻】\n"
	if err := os.WriteFile("issue/02.txt", []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	taken := 0
	for _, line := range list {
		args := arguments(line)
		if len(args) == 0 || !slices.Contains([]string{"config", "user", "import", "verify"}, args[0]) || strings.HasSuffix(line, ".wacz") {
			continue
		}
		var out, faults bytes.Buffer
		if code := run(t.Context(), args, &shell{in: strings.NewReader(""), out: &out, err: &faults}); code != 0 {
			t.Fatalf("%s: status %d\n%s%s", line, code, out.String(), faults.String())
		}
		taken++
		if _, file, ok := strings.Cut(line, " > "); ok {
			if err := os.WriteFile(file, out.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	if taken < 5 {
		t.Errorf("only %d of %q were taken", taken, list)
	}
}
