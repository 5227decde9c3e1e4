//go:build !unix

package benchmark

import "time"

// worked is what time it is: how long this process has had a processor is not
// known here.
func worked() time.Duration { return time.Duration(time.Now().UnixNano()) }
