package server

import (
	"context"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"rightsdesk/internal/rights"
)

// health answers whether the database does.
func (e *edge) health(c echo.Context) error {
	ctx, cancel := context.WithTimeout(c.Request().Context(), 3*time.Second)
	defer cancel()
	if err := e.db.Ping(ctx); err != nil {
		return rights.Errorf(rights.Unavailable, "数据库没有回应").Because(err)
	}
	return c.JSON(http.StatusOK, map[string]string{"status": "ok"})
}
