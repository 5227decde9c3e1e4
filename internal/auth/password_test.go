package auth_test

import (
	"strings"
	"testing"
	"time"

	"rightsdesk/internal/auth"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

func TestSetPassword(t *testing.T) {
	a, _ := withUser(t)
	ctx := t.Context()
	session, _, err := a.Login(ctx, "wang", password)
	if err != nil {
		t.Fatal(err)
	}
	wantKind(t, a.SetPassword(ctx, rights.SystemActor(), "wang", "short"), rights.Invalid)
	if err := a.SetPassword(ctx, rights.SystemActor(), "wang", "another one altogether"); err != nil {
		t.Fatal(err)
	}
	_, _, err = a.Login(ctx, "wang", password)
	wantKind(t, err, rights.Unauthorised)
	if _, _, err := a.Login(ctx, "wang", "another one altogether"); err != nil {
		t.Error(err)
	}
	if _, _, err := a.Session(ctx, session); err != nil {
		t.Errorf("the session from before: %v", err)
	}
}

func TestDamagedHashes(t *testing.T) {
	a, db := withUser(t)
	for _, hash := range []string{
		"x", "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ", "$argon2i$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0$a2V5",
		"$argon2id$v=19$m=19456,t=0,p=1$c2FsdHNhbHRzYWx0$MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE",
		"$argon2id$v=19$m=4294967295,t=4294967295,p=1$c2FsdHNhbHRzYWx0$MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE",
		"$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0$", "$argon2id$v=19$m=19456,t=2,p=1$!$MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE",
	} {
		err := db.Update(t.Context(), func(tx *store.Tx) error {
			u, err := tx.UserByLogin(t.Context(), "wang")
			if err != nil {
				return err
			}
			u.PasswordHash = hash
			return tx.PutUser(t.Context(), u)
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := auth.New(db).Login(t.Context(), "wang", password); err == nil || rights.KindOf(err) != rights.Internal {
			t.Errorf("%s: %v", hash, err)
		}
	}
	if err := a.SetPassword(t.Context(), rights.SystemActor(), "wang", password); err != nil {
		t.Fatal(err)
	}
	if _, _, err := auth.New(db).Login(t.Context(), "wang", password); err != nil {
		t.Errorf("mended: %v", err)
	}
}

// TestNothingInTheClear looks for secrets in everything that is stored.
func TestNothingInTheClear(t *testing.T) {
	a, db := withUser(t)
	ctx, by := t.Context(), rights.SystemActor()
	secrets := []string{password}
	for _, k := range []rights.TokenKind{rights.TokenAPI, rights.TokenLogin} {
		token, err := a.Issue(ctx, by, rights.Token{Kind: k, Name: "采编系统"}, "wang", time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		secrets = append(secrets, token)
	}
	session, _, err := a.Login(ctx, "wang", password)
	if err != nil {
		t.Fatal(err)
	}
	secrets = append(secrets, session)
	var dump strings.Builder
	err = db.View(ctx, func(tx *store.Tx) error {
		u, err := tx.UserByLogin(ctx, "wang")
		if err != nil {
			return err
		}
		if !strings.HasPrefix(u.PasswordHash, "$argon2id$v=19$m=19456,t=2,p=1$") {
			t.Errorf("hash %s", u.PasswordHash)
		}
		dump.WriteString(u.PasswordHash)
		events, err := tx.Events(ctx, "user:wang")
		for _, e := range events {
			dump.WriteString(e.Action + " " + e.Actor + " " + e.To + " " + e.Reason + "\n")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"user.added system reviewer", "token.issued system api 采编系统", "token.issued system login 采编系统", "login.password wang"} {
		if !strings.Contains(dump.String(), want) {
			t.Errorf("the record lacks %q:\n%s", want, dump.String())
		}
	}
	for _, s := range secrets {
		if strings.Contains(dump.String(), s) {
			t.Errorf("%q is stored in the clear", s)
		}
	}
}
