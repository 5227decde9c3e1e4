// Package testenv finds what tests need of the machine that they run on. Only
// tests import it.
//
// A test that lacks something is skipped; where RIGHTSDESK_REQUIRE_ALL is set,
// as by "make test", it fails instead, so that nothing is left out unseen.
package testenv

import (
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// Program returns the path of the first of the programs that is installed, for
// example Program(t, "chromium", "google-chrome").
func Program(tb testing.TB, names ...string) string {
	tb.Helper()
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	lacking(tb, strings.Join(names, " or ")+" is not installed")
	return ""
}

// Postgres returns the URL of a PostgreSQL database in which schemas may be
// created.
func Postgres(tb testing.TB) string {
	tb.Helper()
	url := os.Getenv("RIGHTSDESK_TEST_POSTGRES")
	if url == "" {
		lacking(tb, "RIGHTSDESK_TEST_POSTGRES is not set")
	}
	return url
}

// Patience returns how long a test may take that should be over after d: more
// where the race detector slows everything down.
func Patience(d time.Duration) time.Duration { return d * slowness }

// lacking ends the test.
func lacking(tb testing.TB, what string) {
	tb.Helper()
	if os.Getenv("RIGHTSDESK_REQUIRE_ALL") != "" {
		tb.Fatal(what)
	}
	tb.Skip(what)
}
