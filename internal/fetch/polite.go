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
)

// turns keeps, for every host name, one request at a time and a distance
// between the starts of two.
type turns struct {
	maxWait time.Duration
	mu      sync.Mutex
	hosts   map[string]*turn
}

type turn struct {
	busy  chan struct{} // holds one value while a request is under way
	users int           // guarded by turns.mu: requests under way or waiting

	mu        sync.Mutex
	started   time.Time
	notBefore time.Time // what Retry-After asked for
}

func newTurns(maxWait time.Duration) *turns {
	return &turns{maxWait: maxWait, hosts: map[string]*turn{}}
}

// take waits until host may be asked again, delay after the last start. The
// caller calls done when the exchange is over.
func (t *turns) take(ctx context.Context, host string, delay time.Duration) (done func(), err error) {
	h := t.enter(host)
	if wait := h.postponed(); wait > t.maxWait {
		t.leave(h)
		return nil, ErrPostponed
	}
	select {
	case h.busy <- struct{}{}:
	case <-ctx.Done():
		t.leave(h)
		return nil, context.Cause(ctx)
	}
	done = func() {
		<-h.busy
		t.leave(h)
	}
	for {
		wait := max(h.sinceStart(delay), h.postponed())
		if wait > max(t.maxWait, delay) {
			done()
			return nil, ErrPostponed
		}
		if wait <= 0 {
			break
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			done()
			return nil, context.Cause(ctx)
		}
	}
	h.mu.Lock()
	h.started = time.Now()
	h.mu.Unlock()
	return done, nil
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

// postpone notes that host asked not to be called for a while.
func (t *turns) postpone(host string, wait time.Duration) {
	if wait <= 0 {
		return
	}
	h := t.enter(host)
	defer t.leave(h)
	h.mu.Lock()
	defer h.mu.Unlock()
	if at := time.Now().Add(min(wait, maxRetryAfter)); at.After(h.notBefore) {
		h.notBefore = at
	}
}

func (h *turn) postponed() time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	return time.Until(h.notBefore)
}

func (h *turn) sinceStart(delay time.Duration) time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.started.IsZero() {
		return 0
	}
	return time.Until(h.started.Add(delay))
}

// idle says that forgetting the host can shorten no wait of today's settings.
func (h *turn) idle() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return time.Since(h.started) > time.Hour && time.Now().After(h.notBefore)
}

// retryAfter reads the header of a 429 or 503, seconds or a date.
func retryAfter(status int, header http.Header, now time.Time) time.Duration {
	if status != http.StatusTooManyRequests && status != http.StatusServiceUnavailable {
		return 0
	}
	value := strings.TrimSpace(header.Get("Retry-After"))
	if seconds, err := strconv.ParseUint(value, 10, 31); err == nil {
		return min(time.Duration(seconds)*time.Second, maxRetryAfter)
	}
	if at, err := http.ParseTime(value); err == nil {
		return min(at.Sub(now), maxRetryAfter)
	}
	return 0
}
