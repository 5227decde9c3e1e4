package fetch

import (
	"context"
	"net/http"
	"time"
)

// Turns lets the tests of the waiting rules run without sockets, on synctest's clock.
type Turns = turns

// NewTurns is newTurns.
func NewTurns(maxWait time.Duration) *Turns { return newTurns(maxWait) }

// Take is take.
func (t *turns) Take(ctx context.Context, host string, delay time.Duration) (func(), error) {
	return t.take(ctx, host, delay)
}

// Answered is what the fetcher does with a response's Retry-After.
func (t *turns) Answered(host string, status int, retry string) {
	t.postpone(host, retryAfter(status, http.Header{"Retry-After": {retry}}, time.Now()))
}
