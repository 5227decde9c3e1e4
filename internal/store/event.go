package store

import (
	"context"
	"errors"
	"fmt"

	"rightsdesk/internal/rights"
)

// AddEvent appends to the record. The event gets its number and its hash (see
// [rights.Event.Follow]) when the transaction commits, and is in the record if and
// only if it does: until then no other writer waits for this one.
func (t *Tx) AddEvent(_ context.Context, e *rights.Event) error {
	if t.reads {
		return errors.New("an event in a transaction that reads")
	}
	e.At = t.Now
	t.events = append(t.events, *e)
	return nil
}

// writeEvents is the last thing that a transaction does. The row of the head is
// locked from here to the commit, so that the chain neither forks nor has gaps;
// as it is the last lock taken, it closes no circle of waiting.
func (t *Tx) writeEvents(ctx context.Context) error {
	n := int64(len(t.events))
	if n == 0 {
		return nil
	}
	var seq int64
	var head string
	err := t.tx.QueryRowContext(ctx, `INSERT INTO sequences (name, value, text) VALUES ('event', $1, '')
		ON CONFLICT (name) DO UPDATE SET value = sequences.value + $1 RETURNING value, text`, n).Scan(&seq, &head)
	if err != nil {
		return fmt.Errorf("lock the head of the record: %w", err)
	}
	for i := range t.events {
		e := &t.events[i]
		e.Seq = seq - n + 1 + int64(i)
		if e.Hash, err = e.Follow(head); err != nil {
			return err
		}
		head = e.Hash
		doc, err := encode(e)
		if err != nil {
			return err
		}
		if _, err := t.exec(ctx, `INSERT INTO events (seq, subject, at, doc) VALUES ($1, $2, $3, $4)`, e.Seq, e.Subject, micros(e.At), doc); err != nil {
			return err
		}
	}
	_, err = t.exec(ctx, `UPDATE sequences SET text = $1 WHERE name = 'event'`, head)
	return err
}

// Events returns the events of a subject, oldest first.
func (t *Tx) Events(ctx context.Context, subject string) ([]rights.Event, error) {
	return many[rights.Event](ctx, t, `SELECT doc FROM events WHERE subject = $1 ORDER BY seq`, subject)
}

// EventRow is an entry of the record as it is stored.
type EventRow struct {
	Seq     int64
	Subject string
	At      int64 // microseconds
	Doc     string
}

// EachEvent calls f for the entries after one number, up to and including another,
// in their order.
func (t *Tx) EachEvent(ctx context.Context, after, last int64, f func(EventRow) error) error {
	rows, err := t.tx.QueryContext(ctx, `SELECT seq, subject, at, doc FROM events WHERE seq > $1 AND seq <= $2 ORDER BY seq`, after, last)
	if err != nil {
		return fmt.Errorf("read the record: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var r EventRow
		if err := rows.Scan(&r.Seq, &r.Subject, &r.At, &r.Doc); err != nil {
			return fmt.Errorf("read the record: %w", err)
		}
		if err := f(r); err != nil {
			return err
		}
	}
	return rows.Err()
}

// EventHead returns the number and the hash of the last entry; 0 and "" where
// there is none.
func (t *Tx) EventHead(ctx context.Context) (seq int64, hash string, err error) {
	err = t.tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(value), 0), COALESCE(MAX(text), '') FROM sequences WHERE name = 'event'`).Scan(&seq, &hash)
	if err != nil {
		return 0, "", fmt.Errorf("read the head of the record: %w", err)
	}
	return seq, hash, nil
}
