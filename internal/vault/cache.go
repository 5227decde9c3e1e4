package vault

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/minio/minio-go/v7"

	"rightsdesk/internal/rights"
)

// Cache keeps files of a storage in a folder of this machine, under their SHA-256.
// It is safe for concurrent use.
type Cache struct {
	vault *Vault
	dir   string
	limit int64 // bytes of all files

	mu sync.Mutex
}

// NewCache returns a cache of at most limit bytes in dir, which need not be there.
// Of what is there, the files not used for longest make room for new ones.
func NewCache(v *Vault, dir string, limit int64) *Cache {
	return &Cache{vault: v, dir: dir, limit: limit}
}

// Open opens a file of the storage for reading, after its SHA-256 was computed anew.
// One that is not there is [rights.NotFound]; one that is another, or larger than the
// cache, is [rights.Conflict].
func (c *Cache) Open(ctx context.Context, name, digest string) (*os.File, error) {
	if b, err := hex.DecodeString(digest); err != nil || len(b) != sha256.Size {
		return nil, fmt.Errorf("storage: %q is no SHA-256", digest)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	path := filepath.Join(c.dir, digest)
	if f, err := openSame(path, digest); err == nil {
		now := time.Now()
		return f, os.Chtimes(path, now, now)
	}
	if err := c.fetch(ctx, name, digest); err != nil {
		return nil, err
	}
	return openSame(path, digest)
}

// Forget removes what is kept here of the file with a digest.
func (c *Cache) Forget(digest string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := os.Remove(filepath.Join(c.dir, filepath.Base(digest))); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("storage: %w", err)
	}
	return nil
}

// openSame opens a file that has the digest.
func openSame(path, digest string) (*os.File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	h := sha256.New()
	if _, err = io.Copy(h, f); err == nil && hex.EncodeToString(h.Sum(nil)) != digest {
		err = errors.New("the file is not as it was fetched")
	}
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// fetch gets a file into the folder, whole and under its digest or not at all.
func (c *Cache) fetch(ctx context.Context, name, digest string) error {
	o, err := c.vault.client.GetObject(ctx, c.vault.bucket, c.vault.key(name), minio.GetObjectOptions{})
	if err != nil {
		return c.vault.failed(err)
	}
	defer o.Close() //nolint:errcheck // only read from
	info, err := o.Stat()
	switch {
	case minio.ToErrorResponse(err).Code == minio.NoSuchKey:
		return rights.Errorf(rights.NotFound, "存储 %s 中没有 %s", c.vault.name, name).Because(err)
	case err != nil:
		return c.vault.failed(err)
	case info.Size > c.limit:
		return rights.Errorf(rights.Conflict, "存储 %s 中的 %s 过大，本机不能读取", c.vault.name, name)
	}
	if err := c.makeRoom(info.Size); err != nil {
		return err
	}
	f, err := os.CreateTemp(c.dir, "*.new")
	if err != nil {
		return fmt.Errorf("storage: %w", err)
	}
	defer os.Remove(f.Name()) //nolint:errcheck // where it was moved it is not there any more
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(f, h), io.LimitReader(o, info.Size))
	switch closed := f.Close(); {
	case err != nil:
		return c.vault.failed(err)
	case closed != nil:
		return fmt.Errorf("storage: %w", closed)
	case n != info.Size || hex.EncodeToString(h.Sum(nil)) != digest:
		return rights.Errorf(rights.Conflict, "存储 %s 中的 %s 已被改动", c.vault.name, name)
	}
	if err := os.Rename(f.Name(), filepath.Join(c.dir, digest)); err != nil {
		return fmt.Errorf("storage: %w", err)
	}
	return nil
}

// makeRoom removes files until size more bytes fit.
func (c *Cache) makeRoom(size int64) error {
	if err := os.MkdirAll(c.dir, 0o750); err != nil {
		return fmt.Errorf("storage: %w", err)
	}
	entries, err := os.ReadDir(c.dir)
	if err != nil {
		return fmt.Errorf("storage: %w", err)
	}
	files := make([]os.FileInfo, 0, len(entries))
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			return fmt.Errorf("storage: %w", err)
		}
		files = append(files, info)
		size += info.Size()
	}
	slices.SortFunc(files, func(a, b os.FileInfo) int { return cmp.Compare(a.ModTime().UnixNano(), b.ModTime().UnixNano()) })
	for _, f := range files {
		if size <= c.limit {
			break
		}
		if err := os.Remove(filepath.Join(c.dir, f.Name())); err != nil {
			return fmt.Errorf("storage: %w", err)
		}
		size -= f.Size()
	}
	return nil
}
