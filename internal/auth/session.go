package auth

import (
	"context"
	"time"

	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

// sessionLength is how long a login lasts: a working day.
const sessionLength = 12 * time.Hour

// Login checks a password and opens a session. An unknown login, a wrong
// password and a disabled user are one error and take the same time; wrong
// logins slow down, see [rights.TooMany].
func (a *Auth) Login(ctx context.Context, login, password string) (token string, s rights.Session, err error) {
	if login = canonical(login); !validLogin(login) {
		login = ""
	}
	if err := a.throttle.enter(login, time.Now()); err != nil {
		return "", rights.Session{}, err
	}
	u, err := a.user(ctx, login)
	if err != nil {
		return "", rights.Session{}, err
	}
	ok, err := a.verify(ctx, u.PasswordHash, password[:min(len(password), longestPassword+1)])
	if err != nil {
		return "", rights.Session{}, err
	}
	if !ok || u.Disabled {
		return "", rights.Session{}, rights.Errorf(rights.Unauthorised, "用户名或密码不正确")
	}
	a.throttle.right(login)
	return a.start(ctx, "login.password", func(*store.Tx) (int64, error) { return u.ID, nil })
}

// user returns the user of a login, or an empty one that no password fits.
func (a *Auth) user(ctx context.Context, login string) (u *rights.User, err error) {
	err = a.db.View(ctx, func(tx *store.Tx) error {
		u, err = tx.UserByLogin(ctx, login)
		return err
	})
	if rights.KindOf(err) == rights.NotFound {
		return &rights.User{}, nil
	}
	return u, err
}

// Redeem opens a session for a login link's token. A link is good until it
// expires, however often it is followed.
func (a *Auth) Redeem(ctx context.Context, loginToken string) (token string, s rights.Session, err error) {
	return a.start(ctx, "login.link", func(tx *store.Tx) (int64, error) {
		k, err := tx.Token(ctx, rights.TokenLogin, digest(loginToken))
		if rights.KindOf(err) == rights.Unauthorised {
			return 0, rights.Errorf(rights.Unauthorised, "登录链接无效或已过期")
		}
		if err != nil {
			return 0, err
		}
		return k.UserID, nil
	})
}

func (a *Auth) start(ctx context.Context, action string, who func(*store.Tx) (int64, error)) (token string, s rights.Session, err error) {
	token = secret()
	err = a.db.Update(ctx, func(tx *store.Tx) error {
		id, err := who(tx)
		if err != nil {
			return err
		}
		u, err := enabled(ctx, tx, id)
		if err != nil {
			return err
		}
		s = rights.Session{TokenHash: digest(token), UserID: id, CSRF: secret(), CreatedAt: tx.Now, ExpiresAt: tx.Now.Add(sessionLength)}
		if err := tx.AddSession(ctx, s); err != nil {
			return err
		}
		return event(ctx, tx, ActorOf(u), rights.Event{Subject: subject(u.Login), Action: action})
	})
	if err != nil {
		return "", rights.Session{}, err
	}
	return token, s, nil
}

// enabled returns a user who may be here.
func enabled(ctx context.Context, tx *store.Tx, id int64) (*rights.User, error) {
	u, err := tx.User(ctx, id)
	if err != nil {
		return nil, err
	}
	if u.Disabled {
		return nil, rights.Errorf(rights.Unauthorised, "此账号已停用")
	}
	return u, nil
}

// Session returns who a session's token belongs to. A session that is over or
// unknown, and that of a disabled user, is Unauthorised.
func (a *Auth) Session(ctx context.Context, token string) (*rights.User, rights.Session, error) {
	var u *rights.User
	var s rights.Session
	err := a.db.View(ctx, func(tx *store.Tx) (err error) {
		if s, err = tx.Session(ctx, digest(token)); err != nil {
			return err
		}
		u, err = enabled(ctx, tx, s.UserID)
		return err
	})
	if err != nil {
		return nil, rights.Session{}, err
	}
	return u, s, nil
}

// Logout ends a session. Ending one that is over is no error.
func (a *Auth) Logout(ctx context.Context, token string) error {
	return a.db.Update(ctx, func(tx *store.Tx) error {
		s, err := tx.Session(ctx, digest(token))
		if rights.KindOf(err) == rights.Unauthorised {
			return nil
		}
		if err != nil {
			return err
		}
		u, err := tx.User(ctx, s.UserID)
		if err != nil {
			return err
		}
		if err := tx.DeleteSession(ctx, s.TokenHash); err != nil {
			return err
		}
		return event(ctx, tx, ActorOf(u), rights.Event{Subject: subject(u.Login), Action: "logout"})
	})
}
