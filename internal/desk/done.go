package desk

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"rightsdesk/internal/locale"
)

const (
	doneCookie  = "done"
	doneSeconds = 60
)

// doneText is the message of a step that was taken. The code travels in a
// cookie, so that nobody can put words of their own on our pages.
func doneText(code string) string {
	switch code {
	case "moved":
		return "已办理，案件状态已更新。"
	case "answered":
		return "已保存对例外问题的答复。"
	case "operator":
		return "已更正网站经营者信息。"
	case "reported":
		return "函件已生成。"
	case "segments":
		return "已更新权属。"
	case "claim":
		return "已办理，主张状态已更新。"
	case "sweep":
		return "已开始监测，结果稍后在本页显示。"
	case "rehearsed":
		return "已开始试运行，结果稍后在本页显示；试运行只读来源页，不抓取其中的网页。"
	case "paused":
		return "已暂停定时监测。"
	case "resumed":
		return "已恢复定时监测。"
	case "released":
		return "已放行，并已立案。"
	case "right":
		return "已记录：自动结案正确。"
	case "wrong":
		return "已记录：自动结案有误，已立案。"
	}
	return ""
}

// done leads to a page that says what was done.
func done(c echo.Context, code, url string) error {
	c.SetCookie(&http.Cookie{Name: doneCookie, Value: code, Path: "/desk", MaxAge: doneSeconds, HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: secure(c)})
	return c.Redirect(http.StatusSeeOther, url)
}

// takeDone says what was done, once.
func takeDone(c echo.Context, l locale.Locale) string {
	cookie, err := c.Cookie(doneCookie)
	if err != nil || doneText(cookie.Value) == "" {
		return ""
	}
	c.SetCookie(&http.Cookie{Name: doneCookie, Path: "/desk", MaxAge: -1, HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: secure(c)})
	return l.T(doneText(cookie.Value))
}
