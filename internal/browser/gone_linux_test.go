package browser_test

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"rightsdesk/internal/browser"
	"rightsdesk/internal/fetch"
	"rightsdesk/internal/testenv"
)

// running are the processes that speak of a folder, as all of a browser do of its
// profile.
func running(t *testing.T, folder string) (list []string) {
	t.Helper()
	paths, err := filepath.Glob("/proc/[0-9]*/cmdline")
	check(t, err)
	for _, path := range paths {
		if b, err := os.ReadFile(path); err == nil && bytes.Contains(b, []byte(folder)) && filepath.Dir(path) != fmt.Sprintf("/proc/%d", os.Getpid()) {
			list = append(list, string(bytes.ReplaceAll(b, []byte{0}, []byte{' '})))
		}
	}
	return list
}

// TestKilled: a browser does not outlive the process that started it, though that had
// no time to end it, and what it left on the disk is removed by the next one.
func TestKilled(t *testing.T) {
	if folder := os.Getenv("RIGHTSDESK_TEST_DRAW_IN"); folder != "" {
		b, err := browser.New(browser.Options{Program: "chromium", Fetcher: fetch.New(fetch.Options{}), Folder: folder})
		check(t, err)
		v, err := b.Draw(t.Context(), page(`<script>for(;;);</script>`))
		t.Fatal("it was drawn", v, err)
	}
	testenv.Program(t, "chromium")
	folder := t.TempDir()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestKilled$")
	cmd.Env = append(os.Environ(), "RIGHTSDESK_TEST_DRAW_IN="+folder)
	out, err := cmd.StdoutPipe()
	check(t, err)
	check(t, cmd.Start())
	until(t, func() bool { return len(running(t, "--type=renderer")) > 0 && len(running(t, folder)) > 1 })
	check(t, cmd.Process.Kill())
	for lines := bufio.NewScanner(out); lines.Scan(); {
		t.Log(lines.Text())
	}
	_ = cmd.Wait() // it says that it was killed
	until(t, func() bool { return len(running(t, folder)) == 0 })
	left, err := os.ReadDir(folder)
	check(t, err)
	if len(left) != 1 {
		t.Errorf("%d profiles, want the one of the killed browser", len(left))
	}
	_, err = browser.New(browser.Options{Fetcher: fetch.New(fetch.Options{}), Folder: folder})
	check(t, err)
	if left, err = os.ReadDir(folder); err != nil || len(left) > 0 {
		t.Errorf("%v, %v", left, err)
	}
}

// until waits for what must come; the time of the test ends it otherwise.
func until(t *testing.T, come func() bool) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !come() {
		select {
		case <-tick.C:
		case <-t.Context().Done():
			t.Fatal("it did not come")
		}
	}
}
