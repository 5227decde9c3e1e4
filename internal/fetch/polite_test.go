package fetch_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"rightsdesk/internal/fetch"
)

// visit takes a turn and gives it back with an answer; it returns how long it
// waited.
func visit(t *testing.T, turns *fetch.Turns, wish time.Duration, status int, took time.Duration) time.Duration {
	t.Helper()
	begin := time.Now()
	done, err := turns.Take(t.Context(), "a.example", wish)
	if err != nil {
		t.Fatal(err)
	}
	waited := time.Since(begin)
	time.Sleep(took)
	done(status, took)
	return waited
}

func TestTurnsKeepTheDelay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turns := fetch.NewTurns(time.Minute, nil)
		for i := range 4 {
			want := 5 * time.Second
			if i == 0 {
				want = 0
			}
			if got := visit(t, turns, 5*time.Second, 200, 100*time.Millisecond); got != want {
				t.Errorf("turn %d after %v", i, got)
			}
			other, err := turns.Take(t.Context(), "b.example", 0)
			if err != nil {
				t.Fatal(err)
			}
			other(200, 0)
		}
	})
}

func TestTurnsWaitForASlowExchange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turns := fetch.NewTurns(time.Minute, nil)
		done, err := turns.Take(t.Context(), "a.example", time.Second)
		if err != nil {
			t.Fatal(err)
		}
		time.AfterFunc(30*time.Second, func() { done(200, time.Second) })
		begin := time.Now()
		second, err := turns.Take(t.Context(), "a.example", time.Second)
		if err != nil || time.Since(begin) != 35*time.Second {
			t.Fatalf("after %v: %v", time.Since(begin), err)
		}
		defer second(200, 0)
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		if _, err := turns.Take(ctx, "a.example", time.Second); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a wait that was given up: %v", err)
		}
	})
}

// Each line is one request: the wait before it, and how the host took it.
func TestTurnsFollowTheHost(t *testing.T) {
	type step struct {
		wait   time.Duration
		status int
		took   time.Duration
	}
	const s, ms = time.Second, time.Millisecond
	for name, steps := range map[string][]step{
		"five times the last answer":     {{0, 200, 2 * s}, {10 * s, 200, 4 * s}, {20 * s, 200, 100 * ms}, {3 * s, 200, 0}},
		"a redirect is an answer":        {{0, 200, 2 * s}, {10 * s, 302, 100 * ms}, {3 * s, 304, 0}, {3 * s, 200, 0}},
		"a page that is not there":       {{0, 200, 2 * s}, {10 * s, 404, 0}, {10 * s, 410, 0}, {10 * s, 200, 0}, {3 * s, 404, s}, {5 * s, 200, 0}},
		"refused: twice as slow":         {{0, 429, 0}, {6 * s, 429, 0}, {12 * s, 403, 0}, {24 * s, 503, 0}, {48 * s, 200, 0}, {24 * s, 200, 0}, {12 * s, 200, 0}, {6 * s, 200, 0}, {3 * s, 200, 0}},
		"a fast error is no good answer": {{0, 200, 2 * s}, {10 * s, 500, 0}, {20 * s, 500, 0}, {40 * s, 404, 0}, {40 * s, 200, 2 * s}, {20 * s, 200, 0}, {10 * s, 200, 0}},
		"unreachable is a failure":       {{0, 200, s}, {5 * s, 0, 30 * s}, {10 * s, 0, 30 * s}, {20 * s, 200, 0}, {10 * s, 200, 0}, {5 * s, 200, 0}, {3 * s, 200, 0}},
		"a gateway that gives up slowly": {{0, 504, 2 * s}, {20 * s, 200, 0}, {10 * s, 200, 0}, {5 * s, 200, 0}, {3 * s, 200, 0}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				turns := fetch.NewTurns(time.Minute, nil)
				for i, step := range steps {
					if got := visit(t, turns, 3*s, step.status, step.took); got != step.wait {
						t.Errorf("request %d after %v, want %v", i, got, step.wait)
					}
				}
			})
		})
	}
}

func TestTurnsGiveUpOnAHostThatKeepsRefusing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turns := fetch.NewTurns(time.Minute, nil)
		for range 5 { // 3, 6, 12, 24, 48 seconds
			visit(t, turns, 3*time.Second, 503, 0)
		}
		if _, err := turns.Take(t.Context(), "a.example", 3*time.Second); !errors.Is(err, fetch.ErrPostponed) {
			t.Errorf("asked for a sixth time: %v", err)
		}
		time.Sleep(2 * time.Minute)
		if got := visit(t, turns, 3*time.Second, 200, 0); got != 0 {
			t.Errorf("waited %v after the back-off was over", got)
		}
	})
}

func TestACrawlDelayLongerThanAWaitIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turns := fetch.NewTurns(time.Minute, nil)
		visit(t, turns, time.Hour, 200, 0)
		time.Sleep(50 * time.Minute)
		if _, err := turns.Take(t.Context(), "a.example", time.Hour); !errors.Is(err, fetch.ErrPostponed) {
			t.Errorf("asked ten minutes too early: %v", err)
		}
		time.Sleep(9*time.Minute + 30*time.Second)
		if got := visit(t, turns, time.Hour, 200, 0); got != 30*time.Second {
			t.Errorf("waited %v", got)
		}
	})
}

func TestTurnsHonourRetryAfter(t *testing.T) {
	for _, c := range []struct {
		name   string
		status int
		retry  func(now time.Time) string
		wait   time.Duration // negative: put off
	}{
		{"seconds", 429, func(time.Time) string { return "20" }, 20 * time.Second},
		{"date", 503, func(now time.Time) string { return now.Add(30 * time.Second).UTC().Format(http.TimeFormat) }, 30 * time.Second},
		{"past date", 503, func(now time.Time) string { return now.Add(-time.Hour).UTC().Format(http.TimeFormat) }, 0},
		{"too long", 503, func(time.Time) string { return "61" }, -1},
		{"not a refusal", 200, func(time.Time) string { return "20" }, 0},
		{"nonsense", 429, func(time.Time) string { return "soon" }, 0},
		{"overflow", 429, func(time.Time) string { return "99999999999999999999" }, 0},
		{"forbidden for a while", 403, func(time.Time) string { return "20" }, 20 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				turns := fetch.NewTurns(time.Minute, nil)
				if err := turns.Answered(t.Context(), "a.example", c.status, c.retry(time.Now())); err != nil {
					t.Fatal(err)
				}
				begin := time.Now()
				done, err := turns.Take(t.Context(), "a.example", 0)
				if c.wait < 0 {
					if !errors.Is(err, fetch.ErrPostponed) {
						t.Errorf("%v", err)
					}
					return
				}
				if err != nil || time.Since(begin) != c.wait {
					t.Fatalf("waited %v: %v", time.Since(begin), err)
				}
				done(200, 0)
			})
		})
	}
}
