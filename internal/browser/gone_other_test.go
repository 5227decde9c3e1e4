//go:build !linux

package browser_test

import "testing"

// running is not known here.
func running(*testing.T, string) []string { return nil }
