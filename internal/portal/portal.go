// Package portal is the public pages: the disclaimer, the claim form, the
// status of a claim.
//
// The pages work without JavaScript. The names of the form's inputs are the
// names of the fields in errors of [claims.Office.File]; beside them stand
// action (file, lookup or show), key (see [claims.Filing]), looked (what page
// was when articles were last shown) and article ("-" for none of them).
package portal

import (
	"time"

	"github.com/labstack/echo/v4"

	"rightsdesk/config"
	"rightsdesk/internal/claims"
	"rightsdesk/policies"
)

// Options of the portal.
type Options struct {
	Claims *claims.Office
	Policy *policies.Set
	Config config.Config
	// Filings is how many claims one address may file in ten minutes; 0 means 5.
	Filings int
	// Status is the HTTP status of an error, which a page with a refused form has
	// too. The server sets it.
	Status func(error) int
}

const (
	maxBody      = 90 << 20 // bytes of a form with its files
	maxUploads   = 6        // forms with files in memory at a time
	uploadTime   = 15 * time.Minute
	waitForTurn  = 30 * time.Second
	limitWindow  = 10 * time.Minute
	usualFilings = 5
	triesAFiling = 8 // how many forms may be sent for one claim that is filed
)

type portal struct {
	claims   *claims.Office
	policy   *policies.Set
	config   config.Config
	screens  screens
	filings  *limiter
	tries    *limiter
	turns    chan struct{}
	statusOf func(error) int
}

// Register adds the public pages. That forms come from pages of ours, and the
// headers that every page has, are the server's part.
func Register(e *echo.Echo, opt Options) {
	if opt.Filings == 0 {
		opt.Filings = usualFilings
	}
	p := &portal{
		claims: opt.Claims, policy: opt.Policy, config: opt.Config, screens: load(),
		filings: newLimiter(opt.Filings, limitWindow), tries: newLimiter(opt.Filings*triesAFiling, limitWindow),
		turns: make(chan struct{}, maxUploads), statusOf: opt.Status,
	}
	p.screens.assets.register(e)
	e.GET("/", p.home)
	e.GET("/privacy", p.privacy)
	e.GET("/claim", p.form)
	e.POST("/claim", p.file)
	e.GET("/claim/:token", p.status)
	e.POST("/claim/:token/complete", p.complete)
	e.POST("/claim/:token/withdraw", p.withdraw)
}
