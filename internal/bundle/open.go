package bundle

import (
	"archive/zip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
)

const (
	maxFiles  = 10_000
	maxMember = 512 << 20 // of one file that is read at once
	maxRecord = 256 << 20 // of one exchange
)

// archive is a bundle that was opened: nothing in it leads anywhere else, and none
// of it can grow.
type archive struct {
	files map[string]*zip.File
}

// open reads the directory of a bundle and refuses what none of ours is.
func open(r io.ReaderAt, size int64) (*archive, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, fmt.Errorf("not a bundle: %w", err)
	}
	if len(z.File) > maxFiles {
		return nil, fmt.Errorf("not a bundle: %d files", len(z.File))
	}
	a := &archive{files: map[string]*zip.File{}}
	left := uint64(size)
	for _, f := range z.File {
		switch {
		case !filepath.IsLocal(f.Name) || strings.ContainsAny(f.Name, "\\:") || !f.Mode().IsRegular():
			return nil, fmt.Errorf("the name %q is no file of a bundle", f.Name)
		case a.files[f.Name] != nil:
			return nil, fmt.Errorf("%s is there twice", f.Name)
		case f.Method != zip.Store || f.CompressedSize64 != f.UncompressedSize64 || f.UncompressedSize64 > left:
			return nil, fmt.Errorf("%s is compressed, or larger than the bundle", f.Name)
		case f.UncompressedSize64 > maxMember:
			return nil, fmt.Errorf("%s is larger than %d bytes", f.Name, int64(maxMember))
		}
		left -= f.UncompressedSize64 // files that share their bytes come to more than there are
		a.files[f.Name] = f
	}
	return a, nil
}

// read returns a whole file.
func (a *archive) read(name string) ([]byte, error) {
	f, ok := a.files[name]
	if !ok {
		return nil, errors.New("is missing")
	}
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close() //nolint:errcheck // only read from
	return io.ReadAll(io.LimitReader(r, maxMember+1))
}

// readJSON reads a file into v.
func (a *archive) readJSON(name string, v any) error {
	b, err := a.read(name)
	if err != nil {
		return err
	}
	return json.Unmarshal(b, v)
}
