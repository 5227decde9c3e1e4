package audit

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

const (
	keyFile = "audit.key"
	origin  = "rightsdesk"
)

// Key signs roots.
type Key struct {
	signer note.Signer
	public string
}

// OpenKey reads the key of a data folder; where there is none, it makes one.
func OpenKey(dir string) (*Key, error) {
	path := filepath.Join(dir, keyFile)
	b, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		b, err = makeKey(path)
	}
	if err != nil {
		return nil, fmt.Errorf("audit: %w", err)
	}
	secret, public, _ := strings.Cut(strings.TrimSpace(string(b)), "\n")
	signer, err := note.NewSigner(secret)
	if err != nil {
		return nil, fmt.Errorf("audit: %s holds no key: %w", path, err)
	}
	return &Key{signer: signer, public: public}, nil
}

func makeKey(path string) ([]byte, error) {
	secret, public, err := note.GenerateKey(rand.Reader, origin)
	if err != nil {
		return nil, err
	}
	b := []byte(secret + "\n" + public + "\n")
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	_, err = f.Write(b)
	return b, errors.Join(err, f.Sync(), f.Close())
}
