//go:build !unix

package evidence

import "os"

// takeLock relies on the operator where the system has no flock.
func takeLock(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o640)
}
