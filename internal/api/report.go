package api

import (
	"fmt"
	"mime"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"
)

// letterPolicy is for letters, which carry their style in them and run nothing.
const letterPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; frame-ancestors 'none'; sandbox"

func (a *api) writeReport(c echo.Context) error {
	r, err := a.Cases.Report(c.Request().Context(), actor(c), c.Param("id"))
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderLocation, fmt.Sprintf("/v1/cases/%s/reports/%d.pdf", r.CaseID, r.ID))
	return respond(c, http.StatusCreated, r)
}

// report answers with a letter's file: 12.pdf or 12.html.
func (a *api) report(c echo.Context) error {
	name, format, _ := strings.Cut(c.Param("file"), ".")
	mediaType := "application/pdf"
	switch format {
	case "pdf":
	case "html":
		mediaType = echo.MIMETextHTMLCharsetUTF8
	default:
		return echo.NewHTTPError(http.StatusNotFound)
	}
	id, err := number(name)
	if err != nil {
		return err
	}
	b, err := a.Cases.ReportFile(c.Request().Context(), c.Param("id"), id, format)
	if err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set("Content-Security-Policy", letterPolicy)
	h.Set(echo.HeaderContentDisposition, mime.FormatMediaType("inline", map[string]string{"filename": fmt.Sprintf("%s-%d.%s", c.Param("id"), id, format)}))
	return c.Blob(http.StatusOK, mediaType, b)
}
