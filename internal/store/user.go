package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"rightsdesk/internal/rights"
)

// AddUser gives the user an ID and inserts it; a login that exists is a
// Conflict.
func (t *Tx) AddUser(ctx context.Context, u *rights.User) error {
	id, err := t.next(ctx, "user")
	if err != nil {
		return err
	}
	u.ID, u.CreatedAt = id, t.Now
	doc, err := encode(u)
	if err != nil {
		return err
	}
	n, err := t.exec(ctx, `INSERT INTO users (id, login, password_hash, doc) VALUES ($1, $2, $3, $4) ON CONFLICT (login) DO NOTHING`, u.ID, u.Login, u.PasswordHash, doc)
	if err == nil && n == 0 {
		return rights.Errorf(rights.Conflict, "用户 %s 已经存在", u.Login)
	}
	return err
}

// PutUser replaces a user.
func (t *Tx) PutUser(ctx context.Context, u *rights.User) error {
	doc, err := encode(u)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `UPDATE users SET login = $2, password_hash = $3, doc = $4 WHERE id = $1`, u.ID, u.Login, u.PasswordHash, doc)
	return err
}

// User returns the user with this ID.
func (t *Tx) User(ctx context.Context, id int64) (*rights.User, error) {
	return t.user(ctx, missing("没有编号为 %d 的用户", id), `SELECT doc FROM users WHERE id = $1`, id)
}

// UserByLogin returns the user with this login.
func (t *Tx) UserByLogin(ctx context.Context, login string) (*rights.User, error) {
	return t.user(ctx, missing("没有用户 %s", login), `SELECT doc FROM users WHERE login = $1`, login)
}

func (t *Tx) user(ctx context.Context, none *rights.Error, query string, arg any) (*rights.User, error) {
	u, err := one[rights.User](ctx, t, none, query, arg)
	if err != nil {
		return nil, err
	}
	if err := t.tx.QueryRowContext(ctx, `SELECT password_hash FROM users WHERE id = $1`, u.ID).Scan(&u.PasswordHash); err != nil {
		return nil, fmt.Errorf("read a user: %w", err)
	}
	return u, nil
}

// Users returns every user in the order of their logins.
func (t *Tx) Users(ctx context.Context) ([]rights.User, error) {
	return many[rights.User](ctx, t, `SELECT doc FROM users ORDER BY login`)
}

// AddSession keeps a login, and forgets those that are over.
func (t *Tx) AddSession(ctx context.Context, s rights.Session) error {
	if _, err := t.exec(ctx, `DELETE FROM sessions WHERE expires_at <= $1`, micros(t.Now)); err != nil {
		return err
	}
	_, err := t.exec(ctx, `INSERT INTO sessions (token_hash, user_id, csrf, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)`,
		s.TokenHash, s.UserID, s.CSRF, micros(t.Now), micros(s.ExpiresAt))
	return err
}

// Session returns the session whose token hashes to this, unless it is over.
func (t *Tx) Session(ctx context.Context, hash string) (rights.Session, error) {
	s := rights.Session{TokenHash: hash}
	var created, expires int64
	err := t.tx.QueryRowContext(ctx, `SELECT user_id, csrf, created_at, expires_at FROM sessions WHERE token_hash = $1 AND expires_at > $2`,
		hash, micros(t.Now)).Scan(&s.UserID, &s.CSRF, &created, &expires)
	if errors.Is(err, sql.ErrNoRows) {
		return s, rights.Errorf(rights.Unauthorised, "登录已失效，请重新登录")
	}
	if err != nil {
		return s, fmt.Errorf("read a session: %w", err)
	}
	s.CreatedAt, s.ExpiresAt = time.UnixMicro(created).UTC(), time.UnixMicro(expires).UTC()
	return s, nil
}

// DeleteSession ends a session.
func (t *Tx) DeleteSession(ctx context.Context, hash string) error {
	_, err := t.exec(ctx, `DELETE FROM sessions WHERE token_hash = $1`, hash)
	return err
}

// DeleteLogins ends every session and token of a user.
func (t *Tx) DeleteLogins(ctx context.Context, userID int64) error {
	if _, err := t.exec(ctx, `DELETE FROM sessions WHERE user_id = $1`, userID); err != nil {
		return err
	}
	_, err := t.exec(ctx, `DELETE FROM tokens WHERE user_id = $1`, userID)
	return err
}

// AddToken keeps the hash of a token.
func (t *Tx) AddToken(ctx context.Context, k *rights.Token) error {
	k.CreatedAt = t.Now
	expires := int64(1<<62 - 1)
	if k.ExpiresAt != nil {
		expires = micros(*k.ExpiresAt)
	}
	doc, err := encode(k)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `INSERT INTO tokens (hash, user_id, kind, expires_at, doc) VALUES ($1, $2, $3, $4, $5)`, k.Hash, k.UserID, string(k.Kind), expires, doc)
	return err
}

// Token returns the token of a kind that hashes to this, unless it is over.
func (t *Tx) Token(ctx context.Context, kind rights.TokenKind, hash string) (*rights.Token, error) {
	k, err := one[rights.Token](ctx, t, missing("令牌无效或已过期"), `SELECT doc FROM tokens WHERE hash = $1 AND kind = $2 AND expires_at > $3`, hash, string(kind), micros(t.Now))
	if rights.KindOf(err) == rights.NotFound {
		return nil, rights.Errorf(rights.Unauthorised, "令牌无效或已过期")
	}
	return k, err
}
