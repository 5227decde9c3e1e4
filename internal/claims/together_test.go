package claims_test

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"rightsdesk/config"
	"rightsdesk/internal/claims"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/shelf"
	"rightsdesk/internal/store"
	"rightsdesk/internal/testenv"
	"rightsdesk/internal/vault"
)

// TestTogether: what a claimant sent to one machine is opened at another, from the
// storage, where it lies encrypted; a copy that fails is made later; and when it is
// erased it is gone everywhere.
func TestTogether(t *testing.T) {
	database := testenv.Schema(t)
	storage, bucket := testenv.S3(t)
	key := filepath.Join(t.TempDir(), "proofs.key")
	one, two := member(t, "one", database, storage, key), member(t, "two", database, storage, key)
	f := filing()
	f.AsGiven = true // nothing is registered
	c, token := one.file(t, f)
	p := c.Files[0]
	if _, _, err := two.OpenProof(t.Context(), counsel(), c.ID, p.ID); rights.KindOf(err) != rights.Unavailable {
		t.Errorf("before it was copied: %v", err)
	}
	if got := two.kinds(t); !slices.Equal(got, []rights.Kind{rights.Unavailable, rights.Unavailable}) {
		t.Errorf("two verifies %v", got)
	}
	if err := member(t, "one", database, "s3://evidence/2026?endpoint=127.0.0.1:9&region=us-east-1&insecure=true", key).Store(t.Context()); rights.KindOf(err) != rights.Unavailable {
		t.Errorf("a storage that does not answer: %v", err)
	}
	copies := func() (n int) {
		for _, f := range c.Files {
			if b, err := os.ReadFile(filepath.Join(bucket, "2026", filepath.FromSlash(f.File))); err == nil {
				n++
				if bytes.Contains(b, []byte("顾望舒")) {
					t.Errorf("%s lies in the storage as it was sent", f.File)
				}
			}
		}
		return n
	}
	damaged := filepath.Join(one.cfg.Data, filepath.FromSlash(p.File))
	whole, err := os.ReadFile(damaged)
	if err != nil {
		t.Fatal(err)
	}
	write := func(b []byte) {
		t.Helper()
		if err := os.WriteFile(damaged, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write([]byte("age"))
	if err := one.Store(t.Context()); rights.KindOf(err) != rights.Conflict || copies() != 1 {
		t.Errorf("a damaged file: %v, %d copies of the others", err, copies())
	}
	write(whole)
	for _, m := range []*together{two, one, one} { // another's files are not its own to copy; and the third finds nothing to do
		if err := m.Store(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	for _, m := range []*together{one, two} {
		if _, content, err := m.OpenProof(t.Context(), counsel(), c.ID, p.ID); err != nil || !bytes.Equal(content, filing().Files[0].Content) {
			t.Errorf("opened: %q, %v", content, err)
		}
		if got := m.kinds(t); len(got) != 0 {
			t.Errorf("verified: %v", got)
		}
	}
	if n := copies(); n != 2 {
		t.Errorf("%d copies", n)
	}
	closed, err := one.Withdraw(t.Context(), token, "")
	if err != nil {
		t.Fatal(err)
	}
	late := closed.ClosedAt.In(rights.China).AddDate(3, 0, 1)
	for _, m := range []*together{two, one} {
		if _, err := m.Erase(t.Context(), late); err != nil {
			t.Fatal(err)
		}
	}
	if n := copies(); n != 0 {
		t.Errorf("%d copies are left", n)
	}
	for _, m := range []*together{one, two} {
		if got := m.kinds(t); len(got) != 0 {
			t.Errorf("verified after: %v", got)
		}
	}
}

// together is an office on one of several machines.
type together struct {
	*bench

	shelf *shelf.Shelf
}

func member(t *testing.T, name, database, storage, key string) *together {
	t.Helper()
	db, err := store.Open(t.Context(), database, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	v, err := vault.Open(storage)
	if err != nil {
		t.Fatal(err)
	}
	cfg := config.Default()
	cfg.Data, cfg.KeyFile = filepath.Join(filepath.Dir(key), name), key
	s := &shelf.Shelf{DB: db, Dir: cfg.Data, Machine: name, Vault: v, Cache: vault.NewCache(v, t.TempDir(), 1<<20)}
	office, err := claims.New(t.Context(), claims.Options{DB: db, Config: cfg, Shelf: s})
	if err != nil {
		t.Fatal(err)
	}
	return &together{&bench{office, db, cfg}, s}
}

// kinds are the kinds of the errors with which files are verified.
func (m *together) kinds(t *testing.T) (kinds []rights.Kind) {
	t.Helper()
	err := claims.VerifyProofs(t.Context(), m.shelf, func(_ rights.Proof, err error) { kinds = append(kinds, rights.KindOf(err)) })
	if err != nil {
		t.Fatal(err)
	}
	return kinds
}
