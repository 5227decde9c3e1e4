// Package api is the JSON interface under /v1.
//
// What it takes and answers is described in openapi.yaml and components.yaml,
// which are served as /openapi.json. Bodies are read strictly: a field that is
// not known, of another type or there twice is an error that names it.
package api

import (
	"github.com/labstack/echo/v4"

	"rightsdesk/internal/auth"
	"rightsdesk/internal/bundle"
	"rightsdesk/internal/casework"
	"rightsdesk/internal/catalog"
	"rightsdesk/internal/claims"
	"rightsdesk/internal/schedule"
	"rightsdesk/internal/store"
)

// Options of the API.
type Options struct {
	DB       *store.DB
	Auth     *auth.Auth
	Catalog  *catalog.Catalog
	Cases    *casework.Cases
	Claims   *claims.Office
	Schedule *schedule.Scheduler // nil: sources cannot be swept from here
	Bundles  *bundle.Maker       // nil: bundles cannot be made here
}

type api struct{ Options }

// routes adds routes that want a token. The middleware stands at each of them:
// at a group, Echo would answer 404 to a method that a path does not take.
type routes struct {
	*echo.Group

	bearer echo.MiddlewareFunc
}

func (r routes) get(path string, h echo.HandlerFunc)    { r.GET(path, h, r.bearer) }
func (r routes) post(path string, h echo.HandlerFunc)   { r.POST(path, h, r.bearer) }
func (r routes) put(path string, h echo.HandlerFunc)    { r.PUT(path, h, r.bearer) }
func (r routes) delete(path string, h echo.HandlerFunc) { r.DELETE(path, h, r.bearer) }

// Register adds the routes: /openapi.json in the open, /v1 for bearers of a
// token. Handlers return errors of package rights, and of Echo for bodies that
// are no JSON.
func Register(e *echo.Echo, opt Options) {
	a := &api{opt}
	e.GET("/openapi.json", openAPI())
	g := routes{e.Group("/v1"), a.bearer}
	g.get("/me", a.me)

	g.get("/articles", a.articles)
	g.post("/articles", a.addArticle)
	g.post("/articles/batch", a.addArticles)
	g.get("/articles/:id", a.article)
	g.get("/articles/:id/versions", a.articleVersions)
	g.put("/articles/:id/segments", a.setSegments)

	g.get("/sources", a.sources)
	g.post("/sources", a.addSource)
	g.get("/sources/:id", a.source)
	g.put("/sources/:id", a.changeSource)
	g.delete("/sources/:id", a.deleteSource)
	g.get("/sources/:id/sweeps", a.sweeps)
	g.post("/sources/:id/sweeps", a.sweep)
	g.get("/sources/:id/pages", a.pages)

	g.get("/matches", a.matches)
	g.get("/matches/:id", a.match)

	g.get("/cases", a.cases)
	g.get("/cases/:id", a.caseFile)
	g.post("/cases/:id/moves", a.moveCase)
	g.post("/cases/:id/answers", a.answerCase)
	g.put("/cases/:id/operator", a.setOperator)
	g.post("/cases/:id/reports", a.writeReport)
	g.get("/cases/:id/reports/:file", a.report)
	g.get("/cases/:id/bundle", a.bundle)

	g.get("/claims", a.claims)
	g.get("/claims/:id", a.claim)
	g.post("/claims/:id/moves", a.moveClaim)
	g.get("/claims/:id/files/:file", a.proof)

	g.get("/events", a.events)
}
