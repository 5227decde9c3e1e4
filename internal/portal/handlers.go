package portal

import (
	"net/http"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"

	"rightsdesk/internal/claims"
	"rightsdesk/internal/locale"
	"rightsdesk/internal/rights"
)

func (p *portal) home(c echo.Context) error {
	today := time.Now().In(rights.China).Format(time.DateOnly)
	return p.render(c, page{Name: "home", Title: "版权与免责声明", Path: "/", Data: p.policy.InForce(today, p.config.Paper.Name)})
}

func (p *portal) privacy(c echo.Context) error {
	return p.render(c, page{Name: "privacy", Title: "隐私说明", Path: "/privacy", Data: claims.NoticeVersion})
}

// form shows the empty form. A link may name the page: /claim?page=….
func (p *portal) form(c echo.Context) error {
	f := form{Values: url.Values{}}
	if page := c.QueryParam("page"); page != "" {
		f.Set("page", page)
		return p.lookup(c, f)
	}
	return p.showForm(c, &formView{form: f})
}

func (p *portal) showForm(c echo.Context, v *formView) error {
	if v.Key = v.Get("key"); v.Key == "" {
		v.Key = claims.NewKey()
	}
	return p.render(c, page{Name: "form", Title: "提交权利主张", Path: "/claim", Form: v, Problem: v.Problem, Data: v})
}

// lookup shows the form with the articles that are found for its page.
func (p *portal) lookup(c echo.Context, f form) error {
	list, err := p.claims.Pages(c.Request().Context(), f.Get("page"))
	if err != nil {
		return err
	}
	return p.showForm(c, &formView{form: f, Looked: true, Articles: list})
}

func (p *portal) file(c echo.Context) error {
	f, err := p.readForm(c)
	if err != nil {
		return err
	}
	switch f.Get("action") {
	case "lookup":
		return p.lookup(c, f)
	case "show":
		if f.Has("looked") {
			return p.lookup(c, f)
		}
		return p.showForm(c, &formView{form: f})
	}
	if !p.filings.open(c.RealIP()) {
		return p.refuse(c, f, rights.Errorf(rights.TooMany, "从您的网络提交的主张过多，请十分钟后再试"))
	}
	_, token, err := p.claims.File(c.Request().Context(), f.filing())
	if err != nil {
		return p.refuse(c, f, err)
	}
	p.filings.take(c.RealIP())
	return c.Redirect(http.StatusSeeOther, "/claim/"+token)
}

// refuse shows the form again with everything that was typed, and with the
// articles to choose from.
func (p *portal) refuse(c echo.Context, f form, err error) error {
	if k := rights.KindOf(err); k != rights.Invalid && k != rights.TooMany {
		return err
	}
	v := &formView{form: f, Problem: problemOf(locale.Of(c.Request()), err)}
	if v.Looked = f.Get("page") != ""; v.Looked {
		if v.Articles, err = p.claims.Pages(c.Request().Context(), f.Get("page")); err != nil {
			return err
		}
	}
	return p.showForm(c, v)
}

func (p *portal) status(c echo.Context) error {
	claim, err := p.claims.Find(c.Request().Context(), c.Param("token"))
	if err != nil {
		return err
	}
	return p.showStatus(c, statusView{Claim: claim})
}

func (p *portal) showStatus(c echo.Context, v statusView) (err error) {
	ctx := c.Request().Context()
	if v.Record, err = p.claims.Record(ctx, v.Claim.ID); err != nil {
		return err
	}
	if v.Article, err = p.claims.Article(ctx, v.Claim); err != nil {
		return err
	}
	v.Path = "/claim/" + c.Param("token")
	v.Link = c.Scheme() + "://" + c.Request().Host + v.Path
	if p.config.PublicURL != "" {
		v.Link = p.config.Link(v.Path)
	}
	return p.render(c, page{Name: "status", Title: "权利主张的办理情况", Path: v.Path, Private: true, Problem: v.Problem, Data: v})
}

// complete takes in what was missing.
func (p *portal) complete(c echo.Context) error {
	f, err := p.readForm(c)
	if err != nil {
		return err
	}
	_, err = p.claims.Complete(c.Request().Context(), c.Param("token"), f.Get("message"), f.files)
	return p.moved(c, f, err)
}

func (p *portal) withdraw(c echo.Context) error {
	f, err := p.readForm(c)
	if err != nil {
		return err
	}
	_, err = p.claims.Withdraw(c.Request().Context(), c.Param("token"), f.Get("reason"))
	return p.moved(c, f, err)
}

// moved answers a step of the claimant. Where the claim has moved on in the
// meantime, as after a second tap on a button, its page says how it stands.
func (p *portal) moved(c echo.Context, f form, err error) error {
	if k := rights.KindOf(err); err == nil || k == rights.Conflict {
		return c.Redirect(http.StatusSeeOther, "/claim/"+url.PathEscape(c.Param("token")))
	} else if k != rights.Invalid {
		return err
	}
	problem := problemOf(locale.Of(c.Request()), err)
	claim, err := p.claims.Find(c.Request().Context(), c.Param("token"))
	if err != nil {
		return err
	}
	return p.showStatus(c, statusView{Claim: claim, Message: f.Get("message"), Reason: f.Get("reason"), Problem: problem})
}
