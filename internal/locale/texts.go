package locale

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"sync"

	"go.yaml.in/yaml/v3"
)

//go:embed *.en.yaml
var files embed.FS

// texts is every English text by its Chinese one. The files are read once; a
// file that cannot be read leaves its texts Chinese, and fails the test.
//
//nolint:gochecknoglobals // a table that is made once and only read
var texts = sync.OnceValue(func() map[string]string {
	all, _ := read(files, everything) // what can be read is read; the test reports the rest
	return all
})

// read gathers the texts of the files that a pattern names, and says what is wrong: a
// file that is no map of texts, and a Chinese text with two English ones.
func read(fsys fs.FS, pattern string) (map[string]string, error) {
	all, from := map[string]string{}, map[string]string{}
	names, err := fs.Glob(fsys, pattern)
	faults := []error{err}
	for _, name := range names {
		var one map[string]string
		b, err := fs.ReadFile(fsys, name)
		if err == nil {
			err = yaml.Unmarshal(b, &one)
		}
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", name, err))
		}
		for zh, en := range one {
			if was, ok := all[zh]; ok && was != en {
				faults = append(faults, fmt.Errorf("%s: %q is %q here and %q in %s", name, zh, en, was, from[zh]))
				continue
			}
			all[zh], from[zh] = en, name
		}
	}
	return all, errors.Join(faults...)
}
