package auth_test

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"rightsdesk/internal/auth"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

const password = "correct horse 电池"

func open(t *testing.T) (*auth.Auth, *store.DB) {
	t.Helper()
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "auth.db"), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return auth.New(db), db
}

// withUser is a store in which 王贺 is a reviewer.
func withUser(t *testing.T) (*auth.Auth, *store.DB) {
	t.Helper()
	a, db := open(t)
	if _, err := a.AddUser(t.Context(), rights.SystemActor(), rights.User{Login: "wang", Name: "王贺", Role: rights.RoleReviewer}, password); err != nil {
		t.Fatal(err)
	}
	return a, db
}

func wantKind(t *testing.T, err error, want rights.Kind) {
	t.Helper()
	var e *rights.Error
	if !errors.As(err, &e) || e.Kind != want {
		t.Fatalf("error %v, want kind %d", err, want)
	}
}

func TestAddUser(t *testing.T) {
	for _, tt := range []struct {
		name, login, person, role, password string
		fields                              []string
	}{
		{"everything is missing", "", "", "", "", []string{"login", "name", "role"}},
		{"a blank in the login", "wang he", "王贺", "reviewer", "", []string{"login"}},
		{"half a character in the login", "wang\xe7", "王贺", "reviewer", "", []string{"login"}},
		{"a long login", strings.Repeat("w", 65), "王贺", "reviewer", "", []string{"login"}},
		{"the machine's login", "System", "王贺", "reviewer", "", []string{"login"}},
		{"an unknown role", "wang", "王贺", "admin", "", []string{"role"}},
		{"a short password", "wang", "王贺", "reviewer", "九个字的密码不行啊", nil},
		{"a huge password", "wang", "王贺", "reviewer", strings.Repeat("x", 1025), nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a, db := open(t)
			_, err := a.AddUser(t.Context(), rights.SystemActor(), rights.User{Login: tt.login, Name: tt.person, Role: rights.Role(tt.role)}, tt.password)
			wantKind(t, err, rights.Invalid)
			var e *rights.Error
			errors.As(err, &e)
			var names []string
			for _, f := range e.Fields {
				names = append(names, f.Name)
			}
			if diff := cmp.Diff(tt.fields, names); diff != "" {
				t.Errorf("fields (-want +got):\n%s", diff)
			}
			if users := list(t, db); len(users) != 0 {
				t.Errorf("users after a refusal: %v", users)
			}
		})
	}
	a, db := withUser(t)
	_, err := a.AddUser(t.Context(), rights.SystemActor(), rights.User{Login: " Wang ", Name: "另一人", Role: rights.RoleCounsel}, "")
	wantKind(t, err, rights.Conflict)
	if users := list(t, db); len(users) != 1 || users[0].Name != "王贺" {
		t.Errorf("users: %v", users)
	}
}

func list(t *testing.T, db *store.DB) (users []rights.User) {
	t.Helper()
	err := db.View(t.Context(), func(tx *store.Tx) (err error) {
		users, err = tx.Users(t.Context())
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return users
}

func TestLogin(t *testing.T) {
	a, _ := withUser(t)
	if _, err := a.AddUser(t.Context(), rights.SystemActor(), rights.User{Login: "robot", Name: "接口", Role: rights.RoleReviewer}, ""); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, login, password string }{
		{"wrong password", "wang", password + " "},
		{"no password", "wang", ""},
		{"unknown login", "zhao", password},
		{"a user without a password", "robot", ""},
		{"a login that no database takes", "a\x00\xff", password},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := a.Login(t.Context(), tt.login, tt.password)
			wantKind(t, err, rights.Unauthorised)
			if got := err.Error(); got != "用户名或密码不正确" {
				t.Errorf("the error tells more than it may: %s", got)
			}
		})
	}
	token, s, err := a.Login(t.Context(), " Wang", password)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.CSRF) != 43 || len(token) != 43 || s.CSRF == token {
		t.Errorf("token %d characters, CSRF token %d: want 256 bits each", len(token), len(s.CSRF))
	}
	u, again, err := a.Session(t.Context(), token)
	if err != nil || u.Login != "wang" || u.Role != rights.RoleReviewer {
		t.Fatalf("session of %v, %v", u, err)
	}
	if again.CSRF != s.CSRF || !again.ExpiresAt.Equal(s.ExpiresAt) {
		t.Errorf("session %+v, was %+v", again, s)
	}
	if err := a.Logout(t.Context(), token); err != nil {
		t.Fatal(err)
	}
	_, _, err = a.Session(t.Context(), token)
	wantKind(t, err, rights.Unauthorised)
	if err := a.Logout(t.Context(), token); err != nil {
		t.Errorf("logging out twice: %v", err)
	}
}

func TestSessionEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, _ := withUser(t)
		token, _, err := a.Login(t.Context(), "wang", password)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(12*time.Hour - time.Second)
		if _, _, err := a.Session(t.Context(), token); err != nil {
			t.Errorf("a second before the end: %v", err)
		}
		time.Sleep(time.Second)
		_, _, err = a.Session(t.Context(), token)
		wantKind(t, err, rights.Unauthorised)
	})
}

func TestLoginLink(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, _ := withUser(t)
		link, err := a.Issue(t.Context(), rights.SystemActor(), rights.Token{Kind: rights.TokenLogin, Name: "登录链接"}, "wang", time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			token, _, err := a.Redeem(t.Context(), link)
			if err != nil {
				t.Fatal(err)
			}
			if u, _, err := a.Session(t.Context(), token); err != nil || u.Login != "wang" {
				t.Fatalf("session of %v, %v", u, err)
			}
		}
		_, err = a.Bearer(t.Context(), link)
		wantKind(t, err, rights.Unauthorised)
		time.Sleep(time.Hour)
		_, _, err = a.Redeem(t.Context(), link)
		wantKind(t, err, rights.Unauthorised)
	})
}

func TestBearer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, _ := withUser(t)
		issue := func(ttl time.Duration) string {
			token, err := a.Issue(t.Context(), rights.SystemActor(), rights.Token{Kind: rights.TokenAPI, Name: "采编系统"}, "wang", ttl)
			if err != nil {
				t.Fatal(err)
			}
			return token
		}
		short, long := issue(24*time.Hour), issue(0)
		if u, err := a.Bearer(t.Context(), short); err != nil || u.Login != "wang" {
			t.Fatalf("bearer %v, %v", u, err)
		}
		time.Sleep(24 * time.Hour)
		_, err := a.Bearer(t.Context(), short)
		wantKind(t, err, rights.Unauthorised)
		if _, err := a.Bearer(t.Context(), long); err != nil {
			t.Error(err)
		}
		_, _, err = a.Redeem(t.Context(), long)
		wantKind(t, err, rights.Unauthorised)
		_, err = a.Bearer(t.Context(), "")
		wantKind(t, err, rights.Unauthorised)
	})
}

func TestIssueRefuses(t *testing.T) {
	a, _ := withUser(t)
	for _, tt := range []struct {
		name  string
		token rights.Token
		login string
		ttl   time.Duration
		want  rights.Kind
	}{
		{"no name", rights.Token{Kind: rights.TokenAPI}, "wang", 0, rights.Invalid},
		{"no kind", rights.Token{Name: "采编系统"}, "wang", 0, rights.Invalid},
		{"a link without end", rights.Token{Kind: rights.TokenLogin, Name: "登录链接"}, "wang", 0, rights.Invalid},
		{"a time that was", rights.Token{Kind: rights.TokenAPI, Name: "采编系统"}, "wang", -time.Hour, rights.Invalid},
		{"an unknown user", rights.Token{Kind: rights.TokenAPI, Name: "采编系统"}, "zhao", 0, rights.NotFound},
	} {
		t.Run(tt.name, func(t *testing.T) {
			token, err := a.Issue(t.Context(), rights.SystemActor(), tt.token, tt.login, tt.ttl)
			wantKind(t, err, tt.want)
			if token != "" {
				t.Errorf("token %q beside an error", token)
			}
		})
	}
}

func TestDisabledUsersAreOut(t *testing.T) {
	a, _ := withUser(t)
	ctx, by := t.Context(), rights.SystemActor()
	api, err := a.Issue(ctx, by, rights.Token{Kind: rights.TokenAPI, Name: "采编系统"}, "wang", 0)
	if err != nil {
		t.Fatal(err)
	}
	link, err := a.Issue(ctx, by, rights.Token{Kind: rights.TokenLogin, Name: "登录链接"}, "wang", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	session, _, err := a.Login(ctx, "wang", password)
	if err != nil {
		t.Fatal(err)
	}
	old := func(t *testing.T) {
		t.Helper()
		_, err := a.Bearer(ctx, api)
		wantKind(t, err, rights.Unauthorised)
		_, _, err = a.Redeem(ctx, link)
		wantKind(t, err, rights.Unauthorised)
		_, _, err = a.Session(ctx, session)
		wantKind(t, err, rights.Unauthorised)
	}

	if err := a.Disable(ctx, by, "wang"); err != nil {
		t.Fatal(err)
	}
	old(t)
	_, _, err = a.Login(ctx, "wang", password)
	wantKind(t, err, rights.Unauthorised)
	_, err = a.Issue(ctx, by, rights.Token{Kind: rights.TokenAPI, Name: "采编系统"}, "wang", 0)
	wantKind(t, err, rights.Conflict)

	if err := a.Enable(ctx, by, "wang"); err != nil {
		t.Fatal(err)
	}
	old(t)
	if _, _, err := a.Login(ctx, "wang", password); err != nil {
		t.Errorf("enabled again: %v", err)
	}
	wantKind(t, a.Disable(ctx, by, "zhao"), rights.NotFound)
}

func TestLoginStopsWithItsContext(t *testing.T) {
	a, _ := withUser(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := a.Login(ctx, "wang", password); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func TestActorOf(t *testing.T) {
	got := auth.ActorOf(&rights.User{Login: "li", Name: "李敏", Role: rights.RoleCounsel})
	if want := (rights.Actor{Login: "li", Name: "李敏", Role: rights.RoleCounsel}); got != want {
		t.Errorf("actor %+v", got)
	}
}
