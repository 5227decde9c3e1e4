//go:build unix

package evidence

import (
	"errors"
	"os"
	"syscall"
)

// takeLock holds the lock until the file is closed, also by the end of the
// process, so a killed one leaves nothing to clean up.
func takeLock(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o640)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}
