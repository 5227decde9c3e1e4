//go:build unix

package benchmark

import (
	"syscall"
	"time"
)

// worked is how long this process has had a processor: what else the machine
// does does not count.
func worked() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u) // it fails only for another who
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
