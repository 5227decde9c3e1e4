// Package shelf reads what the machines that share a database keep.
//
// Each machine writes evidence and letters into its own data folder, under names that
// end with its own. [Shelf.Evidence] and [Shelf.Letter] read a file from this folder or,
// where another machine wrote it, from the storage to which that one copied it: never
// before its SHA-256 was held to the one in the database.
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

// mostLetter is more bytes than a letter has.
const mostLetter = 64 << 20

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

// Machine is the machine whose name a file's ends with, if it does: of evidence, or of
// a letter.
func Machine(name string) string {
	if path.Dir(name) == "." {
		return evidence.Machine(name)
	}
	const parts = 4 // the day, the time, the number, the machine
	stem := strings.TrimSuffix(path.Base(name), path.Ext(name))
	if p := strings.SplitN(stem, "-", parts); len(p) == parts {
		return p[parts-1]
	}
	return ""
}

// Suffix is what the names of letters end with before the format.
func (s *Shelf) Suffix() string {
	if s.Machine == "" {
		return ""
	}
	return "-" + s.Machine
}

// KeepLetter copies a letter that was written into the folder to the storage, where
// other machines are to read it.
func (s *Shelf) KeepLetter(ctx context.Context, name string, b []byte) error {
	if s.Machine == "" || s.Vault == nil {
		return nil
	}
	return s.Vault.Keep(ctx, name, sum(b), bytes.NewReader(b), int64(len(b)))
}

// Letter reads a file of a letter with this SHA-256, in hex. One that is missing is
// [rights.NotFound]; one that was changed is [rights.Conflict].
func (s *Shelf) Letter(ctx context.Context, name, digest string) ([]byte, error) {
	if !filepath.IsLocal(filepath.FromSlash(name)) {
		return nil, rights.Errorf(rights.NotFound, "函件文件不存在：%s", name)
	}
	f, err := os.Open(filepath.Join(s.Dir, filepath.FromSlash(name)))
	if errors.Is(err, os.ErrNotExist) {
		f, err = s.fetch(ctx, name, digest)
	}
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // only read from
	b, err := io.ReadAll(io.LimitReader(f, mostLetter))
	if err != nil {
		return nil, fmt.Errorf("read a letter: %w", err)
	}
	if !strings.EqualFold(sum(b), digest) {
		return nil, rights.Errorf(rights.Conflict, "函件文件已被改动：%s", name)
	}
	return b, nil
}

func sum(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}
