package desk

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"rightsdesk/internal/claims"
	"rightsdesk/internal/rights"
)

type claimsView struct {
	Tabs   []tab
	State  rights.ClaimState
	Rows   []claimRow
	Paging paging
	Any    bool
}

type claimRow struct {
	rights.Claim
	Overdue bool
}

// overdue reports whether a decision, or what the claimant was asked for, is
// late.
func overdue(k *rights.Claim) bool {
	today := time.Now().In(rights.China).Format(time.DateOnly)
	return !k.State.Final() && (k.DueAt != "" && k.DueAt < today || k.CureBy != "" && k.CureBy < today)
}

// claims lists the claims, the first due first.
func (d *desk) claims(c echo.Context, v *visit) error {
	r := c.Request()
	view := claimsView{State: rights.ClaimState(r.URL.Query().Get("state"))}
	states := append([]rights.ClaimState{""}, rights.ClaimStates()...)
	for _, s := range states {
		_, n, err := d.Claims.List(r.Context(), s, 1, 0)
		if err != nil {
			return err
		}
		text := v.loc.T("全部")
		if s != "" {
			text = v.loc.T(s.Label())
		}
		view.Tabs = append(view.Tabs, tab{text, n, with(reset(c), "state", string(s)), view.State == s})
	}
	view.Any = view.Tabs[0].Count > 0
	list, total, err := d.Claims.List(r.Context(), view.State, perPage, (pageOf(r)-1)*perPage)
	if err != nil {
		return err
	}
	for i := range list {
		view.Rows = append(view.Rows, claimRow{list[i], overdue(&list[i])})
	}
	view.Paging = pagingOf(r, total)
	return d.render(c, v, page{Name: "claims", Title: "权利主张", Nav: "claims", Data: view})
}

type claimView struct {
	*claims.Dossier
	Overdue bool
	Counsel bool   // may open files
	Lapsed  string // the reason proposed for closing a claim that was not completed
}

func (d *desk) claim(c echo.Context, v *visit) error {
	return d.showClaim(c, v, page{})
}

func (d *desk) showClaim(c echo.Context, v *visit, p page) error {
	file, err := d.Claims.Dossier(c.Request().Context(), v.actor, c.Param("id"))
	if err != nil {
		return err
	}
	p.Name, p.Title, p.Nav = "claim", file.Claim.ID, "claims"
	p.Data = claimView{file, overdue(file.Claim), v.actor.Role == rights.RoleCounsel, claims.Lapsed(file.Claim)}
	return d.render(c, v, p)
}

// moveClaim takes the step of the path.
func (d *desk) moveClaim(c echo.Context, v *visit) error {
	form := c.Request().PostForm
	version, err := versionOf(form.Get("version"))
	if err != nil {
		return err
	}
	m := claims.Move{Name: c.Param("name"), Reason: strings.TrimSpace(form.Get("reason")), Remedies: strings.TrimSpace(form.Get("remedies")), Version: version}
	for line := range strings.Lines(form.Get("missing")) {
		if line = strings.TrimSpace(line); line != "" {
			m.Missing = append(m.Missing, line)
		}
	}
	if _, err := d.Claims.Move(c.Request().Context(), v.actor, c.Param("id"), m); err != nil {
		p, err := refused(c, v, err)
		if err != nil {
			return err
		}
		return d.showClaim(c, v, p)
	}
	return done(c, "claim", "/desk/claims/"+c.Param("id"))
}

// proof opens a file of a claim for counsel. It is a POST since the opening
// goes into the record.
func (d *desk) proof(c echo.Context, v *visit) error {
	id, err := strconv.ParseInt(c.Param("file"), 10, 64)
	if err != nil {
		return rights.Errorf(rights.NotFound, "没有这份文件")
	}
	p, b, err := d.Claims.OpenProof(c.Request().Context(), v.actor, c.Param("id"), id)
	if err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set("Content-Security-Policy", "frame-ancestors 'none'")
	h.Set("Content-Disposition", "inline")
	if p.MediaType != "application/pdf" {
		h.Set("Content-Security-Policy", "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'none'")
	}
	return c.Blob(http.StatusOK, p.MediaType, b)
}
