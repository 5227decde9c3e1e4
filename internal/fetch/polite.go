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
	// holdMargin is how much longer than an exchange may take a shared turn is held.
	holdMargin = 30 * time.Second
	// askAgain is after how long a shared turn is asked for again: who holds it may
	// give it back sooner.
	askAgain = 200 * time.Millisecond
)

// SharedTurns are turns at hosts that several machines share. Take takes a turn for at
// most so long, or says how long to wait before asking again; Rest gives it back
// and has all leave the host alone for so long.
type SharedTurns interface {
	Take(ctx context.Context, host string, hold time.Duration) (wait time.Duration, err error)
	Rest(ctx context.Context, host string, rest time.Duration) error
}

// turns keeps, for every host name, one request at a time and a rest between
// the end of one and the start of the next.
type turns struct {
	maxWait time.Duration
	shared  SharedTurns   // nil: this machine is alone
	hold    time.Duration // longer than any exchange takes
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
	host   string
	wish   time.Duration
	rested time.Duration // of the host since the last exchange; negative: there was none
}

func (p *place) done(ctx context.Context, a answer) error {
	p.turn.answered(a, p.wish)
	rest := p.turn.wait(p.wish)
	<-p.turn.busy
	p.turns.leave(p.turn)
	if p.turns.shared == nil {
		return nil
	}
	return p.turns.shared.Rest(context.WithoutCancel(ctx), p.host, rest)
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
	err := h.rest(ctx, wish, t.maxWait)
	if err == nil {
		err = t.share(ctx, host)
	}
	if err != nil {
		<-h.busy
		t.leave(h)
		return nil, err
	}
	return &place{turns: t, turn: h, host: host, wish: wish, rested: h.rested()}, nil
}

// share waits for the turn among the machines.
func (t *turns) share(ctx context.Context, host string) error {
	if t.shared == nil {
		return nil
	}
	for {
		wait, err := t.shared.Take(ctx, host, t.hold)
		switch {
		case err != nil || wait <= 0:
			return err
		case wait > t.maxWait:
			return ErrPostponed
		}
		if err := sleep(ctx, min(wait, askAgain)); err != nil {
			return err
		}
	}
}

func sleep(ctx context.Context, wait time.Duration) error {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
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
		if err := sleep(ctx, wait); err != nil {
			return err
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
