package rights

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"rightsdesk/fingerprints"
	"rightsdesk/policies"
)

// Match is one article's text on one page as it was at one look.
type Match struct {
	ID        int64  `json:"id"`
	URL       string `json:"url"` // canonical, of the page's first part
	ArticleID string `json:"article_id"`
	SourceID  string `json:"source_id"`
	// CaseID is empty where the verdict opens no case.
	CaseID   string             `json:"case_id,omitempty"`
	SeenAt   time.Time          `json:"seen_at"`
	Found    fingerprints.Match `json:"found"` // offsets in Article.Text and Capture.Text
	Capture  Capture            `json:"capture"`
	Evidence []Evidence         `json:"evidence"` // one a part of the page
	Facts    policies.Facts     `json:"facts"`
	Verdict  policies.Verdict   `json:"verdict"`
	// Quarantine says in Chinese why the match waits for a person, who may release
	// it: many pages of the site show one text, as an error page does. It opens no
	// case until then.
	Quarantine string     `json:"quarantine,omitempty"`
	ReleasedBy string     `json:"released_by,omitempty"`
	ReleasedAt *time.Time `json:"released_at,omitempty"`
	// Sampled marks the automatic closures that a person looks at.
	Sampled    bool       `json:"sampled,omitempty"`
	ReviewedBy string     `json:"reviewed_by,omitempty"`
	ReviewedAt *time.Time `json:"reviewed_at,omitempty"`
}

// Capture is what was read from the page.
type Capture struct {
	Title         string `json:"title"`
	OriginalTitle string `json:"original_title,omitempty"`
	Byline        string `json:"byline,omitempty"`
	Source        string `json:"source,omitempty"` // as printed after 来源
	PublishedAt   string `json:"published_at,omitempty"`
	Charset       string `json:"charset"`
	Text          string `json:"text"`
	// Boilerplate is the lines of Text that recur on the site and were left out of
	// the comparison: half-open ranges of code points.
	Boilerplate [][2]int `json:"boilerplate,omitempty"`
	// Digest is the hex SHA-256 of the page's body; of several parts it is that of
	// their digests, a line feed between them.
	Digest      string      `json:"digest"`
	Truncated   string      `json:"truncated,omitempty"` // why the page was not seen to its end
	Parts       []string    `json:"parts,omitempty"`
	Robots      *Robots     `json:"robots,omitempty"`
	Mining      *Mining     `json:"mining,omitempty"` // what the site said of mining
	Attribution Attribution `json:"attribution"`
}

// Attribution is what the page says about where the text comes from.
type Attribution struct {
	Source     bool   `json:"source"` // the paper is named
	Author     bool   `json:"author"` // an author of the article is named
	SourceText string `json:"source_text,omitempty"`
	AuthorText string `json:"author_text,omitempty"`
}

// Subject is the match in the record of events.
func (m *Match) Subject() string { return fmt.Sprintf("match-%d", m.ID) }

// Quarantined reports whether the match waits for a person to release it.
func (m *Match) Quarantined() bool { return m.Quarantine != "" && m.ReleasedAt == nil }

// Seal is the hex SHA-256 of what was seen and how it was judged: see Seen. It
// stands in the record of events.
func (m *Match) Seal() (string, error) {
	b, err := m.Seen()
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), nil
}

// Seen is the JSON of what was seen and how it was judged, without what persons
// add later: the case, the release, the sampling and the review.
func (m *Match) Seen() ([]byte, error) {
	seen := *m
	seen.CaseID, seen.Sampled, seen.ReviewedBy, seen.ReviewedAt = "", false, "", nil
	seen.ReleasedBy, seen.ReleasedAt = "", nil
	b, err := json.Marshal(seen)
	if err != nil {
		return nil, fmt.Errorf("seal a match: %w", err)
	}
	return b, nil
}

// PartsDigest is the digest of a page from the hex SHA-256 of the bodies of its
// parts: see Capture.Digest.
func PartsDigest(digests []string) string {
	if len(digests) == 1 {
		return digests[0]
	}
	sum := sha256.Sum256([]byte(strings.Join(digests, "\n")))
	return hex.EncodeToString(sum[:])
}
