package browser

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

const watching = 200 * time.Millisecond // between two looks at the memory

// family is the processes of one browser: those of its process group.
type family struct{ cmd *exec.Cmd }

// adopt gives the program a group of its own, which dies with this process.
func (f *family) adopt(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	f.cmd = cmd
}

// kill ends every process of the group.
func (f *family) kill() {
	if f.cmd != nil && f.cmd.Process != nil {
		_ = syscall.Kill(-f.cmd.Process.Pid, syscall.SIGKILL) // an error says that they are gone
	}
}

// watch calls over once the family has more memory than it may.
func (f *family) watch(ctx context.Context, most int64, over func()) {
	tick := time.NewTicker(watching)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if f.memory() > most {
				over()
				return
			}
		}
	}
}

// memory is the resident memory of the group, what is shared counted each time.
func (f *family) memory() (sum int64) {
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil || f.cmd == nil || f.cmd.Process == nil {
		return 0
	}
	for _, path := range stats {
		b, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended
		}
		// The name of the program, in brackets, may hold anything.
		fields := bytes.Fields(b[bytes.LastIndexByte(b, ')')+1:])
		const group, resident = 2, 21
		if len(fields) <= resident || string(fields[group]) != strconv.Itoa(f.cmd.Process.Pid) {
			continue
		}
		if pages, err := strconv.ParseInt(string(fields[resident]), 10, 64); err == nil {
			sum += pages * int64(os.Getpagesize())
		}
	}
	return sum
}
