package auth_test

import (
	"context"
	"errors"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"rightsdesk/internal/rights"
)

func TestWrongLoginsSlowDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, _ := withUser(t)
		for range 5 {
			_, _, err := a.Login(t.Context(), "wang", "not the password")
			wantKind(t, err, rights.Unauthorised)
		}
		_, _, err := a.Login(t.Context(), "wang", password)
		wantKind(t, err, rights.TooMany)
		if got := err.Error(); got != "登录尝试过于频繁，请 30 秒后再试" {
			t.Error(got)
		}
		_, _, err = a.Login(t.Context(), "zhao", "not the password")
		wantKind(t, err, rights.Unauthorised)

		time.Sleep(30 * time.Second)
		if _, _, err := a.Login(t.Context(), "wang", password); err != nil {
			t.Fatalf("after the wait: %v", err)
		}
		for range 5 {
			_, _, err := a.Login(t.Context(), "wang", "not the password")
			wantKind(t, err, rights.Unauthorised)
		}
	})
}

// TestWrongLoginsSlowDownInTotal counts logins that hang up at once: they count
// too, and cost the test no hashes.
func TestWrongLoginsSlowDownInTotal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, _ := withUser(t)
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		for i := range 100 {
			if _, _, err := a.Login(gone, "guess"+strconv.Itoa(i), "not the password"); !errors.Is(err, context.Canceled) {
				t.Fatal(err)
			}
		}
		_, _, err := a.Login(t.Context(), "wang", password)
		wantKind(t, err, rights.TooMany)
		if got := err.Error(); got != "登录尝试过于频繁，请 1 秒后再试" {
			t.Error(got)
		}
		time.Sleep(time.Second)
		if _, _, err := a.Login(t.Context(), "wang", password); err != nil {
			t.Errorf("after the wait: %v", err)
		}
	})
}

func TestRightLoginsAreNotSlowed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, _ := withUser(t)
		for range 12 {
			if _, _, err := a.Login(t.Context(), "wang", password); err != nil {
				t.Fatal(err)
			}
		}
	})
}
