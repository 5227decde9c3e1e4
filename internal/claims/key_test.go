package claims_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rightsdesk/internal/claims"
	"rightsdesk/internal/rights"
)

func TestKeyFile(t *testing.T) {
	b := open(t)
	c, _ := b.file(t, filing())
	again, err := claims.New(t.Context(), claims.Options{DB: b.db, Config: b.cfg})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := again.OpenProof(t.Context(), counsel(), c.ID, c.Files[0].ID); err != nil {
		t.Errorf("the key of yesterday opens nothing: %v", err)
	}
	refused := func(name, keyFile, want string) {
		t.Helper()
		cfg := b.cfg
		cfg.KeyFile = keyFile
		if _, err := claims.New(t.Context(), claims.Options{DB: b.db, Config: cfg}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	dir := t.TempDir()
	write := func(name, text string, mode os.FileMode) string {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	key, err := os.ReadFile(b.cfg.KeyFile)
	if err != nil {
		t.Fatal(err)
	}
	refused("none", "", "is missing")
	refused("inside data", filepath.Join(b.cfg.Data, "proofs.key"), "inside the data folder")
	refused("inside data, by a detour", filepath.Join(b.cfg.Data, "..", "data", "x.key"), "inside the data folder")
	refused("others may read it", write("open.key", string(key), 0o640), "wants mode 0600")
	refused("no key", write("no.key", "hello", 0o600), "no.key")
	refused("gone, while proofs need it", filepath.Join(dir, "new.key"), "only it opens")
	link := filepath.Join(dir, "link.key")
	if err := os.Symlink(filepath.Join(b.cfg.Data, "real.key"), link); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(b.cfg.Data, "real.key"), key, 0o600); err != nil {
		t.Fatal(err)
	}
	refused("a link into data", link, "inside the data folder")

	// A key of somebody else opens nothing.
	other := open(t)
	cfg := b.cfg
	cfg.KeyFile = other.cfg.KeyFile
	stranger, err := claims.New(t.Context(), claims.Options{DB: b.db, Config: cfg})
	if err != nil {
		t.Fatal(err)
	}
	if _, content, err := stranger.OpenProof(t.Context(), counsel(), c.ID, c.Files[0].ID); content != nil || rights.KindOf(err) != rights.Unavailable || !strings.Contains(err.Error(), "另一把密钥") {
		t.Errorf("another key: %q %v", content, err)
	}
	// A file with both opens what was encrypted for either.
	theirs, err := os.ReadFile(other.cfg.KeyFile)
	if err != nil {
		t.Fatal(err)
	}
	cfg.KeyFile = write("both.key", string(theirs)+string(key), 0o600)
	both, err := claims.New(t.Context(), claims.Options{DB: b.db, Config: cfg})
	if err != nil {
		t.Fatal(err)
	}
	f := filing()
	f.Key = claims.NewKey()
	second, _, err := both.File(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []rights.Proof{c.Files[0], second.Files[0]} {
		if _, _, err := both.OpenProof(t.Context(), counsel(), p.ClaimID, p.ID); err != nil {
			t.Errorf("%s: %v", p.File, err)
		}
	}
	if _, _, err := stranger.OpenProof(t.Context(), counsel(), second.ID, second.Files[0].ID); err != nil {
		t.Errorf("it was not encrypted for the first key: %v", err)
	}
	if strings.Count(b.events(t, c.ID), "proof.opened") != 2 {
		t.Error("an opening that failed is in the record")
	}
}
