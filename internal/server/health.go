package server

import (
	"context"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"rightsdesk/internal/rights"
)

// health answers as long as the database does: a process that does not may be
// started anew.
func (e *edge) health(c echo.Context) error {
	ctx, cancel := context.WithTimeout(c.Request().Context(), 3*time.Second)
	defer cancel()
	if err := e.db.Ping(ctx); err != nil {
		return rights.Errorf(rights.Unavailable, "数据库没有回应").Because(err)
	}
	return c.JSON(http.StatusOK, map[string]string{"status": "ok"})
}

// readiness answers whether the process takes requests and jobs: what shares out
// work among machines asks it.
func (e *edge) readiness(c echo.Context) error {
	if e.ready != nil {
		ctx, cancel := context.WithTimeout(c.Request().Context(), 3*time.Second)
		defer cancel()
		if err := e.ready(ctx); err != nil {
			return rights.Errorf(rights.Unavailable, "服务尚未就绪").Because(err)
		}
	}
	return e.health(c)
}
