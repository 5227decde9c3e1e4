package desk

import (
	"context"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

// tab is a state in which a list can be shown.
type tab struct {
	Text    string
	Count   int
	URL     string
	Current bool
}

type casesView struct {
	Tabs   []tab
	Query  string
	State  rights.CaseState
	Rows   []caseRow
	Paging paging
	Any    bool // there is a case at all
}

type caseRow struct {
	rights.Case
	Headline, Verdict string
	Overdue           bool
}

// cases lists the cases, the most severe first.
func (d *desk) cases(c echo.Context, v *visit) error {
	r := c.Request()
	q := r.URL.Query()
	view := casesView{Query: strings.TrimSpace(q.Get("q")), State: rights.CaseState(q.Get("state"))}
	err := d.DB.View(r.Context(), func(tx *store.Tx) error {
		counts, err := tx.CaseCounts(r.Context())
		if err != nil {
			return err
		}
		all := 0
		for _, n := range counts {
			all += n
		}
		view.Any = all > 0
		view.Tabs = []tab{{Text: v.loc.T("全部"), Count: all, URL: with(reset(c), "state", ""), Current: view.State == ""}}
		for _, s := range rights.CaseStates() {
			view.Tabs = append(view.Tabs, tab{v.loc.T(s.Label()), counts[s], with(reset(c), "state", string(s)), view.State == s})
		}
		list, total, err := tx.Cases(r.Context(), store.CaseFilter{State: view.State, Query: view.Query, Limit: perPage, Offset: (pageOf(r) - 1) * perPage})
		if err != nil {
			return err
		}
		view.Paging = pagingOf(r, total)
		view.Rows, err = d.caseRows(r.Context(), tx, v, list)
		return err
	})
	if err != nil {
		return err
	}
	return d.render(c, v, page{Name: "cases", Title: "案件", Nav: "cases", Data: view})
}

func (d *desk) caseRows(ctx context.Context, tx *store.Tx, v *visit, list []rights.Case) ([]caseRow, error) {
	today := time.Now().In(rights.China).Format(time.DateOnly)
	rows := make([]caseRow, 0, len(list))
	for _, k := range list {
		row := caseRow{Case: k, Verdict: d.verdict(v, k.Rule)}
		row.Overdue = k.State == rights.CaseSent && k.AnswerBy != "" && k.AnswerBy < today
		if len(k.Articles) > 0 {
			headline, err := headlineOf(ctx, tx, k.Articles[0])
			if err != nil {
				return nil, err
			}
			row.Headline = headline
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// headlineOf is the headline of an article, or its ID where it is no more in
// the register.
func headlineOf(ctx context.Context, tx *store.Tx, id string) (string, error) {
	a, err := tx.Article(ctx, id)
	switch {
	case rights.KindOf(err) == rights.NotFound:
		return id, nil
	case err != nil:
		return "", err
	}
	return a.Headline, nil
}

// verdict names a rule for people.
func (d *desk) verdict(v *visit, rule string) string {
	for i := range d.Policy.Rules {
		if r := &d.Policy.Rules[i]; r.ID == rule {
			return words{v.loc}.label(r.Label, r.LabelEN)
		}
	}
	return rule
}
