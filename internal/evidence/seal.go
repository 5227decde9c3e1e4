package evidence

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

const (
	sealSuffix  = ".sha256"
	tokenSuffix = ".tsr"
)

// Seal says that a WARC file takes no more records, and what it hashes to.
type Seal struct {
	File   string // a name in the evidence folder
	SHA256 string // hex, of the whole file
}

// Seal ends the file that is being written, where it holds records, and seals
// every file that is not sealed yet. It returns the files that it sealed.
func (s *Store) Seal() ([]Seal, error) {
	s.sealing.Lock()
	defer s.sealing.Unlock()
	open, err := s.endFile()
	if err != nil {
		return nil, err
	}
	names, err := filepath.Glob(filepath.Join(s.dir, warcPrefix+"*"+warcSuffix))
	if err != nil {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	var sealed []Seal
	for _, path := range names {
		name := filepath.Base(path)
		if _, err := os.Lstat(path + sealSuffix); err == nil || name >= open {
			continue
		}
		sum, err := sumFile(path)
		if err != nil {
			return sealed, fmt.Errorf("evidence: %w", err)
		}
		if err := s.writeOnce(name+sealSuffix, []byte(sum+"  "+name+"\n")); err != nil {
			return sealed, err
		}
		if err := os.Chmod(path, 0o440); err != nil {
			return sealed, fmt.Errorf("evidence: %w", err)
		}
		sealed = append(sealed, Seal{File: name, SHA256: sum})
	}
	return sealed, nil
}

// endFile closes the file being written. It returns the first name, in order,
// under which records may still be written.
func (s *Store) endFile() (open string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.broken != nil {
		return "", s.broken
	}
	if s.warc != nil && s.fEnd == 0 {
		return s.file, nil
	}
	if s.warc != nil {
		if err := s.warc.Close(); err != nil {
			return "", fmt.Errorf("evidence: %w", err)
		}
		s.warc = nil
	}
	return s.file + "\x00", nil // whatever comes after the file that was ended
}

// writeOnce writes a file that is there whole or not at all. One that is there
// already is an error, unless it holds the same.
func (s *Store) writeOnce(name string, content []byte) error {
	path := filepath.Join(s.dir, name)
	f, err := os.CreateTemp(s.dir, name+".*.new")
	if err != nil {
		return fmt.Errorf("evidence: %w", err)
	}
	defer os.Remove(f.Name()) //nolint:errcheck // a leftover does no harm
	_, err = f.Write(content)
	if err := errors.Join(err, f.Chmod(0o440), f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("evidence: %w", err)
	}
	err = os.Link(f.Name(), path)
	if errors.Is(err, os.ErrExist) {
		if have, readErr := os.ReadFile(path); readErr == nil && bytes.Equal(have, content) {
			return nil
		}
	}
	if err := errors.Join(err, syncDir(s.dir)); err != nil {
		return fmt.Errorf("evidence: %w", err)
	}
	return nil
}

// Has reports whether the folder holds a file.
func (s *Store) Has(name string) bool {
	_, err := os.Lstat(filepath.Join(s.dir, name))
	return err == nil && filepath.Base(name) == name
}

// PutToken keeps an authority's time stamp (TimeStampResp, DER) of a sealed file
// beside it, under its [TokenName].
func (s *Store) PutToken(file, authority string, response []byte) error {
	if !safeName(file) || !s.Has(file+sealSuffix) || strings.ContainsAny(authority, `/\:.`) {
		return fmt.Errorf("evidence: no sealed file %s for a time stamp of %s", file, authority)
	}
	return s.writeOnce(TokenName(file, authority), response)
}

// TokenName is the name of the file with an authority's time stamp of a file.
func TokenName(file, authority string) string { return file + "." + authority + tokenSuffix }

// Seals reads the seals there are; see the function [Seals].
func (s *Store) Seals() ([]Seal, error) { return readSeals(s.dir) }

// Seals reads the seals in the data folder dir, in the order of the files' names.
func Seals(dir string) ([]Seal, error) { return readSeals(filepath.Join(dir, folder)) }

func readSeals(dir string) ([]Seal, error) {
	paths, err := filepath.Glob(filepath.Join(dir, "*"+warcSuffix+sealSuffix))
	if err != nil {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	seals := make([]Seal, 0, len(paths))
	for _, path := range paths {
		seal, err := readSeal(path)
		if err != nil {
			return nil, err
		}
		seals = append(seals, seal)
	}
	return seals, nil
}

func readSeal(path string) (Seal, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return Seal{}, fmt.Errorf("evidence: %w", err)
	}
	seal := Seal{File: strings.TrimSuffix(filepath.Base(path), sealSuffix)}
	sum, rest, _ := strings.Cut(string(b), "  ")
	if _, err := hex.DecodeString(sum); err != nil || len(sum) != 2*sha256.Size || rest != seal.File+"\n" {
		return Seal{}, fmt.Errorf("evidence: %s is not as a seal is written", filepath.Base(path))
	}
	seal.SHA256 = sum
	return seal, nil
}

func sumFile(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close() //nolint:errcheck // only read from
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
