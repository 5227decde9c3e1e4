package fetch

import (
	"context"
	"net/http"
	"time"

	"rightsdesk/internal/rights"
)

// Turns lets the tests of the waiting rules run without sockets, on synctest's clock.
type Turns = turns

// NewTurns are the turns of a machine, alone or beside others.
func NewTurns(maxWait time.Duration, shared SharedTurns) *Turns {
	return &turns{maxWait: maxWait, shared: shared, hold: time.Minute, hosts: map[string]*turn{}}
}

// Take is take; done gives the turn back with a status and how long the answer took.
func (t *turns) Take(ctx context.Context, host string, wish time.Duration) (done func(status int, took time.Duration), err error) {
	p, err := t.take(ctx, host, wish)
	if err != nil {
		return nil, err
	}
	return func(status int, took time.Duration) { p.done(ctx, answer{status: status, took: took}) }, nil //nolint:errcheck // the tests that share turns look at them
}

// Answered is an answer with a Retry-After.
func (t *turns) Answered(ctx context.Context, host string, status int, retry string) error {
	p, err := t.take(ctx, host, 0)
	if err == nil {
		return p.done(ctx, answer{status: status, retryAfter: retryAfter(status, http.Header{"Retry-After": {retry}}, time.Now())})
	}
	return err
}

// Mining is what tdmrep.json says of a URL.
func Mining(file, rawURL string) *rights.Mining {
	u, err := parseTarget(rawURL)
	if err != nil {
		return nil
	}
	return fileMining(parseMining([]byte(file)), u)
}

// PageMining is pageMining.
func PageMining(head string) *rights.Mining { return pageMining([]byte(head)) }
