// Package auth knows who is asking, and what they may do.
//
// Passwords are kept as argon2id hashes. The tokens of sessions, login links and
// the API are 256 random bits, given out once and kept as SHA-256 only. A user
// who is disabled is out with the next request.
package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"runtime"

	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

// Auth checks passwords, sessions and tokens. It is safe for concurrent use.
type Auth struct {
	db       *store.DB
	throttle throttle
	hashing  chan struct{} // bounds the memory of hashes under way
}

// New returns the Auth of a store.
func New(db *store.DB) *Auth {
	return &Auth{db: db, hashing: make(chan struct{}, runtime.GOMAXPROCS(0))}
}

// ActorOf is the user as an actor.
func ActorOf(u *rights.User) rights.Actor {
	return rights.Actor{Login: u.Login, Name: u.Name, Role: u.Role}
}

// subject names a user in the record.
func subject(login string) string { return "user:" + login }

func event(ctx context.Context, tx *store.Tx, by rights.Actor, e rights.Event) error {
	e.Actor, e.Name = by.Login, by.Name
	return tx.AddEvent(ctx, &e)
}

// secret makes a token.
func secret() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand ends the program instead
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// digest is what is stored of a token.
func digest(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
