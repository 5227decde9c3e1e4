package desk

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"rightsdesk/internal/casework"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

type caseView struct {
	*casework.File
	Verdict  string // the rule of the case, for people
	Source   string // name of the source
	Tabs     []articleTab
	Match    *matchView // nil where nothing is left to show
	Answers  []answerRow
	Names    map[string]string // of users, by login
	Letter   *rights.Report    // that may go out: the newest that is no draft
	Now      string            // for the time of sending
	Moves    []move
	Overdue  bool
	Operator rights.Operator
}

// move is a step with its obstacles in the reader's language.
type move struct {
	casework.Step
	Obstacles []obstacle
}

// obstacle is what stands in the way; Head names the part of an article that it
// is about, in Chinese.
type obstacle struct{ Head, Text string }

type articleTab struct {
	Headline, URL string
	Coverage      float64
	Current       bool
}

type answerRow struct {
	ID, Text, Basis string
	Answer          *rights.Answer
}

// caseFile shows a case.
func (d *desk) caseFile(c echo.Context, v *visit) error {
	return d.showCase(c, v, page{})
}

// showCase shows the case of the path with what p says of a step that was
// refused.
func (d *desk) showCase(c echo.Context, v *visit, p page) error {
	ctx, id := c.Request().Context(), c.Param("id")
	if p.Problem != nil {
		// The case is named by the form where another page's form was refused.
		if form := c.Request().PostForm.Get("case"); form != "" {
			id = form
		}
	}
	f, err := d.Cases.File(ctx, v.actor, id)
	if err != nil {
		return err
	}
	view, err := d.caseView(ctx, v, f, c.Request().FormValue("article"))
	if err != nil {
		return err
	}
	p.Name, p.Title, p.Nav, p.Data = "case", f.Case.ID, "cases", view
	return d.render(c, v, p)
}

func (d *desk) caseView(ctx context.Context, v *visit, f *casework.File, article string) (*caseView, error) {
	now := time.Now().In(rights.China)
	view := &caseView{
		File: f, Verdict: d.verdict(v, f.Case.Rule), Now: now.Format(localTime), Answers: answerRows(v, f),
		Overdue:  f.Case.State == rights.CaseSent && f.Case.AnswerBy != "" && f.Case.AnswerBy < now.Format(time.DateOnly),
		Operator: f.Case.Operator, Moves: moves(v, f), Names: map[string]string{},
	}
	for i := range f.Reports {
		if !f.Reports[i].Draft {
			view.Letter = &f.Reports[i]
			break
		}
	}
	chosen := 0
	for i := range f.Matches {
		if f.Matches[i].ArticleID == article {
			chosen = i
		}
	}
	for i, m := range f.Matches {
		tab := articleTab{Headline: m.ArticleID, URL: "/desk/cases/" + f.Case.ID + "?article=" + m.ArticleID, Coverage: m.Found.Coverage, Current: i == chosen}
		if a := f.Articles[m.ArticleID]; a != nil {
			tab.Headline = a.Headline
		}
		view.Tabs = append(view.Tabs, tab)
	}
	if len(f.Matches) > 0 {
		if a := f.Articles[f.Matches[chosen].ArticleID]; a != nil {
			view.Match = d.matchView(v, &f.Matches[chosen], a)
			view.Match.Standing = faultsOf(f, a.ID)
		}
	}
	err := d.DB.View(ctx, func(tx *store.Tx) error {
		users, err := tx.Users(ctx)
		if err != nil {
			return err
		}
		for _, u := range users {
			view.Names[u.Login] = u.Name
		}
		s, err := tx.Source(ctx, f.Case.SourceID)
		if rights.KindOf(err) == rights.NotFound {
			view.Source = f.Case.SourceID
			return nil
		}
		if err == nil {
			view.Source = s.Name
		}
		return err
	})
	return view, err
}

func moves(v *visit, f *casework.File) []move {
	list := make([]move, 0, len(f.Steps))
	for _, s := range f.Steps {
		m := move{Step: s}
		for _, text := range s.Obstacles {
			m.Obstacles = append(m.Obstacles, obstacleOf(v, f, text))
		}
		list = append(list, m)
	}
	return list
}

// obstacleOf says an obstacle in the language: those that speak of a question
// or of a part of an article are put together of two texts.
func obstacleOf(v *visit, f *casework.File, text string) obstacle {
	head, tail, ok := strings.Cut(text, "：")
	if !ok {
		return obstacle{Text: v.loc.T(text)}
	}
	for _, q := range f.Questions {
		if q.Text == tail {
			return obstacle{Text: v.loc.T(head) + v.loc.T("：") + words{v.loc}.label(q.Text, q.TextEN)}
		}
	}
	for _, s := range f.Standing {
		if s.Fault == tail {
			return obstacle{Head: head, Text: v.loc.T(tail)}
		}
	}
	return obstacle{Text: v.loc.T(text)}
}

// faultsOf are the standing faults of one article by the index of its segment.
func faultsOf(f *casework.File, article string) map[int]string {
	faults := map[int]string{}
	for _, s := range f.Standing {
		if s.ArticleID == article {
			faults[s.Segment] = s.Fault
		}
	}
	return faults
}

func answerRows(v *visit, f *casework.File) []answerRow {
	rows := make([]answerRow, 0, len(f.Questions))
	for _, q := range f.Questions {
		row := answerRow{ID: q.ID, Text: words{v.loc}.label(q.Text, q.TextEN)}
		for _, b := range q.Basis {
			row.Basis += b
		}
		for i := range f.Case.Answers {
			if f.Case.Answers[i].Question == q.ID {
				row.Answer = &f.Case.Answers[i]
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// report shows a report as it was written, HTML or PDF. The HTML is a page of
// its own: the sandbox keeps it away from the session.
func (d *desk) report(c echo.Context, _ *visit) error {
	id, err := strconv.ParseInt(c.Param("report"), 10, 64)
	if err != nil {
		return rights.Errorf(rights.NotFound, "没有这份函件")
	}
	format, mediaType := "html", "text/html; charset=utf-8"
	if c.QueryParam("format") == "pdf" {
		format, mediaType = "pdf", "application/pdf"
	}
	b, err := d.Cases.ReportFile(c.Request().Context(), c.Param("id"), id, format)
	if err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set("Content-Disposition", `inline; filename="`+c.Param("id")+"-"+c.Param("report")+"."+format+`"`)
	h.Set("Content-Security-Policy", "frame-ancestors 'none'")
	if format == "html" {
		h.Set("Content-Security-Policy", "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; frame-ancestors 'none'")
	}
	return c.Blob(http.StatusOK, mediaType, b)
}
