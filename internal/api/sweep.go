package api

import (
	"context"
	"net/http"

	"github.com/labstack/echo/v4"

	"rightsdesk/internal/monitor"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

// asked says that a sweep will be run.
type asked struct {
	SourceID string `json:"source_id"`
}

func (a *api) sweep(c echo.Context) error {
	id := c.Param("id")
	err := a.view(c, func(tx *store.Tx) error {
		_, err := tx.Source(c.Request().Context(), id)
		return err
	})
	if err != nil {
		return err
	}
	if a.Schedule == nil {
		return rights.Errorf(rights.Unavailable, "此处不能抓取网页，请在运行中的服务里操作")
	}
	if err := a.Schedule.RunNow(c.Request().Context(), actor(c), monitor.Order{Source: id, Mode: rights.SweepAll}); err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderLocation, "/v1/sources/"+id+"/sweeps")
	return respond(c, http.StatusAccepted, asked{SourceID: id})
}

func (a *api) sweeps(c echo.Context) error { return ofSource(a, c, (*store.Tx).SweepList) }

func (a *api) pages(c echo.Context) error { return ofSource(a, c, (*store.Tx).PageList) }

// ofSource answers with a part of what is kept of a source.
func ofSource[T any](a *api, c echo.Context, read func(tx *store.Tx, ctx context.Context, id string, limit, offset int) ([]T, int, error)) error {
	q := queryOf(c, "limit", "offset")
	answer := list[T]{}
	answer.Limit, answer.Offset = q.page(mostItems)
	if err := q.err(); err != nil {
		return err
	}
	err := a.view(c, func(tx *store.Tx) (err error) {
		ctx, id := c.Request().Context(), c.Param("id")
		if _, err = tx.Source(ctx, id); err != nil {
			return err
		}
		answer.Items, answer.Total, err = read(tx, ctx, id, answer.Limit, answer.Offset)
		return err
	})
	if err != nil {
		return err
	}
	return respond(c, http.StatusOK, answer)
}
