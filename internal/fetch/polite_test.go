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

func TestTurnsKeepTheDelay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turns := fetch.NewTurns(time.Minute)
		begin := time.Now()
		for i := range 4 {
			done, err := turns.Take(t.Context(), "a.example", 5*time.Second)
			if err != nil {
				t.Fatal(err)
			}
			if got := time.Since(begin); got != time.Duration(i)*5*time.Second {
				t.Errorf("turn %d after %v", i, got)
			}
			time.Sleep(time.Second) // the exchange itself: the delay is between starts
			other, err := turns.Take(t.Context(), "b.example", 0)
			if err != nil {
				t.Fatal(err)
			}
			other()
			done()
		}
	})
}

func TestTurnsWaitForASlowExchange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turns := fetch.NewTurns(time.Minute)
		done, err := turns.Take(t.Context(), "a.example", time.Second)
		if err != nil {
			t.Fatal(err)
		}
		time.AfterFunc(30*time.Second, done)
		begin := time.Now()
		second, err := turns.Take(t.Context(), "a.example", time.Second)
		if err != nil || time.Since(begin) != 30*time.Second {
			t.Fatalf("after %v: %v", time.Since(begin), err)
		}
		defer second()
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		if _, err := turns.Take(ctx, "a.example", time.Second); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a wait that was given up: %v", err)
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
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				turns := fetch.NewTurns(time.Minute)
				turns.Answered("a.example", c.status, c.retry(time.Now()))
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
				done()
			})
		})
	}
}
