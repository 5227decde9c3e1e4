package desk

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"
)

// perPage is how many rows a list shows.
const perPage = 25

// paging is where a list stands.
type paging struct {
	Page, Pages, Total   int
	First, Last          int // of the rows shown, from 1
	PreviousURL, NextURL string
}

// pageOf is the number of the page that a request asks for, from 1.
func pageOf(r *http.Request) int {
	n, err := strconv.Atoi(r.URL.Query().Get("page"))
	if err != nil || n < 1 || n > 1<<20 {
		return 1
	}
	return n
}

// pagingOf describes a list of so many rows.
func pagingOf(r *http.Request, total int) paging {
	p := paging{Page: pageOf(r), Total: total, Pages: max(1, (total+perPage-1)/perPage)}
	p.First, p.Last = (p.Page-1)*perPage+1, min(p.Page*perPage, total)
	if p.Page > 1 {
		p.PreviousURL = with(r, "page", strconv.Itoa(min(p.Page-1, p.Pages)))
	}
	if p.Page < p.Pages {
		p.NextURL = with(r, "page", strconv.Itoa(p.Page+1))
	}
	return p
}

// with is the address of the request with one parameter set, or taken out where
// the value is empty.
func with(r *http.Request, name, value string) string {
	q := url.Values{}
	for k, v := range r.URL.Query() {
		if k != "lang" {
			q[k] = v
		}
	}
	q.Set(name, value)
	if value == "" {
		q.Del(name)
	}
	if len(q) == 0 {
		return r.URL.Path
	}
	return r.URL.Path + "?" + q.Encode()
}

// reset is the request without its place in the list, for links that start anew.
func reset(c echo.Context) *http.Request {
	r := c.Request().Clone(c.Request().Context())
	q := r.URL.Query()
	q.Del("page")
	r.URL.RawQuery = q.Encode()
	return r
}
