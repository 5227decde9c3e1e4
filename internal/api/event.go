package api

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

func (a *api) events(c echo.Context) error {
	q := queryOf(c, "subject", "limit", "offset")
	if q.Get("subject") == "" {
		q.fault("subject", "缺少此项")
	}
	limit, offset := q.page(mostItems)
	if err := q.err(); err != nil {
		return err
	}
	var all []rights.Event
	err := a.view(c, func(tx *store.Tx) (err error) {
		all, err = tx.Events(c.Request().Context(), q.Get("subject"))
		return err
	})
	if err != nil {
		return err
	}
	return respond(c, http.StatusOK, cut(all, limit, offset))
}
