package api

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"rightsdesk/internal/casework"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

func (a *api) cases(c echo.Context) error {
	q := queryOf(c, "state", "q", "limit", "offset")
	f := store.CaseFilter{State: oneOf(q, "state", rights.CaseStates()), Query: q.Get("q")}
	f.Limit, f.Offset = q.page(mostItems)
	if err := q.err(); err != nil {
		return err
	}
	answer := list[rights.Case]{Limit: f.Limit, Offset: f.Offset}
	err := a.view(c, func(tx *store.Tx) (err error) {
		answer.Items, answer.Total, err = tx.Cases(c.Request().Context(), f)
		return err
	})
	if err != nil {
		return err
	}
	return respond(c, http.StatusOK, answer)
}

func (a *api) caseFile(c echo.Context) error {
	f, err := a.Cases.File(c.Request().Context(), actor(c), c.Param("id"))
	if err != nil {
		return err
	}
	return respond(c, http.StatusOK, f)
}

func (a *api) moveCase(c echo.Context) error {
	var m casework.Move
	if err := decode(c, &m); err != nil {
		return err
	}
	moved, err := a.Cases.Move(c.Request().Context(), actor(c), c.Param("id"), m)
	if err != nil {
		return err
	}
	return respond(c, http.StatusOK, moved)
}

func (a *api) answerCase(c echo.Context) error {
	var body struct {
		Question string `json:"question"`
		Applies  *bool  `json:"applies"`
		Reason   string `json:"reason"`
	}
	if err := decode(c, &body); err != nil {
		return err
	}
	if body.Applies == nil {
		return &rights.Error{Kind: rights.Invalid, Detail: "请求内容有误", Fields: []rights.Field{{Name: "applies", Detail: "缺少此项"}}}
	}
	answer := rights.Answer{Question: body.Question, Applies: *body.Applies, Reason: body.Reason}
	answered, err := a.Cases.Answer(c.Request().Context(), actor(c), c.Param("id"), answer)
	if err != nil {
		return err
	}
	return respond(c, http.StatusOK, answered)
}

func (a *api) setOperator(c echo.Context) error {
	var op rights.Operator
	if err := decode(c, &op); err != nil {
		return err
	}
	corrected, err := a.Cases.SetOperator(c.Request().Context(), actor(c), c.Param("id"), op)
	if err != nil {
		return err
	}
	return respond(c, http.StatusOK, corrected)
}
