// Package shelf reads what the machines that share a database keep.
//
// Each machine writes evidence, letters and the files of claimants into its own data
// folder, under names that end with its own. [Shelf.Evidence] and [Shelf.Read] read a
// file from this folder or, where another machine wrote it, from the storage to which
// that one copied it: never before its SHA-256 was held to the one in the database.
package shelf

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"

	"rightsdesk/internal/evidence"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
	"rightsdesk/internal/vault"
)

// Shelf is the data folder of a machine, and the storage. It is safe for concurrent
// use.
type Shelf struct {
	DB  *store.DB
	Dir string // the data folder
	// Machine is its name, where several share the database; empty: it is alone.
	Machine string
	Vault   *vault.Vault // nil: there is no storage
	Cache   *vault.Cache // of Vault
}

// most is more bytes than a letter or a file of a claimant has.
const most = 64 << 20

// Evidence is the evidence of all machines.
func (s *Shelf) Evidence() evidence.Folder {
	return evidence.Folder{Dir: s.Dir, Elsewhere: func(ctx context.Context, file string) (*os.File, error) {
		var seal *rights.Seal
		var removed *rights.Event
		err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
			if removed, err = tx.Discarded(ctx, file); err == nil {
				seal, err = tx.Seal(ctx, "evidence/"+file)
			}
			return err
		})
		if removed != nil {
			d := evidence.Decision{File: file, Name: removed.Name, At: removed.At, Reason: removed.Reason}
			return nil, d.Gone()
		}
		if rights.KindOf(err) == rights.NotFound {
			return nil, s.lacking(file, err)
		}
		if err != nil {
			return nil, err
		}
		return s.fetch(ctx, file, seal.SHA256)
	}}
}

// fetch opens a file that the folder does not hold.
func (s *Shelf) fetch(ctx context.Context, name, digest string) (*os.File, error) {
	if s.Cache == nil {
		return nil, s.lacking(name, nil)
	}
	f, err := s.Cache.Open(ctx, name, digest)
	if rights.KindOf(err) == rights.NotFound {
		err = s.lacking(name, err)
	}
	return f, err
}

// lacking says why a file cannot be had, and who keeps it.
func (s *Shelf) lacking(name string, cause error) error {
	machine := Machine(name)
	switch {
	case machine == "" || machine == s.Machine:
		return rights.Errorf(rights.NotFound, "文件不存在：%s", name).Because(cause)
	case s.Cache == nil:
		return rights.Errorf(rights.Unavailable, "文件 %s 由机器 %s 保管；没有配置存储，本机不能读取", name, machine).Because(cause)
	}
	return rights.Errorf(rights.Unavailable, "文件 %s 由机器 %s 保管，尚未封存并存入存储，请稍后再试", name, machine).Because(cause)
}

// Proofs is the folder of the files of claimants.
const Proofs = "proofs"

// Machine is the machine whose name a file's ends with, if it does: of evidence, of a
// letter, or of a claimant.
func Machine(name string) string {
	if path.Dir(name) == "." {
		return evidence.Machine(name)
	}
	parts := 4 // the day, the time, the number, the machine
	if strings.HasPrefix(name, Proofs+"/") {
		parts = 2 // a random name, the machine
	}
	stem := strings.TrimSuffix(path.Base(name), path.Ext(name))
	if p := strings.SplitN(stem, "-", parts); len(p) == parts {
		return p[parts-1]
	}
	return ""
}

// Suffix is what the names of files end with before the format.
func (s *Shelf) Suffix() string {
	if s.Machine == "" {
		return ""
	}
	return "-" + s.Machine
}

// Shared reports whether there are other machines that read in the storage what this
// one keeps.
func (s *Shelf) Shared() bool { return s.Machine != "" && s.Vault != nil }

// Keep copies a file that was written into the folder to the storage, where other
// machines are to read it.
func (s *Shelf) Keep(ctx context.Context, name string, b []byte) error {
	if !s.Shared() {
		return nil
	}
	return s.Vault.Keep(ctx, name, sum(b), bytes.NewReader(b), int64(len(b)))
}

// Read reads a letter or a file of a claimant with this SHA-256, in hex. One that is
// missing is [rights.NotFound]; one that was changed is [rights.Conflict]; one that
// another machine keeps and did not copy yet is [rights.Unavailable].
func (s *Shelf) Read(ctx context.Context, name, digest string) ([]byte, error) {
	if !filepath.IsLocal(filepath.FromSlash(name)) {
		return nil, rights.Errorf(rights.NotFound, "文件不存在：%s", name)
	}
	f, err := os.Open(filepath.Join(s.Dir, filepath.FromSlash(name)))
	if errors.Is(err, os.ErrNotExist) {
		f, err = s.fetch(ctx, name, digest)
	}
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // only read from
	b, err := io.ReadAll(io.LimitReader(f, most))
	if err != nil {
		return nil, fmt.Errorf("read a file: %w", err)
	}
	if !strings.EqualFold(sum(b), digest) {
		return nil, rights.Errorf(rights.Conflict, "文件已被改动：%s", name)
	}
	return b, nil
}

// Forget removes a file from this machine, not from the storage. One that is not there
// is as it should be.
func (s *Shelf) Forget(name, digest string) error {
	if !filepath.IsLocal(filepath.FromSlash(name)) {
		return rights.Errorf(rights.NotFound, "文件不存在：%s", name)
	}
	if err := os.Remove(filepath.Join(s.Dir, filepath.FromSlash(name))); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if s.Cache == nil {
		return nil
	}
	return s.Cache.Forget(digest)
}

func sum(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}
