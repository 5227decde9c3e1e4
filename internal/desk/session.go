package desk

import (
	"crypto/subtle"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"rightsdesk/internal/auth"
	"rightsdesk/internal/locale"
	"rightsdesk/internal/rights"
)

const sessionCookie = "session"

// visit is who asks for a page, and in which language.
type visit struct {
	actor   rights.Actor
	session rights.Session
	loc     locale.Locale
}

// handler answers somebody who is logged in.
type handler func(c echo.Context, v *visit) error

func (d *desk) get(h handler) echo.HandlerFunc {
	return func(c echo.Context) error {
		v, err := d.visit(c)
		if err != nil {
			return err
		}
		locale.Remember(c.Response(), c.Request())
		return h(c, v)
	}
}

// post also wants the session's CSRF token in the form.
func (d *desk) post(h handler) echo.HandlerFunc {
	return func(c echo.Context) error {
		v, err := d.visit(c)
		if err != nil {
			return err
		}
		r := c.Request()
		if err := readForm(r); err != nil {
			return err
		}
		if subtle.ConstantTimeCompare([]byte(r.PostForm.Get("csrf")), []byte(v.session.CSRF)) != 1 {
			return rights.Errorf(rights.Forbidden, "表单已失效，请刷新页面后重试")
		}
		return h(c, v)
	}
}

// readForm parses a form and refuses what is no text: no database takes it.
func readForm(r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return rights.Errorf(rights.Invalid, "表单无法读取").Because(err)
	}
	for _, values := range r.PostForm {
		for _, s := range values {
			if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
				return rights.Errorf(rights.Invalid, "表单无法读取")
			}
		}
	}
	return nil
}

func (d *desk) visit(c echo.Context) (*visit, error) {
	cookie, err := c.Cookie(sessionCookie)
	if err != nil || cookie.Value == "" {
		return nil, rights.Errorf(rights.Unauthorised, "请先登录")
	}
	u, s, err := d.Auth.Session(c.Request().Context(), cookie.Value)
	if err != nil {
		return nil, err
	}
	return &visit{actor: auth.ActorOf(u), session: s, loc: locale.Of(c.Request())}, nil
}

func (d *desk) loginForm(c echo.Context) error {
	r := c.Request()
	locale.Remember(c.Response(), r)
	v := &visit{loc: locale.Of(r)}
	link := r.URL.Query().Get("token")
	if link == "" {
		return d.render(c, v, page{Name: "login", Title: "登录", Data: next(r)})
	}
	token, s, err := d.Auth.Redeem(r.Context(), link)
	if err != nil {
		return d.loginAgain(c, v, err)
	}
	return enter(c, token, s)
}

func (d *desk) login(c echo.Context) error {
	r := c.Request()
	if err := readForm(r); err != nil {
		return err
	}
	token, s, err := d.Auth.Login(r.Context(), r.PostForm.Get("login"), r.PostForm.Get("password"))
	if err != nil {
		return d.loginAgain(c, &visit{loc: locale.Of(r)}, err)
	}
	return enter(c, token, s)
}

// loginAgain shows the form with what was wrong, and the login name kept.
func (d *desk) loginAgain(c echo.Context, v *visit, err error) error {
	if rights.KindOf(err) == rights.Internal {
		return err
	}
	p := page{Name: "login", Title: "登录", Data: next(c.Request()), Problem: problemOf(v.loc, err)}
	if c.Request().Method == http.MethodPost {
		p.Kept = kept{form: "login", values: c.Request().PostForm}
	}
	return d.render(c, v, p)
}

func (d *desk) logout(c echo.Context, _ *visit) error {
	cookie, err := c.Cookie(sessionCookie)
	if err != nil {
		return rights.Errorf(rights.Unauthorised, "请先登录")
	}
	if err := d.Auth.Logout(c.Request().Context(), cookie.Value); err != nil {
		return err
	}
	c.SetCookie(&http.Cookie{Name: sessionCookie, Path: "/", MaxAge: -1, HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: secure(c)})
	return c.Redirect(http.StatusSeeOther, "/login")
}

func enter(c echo.Context, token string, s rights.Session) error {
	c.SetCookie(&http.Cookie{
		Name: sessionCookie, Value: token, Path: "/", MaxAge: int(time.Until(s.ExpiresAt).Seconds()),
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: secure(c),
	})
	return c.Redirect(http.StatusSeeOther, next(c.Request()))
}

// secure reports whether the browser came by TLS, to us or to a proxy that is
// trusted: the server drops what others say of it.
func secure(c echo.Context) bool { return c.Scheme() == "https" }

// next is where the person wanted to go: a page of the desk, nothing else.
func next(r *http.Request) string {
	to := r.FormValue("next")
	if to != "/desk" && !strings.HasPrefix(to, "/desk/") && !strings.HasPrefix(to, "/desk?") || strings.ContainsAny(to, "\\\r\n") {
		return "/desk"
	}
	return to
}
