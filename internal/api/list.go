package api

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"rightsdesk/internal/rights"
)

// list is a part of a longer list.
type list[T any] struct {
	Items  []T `json:"items"`
	Total  int `json:"total"`
	Limit  int `json:"limit"`
	Offset int `json:"offset"`
}

// How many items an answer has where the request does not say, and at most.
// Records that carry a page's text are few at a time.
const (
	defaultLimit = 50
	mostItems    = 500
	mostRecords  = 100
)

// query is the query string of a request with what is wrong with it.
type query struct {
	url.Values

	faults []rights.Field
}

// queryOf reads a query string in which only these names may stand.
func queryOf(c echo.Context, names ...string) *query {
	q := &query{Values: c.QueryParams()}
	for name, values := range q.Values {
		switch {
		case !slices.Contains(names, name) && name != "lang":
			q.fault(name, "没有这个参数")
		case len(values) > 1:
			q.fault(name, "参数重复")
		}
	}
	return q
}

func (q *query) fault(name, detail string) {
	q.faults = append(q.faults, rights.Field{Name: name, Detail: detail})
}

// page reads limit, at most so many, and offset.
func (q *query) page(most int) (limit, offset int) {
	limit = min(defaultLimit, most)
	if s := q.Get("limit"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 || n > most {
			q.fault("limit", "超出允许的范围")
		}
		limit = n
	}
	if s := q.Get("offset"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 0 {
			q.fault("offset", "应为不小于零的整数")
		}
		offset = n
	}
	return limit, offset
}

// day reads a day as 2006-01-02, or nothing.
func (q *query) day(name string) string {
	s := q.Get(name)
	if _, err := time.Parse(time.DateOnly, s); s != "" && err != nil {
		q.fault(name, "应为 2006-01-02 形式的日期")
	}
	return s
}

func (q *query) err() error {
	if q.faults == nil {
		return nil
	}
	slices.SortFunc(q.faults, func(a, b rights.Field) int { return strings.Compare(a.Name, b.Name) })
	return &rights.Error{Kind: rights.Invalid, Detail: "查询参数有误", Fields: q.faults}
}

// oneOf reads a value that must be one of a list, or nothing.
func oneOf[T ~string](q *query, name string, values []T) T {
	s := T(q.Get(name))
	if s != "" && !slices.Contains(values, s) {
		q.fault(name, "没有这个取值")
	}
	return s
}

// cut is the part of a whole list that was asked for.
func cut[T any](all []T, limit, offset int) list[T] {
	from := min(offset, len(all))
	return list[T]{Items: all[from:min(from+limit, len(all))], Total: len(all), Limit: limit, Offset: offset}
}

// number reads an ID that is a number. What is none names nothing.
func number(s string) (int64, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0, echo.NewHTTPError(http.StatusNotFound)
	}
	return n, nil
}
