// Package testenv finds what tests need of the machine that they run on. Only
// tests import it.
//
// A test that lacks something is skipped; where RIGHTSDESK_REQUIRE_ALL is set,
// as by "make test", it fails instead, so that nothing is left out unseen.
package testenv

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
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
	at := os.Getenv("RIGHTSDESK_TEST_POSTGRES")
	if at == "" {
		lacking(tb, "RIGHTSDESK_TEST_POSTGRES is not set")
	}
	return at
}

// Schema returns the URL of a PostgreSQL database in a schema of its own, which is
// dropped when the test ends, so that tests do not meet.
func Schema(tb testing.TB) string {
	tb.Helper()
	at := Postgres(tb)
	name := fmt.Sprintf("s%d", time.Now().UnixNano())
	run := func(ctx context.Context, statement string) {
		tb.Helper()
		conn, err := pgx.Connect(ctx, at)
		if err != nil {
			tb.Fatal(err)
		}
		_, err = conn.Exec(ctx, statement)
		if err := errors.Join(err, conn.Close(ctx)); err != nil {
			tb.Error(err)
		}
	}
	run(tb.Context(), "CREATE SCHEMA "+name)
	tb.Cleanup(func() { run(context.WithoutCancel(tb.Context()), "DROP SCHEMA "+name+" CASCADE") })
	u, err := url.Parse(at)
	if err != nil {
		tb.Fatal(err)
	}
	q := u.Query()
	q.Set("search_path", name)
	u.RawQuery = q.Encode()
	return u.String()
}

// Patience returns how long a test may take that should be over after d: more
// where the race detector slows everything down.
func Patience(d time.Duration) time.Duration { return d * slowness }

// Raced reports whether the race detector slows everything down. The checks run what
// measures much once more without it.
func Raced() bool { return slowness > 1 }

// Size returns how much a test takes that takes n without the race detector.
func Size(n int) int { return max(1, n/slowness) }

// lacking ends the test.
func lacking(tb testing.TB, what string) {
	tb.Helper()
	if os.Getenv("RIGHTSDESK_REQUIRE_ALL") != "" {
		tb.Fatal(what)
	}
	tb.Skip(what)
}
