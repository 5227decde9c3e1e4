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
	Drawn        bool      `json:"drawn,omitempty"` // the last look was through a browser; Digest is then of what it drew
	FirstSeen    time.Time `json:"first_seen"`
	// ChangedAt is when a look found other bytes, Pause for how many seconds the page
	// rests between two looks, and NextLook when it is due; without one, every sweep looks.
	ChangedAt *time.Time `json:"changed_at,omitempty"`
	Pause     int64      `json:"pause_seconds,omitempty"`
	NextLook  *time.Time `json:"next_look,omitempty"`
	FetchedAt time.Time  `json:"fetched_at"`
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
	// Drawn is the page as a browser drew it from the exchange, where it was judged
	// so: it lies in the same file.
	Drawn *Drawn `json:"drawn,omitempty"`
}

// Drawn says where the page lies that a browser made of a recorded exchange.
type Drawn struct {
	Offset   int64  `json:"offset"`
	Length   int64  `json:"length"`
	SHA256   string `json:"sha256"` // of the compressed member
	RecordID string `json:"record_id"`
	// Picture and Text are the SHA-256 of the records of the picture and the visible
	// text, which were taken at the same moment.
	Picture string `json:"picture"`
	Text    string `json:"text"`
}
