package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"golang.org/x/term"

	"rightsdesk/internal/auth"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

type userCmd struct {
	Add      userAddCmd      `cmd:"" help:"Add a person or a program."`
	List     userListCmd     `cmd:"" help:"List everybody."`
	Password userPasswordCmd `cmd:"" help:"Set a password, read from standard input."`
	Token    userTokenCmd    `cmd:"" help:"Make an API token and print it."`
	Link     userLinkCmd     `cmd:"" help:"Make a link that logs a person in, and print it."`
	Disable  userDisableCmd  `cmd:"" help:"Shut somebody out: sessions, links and tokens end for good."`
	Enable   userEnableCmd   `cmd:"" help:"Let somebody in again."`
}

// withAuth calls f with the users of the configured database.
func (s *shell) withAuth(ctx context.Context, f func(*auth.Auth, *store.DB) error) (err error) {
	cfg, err := s.config()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(cfg.Data, 0o750); err != nil {
		return err
	}
	db, err := store.Open(ctx, cfg.DatabaseURL(), s.log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return f(auth.New(db), db)
}

type userAddCmd struct {
	Login         string `arg:"" help:"Letters, digits, '.', '_', '-' and '@'."`
	Name          string `required:"" help:"The name under which what they do is recorded."`
	Role          string `required:"" enum:"reviewer,counsel" help:"reviewer, or counsel, who may also approve letters, decide claims and open proofs."`
	PasswordStdin bool   `help:"Read a password from standard input; without one they log in by link or token only."`
}

// Run adds a user.
func (c userAddCmd) Run(ctx context.Context, s *shell) error {
	return s.withAuth(ctx, func(a *auth.Auth, _ *store.DB) error {
		password := ""
		if c.PasswordStdin {
			var err error
			if password, err = s.password(); err != nil {
				return err
			}
		}
		u, err := a.AddUser(ctx, rights.SystemActor(), rights.User{Login: c.Login, Name: c.Name, Role: rights.Role(c.Role)}, password)
		if err != nil {
			return err
		}
		fmt.Fprintf(s.out, "added %s\n", u.Login)
		return nil
	})
}

type userListCmd struct{}

// Run lists the users.
func (userListCmd) Run(ctx context.Context, s *shell) error {
	return s.withAuth(ctx, func(_ *auth.Auth, db *store.DB) error {
		var users []rights.User
		err := db.View(ctx, func(tx *store.Tx) (err error) {
			users, err = tx.Users(ctx)
			return err
		})
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(table, "LOGIN\tROLE\tSTATE\tADDED\tNAME")
		for _, u := range users {
			state := "enabled"
			if u.Disabled {
				state = "disabled"
			}
			fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", u.Login, u.Role, state, u.CreatedAt.In(rights.China).Format(time.DateOnly), u.Name)
		}
		return table.Flush()
	})
}

type userPasswordCmd struct {
	Login string `arg:""`
}

// Run sets a password.
func (c userPasswordCmd) Run(ctx context.Context, s *shell) error {
	return s.withAuth(ctx, func(a *auth.Auth, _ *store.DB) error {
		password, err := s.password()
		if err != nil {
			return err
		}
		return a.SetPassword(ctx, rights.SystemActor(), c.Login, password)
	})
}

// password reads a line of standard input; from a terminal without showing it.
func (s *shell) password() (string, error) {
	if f, ok := s.in.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		fmt.Fprint(s.err, "Password: ")
		b, err := term.ReadPassword(int(f.Fd()))
		fmt.Fprintln(s.err)
		return string(b), err
	}
	const longest = 4 << 10
	line, err := bufio.NewReader(io.LimitReader(s.in, longest)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("read the password: %w", err)
	}
	if line = strings.TrimRight(line, "\r\n"); line == "" {
		return "", errors.New("standard input holds no password")
	}
	return line, nil
}

type userTokenCmd struct {
	Login string `arg:""`
	Name  string `required:"" help:"What the token is for."`
	Days  int    `help:"How long it is good; without end where this is not set."`
}

// Run prints an API token.
func (c userTokenCmd) Run(ctx context.Context, s *shell) error {
	return s.withAuth(ctx, func(a *auth.Auth, _ *store.DB) error {
		token, err := a.Issue(ctx, rights.SystemActor(), rights.Token{Kind: rights.TokenAPI, Name: c.Name}, c.Login, time.Duration(c.Days)*24*time.Hour)
		if err != nil {
			return err
		}
		fmt.Fprintln(s.out, token)
		return nil
	})
}

type userLinkCmd struct {
	Login string        `arg:""`
	For   time.Duration `default:"24h" help:"How long the link is good."`
}

// Run prints a login link.
func (c userLinkCmd) Run(ctx context.Context, s *shell) error {
	cfg, err := s.config()
	if err != nil {
		return err
	}
	return s.withAuth(ctx, func(a *auth.Auth, _ *store.DB) error {
		path, err := loginLink(ctx, a, c.Login, c.For)
		if err != nil {
			return err
		}
		fmt.Fprintln(s.out, cfg.Link(path))
		return nil
	})
}

// loginLink makes the path that logs somebody in.
func loginLink(ctx context.Context, a *auth.Auth, login string, ttl time.Duration) (string, error) {
	token, err := a.Issue(ctx, rights.SystemActor(), rights.Token{Kind: rights.TokenLogin, Name: "登录链接"}, login, ttl)
	if err != nil {
		return "", err
	}
	return "/login?" + url.Values{"token": {token}}.Encode(), nil
}

type userDisableCmd struct {
	Login string `arg:""`
}

// Run shuts a user out.
func (c userDisableCmd) Run(ctx context.Context, s *shell) error {
	return s.withAuth(ctx, func(a *auth.Auth, _ *store.DB) error { return a.Disable(ctx, rights.SystemActor(), c.Login) })
}

type userEnableCmd struct {
	Login string `arg:""`
}

// Run lets a user in again.
func (c userEnableCmd) Run(ctx context.Context, s *shell) error {
	return s.withAuth(ctx, func(a *auth.Auth, _ *store.DB) error { return a.Enable(ctx, rights.SystemActor(), c.Login) })
}
