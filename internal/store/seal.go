package store

import (
	"context"
	"strings"

	"rightsdesk/internal/rights"
)

// AddSeal keeps a seal, once, and reports whether this call was the one. A subject
// that was sealed with another digest is a Conflict.
func (t *Tx) AddSeal(ctx context.Context, s *rights.Seal) (bool, error) {
	s.At = t.Now
	doc, err := encode(s)
	if err != nil {
		return false, err
	}
	n, err := t.exec(ctx, `INSERT INTO seals (subject, sha256, at, doc) VALUES ($1, $2, $3, $4) ON CONFLICT (subject) DO NOTHING`,
		s.Subject, s.SHA256, micros(s.At), doc)
	if err != nil || n > 0 {
		return n > 0, err
	}
	have, err := t.Seal(ctx, s.Subject)
	if err == nil && have.SHA256 != s.SHA256 {
		err = rights.Errorf(rights.Conflict, "%s 封存时的摘要不是这一个", s.Subject)
	}
	return false, err
}

// Seal returns the seal of a subject.
func (t *Tx) Seal(ctx context.Context, subject string) (*rights.Seal, error) {
	return one[rights.Seal](ctx, t, missing("%s 尚未封存", subject), `SELECT doc FROM seals WHERE subject = $1`, subject)
}

// PutSealKept says that all that belongs to a sealed file is in the storage.
func (t *Tx) PutSealKept(ctx context.Context, subject string) error {
	s, err := t.Seal(ctx, subject)
	if err != nil {
		return err
	}
	s.KeptAt = &t.Now
	doc, err := encode(s)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `UPDATE seals SET doc = $2 WHERE subject = $1`, subject, doc)
	return err
}

// Seals returns all seals, oldest first.
func (t *Tx) Seals(ctx context.Context) ([]rights.Seal, error) {
	return many[rights.Seal](ctx, t, `SELECT doc FROM seals ORDER BY at, subject`)
}

// Unstamped returns up to a thousand seals that an authority has not stamped,
// oldest first.
func (t *Tx) Unstamped(ctx context.Context, authority string) ([]rights.Seal, error) {
	return many[rights.Seal](ctx, t, `SELECT doc FROM seals
		WHERE NOT EXISTS (SELECT 1 FROM stamps WHERE stamps.sha256 = seals.sha256 AND authority = $1) ORDER BY at, subject LIMIT 1000`, authority)
}

// AddStamp keeps a stamp, once, and reports whether this call was the one.
func (t *Tx) AddStamp(ctx context.Context, s *rights.Stamp) (bool, error) {
	doc, err := encode(s)
	if err != nil {
		return false, err
	}
	n, err := t.exec(ctx, `INSERT INTO stamps (sha256, authority, doc) VALUES ($1, $2, $3) ON CONFLICT (sha256, authority) DO NOTHING`,
		s.SHA256, s.Authority, doc)
	return n > 0, err
}

// Stamps returns the stamps of a digest.
func (t *Tx) Stamps(ctx context.Context, sha256 string) ([]rights.Stamp, error) {
	return many[rights.Stamp](ctx, t, `SELECT doc FROM stamps WHERE sha256 = $1 ORDER BY authority`, sha256)
}

// Discarded is the event by which a file of evidence was removed, nil where it was not.
func (t *Tx) Discarded(ctx context.Context, file string) (*rights.Event, error) {
	events, err := t.Events(ctx, "evidence/"+file)
	for i := range events {
		if events[i].Action == rights.ActionDiscarded {
			return &events[i], nil
		}
	}
	return nil, err
}

// DiscardedFiles are the events by which files of evidence were removed, by file, of all
// machines.
func (t *Tx) DiscardedFiles(ctx context.Context) (map[string]rights.Event, error) {
	const subject = "evidence/"
	events, err := many[rights.Event](ctx, t, `SELECT doc FROM events WHERE subject LIKE $1 ORDER BY seq`, subject+"%")
	if err != nil {
		return nil, err
	}
	removed := map[string]rights.Event{}
	for _, e := range events {
		if e.Action == rights.ActionDiscarded {
			removed[strings.TrimPrefix(e.Subject, subject)] = e
		}
	}
	return removed, nil
}
