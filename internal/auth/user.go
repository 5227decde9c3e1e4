package auth

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

const longestLogin = 64 // characters

// AddUser adds a person or a program: Login, Name and Role of u. An empty
// password lets nobody log in by password.
func (a *Auth) AddUser(ctx context.Context, by rights.Actor, u rights.User, password string) (*rights.User, error) {
	u = rights.User{Login: canonical(u.Login), Name: strings.TrimSpace(u.Name), Role: u.Role}
	if err := checkUser(u); err != nil {
		return nil, err
	}
	if password != "" {
		if err := checkPassword(password); err != nil {
			return nil, err
		}
		var err error
		if u.PasswordHash, err = a.hash(ctx, password); err != nil {
			return nil, err
		}
	}
	err := a.db.Update(ctx, func(tx *store.Tx) error {
		if err := tx.AddUser(ctx, &u); err != nil {
			return err
		}
		return event(ctx, tx, by, rights.Event{Subject: subject(u.Login), Action: "user.added", To: string(u.Role)})
	})
	if err != nil {
		return nil, err
	}
	return &u, nil
}

// canonical is a login as it is stored: phones like to begin with a capital.
func canonical(login string) string { return strings.ToLower(strings.TrimSpace(login)) }

func validLogin(login string) bool {
	return login != "" && utf8.RuneCountInString(login) <= longestLogin && !strings.ContainsFunc(login, func(r rune) bool {
		return r == utf8.RuneError || !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("._-@", r)
	})
}

func checkUser(u rights.User) error {
	var fields []rights.Field
	switch {
	case !validLogin(u.Login):
		fields = append(fields, rights.Field{Name: "login", Detail: "应为 1 至 64 个字母、数字或“.”“_”“-”“@”"})
	case u.Login == rights.SystemActor().Login:
		fields = append(fields, rights.Field{Name: "login", Detail: "这个用户名是系统自用的"})
	}
	if u.Name == "" {
		fields = append(fields, rights.Field{Name: "name", Detail: "缺少此项"})
	}
	if !u.Role.Valid() {
		fields = append(fields, rights.Field{Name: "role", Detail: "应为 reviewer 或 counsel"})
	}
	if fields != nil {
		return &rights.Error{Kind: rights.Invalid, Detail: "用户信息有误", Fields: fields}
	}
	return nil
}

// SetPassword changes a password and ends nothing else.
func (a *Auth) SetPassword(ctx context.Context, by rights.Actor, login, password string) error {
	if err := checkPassword(password); err != nil {
		return err
	}
	hash, err := a.hash(ctx, password)
	if err != nil {
		return err
	}
	return a.change(ctx, login, func(tx *store.Tx, u *rights.User) error {
		u.PasswordHash = hash
		return event(ctx, tx, by, rights.Event{Subject: subject(u.Login), Action: "user.password"})
	})
}

// Disable shuts a user out at once. Sessions, login links and API tokens end
// for good: after [Auth.Enable] new ones are needed.
func (a *Auth) Disable(ctx context.Context, by rights.Actor, login string) error {
	return a.change(ctx, login, func(tx *store.Tx, u *rights.User) error {
		u.Disabled = true
		if err := tx.DeleteLogins(ctx, u.ID); err != nil {
			return err
		}
		return event(ctx, tx, by, rights.Event{Subject: subject(u.Login), Action: "user.disabled"})
	})
}

// Enable lets a disabled user in again, by password or with new tokens.
func (a *Auth) Enable(ctx context.Context, by rights.Actor, login string) error {
	return a.change(ctx, login, func(tx *store.Tx, u *rights.User) error {
		u.Disabled = false
		return event(ctx, tx, by, rights.Event{Subject: subject(u.Login), Action: "user.enabled"})
	})
}

func (a *Auth) change(ctx context.Context, login string, f func(*store.Tx, *rights.User) error) error {
	return a.db.Update(ctx, func(tx *store.Tx) error {
		u, err := tx.UserByLogin(ctx, canonical(login))
		if err != nil {
			return err
		}
		if err := f(tx, u); err != nil {
			return err
		}
		return tx.PutUser(ctx, u)
	})
}
