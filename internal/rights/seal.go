package rights

import "time"

// Seal says that something is closed and what it hashes to; authorities stamp the
// digest.
type Seal struct {
	// Subject is what is sealed: evidence/FILE, audit/SIZE, bundle/CASE/DIGEST.
	Subject string    `json:"subject"`
	SHA256  string    `json:"sha256"` // hex
	At      time.Time `json:"at"`
	// KeptAt is when all that belongs to a file of evidence was in the storage.
	KeptAt *time.Time `json:"kept_at,omitempty"`
}

// ActionDiscarded is that of the event by which a file of evidence was removed: To is
// the SHA-256 under which it was sealed.
const ActionDiscarded = "evidence.discarded"

// Stamp is an authority's RFC 3161 time stamp of a sealed digest.
type Stamp struct {
	SHA256    string    `json:"sha256"`
	Authority string    `json:"authority"` // its ID
	At        time.Time `json:"at"`        // as the authority says
	Serial    string    `json:"serial"`
	Response  []byte    `json:"response"` // TimeStampResp, DER
	// AskedAt and HadAt are our clock's before and after: how far it was off.
	AskedAt time.Time `json:"asked_at"`
	HadAt   time.Time `json:"had_at"`
}
