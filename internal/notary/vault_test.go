package notary_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"rightsdesk/internal/notary"
	"rightsdesk/internal/store"
	"rightsdesk/internal/testenv"
	"rightsdesk/internal/vault"
)

// TestStorage: what was sealed lies in the storage too, with all that belongs to it,
// and a change there is found.
func TestStorage(t *testing.T) {
	address, dir := testenv.S3(t)
	storage, err := vault.Open(address)
	check(t, err)
	o := openWith(t, storage)
	file := o.record()
	check(t, o.Round(t.Context())) // no stamps yet
	verify := func() (n int, found []string) {
		t.Helper()
		read, err := notary.VerifyVault(t.Context(), o.db, storage, func(subject, detail string) { found = append(found, subject+": "+detail) })
		check(t, err)
		return len(read), found
	}
	if n, _ := verify(); n != 0 {
		t.Errorf("%d files count as kept whose stamps are lacking", n)
	}
	o.stamped()
	check(t, o.Round(t.Context()))
	entries, err := os.ReadDir(filepath.Join(dir, "2026"))
	check(t, err)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	want := []string{file, file + ".manifest.jsonl", file + ".qingce.tsr", file + ".sha256", file + ".yunzhang.tsr"}
	if !slices.Equal(names, want) {
		t.Errorf("the storage holds %v, want %v", names, want)
	}
	for _, name := range []string{file, file + ".sha256", file + ".qingce.tsr"} {
		here, err := os.ReadFile(filepath.Join(o.dir, "evidence", name))
		check(t, err)
		there, err := os.ReadFile(filepath.Join(dir, "2026", name))
		check(t, err)
		if string(here) != string(there) {
			t.Errorf("%s is not the same in the storage", name)
		}
	}
	if n, found := verify(); n != 1 || len(found) > 0 {
		t.Errorf("%d files, found %v", n, found)
	}
	check(t, o.Round(t.Context())) // does not write them again
	o.view(func(ctx context.Context, tx *store.Tx) error {
		events, err := tx.Events(ctx, "evidence/"+file)
		if len(events) != 2 || events[1].Action != "evidence.stored" || events[1].Reason != "s3://evidence/2026" {
			t.Errorf("events %+v", events)
		}
		return err
	})
	check(t, os.WriteFile(filepath.Join(dir, "2026", file), []byte("另一份"), 0o600))
	if _, found := verify(); len(found) != 1 {
		t.Errorf("a change in the storage: found %v", found)
	}
	check(t, os.Remove(filepath.Join(dir, "2026", file)))
	if _, found := verify(); len(found) != 1 {
		t.Errorf("a file missing in the storage: found %v", found)
	}
}
