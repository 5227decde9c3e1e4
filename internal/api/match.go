package api

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

func (a *api) matches(c echo.Context) error {
	q := queryOf(c, "case_id", "url", "article_id", "limit", "offset")
	f := store.MatchFilter{CaseID: q.Get("case_id"), URL: q.Get("url"), ArticleID: q.Get("article_id")}
	f.Limit, f.Offset = q.page(mostRecords)
	if err := q.err(); err != nil {
		return err
	}
	answer := list[rights.Match]{Limit: f.Limit, Offset: f.Offset}
	err := a.view(c, func(tx *store.Tx) (err error) {
		if answer.Total, err = tx.CountMatches(c.Request().Context(), f); err != nil {
			return err
		}
		answer.Items, err = tx.Matches(c.Request().Context(), f)
		return err
	})
	if err != nil {
		return err
	}
	return respond(c, http.StatusOK, answer)
}

func (a *api) match(c echo.Context) error {
	id, err := number(c.Param("id"))
	if err != nil {
		return err
	}
	var m *rights.Match
	err = a.view(c, func(tx *store.Tx) (err error) {
		m, err = tx.Match(c.Request().Context(), id)
		return err
	})
	if err != nil {
		return err
	}
	return respond(c, http.StatusOK, m)
}
