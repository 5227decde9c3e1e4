// Package desk is the pages of the legal staff: the login, the cases with both
// texts side by side, the register, the claims, the sources and the samples.
//
// Handlers return errors of package rights; the server maps them, sets the
// security headers and bounds what is read. What a person typed comes back with
// the page where a step was refused.
package desk

import (
	"github.com/labstack/echo/v4"

	"rightsdesk/config"
	"rightsdesk/internal/auth"
	"rightsdesk/internal/bundle"
	"rightsdesk/internal/casework"
	"rightsdesk/internal/catalog"
	"rightsdesk/internal/claims"
	"rightsdesk/internal/schedule"
	"rightsdesk/internal/store"
	"rightsdesk/policies"
)

// Options of the desk.
type Options struct {
	DB       *store.DB
	Auth     *auth.Auth
	Catalog  *catalog.Catalog
	Cases    *casework.Cases
	Claims   *claims.Office
	Policy   *policies.Set
	Config   config.Config
	Schedule *schedule.Scheduler // nil: sources cannot be swept from here
	Bundles  *bundle.Maker       // nil: bundles cannot be made here
	// Status is the HTTP status of an error, which a page with a refused form has
	// too. The server sets it.
	Status func(error) int
}

type desk struct {
	Options
	screens screens
}

// Register adds the pages below /desk, /login and /logout, and the style sheet
// and script below /assets.
func Register(e *echo.Echo, opt Options) {
	d := &desk{Options: opt, screens: load(opt.Policy)}
	d.screens.assets.register(e)
	e.GET("/login", d.loginForm)
	e.POST("/login", d.login)
	e.POST("/logout", d.post(d.logout))

	g := e.Group("/desk")
	g.GET("", d.get(d.cases))
	g.GET("/cases/:id", d.get(d.caseFile))
	g.POST("/cases/:id/moves/:name", d.post(d.moveCase))
	g.POST("/cases/:id/answers", d.post(d.answer))
	g.POST("/cases/:id/operator", d.post(d.operator))
	g.POST("/cases/:id/reports", d.post(d.writeReport))
	g.GET("/cases/:id/reports/:report", d.get(d.report))
	g.POST("/cases/:id/bundles", d.post(d.bundle))
	g.GET("/matches/:id", d.get(d.match))
	g.POST("/matches/:id/review", d.post(d.review))
	g.GET("/articles", d.get(d.articles))
	g.GET("/articles/:id", d.get(d.article))
	g.POST("/articles/:id/segments", d.post(d.segments))
	g.GET("/claims", d.get(d.claims))
	g.GET("/claims/:id", d.get(d.claim))
	g.POST("/claims/:id/moves/:name", d.post(d.moveClaim))
	g.POST("/claims/:id/files/:file", d.post(d.proof))
	g.GET("/sources", d.get(d.sources))
	g.GET("/sources/:id", d.get(d.source))
	g.POST("/sources/:id/sweeps", d.post(d.sweep))
	g.POST("/sources/:id/rehearsals", d.post(d.rehearse))
	g.POST("/sources/:id/pause", d.post(d.pause))
	g.POST("/sources/:id/resume", d.post(d.resume))
	g.POST("/sources/:id/releases", d.post(d.release))
	g.GET("/samples", d.get(d.samples))
}
