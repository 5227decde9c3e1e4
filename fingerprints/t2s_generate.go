//go:build ignore

// Writes t2s.txt from the character table of the pinned opencc module: every
// traditional character that has a first simplified form other than itself,
// followed by that form, in the order of the code points.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

const opencc = "github.com/longbridgeapp/opencc@v0.3.13"

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	told, err := exec.Command("go", "mod", "download", "-json", opencc).Output()
	if err != nil {
		return err
	}
	var module struct{ Dir string }
	if err := json.Unmarshal(told, &module); err != nil {
		return err
	}
	f, err := os.Open(filepath.Join(module.Dir, "dictionary", "TSCharacters.txt"))
	if err != nil {
		return err
	}
	defer f.Close()
	var pairs []string
	for s := bufio.NewScanner(f); s.Scan(); {
		from, to, _ := strings.Cut(s.Text(), "\t")
		to, _, _ = strings.Cut(to, " ")
		if len([]rune(from)) == 1 && len([]rune(to)) == 1 && from != to {
			pairs = append(pairs, from+to)
		}
	}
	slices.Sort(pairs)
	return os.WriteFile("t2s.txt", []byte(strings.Join(pairs, "\n")+"\n"), 0o644)
}
