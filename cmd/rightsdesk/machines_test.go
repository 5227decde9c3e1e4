package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rightsdesk/internal/monitor"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
	"rightsdesk/internal/testenv"
)

// machine is one of those that share a database and a storage.
type machine struct {
	t    *testing.T
	dir  string
	file string // its configuration
}

func (m *machine) name() string { return monitor.Machine(filepath.Join(m.dir, "data")) }

// run is a command as it is typed there.
func (m *machine) run(args ...string) (code int, out string) {
	m.t.Helper()
	code, out, errs := command(m.t.Context(), m.t, append([]string{"--config", m.file}, args...)...)
	return code, out + errs
}

// want fails unless the command ends with a status and says something.
func (m *machine) want(code int, says string, args ...string) string {
	m.t.Helper()
	got, out := m.run(args...)
	if got != code || !strings.Contains(out, says) {
		m.t.Errorf("%v: status %d, want %d and %q:\n%s", args, got, code, says, out)
	}
	return out
}

// TestTwoMachines: one machine finds a case and writes its letter, another one, with a
// data folder of its own, makes the bundle and verifies, by what lies in the storage.
func TestTwoMachines(t *testing.T) {
	w, database := newTrialSites(t, 1, 2), testenv.Schema(t)
	storage, objects := testenv.S3(t)
	machines := make([]*machine, 2)
	for i := range machines {
		dir := t.TempDir()
		machines[i] = &machine{t, dir, w.configure(dir, database, 0)}
	}
	one, two := machines[0], machines[1]
	one.want(0, "", "import", w.articles(one.dir))
	one.want(0, "", "sweep")
	id := firstCase(t, database)
	bundle := filepath.Join(two.dir, "case.wacz")

	two.want(1, "is kept by machine "+one.name()+"; no storage is configured", "bundle", id, "--out", bundle)
	two.want(0, "not read: rightsdesk-", "verify")
	for _, m := range machines {
		m.store(storage)
	}
	two.want(1, "is kept by machine "+one.name()+" and is not sealed and stored yet", "bundle", id, "--out", bundle)
	two.want(0, "kept by machine "+one.name(), "verify", "--storage")

	// The bundles lack stamps, as no authority is configured: that is status 1.
	one.want(0, "draft", "report", id)
	one.want(1, "Bundle ", "bundle", id, "--out", filepath.Join(one.dir, "case.wacz")) // seals, and stores
	two.want(1, "Bundle ", "bundle", id, "--out", bundle)
	two.want(0, "all is as it was written", "verify", bundle)
	two.want(0, "not read: reports/"+id+"/", "verify")
	out := two.want(0, "all is as it was written", "verify", "--storage")
	if strings.Contains(out, "not read") {
		t.Errorf("verify with the storage:\n%s", out)
	}
	if letters, err := filepath.Glob(filepath.Join(two.dir, "data", "reports", id, "*")); err != nil || len(letters) > 0 {
		t.Errorf("the second machine has letters of its own: %v, %v", letters, err)
	}

	// What is changed in the storage is not believed, nor what is changed in the cache.
	for _, kind := range []string{"*.warc.gz", "reports/" + id + "/*.pdf"} {
		for _, path := range paths(t, filepath.Join(objects, "2026", kind)) {
			change(t, path)
		}
	}
	two.want(1, "changed: ", "verify", "--storage")
	two.want(1, "Bundle ", "bundle", id, "--out", filepath.Join(two.dir, "again.wacz"))
	for _, path := range paths(t, filepath.Join(two.dir, "data", "cache", "*")) {
		change(t, path)
	}
	two.want(1, "was changed", "bundle", id, "--out", filepath.Join(two.dir, "third.wacz"))
	one.want(1, "Bundle ", "bundle", id, "--out", filepath.Join(one.dir, "again.wacz"))
}

// store names the storage in the configuration.
func (m *machine) store(address string) {
	m.t.Helper()
	b, err := os.ReadFile(m.file)
	if err == nil {
		err = os.WriteFile(m.file, []byte(string(b)+"storage: \""+address+"\"\n"), 0o600)
	}
	if err != nil {
		m.t.Fatal(err)
	}
}

func firstCase(t *testing.T, database string) string {
	t.Helper()
	var list []rights.Case
	err := trialDB(t, database).View(t.Context(), func(tx *store.Tx) (err error) {
		list, _, err = tx.Cases(t.Context(), store.CaseFilter{Limit: 1})
		return err
	})
	if err != nil || len(list) != 1 {
		t.Fatalf("%d cases, %v", len(list), err)
	}
	return list[0].ID
}

func paths(t *testing.T, pattern string) []string {
	t.Helper()
	list, err := filepath.Glob(pattern)
	if err != nil || len(list) == 0 {
		t.Fatalf("%s: %d files, %v", pattern, len(list), err)
	}
	return list
}

// change flips a bit of one byte in the middle of a file.
func change(t *testing.T, path string) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	b[len(b)/2] ^= 1
	if err := os.Chmod(path, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}
