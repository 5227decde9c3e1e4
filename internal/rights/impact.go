package rights

import "time"

// Impact is what our requests were to one host on one day.
type Impact struct {
	Host      string        `json:"host"`
	Day       string        `json:"day"` // 2006-01-02, China
	Requests  int64         `json:"requests"`
	Bytes     int64         `json:"bytes"`     // on the wire, both ways
	Forbidden int64         `json:"forbidden"` // pages not asked for, as robots.txt forbids them
	Refused   int64         `json:"refused"`   // answers 403 and 429
	Failed    int64         `json:"failed"`    // answers 5xx, and none
	Busy      time.Duration `json:"busy"`      // of all exchanges together
	Slowest   time.Duration `json:"slowest"`
	// ShortestRest is the least time between the end of an exchange and the start
	// of the next; zero: there were no two.
	ShortestRest time.Duration `json:"shortest_rest"`
}

// Add takes in another count of the same host and day.
func (i *Impact) Add(o Impact) {
	i.Requests += o.Requests
	i.Bytes += o.Bytes
	i.Forbidden += o.Forbidden
	i.Refused += o.Refused
	i.Failed += o.Failed
	i.Busy += o.Busy
	i.Slowest = max(i.Slowest, o.Slowest)
	if i.ShortestRest == 0 || o.ShortestRest > 0 && o.ShortestRest < i.ShortestRest {
		i.ShortestRest = o.ShortestRest
	}
}

// Mining is what a site says of text and data mining (the W3C community's
// TDM Reservation Protocol).
type Mining struct {
	Reserved bool         `json:"reserved"`
	Policy   string       `json:"policy,omitempty"` // URL of the terms
	By       MiningSignal `json:"by"`
}

// MiningSignal is where a site says it; a later one in this list overrides an
// earlier one.
type MiningSignal string

// The places: /.well-known/tdmrep.json, the header of the answer, the page.
const (
	MiningFile   MiningSignal = "file"
	MiningHeader MiningSignal = "header"
	MiningPage   MiningSignal = "page"
)
