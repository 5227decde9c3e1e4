package desk

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"rightsdesk/internal/rights"
	"rightsdesk/internal/schedule"
	"rightsdesk/internal/store"
)

// sweepsShown is how many sweeps of a source are listed.
const sweepsShown = 20

type sourcesView struct {
	Rows     []sourceRow
	CanSweep bool
}

type sourceRow struct {
	rights.Source
	Next    time.Time
	Last    *rights.Sweep
	Waiting int // pages in quarantine
}

// sources lists what is watched, with the last sweep of each.
func (d *desk) sources(c echo.Context, v *visit) error {
	return d.showSources(c, v, page{})
}

func (d *desk) showSources(c echo.Context, v *visit, p page) error {
	ctx := c.Request().Context()
	view := sourcesView{CanSweep: d.Schedule != nil}
	err := d.DB.View(ctx, func(tx *store.Tx) error {
		list, err := tx.Sources(ctx)
		if err != nil {
			return err
		}
		for _, s := range list {
			row := sourceRow{Source: s, Next: schedule.Next(&s, time.Now())}
			last, err := tx.Sweeps(ctx, s.ID, 1)
			if err != nil {
				return err
			}
			if len(last) > 0 {
				row.Last = &last[0]
			}
			if row.Waiting, err = tx.CountQuarantined(ctx, s.ID); err != nil {
				return err
			}
			view.Rows = append(view.Rows, row)
		}
		return nil
	})
	if err != nil {
		return err
	}
	p.Name, p.Title, p.Nav, p.Data = "sources", "监测来源", "sources", view
	return d.render(c, v, p)
}

type sourceView struct {
	rights.Source
	Next     time.Time // of its schedule; zero: never
	Sweeps   []rights.Sweep
	Waiting  []waitingView // pages in quarantine
	Learned  []learnedView
	Impacts  []rights.Impact
	Pages    []rights.Page
	Paging   paging
	Faulty   int
	Query    string
	CanSweep bool
}

// source shows one source with its pages, those with faults first, then those
// with matches.
func (d *desk) source(c echo.Context, v *visit) error { return d.showSource(c, v, page{}) }

func (d *desk) showSource(c echo.Context, v *visit, shown page) error {
	r := c.Request()
	view := sourceView{CanSweep: d.Schedule != nil, Query: strings.TrimSpace(r.URL.Query().Get("q"))}
	err := d.DB.View(r.Context(), func(tx *store.Tx) error {
		s, err := tx.Source(r.Context(), c.Param("id"))
		if err != nil {
			return err
		}
		view.Source, view.Next = *s, schedule.Next(s, time.Now())
		if view.Sweeps, err = tx.Sweeps(r.Context(), s.ID, sweepsShown); err != nil {
			return err
		}
		if view.Waiting, err = waiting(r.Context(), tx, s.ID); err != nil {
			return err
		}
		if view.Pages, err = tx.Pages(r.Context(), s.ID); err != nil {
			return err
		}
		if view.Impacts, err = impacts(r.Context(), tx, view.Pages); err != nil {
			return err
		}
		view.Learned, err = learned(r.Context(), tx, view.Pages)
		return err
	})
	if err != nil {
		return err
	}
	for _, p := range view.Pages {
		if p.Fault != "" {
			view.Faulty++
		}
	}
	view.Pages = slices.DeleteFunc(view.Pages, func(p rights.Page) bool {
		return !strings.Contains(strings.ToLower(p.URL), strings.ToLower(view.Query))
	})
	slices.SortStableFunc(view.Pages, func(a, b rights.Page) int {
		return cmp.Or(cmp.Compare(rank(&b), rank(&a)), cmp.Compare(b.Matches, a.Matches))
	})
	view.Paging = pagingOf(r, len(view.Pages))
	first := min((view.Paging.Page-1)*perPage, len(view.Pages))
	view.Pages = view.Pages[first:min(first+perPage, len(view.Pages))]
	shown.Name, shown.Title, shown.Nav, shown.Data = "source", view.Name, "sources", view
	return d.render(c, v, shown)
}

// rank puts pages with a fault first.
func rank(p *rights.Page) int {
	if p.Fault != "" {
		return 1
	}
	return 0
}
