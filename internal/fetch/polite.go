package fetch

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	maxHosts      = 4096
	maxRetryAfter = 24 * time.Hour
	maxBackOff    = time.Hour
	// restFactor is how many times longer than its last answer took a host is left
	// alone.
	restFactor = 5
)

// turns keeps, for every host name, one request at a time and a rest between
// the end of one and the start of the next.
type turns struct {
	maxWait time.Duration
	mu      sync.Mutex
	hosts   map[string]*turn
}

// turn is the place of one host.
type turn struct {
	busy  chan struct{} // holds one value while a request is under way
	users int           // guarded by turns.mu: requests under way or waiting

	mu        sync.Mutex
	least     time.Duration // rest that a caller set
	ended     time.Time     // of the last exchange; zero: none yet
	took      time.Duration // of the answer that sets the pace
	backOff   time.Duration // since the host refused or failed
	notBefore time.Time     // what Retry-After asked for
}

// answer is what a host did with a request. A status of zero is none: it could
// not be reached or broke off.
type answer struct {
	status     int
	took       time.Duration
	retryAfter time.Duration
	ours       bool // broken off, or never sent, by our own doing
}

// place is a turn that was taken. done gives it back.
type place struct {
	turns  *turns
	turn   *turn
	wish   time.Duration
	rested time.Duration // of the host since the last exchange; negative: there was none
}

func (p *place) done(a answer) {
	p.turn.answered(a, p.wish)
	<-p.turn.busy
	p.turns.leave(p.turn)
}

func newTurns(maxWait time.Duration) *turns {
	return &turns{maxWait: maxWait, hosts: map[string]*turn{}}
}

// take waits until host may be asked: the longest of wish, of restFactor times
// its last answer and of its back-off after the end of the last exchange, and
// not before it said by Retry-After. A longer wait than maxWait is ErrPostponed.
func (t *turns) take(ctx context.Context, host string, wish time.Duration) (*place, error) {
	h := t.enter(host)
	if h.wait(wish) > t.maxWait {
		t.leave(h)
		return nil, ErrPostponed
	}
	select {
	case h.busy <- struct{}{}:
	case <-ctx.Done():
		t.leave(h)
		return nil, context.Cause(ctx)
	}
	if err := h.rest(ctx, wish, t.maxWait); err != nil {
		<-h.busy
		t.leave(h)
		return nil, err
	}
	return &place{turns: t, turn: h, wish: wish, rested: h.rested()}, nil
}

// rest waits for the turn of whoever holds the place.
func (h *turn) rest(ctx context.Context, wish, longest time.Duration) error {
	for {
		wait := h.wait(wish)
		switch {
		case wait > longest:
			return ErrPostponed
		case wait <= 0:
			return nil
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return context.Cause(ctx)
		}
	}
}

func (t *turns) enter(host string) *turn {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.hosts) >= maxHosts {
		for name, h := range t.hosts {
			if h.users == 0 && h.idle() {
				delete(t.hosts, name)
			}
		}
	}
	h, ok := t.hosts[host]
	if !ok {
		h = &turn{busy: make(chan struct{}, 1)}
		t.hosts[host] = h
	}
	h.users++
	return h
}

func (t *turns) leave(h *turn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	h.users--
}

// wait is how long the host is still to be left alone.
func (h *turn) wait(wish time.Duration) time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	wait := time.Until(h.notBefore)
	if !h.ended.IsZero() {
		wait = max(wait, time.Until(h.ended.Add(h.pace(wish))))
	}
	return wait
}

func (h *turn) rested() time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.ended.IsZero() {
		return -1
	}
	return time.Since(h.ended)
}

func (h *turn) pace(wish time.Duration) time.Duration {
	return max(wish, h.least, restFactor*h.took, h.backOff)
}

// slow sets the least rest of a host.
func (t *turns) slow(host string, rest time.Duration) {
	h := t.enter(host)
	defer t.leave(h)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.least = rest
}

// answered sets the pace by how the host took a request. Only a good answer
// makes it faster: an error that comes back at once says nothing of how much the
// host can bear. A refusal or failure doubles the pace, a good answer takes half
// of that back.
func (h *turn) answered(a answer, wish time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ended = time.Now()
	switch {
	case a.status >= 200 && a.status < 400:
		h.took = a.took
		if h.backOff /= 2; h.backOff <= max(wish, h.least, restFactor*h.took) {
			h.backOff = 0
		}
	case a.overburdened():
		if a.status != 0 {
			h.took = max(h.took, a.took)
		}
		h.backOff = min(2*h.pace(wish), maxBackOff)
	case a.status != 0:
		h.took = max(h.took, a.took)
	}
	if at := h.ended.Add(a.retryAfter); at.After(h.notBefore) {
		h.notBefore = at
	}
}

// overburdened reports whether the host refused or could not serve us, as
// against not having one page.
func (a answer) overburdened() bool {
	return a.status == 0 && !a.ours || a.status == http.StatusForbidden || a.status == http.StatusTooManyRequests || a.status >= 500
}

// idle says that forgetting the host can shorten no wait.
func (h *turn) idle() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return time.Since(h.ended) > maxRetryAfter && time.Now().After(h.notBefore)
}

// retryAfter reads the header of a 403, 429 or 5xx, seconds or a date.
func retryAfter(status int, header http.Header, now time.Time) time.Duration {
	if a := (answer{status: status}); !a.overburdened() {
		return 0
	}
	value := strings.TrimSpace(header.Get("Retry-After"))
	if seconds, err := strconv.ParseUint(value, 10, 31); err == nil {
		return min(time.Duration(seconds)*time.Second, maxRetryAfter)
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(0, min(at.Sub(now), maxRetryAfter))
	}
	return 0
}
