package api

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"rightsdesk/internal/catalog"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

// registered is an article and what registering it did.
type registered struct {
	Change  catalog.Change  `json:"change"`
	Article *rights.Article `json:"article"`
}

func (a *api) addArticle(c echo.Context) error {
	var article rights.Article
	if err := decode(c, &article); err != nil {
		return err
	}
	change, err := a.Catalog.Register(c.Request().Context(), actor(c), &article)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if change == catalog.Created {
		status = http.StatusCreated
		c.Response().Header().Set(echo.HeaderLocation, "/v1/articles/"+article.ID)
	}
	return respond(c, status, registered{Change: change, Article: &article})
}

func (a *api) articles(c echo.Context) error {
	q := queryOf(c, "q", "issue_date", "limit", "offset")
	f := store.ArticleFilter{Query: q.Get("q"), IssueDate: q.day("issue_date")}
	f.Limit, f.Offset = q.page(mostItems)
	if err := q.err(); err != nil {
		return err
	}
	answer := list[rights.Article]{Limit: f.Limit, Offset: f.Offset}
	err := a.view(c, func(tx *store.Tx) (err error) {
		answer.Items, answer.Total, err = tx.Articles(c.Request().Context(), f)
		return err
	})
	if err != nil {
		return err
	}
	return respond(c, http.StatusOK, answer)
}

func (a *api) view(c echo.Context, f func(*store.Tx) error) error {
	return a.DB.View(c.Request().Context(), f)
}

func (a *api) article(c echo.Context) error {
	var article *rights.Article
	err := a.view(c, func(tx *store.Tx) (err error) {
		article, err = tx.Article(c.Request().Context(), c.Param("id"))
		return err
	})
	if err != nil {
		return err
	}
	return respond(c, http.StatusOK, article)
}

func (a *api) articleVersions(c echo.Context) error {
	q := queryOf(c, "limit", "offset")
	limit, offset := q.page(mostItems)
	if err := q.err(); err != nil {
		return err
	}
	var versions []rights.Article
	err := a.view(c, func(tx *store.Tx) (err error) {
		if _, err = tx.Article(c.Request().Context(), c.Param("id")); err != nil {
			return err
		}
		versions, err = tx.ArticleVersions(c.Request().Context(), c.Param("id"))
		return err
	})
	if err != nil {
		return err
	}
	return respond(c, http.StatusOK, cut(versions, limit, offset))
}

func (a *api) setSegments(c echo.Context) error {
	var body struct {
		Segments []catalog.Segment `json:"segments"`
		Reason   string            `json:"reason"`
	}
	if err := decode(c, &body); err != nil {
		return err
	}
	article, err := a.Catalog.SetSegments(c.Request().Context(), actor(c), c.Param("id"), body.Segments, body.Reason)
	if err != nil {
		return err
	}
	return respond(c, http.StatusOK, article)
}
