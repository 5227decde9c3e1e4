package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"

	"rightsdesk/internal/rights"
)

// AddEvent appends to the record. The event's hash is the SHA-256, in hex, of
// the hash before it, a line feed, and the event's JSON with an empty hash; the
// first event follows the empty hash.
func (t *Tx) AddEvent(ctx context.Context, e *rights.Event) error {
	seq, err := t.next(ctx, "event") // holds the head until the end of the transaction
	if err != nil {
		return err
	}
	var head string
	if err := t.tx.QueryRowContext(ctx, `SELECT text FROM sequences WHERE name = 'event'`).Scan(&head); err != nil {
		return fmt.Errorf("read the head of the record: %w", err)
	}
	e.Seq, e.At = seq, t.Now
	if e.Hash, err = chain(head, *e); err != nil {
		return err
	}
	doc, err := encode(e)
	if err != nil {
		return err
	}
	if _, err := t.exec(ctx, `INSERT INTO events (seq, subject, at, doc) VALUES ($1, $2, $3, $4)`, e.Seq, e.Subject, micros(e.At), doc); err != nil {
		return err
	}
	_, err = t.exec(ctx, `UPDATE sequences SET text = $1 WHERE name = 'event'`, e.Hash)
	return err
}

func chain(head string, e rights.Event) (string, error) {
	e.Hash = ""
	doc, err := encode(e)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(head + "\n" + doc))
	return hex.EncodeToString(sum[:]), nil
}

// Events returns the events of a subject, oldest first.
func (t *Tx) Events(ctx context.Context, subject string) ([]rights.Event, error) {
	return many[rights.Event](ctx, t, `SELECT doc FROM events WHERE subject = $1 ORDER BY seq`, subject)
}

// VerifyEvents recomputes the chain of the record, reports every event that
// does not fit, and returns how many there are.
func (t *Tx) VerifyEvents(ctx context.Context, report func(seq int64, detail string)) (int, error) {
	batch, head, last := 1000, "", int64(0)
	for {
		events, err := many[rights.Event](ctx, t, `SELECT doc FROM events WHERE seq > $1 ORDER BY seq LIMIT $2`, last, batch)
		if err != nil && batch > 1 && ctx.Err() == nil {
			batch = 1 // to name the one that cannot be read
			continue
		}
		if err != nil && ctx.Err() == nil {
			report(last+1, "cannot be read: "+err.Error())
			return int(last), nil
		}
		if err != nil {
			return 0, err
		}
		for _, e := range events {
			if e.Seq != last+1 {
				report(e.Seq, fmt.Sprintf("follows event %d: events are missing", last))
			}
			want, err := chain(head, e)
			if err != nil {
				return 0, err
			}
			if want != e.Hash {
				report(e.Seq, "was changed: its hash does not fit")
			}
			head, last = e.Hash, e.Seq
		}
		if len(events) < batch {
			break
		}
	}
	var text string
	var value int64
	err := t.tx.QueryRowContext(ctx, `SELECT value, text FROM sequences WHERE name = 'event'`).Scan(&value, &text)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("read the head of the record: %w", err)
	}
	if value != last || text != head {
		report(value, fmt.Sprintf("the record ends at event %d, its head says %d", last, value))
	}
	return int(last), nil
}
