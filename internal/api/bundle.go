package api

import (
	"mime"
	"net/http"

	"github.com/labstack/echo/v4"

	"rightsdesk/internal/bundle"
	"rightsdesk/internal/rights"
)

// bundle makes the bundle of a case and answers with it.
func (a *api) bundle(c echo.Context) error {
	if a.Bundles == nil {
		return rights.Errorf(rights.Unavailable, "此处不能制作证据包，请在运行中的服务里操作")
	}
	id := c.Param("id")
	w, err := a.Bundles.Whole(c.Request().Context(), actor(c), id)
	if err != nil {
		return err
	}
	defer w.Close() //nolint:errcheck // a temporary file that stays does no harm
	c.Response().Header().Set(echo.HeaderContentDisposition, mime.FormatMediaType("attachment", map[string]string{"filename": id + ".wacz"}))
	return c.Stream(http.StatusOK, bundle.MediaType, w)
}
