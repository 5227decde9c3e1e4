// Package catalog registers the paper's articles and who owns each part.
package catalog

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"rightsdesk/internal/extract"
	"rightsdesk/internal/index"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

// Catalog is the register.
type Catalog struct {
	db    *store.DB
	index *index.Index
	paper string
}

// New returns the catalog of a store. paper is the name that articles get which
// do not name theirs.
func New(db *store.DB, x *index.Index, paper string) *Catalog {
	return &Catalog{db: db, index: x, paper: paper}
}

// Change says what registering an article did.
type Change string

// The changes.
const (
	Created   Change = "created"
	Updated   Change = "updated"
	Unchanged Change = "unchanged"
)

// The actions of the record.
const (
	actionRegister = "register"
	actionUpdate   = "update"
	actionSegments = "segments"
)

// Register puts an article into the register: it completes the ID and the
// segments, validates, and writes article and event in one transaction. The same
// article again changes nothing. Segments that a person corrected stay as long
// as the text they divide is the same; that a person verified a segment is never
// taken from what is given. The article is afterwards as the register holds it.
func (c *Catalog) Register(ctx context.Context, by rights.Actor, a *rights.Article) (Change, error) {
	given := c.complete(a)
	if err := check(given); err != nil {
		return "", err
	}
	digest, err := digestOf(given)
	if err != nil {
		return "", err
	}
	var change Change
	err = c.db.Update(ctx, func(tx *store.Tx) (err error) {
		change, err = register(ctx, tx, by, given, digest)
		return err
	})
	if err != nil {
		return "", err
	}
	*a = *given
	c.index.Add(a)
	return change, nil
}

// complete returns a copy with what can be derived, and without what only the
// register may say.
func (c *Catalog) complete(a *rights.Article) *rights.Article {
	full := *a
	full.CreatedAt, full.UpdatedAt = time.Time{}, time.Time{}
	full.PrintAt, full.EPaperAt, full.WebAt = utc(a.PrintAt), utc(a.EPaperAt), utc(a.WebAt)
	if full.Paper == "" {
		full.Paper = c.paper
	}
	if full.ID == "" {
		full.ID = rights.ArticleID(full.Paper, full.IssueDate, full.PageNo, full.Headline)
	}
	full.Segments = slices.Clone(a.Segments)
	if len(full.Segments) == 0 {
		full.Segments = extract.Segments(&full)
	}
	for i := range full.Segments {
		s := &full.Segments[i]
		s.CorrectedBy, s.VerifiedBy, s.VerifiedAt = "", "", nil
	}
	return &full
}

func utc(at *time.Time) *time.Time {
	if at == nil {
		return nil
	}
	u := at.UTC()
	return &u
}

// digestOf is the SHA-256, in hex, of the JSON of a completed article.
func digestOf(a *rights.Article) (string, error) {
	b, err := json.Marshal(a)
	if err != nil {
		return "", fmt.Errorf("digest an article: %w", err)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), nil
}

// register writes a completed article, and makes it what the register holds.
func register(ctx context.Context, tx *store.Tx, by rights.Actor, a *rights.Article, digest string) (Change, error) {
	event := rights.Event{Subject: a.ID, Action: actionRegister, Actor: by.Login, Name: by.Name, To: digest}
	was, err := tx.ArticleDigest(ctx, a.ID)
	if err != nil {
		return "", err
	}
	change := Created
	if was != "" {
		held, err := tx.Article(ctx, a.ID)
		if err != nil {
			return "", err
		}
		if was == digest {
			*a = *held
			return Unchanged, nil
		}
		change = Updated
		event.Action, event.From, event.Reason = actionUpdate, was, inherit(a, held)
	}
	if err := tx.PutArticle(ctx, a, digest); err != nil {
		return "", err
	}
	return change, tx.AddEvent(ctx, &event)
}

// inherit takes over what stays of an article that is replaced, and returns what
// the record should say about what does not stay.
func inherit(a, held *rights.Article) string {
	a.CreatedAt = held.CreatedAt
	if !slices.ContainsFunc(held.Segments, func(s rights.Segment) bool { return s.CorrectedBy != "" }) {
		return ""
	}
	if a.Text() != held.Text() {
		return "正文有改动，人工核定的权属不再适用，已重新推定"
	}
	a.Segments = held.Segments
	return ""
}
