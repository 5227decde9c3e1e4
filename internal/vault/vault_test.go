package vault_test

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"rightsdesk/internal/rights"
	"rightsdesk/internal/testenv"
	"rightsdesk/internal/vault"
)

const text = "江水东流"

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

func keep(t *testing.T, v *vault.Vault, name, s string) error {
	t.Helper()
	return v.Keep(t.Context(), name, digest(s), strings.NewReader(s), int64(len(s)))
}

// TestWrittenOnce: a server that is not ours refuses what is there already.
func TestWrittenOnce(t *testing.T) {
	address, dir := testenv.S3(t)
	v, err := vault.Open(address)
	check(t, err)
	if v.String() != "s3://evidence/2026" {
		t.Errorf("the place is %s", v)
	}
	check(t, keep(t, v, "a.warc.gz", text))
	check(t, keep(t, v, "a.warc.gz", text))
	for _, other := range []string{text + "。", "江水西流"} { // of another length, and of the same
		if err := keep(t, v, "a.warc.gz", other); rights.KindOf(err) != rights.Conflict {
			t.Errorf("another file: %v", err)
		}
	}
	if b, err := os.ReadFile(filepath.Join(dir, "2026", "a.warc.gz")); err != nil || string(b) != text {
		t.Errorf("the server holds %q, %v", b, err)
	}
	sum, err := v.Sum(t.Context(), "a.warc.gz")
	check(t, err)
	if sum != digest(text) {
		t.Errorf("the sum is %s", sum)
	}
	if _, err := v.Sum(t.Context(), "b.warc.gz"); rights.KindOf(err) != rights.NotFound {
		t.Errorf("a file that is not there: %v", err)
	}
	check(t, os.WriteFile(filepath.Join(dir, "2026", "a.warc.gz"), []byte("江水西流"), 0o600))
	if sum, err := v.Sum(t.Context(), "a.warc.gz"); err != nil || sum == digest(text) {
		t.Errorf("a file that was changed there: %s, %v", sum, err)
	}
}

// TestTwoAtOnce: of two machines that write one name, one wins and neither
// overwrites.
func TestTwoAtOnce(t *testing.T) {
	address, _ := testenv.S3(t)
	v, err := vault.Open(address)
	check(t, err)
	texts := []string{"甲", "乙", "丙", "丁"}
	errs := make([]error, len(texts))
	var wg sync.WaitGroup
	for i, s := range texts {
		wg.Go(func() { errs[i] = keep(t, v, "one", s) })
	}
	wg.Wait()
	sum, err := v.Sum(t.Context(), "one")
	check(t, err)
	won := 0
	for i, s := range texts {
		switch {
		case errs[i] == nil && sum == digest(s):
			won++
		case rights.KindOf(errs[i]) != rights.Conflict:
			t.Errorf("%s: %v, and the store holds %s", s, errs[i], sum)
		}
	}
	if won != 1 {
		t.Errorf("%d were written: %v", won, errs)
	}
}

func TestOutOfReach(t *testing.T) {
	v, err := vault.Open("s3://evidence/?endpoint=127.0.0.1:1&region=us-east-1&insecure=true")
	check(t, err)
	t.Setenv("AWS_ACCESS_KEY_ID", "nobody")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "nothing")
	ctx := t.Context()
	if err := v.Keep(ctx, "a", digest(text), strings.NewReader(text), int64(len(text))); rights.KindOf(err) != rights.Unavailable {
		t.Errorf("no server: %v", err)
	}
	if _, err := vault.Open("s3://evidence/"); err == nil {
		t.Error("a store without an endpoint was opened")
	}
}
