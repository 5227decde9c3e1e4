package rights

import "time"

// User is a person of the legal staff, or a program with a token.
type User struct {
	ID           int64     `json:"id"`
	Login        string    `json:"login"`
	Name         string    `json:"name"`
	Role         Role      `json:"role"`
	PasswordHash string    `json:"-"`
	Disabled     bool      `json:"disabled,omitempty"`
	CreatedAt    time.Time `json:"created_at"`
}

// Role is what a user may do.
type Role string

// The roles. Counsel may do what a reviewer may, approve letters, open proofs
// and decide claims.
const (
	RoleReviewer Role = "reviewer"
	RoleCounsel  Role = "counsel"
)

// Valid reports whether the role exists.
func (r Role) Valid() bool { return r == RoleReviewer || r == RoleCounsel }

// Label is the role's name for people, in Chinese.
func (r Role) Label() string {
	switch r {
	case RoleReviewer:
		return "审核员"
	case RoleCounsel:
		return "法务"
	default:
		return string(r)
	}
}

// Session is a login. Only the hash of its token is stored.
type Session struct {
	TokenHash string
	UserID    int64
	CSRF      string
	CreatedAt time.Time
	ExpiresAt time.Time
}

// Token lets a program use the API as a user, or a person log in once.
type Token struct {
	Hash      string     `json:"-"`
	UserID    int64      `json:"user_id"`
	Name      string     `json:"name"`
	Kind      TokenKind  `json:"kind"`
	CreatedAt time.Time  `json:"created_at"`
	ExpiresAt *time.Time `json:"expires_at,omitempty"`
}

// TokenKind says what a token is good for.
type TokenKind string

// The kinds of token.
const (
	TokenAPI   TokenKind = "api"
	TokenLogin TokenKind = "login"
)

// Actor is on whose behalf something is done.
type Actor struct {
	Login string
	Name  string
	Role  Role
}

// SystemActor is the machine itself; it has no role and may decide nothing.
func SystemActor() Actor { return Actor{Login: "system", Name: "系统"} }
