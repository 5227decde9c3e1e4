package auth

import (
	"context"
	"strings"
	"time"

	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

// Issue makes a token of k's Kind and Name for a user; a zero ttl means without
// end, which a login link may not have. The token is shown this once.
func (a *Auth) Issue(ctx context.Context, by rights.Actor, k rights.Token, login string, ttl time.Duration) (string, error) {
	k.Name = strings.TrimSpace(k.Name)
	if err := checkToken(k, ttl); err != nil {
		return "", err
	}
	token := secret()
	err := a.db.Update(ctx, func(tx *store.Tx) error {
		u, err := tx.UserByLogin(ctx, canonical(login))
		if err != nil {
			return err
		}
		if u.Disabled {
			return rights.Errorf(rights.Conflict, "用户 %s 已停用", u.Login)
		}
		k.Hash, k.UserID, k.ExpiresAt = digest(token), u.ID, nil
		if ttl > 0 {
			end := tx.Now.Add(ttl)
			k.ExpiresAt = &end
		}
		if err := tx.AddToken(ctx, &k); err != nil {
			return err
		}
		return event(ctx, tx, by, rights.Event{Subject: subject(u.Login), Action: "token.issued", To: string(k.Kind), Reason: k.Name})
	})
	if err != nil {
		return "", err
	}
	return token, nil
}

func checkToken(k rights.Token, ttl time.Duration) error {
	var fields []rights.Field
	if k.Name == "" {
		fields = append(fields, rights.Field{Name: "name", Detail: "缺少此项"})
	}
	if k.Kind != rights.TokenAPI && k.Kind != rights.TokenLogin {
		fields = append(fields, rights.Field{Name: "kind", Detail: "应为 api 或 login"})
	}
	if ttl < 0 || ttl == 0 && k.Kind == rights.TokenLogin {
		fields = append(fields, rights.Field{Name: "ttl", Detail: "应大于零"})
	}
	if fields != nil {
		return &rights.Error{Kind: rights.Invalid, Detail: "令牌信息有误", Fields: fields}
	}
	return nil
}

// Bearer returns who an API token belongs to. A token that is over or unknown,
// and that of a disabled user, is Unauthorised.
func (a *Auth) Bearer(ctx context.Context, token string) (*rights.User, error) {
	var u *rights.User
	err := a.db.View(ctx, func(tx *store.Tx) error {
		k, err := tx.Token(ctx, rights.TokenAPI, digest(token))
		if err != nil {
			return err
		}
		u, err = enabled(ctx, tx, k.UserID)
		return err
	})
	if err != nil {
		return nil, err
	}
	return u, nil
}
