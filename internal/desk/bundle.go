package desk

import (
	"errors"
	"mime"
	"net/http"
	"os"

	"github.com/labstack/echo/v4"

	"rightsdesk/internal/rights"
)

// bundle makes the bundle of a case and sends it. It is made whole before the
// first byte leaves: a part of one would prove nothing.
func (d *desk) bundle(c echo.Context, v *visit) error {
	if d.Bundles == nil {
		return d.caseAgain(c, v, rights.Errorf(rights.Unavailable, "此处不能制作证据包，请在运行中的服务里操作"))
	}
	f, err := os.CreateTemp("", "rightsdesk-bundle-*")
	if err != nil {
		return err
	}
	defer func() { _ = errors.Join(f.Close(), os.Remove(f.Name())) }()
	id := c.Param("id")
	if _, err := d.Bundles.Make(c.Request().Context(), v.actor, id, f); err != nil {
		return d.caseAgain(c, v, err)
	}
	if _, err := f.Seek(0, 0); err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderContentDisposition, mime.FormatMediaType("attachment", map[string]string{"filename": id + ".wacz"}))
	return c.Stream(http.StatusOK, "application/wacz", f)
}
