package rights

import "time"

// Page is what is kept of every watched URL, reprint or not.
type Page struct {
	URL string `json:"url"` // canonical
	// Of is the URL under which the page is judged, where that is another: the
	// target of a redirect, what rel=canonical names, or the first part of an
	// article that this page goes on with.
	Of string `json:"of,omitempty"`
	// Parts are the URLs on which the article goes on.
	Parts []string `json:"parts,omitempty"`
	// Judged says by what the last look judged: the state of the register, the
	// rules, and the licence of the host. While that is the same, the same bytes
	// need not be judged again.
	Judged       string    `json:"judged,omitempty"`
	SourceID     string    `json:"source_id"`
	Status       int       `json:"status"`
	Digest       string    `json:"digest"` // hex SHA-256 of the decoded body
	ETag         string    `json:"etag,omitempty"`
	LastModified string    `json:"last_modified,omitempty"`
	Chars        int       `json:"chars"` // code points of the screened text
	Candidates   int       `json:"candidates"`
	Matches      int       `json:"matches"`
	Looks        int       `json:"looks"`
	Fault        string    `json:"fault,omitempty"`  // why the last look failed
	Robots       string    `json:"robots,omitempty"` // hex SHA-256 of the robots.txt that allowed the last look
	Mining       *Mining   `json:"mining,omitempty"`
	FirstSeen    time.Time `json:"first_seen"`
	FetchedAt    time.Time `json:"fetched_at"`
}

// Evidence says where a recorded exchange lies and what it must hash to.
type Evidence struct {
	File      string    `json:"file"` // relative to the data folder's evidence
	Offset    int64     `json:"offset"`
	Length    int64     `json:"length"`
	SHA256    string    `json:"sha256"` // of the compressed member
	RecordID  string    `json:"record_id"`
	URL       string    `json:"url"`
	FetchedAt time.Time `json:"fetched_at"`
}

// Sweep is one pass over a source.
type Sweep struct {
	ID         int64      `json:"id"`
	SourceID   string     `json:"source_id"`
	Machine    string     `json:"machine,omitempty"` // that runs it
	StartedAt  time.Time  `json:"started_at"`
	EndedAt    *time.Time `json:"ended_at,omitempty"`
	Pages      int        `json:"pages"`
	Unchanged  int        `json:"unchanged"`
	Candidates int        `json:"candidates"`
	Matches    int        `json:"matches"`
	Cases      int        `json:"cases"`
	Faults     int        `json:"faults"`
	Traps      int        `json:"traps,omitempty"`      // URLs passed over, as they look like those of a trap
	Registered int        `json:"registered,omitempty"` // articles of our own issue that were new or changed
	Fault      string     `json:"fault,omitempty"`      // why the source itself could not be read
}
