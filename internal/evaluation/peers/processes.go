package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// worked is the time that this process and others have had of the processor: what
// else the machine does does not count.
func worked(others []int) (time.Duration, error) {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0, err
	}
	sum := time.Duration(u.Utime.Nano() + u.Stime.Nano())
	for _, pid := range others {
		s, err := stat(pid)
		if err != nil {
			return 0, err
		}
		sum += s.worked
	}
	return sum, nil
}

// family is a process and its children.
func family(pid int) ([]int, error) {
	names, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		return nil, err
	}
	list := []int{pid}
	for _, name := range names {
		var child int
		if _, err := fmt.Sscanf(name, "/proc/%d", &child); err != nil {
			return nil, err
		}
		if s, err := stat(child); err == nil && s.parent == pid { // others may end meanwhile
			list = append(list, child)
		}
	}
	return list, nil
}

// status is what the kernel says of a process.
type status struct {
	parent int
	worked time.Duration
}

func stat(pid int) (s status, err error) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return s, err
	}
	_, rest, _ := strings.Cut(string(raw), ") ") // what stands before has the program's name
	fields := strings.Fields(rest)
	const parent, user, system, tick = 1, 11, 12, 10 * time.Millisecond
	if len(fields) <= system {
		return s, fmt.Errorf("process %d: %q", pid, raw)
	}
	var inUser, inSystem time.Duration
	for i, to := range map[int]any{parent: &s.parent, user: &inUser, system: &inSystem} {
		if _, err := fmt.Sscan(fields[i], to); err != nil {
			return s, fmt.Errorf("process %d: %w", pid, err)
		}
	}
	s.worked = (inUser + inSystem) * tick
	return s, nil
}
