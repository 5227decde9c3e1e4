// Package claims takes in the claims of those whose work the paper used.
//
// A claim comes in through [Office.File] and is read again by the token of its
// private link ([Office.Find]) or, at the desk, by its receipt number
// ([Office.Dossier]). It moves through [rights.ClaimMoves] only: claimants
// complete and withdraw, the desk moves. Proofs lie encrypted below
// <data>/proofs and are opened for counsel by [Office.OpenProof]; where several
// machines share a database, [Office.Store] copies them to the storage.
package claims

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"rightsdesk/config"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/shelf"
	"rightsdesk/internal/store"
)

// NoticeVersion is the version of the privacy notice that claimants accept now.
const NoticeVersion = "2026-11-25"

// Office takes in claims and decides them.
type Office struct {
	db    *store.DB
	shelf *shelf.Shelf
	keys  *keyring
}

// Options are what an Office works with.
type Options struct {
	DB     *store.DB
	Config config.Config // data folder, key file
	Shelf  *shelf.Shelf  // nil: the data folder alone
}

// New returns the office of a store. It reads the key file, or makes it where
// there is none and nothing is encrypted yet. A key file inside the data folder,
// or one that others may read, is refused.
func New(ctx context.Context, opt Options) (*Office, error) {
	if opt.Shelf == nil {
		opt.Shelf = &shelf.Shelf{DB: opt.DB, Dir: opt.Config.Data}
	}
	if err := os.MkdirAll(opt.Config.Data, 0o750); err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	var proofs []rights.Proof
	err := opt.DB.View(ctx, func(tx *store.Tx) (err error) {
		proofs, err = tx.Proofs(ctx)
		return err
	})
	if err != nil {
		return nil, err
	}
	keys, err := loadKeys(opt.Config, proofs)
	if err != nil {
		return nil, err
	}
	return &Office{db: opt.DB, shelf: opt.Shelf, keys: keys}, nil
}

// Find returns the claim of a private link, or an error of kind NotFound.
func (o *Office) Find(ctx context.Context, token string) (c *rights.Claim, err error) {
	err = o.db.View(ctx, func(tx *store.Tx) error {
		c, err = tx.ClaimByToken(ctx, hashToken(token))
		return err
	})
	return c, err
}

// Record returns what happened to a claim as its claimant may see it, oldest
// first: the steps with their reasons, without the names of the staff.
func (o *Office) Record(ctx context.Context, id string) (events []rights.Event, err error) {
	err = o.db.View(ctx, func(tx *store.Tx) error {
		events, err = tx.Events(ctx, id)
		return err
	})
	events = slices.DeleteFunc(events, func(e rights.Event) bool { return !strings.HasPrefix(e.Action, "claim.") })
	for i := range events {
		events[i].Actor, events[i].Name, events[i].Hash = "", "", ""
	}
	return events, err
}

// List returns the claims in a state, or all, the first due first. Those that
// wait for their claimant have no day and come last.
func (o *Office) List(ctx context.Context, state rights.ClaimState, limit, offset int) (list []rights.Claim, total int, err error) {
	err = o.db.View(ctx, func(tx *store.Tx) error {
		list, total, err = tx.Claims(ctx, state, limit, offset)
		return err
	})
	return list, total, err
}

// Dossier is a claim with the article it speaks of and its record.
type Dossier struct {
	Claim   *rights.Claim      `json:"claim"`
	Article *rights.Article    `json:"article,omitempty"`
	Events  []rights.Event     `json:"events"` // oldest first
	Moves   []rights.ClaimMove `json:"moves"`  // that the actor may make now
}

// Dossier reads a claim for the desk.
func (o *Office) Dossier(ctx context.Context, by rights.Actor, id string) (*Dossier, error) {
	if !by.Role.Valid() {
		return nil, rights.Errorf(rights.Forbidden, "只有法务人员可以查看权利主张")
	}
	d := &Dossier{}
	var now time.Time
	err := o.db.View(ctx, func(tx *store.Tx) (err error) {
		now = tx.Now
		if d.Claim, err = tx.Claim(ctx, id); err != nil {
			return err
		}
		if d.Claim.ArticleID != "" {
			if d.Article, err = tx.Article(ctx, d.Claim.ArticleID); err != nil {
				return err
			}
		}
		d.Events, err = tx.Events(ctx, id)
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, m := range rights.ClaimMoves() {
		if m.From == d.Claim.State && slices.Contains(m.Roles, by.Role) && guard(d.Claim, m, now) == nil {
			d.Moves = append(d.Moves, m)
		}
	}
	return d, nil
}

func hashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// Article returns the article that a claim speaks of, or nil where it was not
// found in the register.
func (o *Office) Article(ctx context.Context, c *rights.Claim) (a *rights.Article, err error) {
	if c.ArticleID == "" {
		return nil, nil
	}
	err = o.db.View(ctx, func(tx *store.Tx) error {
		a, err = tx.Article(ctx, c.ArticleID)
		return err
	})
	return a, err
}
