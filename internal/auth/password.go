package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"rightsdesk/internal/rights"
)

const (
	shortestPassword = 10   // characters
	longestPassword  = 1024 // bytes
)

// cost is what a hash takes; a hash carries the cost it was made with, so that
// raising it leaves old passwords good.
type cost struct {
	time, memory uint32 // passes, KiB
	threads      uint8
}

func today() cost { return cost{time: 2, memory: 19 << 10, threads: 1} }

// most is the dearest hash that is checked: a damaged one must not eat the machine.
func most() cost { return cost{time: 16, memory: 1 << 20, threads: 16} }

func checkPassword(password string) error {
	switch {
	case utf8.RuneCountInString(password) < shortestPassword:
		return rights.Errorf(rights.Invalid, "密码至少需要 %d 个字符", shortestPassword)
	case len(password) > longestPassword:
		return rights.Errorf(rights.Invalid, "密码过长，最多 %d 字节", longestPassword)
	}
	return nil
}

// hash makes the stored form: $argon2id$v=19$m=…,t=…,p=…$salt$key.
func (a *Auth) hash(ctx context.Context, password string) (string, error) {
	var salt [16]byte
	_, _ = rand.Read(salt[:]) // never fails: crypto/rand ends the program instead
	c := today()
	key, err := a.derive(ctx, password, salt[:], c)
	if err != nil {
		return "", err
	}
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.memory, c.time, c.threads,
		b64.EncodeToString(salt[:]), b64.EncodeToString(key)), nil
}

const keySize = 32 // bytes

func (a *Auth) derive(ctx context.Context, password string, salt []byte, c cost) ([]byte, error) {
	select {
	case a.hashing <- struct{}{}:
		defer func() { <-a.hashing }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return argon2.IDKey([]byte(password), salt, c.time, c.memory, c.threads, keySize), nil
}

// hashed is a stored hash taken apart.
type hashed struct {
	cost
	salt, key []byte
}

// verify compares a password with a stored hash. Without a hash it does the
// same work and says no, so that the time tells nobody which logins there are.
func (a *Auth) verify(ctx context.Context, stored, password string) (bool, error) {
	h := hashed{cost: today(), salt: make([]byte, 16), key: make([]byte, keySize)}
	if stored != "" {
		var err error
		if h, err = parseHash(stored); err != nil {
			return false, err
		}
	}
	got, err := a.derive(ctx, password, h.salt, h.cost)
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(got, h.key) == 1 && stored != "", nil
}

func parseHash(stored string) (hashed, error) {
	fault := func(what string) (hashed, error) {
		return hashed{}, fmt.Errorf("a stored password hash has a faulty %s", what)
	}
	parts := strings.Split(stored, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return fault("form")
	}
	var h hashed
	if n, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &h.memory, &h.time, &h.threads); n != 3 || err != nil {
		return fault("cost")
	}
	limit := most()
	if h.time < 1 || h.threads < 1 || h.time > limit.time || h.memory > limit.memory || h.threads > limit.threads {
		return fault("cost")
	}
	var err error
	if h.salt, err = base64.RawStdEncoding.DecodeString(parts[4]); err != nil || len(h.salt) < 8 {
		return fault("salt")
	}
	if h.key, err = base64.RawStdEncoding.DecodeString(parts[5]); err != nil || len(h.key) != keySize {
		return fault("key")
	}
	return h, nil
}
