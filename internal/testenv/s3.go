package testenv

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// S3 starts a server that speaks S3 over an empty bucket, until the test ends. It
// returns the URL of the bucket as the configuration names it, and its folder; the
// keys are in the environment.
func S3(tb testing.TB) (address, dir string) {
	tb.Helper()
	program := Program(tb, "versitygw")
	parent := tb.TempDir()
	dir = filepath.Join(parent, "objects", "evidence")
	if err := os.MkdirAll(dir, 0o750); err != nil {
		tb.Fatal(err)
	}
	l, err := (&net.ListenConfig{}).Listen(tb.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	at := l.Addr().String()
	if err := l.Close(); err != nil {
		tb.Fatal(err)
	}
	for name, value := range map[string]string{"AWS_ACCESS_KEY_ID": "linjiang", "AWS_SECRET_ACCESS_KEY": "linjiang-secret"} {
		if err := os.Setenv(name, value); err != nil { //nolint:usetesting // the value is always the same, and tests run side by side
			tb.Fatal(err)
		}
	}
	cmd := exec.CommandContext(tb.Context(), program, "--port", at, "--quiet", "posix", filepath.Join(parent, "objects"))
	cmd.Env = append(os.Environ(), "ROOT_ACCESS_KEY=linjiang", "ROOT_SECRET_KEY=linjiang-secret")
	if err := cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = cmd.Wait() }) // it ended with the test's context
	for range 200 {
		conn, err := (&net.Dialer{}).DialContext(tb.Context(), "tcp", at)
		if err == nil {
			_ = conn.Close()
			return "s3://evidence/2026?endpoint=" + at + "&region=us-east-1&insecure=true", dir
		}
		time.Sleep(50 * time.Millisecond)
	}
	tb.Fatal("the server of S3 did not start")
	return "", ""
}
