package auth

import (
	"math"
	"sync"
	"time"

	"rightsdesk/internal/rights"
)

// How many logins may fail at a stroke, and how soon another may: per login
// against guessing one person's password, in total against guessing everyone's.
const (
	loginBurst = 5
	loginEvery = 30 * time.Second
	totalBurst = 100
	totalEvery = time.Second
)

// throttle slows wrong logins down. A login counts when it begins, so that many
// at a time gain nothing, and is taken back when it was right. What is refused
// does not count.
type throttle struct {
	mu     sync.Mutex
	total  bucket
	logins map[string]bucket
}

// bucket holds failures, and loses one every so often.
type bucket struct {
	level float64
	at    time.Time
}

// drained is the bucket at an instant.
func (b bucket) drained(now time.Time, every time.Duration) bucket {
	return bucket{level: max(0, b.level-float64(now.Sub(b.at))/float64(every)), at: now}
}

// wait is how long until another failure has room.
func (b bucket) wait(burst float64, every time.Duration) time.Duration {
	return max(0, time.Duration((b.level+1-burst)*float64(every)))
}

// enter counts a login that begins, or refuses it.
func (t *throttle) enter(login string, now time.Time) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.total = t.total.drained(now, totalEvery)
	one := t.logins[login].drained(now, loginEvery)
	if wait := max(t.total.wait(totalBurst, totalEvery), one.wait(loginBurst, loginEvery)); wait > 0 {
		return rights.Errorf(rights.TooMany, "登录尝试过于频繁，请 %d 秒后再试", int(math.Ceil(wait.Seconds())))
	}
	t.forget(now)
	t.total.level++
	one.level++
	t.logins[login] = one
	return nil
}

// forget drops the logins whose failures are over; totalEvery bounds how fast
// new ones come.
func (t *throttle) forget(now time.Time) {
	if t.logins == nil {
		t.logins = map[string]bucket{}
	}
	if len(t.logins) < 2*totalBurst {
		return
	}
	for login, b := range t.logins {
		if b.drained(now, loginEvery).level == 0 {
			delete(t.logins, login)
		}
	}
}

// right takes a login's failures back.
func (t *throttle) right(login string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.total.level = max(0, t.total.level-1)
	delete(t.logins, login)
}
