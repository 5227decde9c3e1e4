package rights

import "time"

// China is the time zone of issue dates, working days and letters. It has had
// no daylight saving since 1991, so a fixed offset is exact for every paper
// that has an e-paper.
var China = time.FixedZone("UTC+8", 8*60*60) //nolint:gochecknoglobals // an immutable value, like time.UTC
