//go:build !linux

package evidence

// clock is known on Linux only.
func clock() string { return "unknown on this system" }
