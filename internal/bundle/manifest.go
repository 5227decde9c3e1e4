package bundle

import (
	"time"

	"rightsdesk/internal/rights"
)

// MediaType is that of a bundle.
const MediaType = "application/wacz"

const (
	version = 1

	manifestPath    = "manifest.json"
	packagePath     = "datapackage.json"
	digestPath      = "datapackage-digest.json"
	sumsPath        = "SHA256SUMS"
	proofPath       = "audit/proof.json"
	rootPath        = "audit/root.txt"
	packageStamps   = "stamps/datapackage.json."
	stampSuffix     = ".tsr"
	actionPacked    = "case.bundle"
	actionFound     = "match.found"
	actionPictured  = "case.pictured"
	pictureURN      = "urn:fullPage:"
	waczVersion     = "1.1.1"
	profile         = "data-package"
	contentTypeWARC = ".warc.gz"
)

// Manifest says what a bundle holds.
type Manifest struct {
	V        int         `json:"v"`
	Case     rights.Case `json:"case"`
	Paper    string      `json:"paper"`
	MadeAt   time.Time   `json:"made_at"`
	MadeBy   string      `json:"made_by"`
	Software string      `json:"software"`
	Archive  string      `json:"archive"`
	Matches  []Match     `json:"matches"`
	Records  []Record    `json:"records"`
	Files    []Sealed    `json:"files"`  // from which the records were taken
	Stamps   []Stamp     `json:"stamps"` // of these files and of the root
	// Lacking says which time stamps could not be had, in Chinese.
	Lacking []string `json:"lacking,omitempty"`
}

// Match is an article on the page at one look.
type Match struct {
	ID      int64  `json:"id"`
	File    string `json:"file"` // its SHA-256 is SHA256
	SHA256  string `json:"sha256"`
	Ours    string `json:"ours"`
	Theirs  string `json:"theirs"`
	Article string `json:"article"`
	// Scheme is the version of the comparison, Rules that of the rules.
	Scheme int    `json:"scheme"`
	Rules  string `json:"rules"`
}

// Record is a record of the archive.
type Record struct {
	ID     string    `json:"id"`
	Type   string    `json:"type"`
	URL    string    `json:"url,omitempty"`
	Time   time.Time `json:"time"`
	Offset int64     `json:"offset"` // in the archive
	Length int64     `json:"length"`
	SHA256 string    `json:"sha256"` // of the compressed member
	File   string    `json:"file"`   // in which it was recorded
}

// Sealed is a whole file of evidence.
type Sealed struct {
	File   string    `json:"file"`
	SHA256 string    `json:"sha256"`
	At     time.Time `json:"at"`
}

// Stamp is a time stamp of a digest.
type Stamp struct {
	Path      string    `json:"path"`
	Of        string    `json:"of"` // what has the digest: a file of evidence, or audit/root.txt
	SHA256    string    `json:"sha256"`
	Authority string    `json:"authority"`
	At        time.Time `json:"at"`
}
