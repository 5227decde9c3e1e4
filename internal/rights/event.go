package rights

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// Event is one entry of the append-only record: who did what to which subject.
type Event struct {
	Seq     int64     `json:"seq"` // 1, 2, … in the order of the commits
	At      time.Time `json:"at"`
	Subject string    `json:"subject"` // case, claim, article or source ID
	Action  string    `json:"action"`
	Actor   string    `json:"actor"` // login; "system" for the machine
	Name    string    `json:"name"`
	From    string    `json:"from,omitempty"`
	To      string    `json:"to,omitempty"`
	Reason  string    `json:"reason,omitempty"`
	// Hash chains the event to the one before it: see Follow.
	Hash string `json:"hash"`
}

// Note composes a line of the record, or of what a look at a page said, in Chinese, and
// cuts white space at its ends. Its formats are those that package locale knows how to
// say in English.
func Note(format string, args ...any) string { return strings.TrimSpace(fmt.Sprintf(format, args...)) }

// Follow is the hash of the event when it comes after the one with hash prev: the
// SHA-256, in hex, of prev, a line feed, and the event's JSON with an empty hash.
// The first event follows the empty hash.
func (e Event) Follow(prev string) (string, error) {
	e.Hash = ""
	doc, err := json.Marshal(e)
	if err != nil {
		return "", fmt.Errorf("hash an event: %w", err)
	}
	sum := sha256.Sum256([]byte(prev + "\n" + string(doc)))
	return hex.EncodeToString(sum[:]), nil
}

// Root is the Merkle root (RFC 6962) over the entries 1 to Size of the record,
// signed. A leaf is the JSON of an entry as it is stored.
type Root struct {
	Size int64     `json:"size"`
	At   time.Time `json:"at"`
	// Note is a signed note (C2SP checkpoint) with size, root and time.
	Note string `json:"note"`
	// Range are the hashes from which the next root goes on.
	Range [][]byte `json:"range"`
}

// Subject is the root in the record of events, and among the seals.
func (r *Root) Subject() string { return fmt.Sprintf("audit/%d", r.Size) }

// Digest is what authorities stamp of the root: the hex SHA-256 of its note.
func (r *Root) Digest() string {
	sum := sha256.Sum256([]byte(r.Note))
	return hex.EncodeToString(sum[:])
}
