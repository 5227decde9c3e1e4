package rights

import "time"

// SweepMode says which pages of a source a sweep looks at.
type SweepMode string

// The modes: all, as a person asks for; those that are due, as the schedule does;
// none, to say only what a sweep would do.
const (
	SweepAll SweepMode = "all"
	SweepDue SweepMode = "due"
	SweepDry SweepMode = "dry"
)

// Sweep is one pass over a source.
type Sweep struct {
	ID        int64      `json:"id"`
	SourceID  string     `json:"source_id"`
	Machine   string     `json:"machine,omitempty"` // that runs it
	Mode      SweepMode  `json:"mode,omitempty"`    // empty, in old rows: all
	StartedAt time.Time  `json:"started_at"`
	EndedAt   *time.Time `json:"ended_at,omitempty"`

	// What the source names.
	Named   int `json:"named,omitempty"`
	Traps   int `json:"traps,omitempty"`   // URLs passed over, as they look like those of a trap
	Resting int `json:"resting,omitempty"` // pages that were not due
	Left    int `json:"left,omitempty"`    // pages that were due, and beyond the budget
	// Sample are the first pages that a dry run would look at.
	Sample []string `json:"sample,omitempty"`

	// What was done.
	Pages      int   `json:"pages"`
	Fetched    int   `json:"fetched,omitempty"` // answers that came, those of the source's own pages too
	Bytes      int64 `json:"bytes,omitempty"`   // of them on the wire
	Drawn      int   `json:"drawn,omitempty"`   // pages that a browser drew; what they asked for is among Fetched and Bytes
	Unchanged  int   `json:"unchanged"`
	Forbidden  int   `json:"forbidden,omitempty"` // pages that robots.txt forbids
	Candidates int   `json:"candidates"`
	Matches    int   `json:"matches"`
	Cases      int   `json:"cases"`
	Registered int   `json:"registered,omitempty"` // articles of our own issue that were new or changed

	// What failed: how many, those that robots.txt forbids included, and how many of each.
	Faults   int             `json:"faults"`
	Failures map[Failure]int `json:"failures,omitempty"`
	Fault    string          `json:"fault,omitempty"` // why the source itself could not be read
}

// Failure is the reason for which a page could not be read, or not to its end.
// One of an answer is "http_" and its status.
type Failure string

// The reasons.
const (
	FailedRobots      Failure = "robots"         // it is forbidden
	FailedNoRobots    Failure = "robots_unknown" // nobody can say whether it is
	FailedAddress     Failure = "address"        // inside, or a port that is no site's
	FailedPostponed   Failure = "postponed"      // the host wishes to be left alone
	FailedRedirects   Failure = "redirects"
	FailedSize        Failure = "size"
	FailedTime        Failure = "time"
	FailedUnreachable Failure = "unreachable"
	FailedCut         Failure = "cut"   // part of it came
	FailedParts       Failure = "parts" // the article goes on where it could not be read
	FailedContent     Failure = "content"
	FailedBrowser     Failure = "browser" // it drew no page
)
