package vault_test

import (
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"rightsdesk/internal/rights"
	"rightsdesk/internal/testenv"
	"rightsdesk/internal/vault"
)

func TestCache(t *testing.T) {
	address, objects := testenv.S3(t)
	v, err := vault.Open(address)
	check(t, err)
	for _, s := range []string{"甲", "乙", "丙"} {
		check(t, keep(t, v, s, s))
	}
	dir := filepath.Join(t.TempDir(), "cache")
	c := vault.NewCache(v, dir, 2*int64(len("甲")))
	open := func(name, text string) (string, error) {
		f, err := c.Open(t.Context(), name, digest(text))
		if err != nil {
			return "", err
		}
		defer f.Close()
		b, err := io.ReadAll(f)
		return string(b), err
	}
	for i, s := range []string{"甲", "乙", "甲", "丙", "甲"} { // the third time 甲 is used, so 乙 makes room
		if got, err := open(s, s); err != nil || got != s {
			t.Errorf("%s: %q, %v", s, got, err)
		}
		check(t, os.Chtimes(filepath.Join(dir, digest(s)), time.Time{}, time.Unix(int64(i), 0)))
	}
	for s, want := range map[string]bool{"甲": true, "乙": false, "丙": true} {
		if _, err := os.Stat(filepath.Join(dir, digest(s))); (err == nil) != want {
			t.Errorf("%s is kept: %v", s, err == nil)
		}
	}
	check(t, os.WriteFile(filepath.Join(dir, digest("甲")), []byte("丁"), 0o600))
	if got, err := open("甲", "甲"); err != nil || got != "甲" {
		t.Errorf("a changed copy: %q, %v", got, err)
	}
	check(t, os.WriteFile(filepath.Join(objects, "2026", "乙"), []byte("丁"), 0o600))
	if _, err := open("乙", "乙"); rights.KindOf(err) != rights.Conflict {
		t.Errorf("a file that was changed in the storage: %v", err)
	}
	if _, err := open("戊", "戊"); rights.KindOf(err) != rights.NotFound {
		t.Errorf("a file that is not there: %v", err)
	}
	check(t, keep(t, v, "large", "甲乙丙"))
	if _, err := open("large", "甲乙丙"); rights.KindOf(err) != rights.Conflict {
		t.Errorf("a file larger than the cache: %v", err)
	}
	if _, err := c.Open(t.Context(), "甲", "../"+digest("甲")); err == nil {
		t.Error("a path was taken for a digest")
	}
	left, err := filepath.Glob(filepath.Join(dir, "*.new"))
	if err != nil || len(left) > 0 {
		t.Errorf("left %v, %v", left, err)
	}
}
