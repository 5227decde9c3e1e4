package desk

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"rightsdesk/internal/casework"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

// samplesShown is how many automatic closures are shown at once.
const samplesShown = 100

type sampleRow struct {
	*matchView
	Headline string
}

// samples lists the automatic closures that a person is to look at.
func (d *desk) samples(c echo.Context, v *visit) error { return d.showSamples(c, v, page{}) }

func (d *desk) showSamples(c echo.Context, v *visit, p page) error {
	ctx := c.Request().Context()
	rows := []sampleRow{}
	err := d.DB.View(ctx, func(tx *store.Tx) error {
		list, err := tx.Samples(ctx, samplesShown)
		if err != nil {
			return err
		}
		for i := range list {
			headline, err := headlineOf(ctx, tx, list[i].ArticleID)
			if err != nil {
				return err
			}
			m := &matchView{Match: &list[i], Label: words{v.loc}.label(list[i].Verdict.Label, list[i].Verdict.LabelEN)}
			for _, f := range list[i].Verdict.Findings {
				m.Findings = append(m.Findings, d.findingView(words{v.loc}, &list[i], f))
			}
			rows = append(rows, sampleRow{m, headline})
		}
		return nil
	})
	if err != nil {
		return err
	}
	p.Name, p.Title, p.Nav, p.Data = "samples", "抽查", "samples", rows
	return d.render(c, v, p)
}

// match shows one match on its own: those that opened no case too.
func (d *desk) match(c echo.Context, v *visit) error {
	m, a, err := d.readMatch(c.Request().Context(), c.Param("id"))
	if err != nil {
		return err
	}
	if m.CaseID != "" {
		return c.Redirect(http.StatusSeeOther, "/desk/cases/"+m.CaseID+"?article="+m.ArticleID)
	}
	return d.render(c, v, page{Name: "match", Title: "匹配", Nav: "samples", Data: d.matchView(v, m, a)})
}

func (d *desk) readMatch(ctx context.Context, param string) (m *rights.Match, a *rights.Article, err error) {
	id, err := strconv.ParseInt(param, 10, 64)
	if err != nil {
		return nil, nil, rights.Errorf(rights.NotFound, "没有这条匹配记录")
	}
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		if m, err = tx.Match(ctx, id); err != nil {
			return err
		}
		a, err = tx.Article(ctx, m.ArticleID)
		return err
	})
	return m, a, err
}

// review notes what a person says of an automatic closure.
func (d *desk) review(c echo.Context, v *visit) error {
	form := c.Request().PostForm
	id, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil {
		return rights.Errorf(rights.NotFound, "没有这条匹配记录")
	}
	closure, reason := casework.Closure(form.Get("closure")), strings.TrimSpace(form.Get("reason"))
	if closure == casework.ClosureWrong && reason == "" {
		err = &rights.Error{Kind: rights.Invalid, Detail: "认为自动结案有误时须写明理由", Fields: []rights.Field{{Name: "reason", Detail: "请写明理由"}}}
		return d.samplesAgain(c, v, err)
	}
	k, err := d.Cases.Review(c.Request().Context(), v.actor, id, closure, reason)
	switch {
	case err != nil:
		return d.samplesAgain(c, v, err)
	case k != nil:
		return done(c, "wrong", "/desk/cases/"+k.ID)
	}
	return done(c, "right", "/desk/samples")
}

func (d *desk) samplesAgain(c echo.Context, v *visit, err error) error {
	p, err := refused(c, v, err)
	if err != nil {
		return err
	}
	return d.showSamples(c, v, p)
}
