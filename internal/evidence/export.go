package evidence

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

const linesSuffix = ".manifest.jsonl"

// Put takes a file with its SHA-256, in hex, and its size.
type Put func(name, digest string, r io.Reader, size int64) error

// Export gives all that belongs to a sealed file: its lines of the manifest
// (FILE.manifest.jsonl), its time stamps so far, the file, and last its seal. None of
// these ever changes.
func (s *Store) Export(file string, put Put) error {
	seal, err := readSeal(filepath.Join(s.dir, file+sealSuffix))
	if err != nil {
		return err
	}
	lines, err := s.lines(file)
	if err != nil {
		return err
	}
	if err := put(file+linesSuffix, sha256Hex(lines), bytes.NewReader(lines), int64(len(lines))); err != nil {
		return err
	}
	tokens, err := filepath.Glob(filepath.Join(s.dir, file+".*"+tokenSuffix))
	if err != nil {
		return fmt.Errorf("evidence: %w", err)
	}
	for _, path := range append(tokens, filepath.Join(s.dir, file), filepath.Join(s.dir, file+sealSuffix)) {
		digest := seal.SHA256
		if filepath.Base(path) != file {
			if digest, err = sumFile(path); err != nil {
				return fmt.Errorf("evidence: %w", err)
			}
		}
		if err := exportFile(path, digest, put); err != nil {
			return err
		}
	}
	return nil
}

func exportFile(path, digest string, put Put) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("evidence: %w", err)
	}
	defer f.Close() //nolint:errcheck // only read from
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("evidence: %w", err)
	}
	return put(filepath.Base(path), digest, f, info.Size())
}

// lines are those of the manifest that speak of a file.
func (s *Store) lines(file string) ([]byte, error) {
	data, err := os.ReadFile(filepath.Join(s.dir, manifestName))
	if err != nil {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	var out bytes.Buffer
	for line := range bytes.Lines(data) {
		if !strings.Contains(string(line), `"file":"`+file+`"`) {
			continue
		}
		e, err := parseLine(line)
		if err != nil {
			return nil, damaged(manifestName, err)
		}
		if e.File == file {
			out.Write(line)
		}
	}
	return out.Bytes(), nil
}
