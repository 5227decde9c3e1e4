package server

import (
	"bytes"
	_ "embed"
	"html/template"
	"net/http"

	"github.com/labstack/echo/v4"

	"rightsdesk/internal/locale"
)

//go:embed error.html
var errorHTML string

//go:embed error.css
var errorCSS []byte

const stylePath = "/assets/error.css"

func errorPage() *template.Template { return template.Must(template.New("error").Parse(errorHTML)) }

// render is a problem as a page, with the way back to where the reader belongs.
func (e *edge) render(p problem, r *http.Request) ([]byte, error) {
	l := locale.Of(r)
	back := struct{ URL, Text string }{"/", l.T("返回首页")}
	if below(r.URL.Path, "/desk") {
		back.URL, back.Text = "/desk", l.T("返回工作台")
	}
	var b bytes.Buffer
	err := e.page.Execute(&b, map[string]any{
		"Lang": l.Lang, "Style": stylePath, "Problem": p, "Back": back, "RequestID": l.T("请求编号"),
	})
	return b.Bytes(), err
}

func style(c echo.Context) error {
	c.Response().Header().Set("Cache-Control", "public, max-age=3600")
	return c.Blob(http.StatusOK, "text/css; charset=utf-8", errorCSS)
}
