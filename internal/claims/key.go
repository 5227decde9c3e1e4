package claims

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"filippo.io/age"

	"rightsdesk/config"
	"rightsdesk/internal/rights"
)

// keyring is what a key file holds: files are encrypted for its first key and opened
// with any.
type keyring struct {
	first *age.X25519Identity
	all   []age.Identity
}

// loadKeys reads the keys that open the proofs, or makes the first.
func loadKeys(cfg config.Config, proofs []rights.Proof) (*keyring, error) {
	file := cfg.KeyFile
	if file == "" {
		return nil, errors.New("key_file: is missing")
	}
	if err := outside(file, cfg.Data); err != nil {
		return nil, err
	}
	keys, err := readKeys(file)
	if !errors.Is(err, fs.ErrNotExist) {
		return keys, err
	}
	for _, p := range proofs {
		if p.ErasedAt == nil {
			return nil, fmt.Errorf("key_file: %s is not there, and there are files of claimants that only it opens (%s); copy it from where it is kept", file, p.File)
		}
	}
	if err := makeKey(file); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("key_file: %w", err)
	}
	return readKeys(file) // where another process was faster, its key
}

// outside refuses a key that lies where the data it opens lies.
func outside(file, data string) error {
	folder, err := realPath(filepath.Dir(file))
	if err != nil {
		return fmt.Errorf("key_file: %w", err)
	}
	within, err := realPath(data)
	if err != nil {
		return fmt.Errorf("data: %w", err)
	}
	path := filepath.Join(folder, filepath.Base(file))
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	rel, err := filepath.Rel(within, path)
	if err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return fmt.Errorf("key_file: %s lies inside the data folder %s; a copy of the data would carry its own key", file, data)
	}
	return nil
}

func realPath(path string) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(abs)
}

func readKeys(file string) (*keyring, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("key_file: %w", err)
	}
	defer f.Close() //nolint:errcheck // only read from
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("key_file: %w", err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("key_file: %s may be read by others (mode %04o), wants mode 0600", file, info.Mode().Perm())
	}
	keys, err := age.ParseIdentities(io.LimitReader(f, 1<<16))
	if err != nil {
		return nil, fmt.Errorf("key_file: %s: %w", file, err)
	}
	first, ok := keys[0].(*age.X25519Identity)
	if !ok {
		return nil, fmt.Errorf("key_file: %s wants an X25519 key first", file)
	}
	return &keyring{first, keys}, nil
}

func makeKey(file string) error {
	key, err := age.GenerateX25519Identity()
	if err != nil {
		return err
	}
	text := "# Opens the proofs of claimants. Keep it apart from the data folder, and keep a copy.\n" + key.String() + "\n"
	return writeNew(file, []byte(text))
}

// writeNew writes a file that must not exist yet and is readable by its owner
// only, and returns when it is on disk.
func writeNew(name string, content []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(name))
	}
	return syncFolder(filepath.Dir(name))
}

func syncFolder(name string) error {
	if runtime.GOOS == "windows" {
		return nil // folders cannot be synced there
	}
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
