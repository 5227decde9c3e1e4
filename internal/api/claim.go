package api

import (
	"mime"
	"net/http"

	"github.com/labstack/echo/v4"

	"rightsdesk/internal/claims"
	"rightsdesk/internal/rights"
)

func (a *api) claims(c echo.Context) error {
	q := queryOf(c, "state", "limit", "offset")
	state := oneOf(q, "state", rights.ClaimStates())
	answer := list[rights.Claim]{}
	answer.Limit, answer.Offset = q.page(mostItems)
	err := q.err()
	if err != nil {
		return err
	}
	answer.Items, answer.Total, err = a.Claims.List(c.Request().Context(), state, answer.Limit, answer.Offset)
	if err != nil {
		return err
	}
	return respond(c, http.StatusOK, answer)
}

func (a *api) claim(c echo.Context) error {
	d, err := a.Claims.Dossier(c.Request().Context(), actor(c), c.Param("id"))
	if err != nil {
		return err
	}
	return respond(c, http.StatusOK, d)
}

func (a *api) moveClaim(c echo.Context) error {
	var m claims.Move
	if err := decode(c, &m); err != nil {
		return err
	}
	moved, err := a.Claims.Move(c.Request().Context(), actor(c), c.Param("id"), m)
	if err != nil {
		return err
	}
	return respond(c, http.StatusOK, moved)
}

// proof answers with a claimant's file, to be saved and never shown as a page
// of ours.
func (a *api) proof(c echo.Context) error {
	id, err := number(c.Param("file"))
	if err != nil {
		return err
	}
	p, b, err := a.Claims.OpenProof(c.Request().Context(), actor(c), c.Param("id"), id)
	if err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set(echo.HeaderContentDisposition, mime.FormatMediaType("attachment", map[string]string{"filename": p.Name}))
	return c.Blob(http.StatusOK, p.MediaType, b)
}
