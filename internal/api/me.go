package api

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"rightsdesk/internal/auth"
	"rightsdesk/internal/rights"
)

const userKey = "user"

// bearer lets in whoever bears an API token.
func (a *api) bearer(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		scheme, token, _ := strings.Cut(c.Request().Header.Get(echo.HeaderAuthorization), " ")
		if !strings.EqualFold(scheme, "Bearer") || token == "" {
			return rights.Errorf(rights.Unauthorised, "请在 Authorization 头中以 Bearer 方式给出接口令牌")
		}
		u, err := a.Auth.Bearer(c.Request().Context(), strings.TrimSpace(token))
		if err != nil {
			return err
		}
		c.Set(userKey, u)
		return next(c)
	}
}

func user(c echo.Context) *rights.User {
	u, _ := c.Get(userKey).(*rights.User)
	return u
}

// actor is on whose behalf a request is.
func actor(c echo.Context) rights.Actor { return auth.ActorOf(user(c)) }

func (a *api) me(c echo.Context) error { return respond(c, http.StatusOK, user(c)) }
