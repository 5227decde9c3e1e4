package schedule_test

import (
	"bufio"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"

	"rightsdesk/internal/monitor"
	"rightsdesk/internal/rights"
)

// TestADeadProcess: what a killed process was sweeping is taken up at the next
// start, long before the queue itself would give it up.
func TestADeadProcess(t *testing.T) {
	if dir := os.Getenv("RIGHTSDESK_TEST_DIR"); dir != "" {
		h, _ := open(t, dir, os.Getenv("RIGHTSDESK_TEST_SITE"))
		h.put("demand", "")
		check(t, h.Start(t.Context()))
		check(t, h.RunNow(t.Context(), rights.SystemActor(), monitor.Order{Source: "demand", Mode: rights.SweepAll}))
		select {} // until it is killed
	}
	asked := make(chan struct{}, 10)
	var dead atomic.Bool
	address := site(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			return
		}
		asked <- struct{}{}
		if !dead.Load() {
			<-r.Context().Done()
		}
		fmt.Fprint(w, "江水东流")
	})
	dir := t.TempDir()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestADeadProcess$")
	cmd.Env = append(os.Environ(), "RIGHTSDESK_TEST_DIR="+dir, "RIGHTSDESK_TEST_SITE="+address)
	out, err := cmd.StderrPipe()
	check(t, err)
	check(t, cmd.Start())
	<-asked
	check(t, cmd.Process.Kill())
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if strings.Contains(lines.Text(), "panic") {
			t.Log(lines.Text())
		}
	}
	cmd.Wait() //nolint:errcheck // it was killed
	dead.Store(true)
	h, done := open(t, dir, address)
	defer done()
	if got := h.ended(); len(got) != 0 {
		t.Fatalf("the killed sweep ended: %v", got)
	}
	check(t, h.Start(t.Context()))
	h.wait("the sweep to be taken up", func() bool { return len(h.ended()) == 2 }) // the dead one is closed too
	check(t, h.Stop(t.Context()))
}
