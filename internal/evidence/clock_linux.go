package evidence

import (
	"fmt"
	"time"

	"golang.org/x/sys/unix"
)

// clock says how the clock of this machine stands to that which it is held to (NTP
// or another), by the kernel: the last offset that was measured, and how far it may
// be off at most.
func clock() string {
	var t unix.Timex // asks and sets nothing
	if _, err := unix.Adjtimex(&t); err != nil {
		return "unknown, " + err.Error()
	}
	unit := time.Microsecond
	if t.Status&unix.STA_NANO != 0 {
		unit = time.Nanosecond
	}
	state := "synchronised"
	if t.Status&unix.STA_UNSYNC != 0 {
		state = "not synchronised"
	}
	offset, most := time.Duration(t.Offset)*unit, time.Duration(t.Maxerror)*time.Microsecond
	return fmt.Sprintf("%s, offset %.6f s, error at most %.6f s", state, offset.Seconds(), most.Seconds())
}
