package desk

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

// How much of what was learned of a source is shown.
const (
	waitingShown = 500 // matches
	hostsShown   = 20
	linesShown   = 100
)

// waitingView is a page in quarantine, as the newest look saw it.
type waitingView struct {
	rights.Match
	Headlines []string
	Form      string
}

// waiting are the pages of a source that wait for a person to release them.
func waiting(ctx context.Context, tx *store.Tx, sourceID string) ([]waitingView, error) {
	list, err := tx.Quarantined(ctx, sourceID, "", waitingShown)
	if err != nil {
		return nil, err
	}
	var views []waitingView
	for i := range list {
		m := &list[i]
		last := len(views) - 1
		if last < 0 || views[last].URL != m.URL {
			views = append(views, waitingView{Match: *m, Form: "release-" + m.URL})
			last++
		}
		if views[last].Capture.Digest != m.Capture.Digest {
			continue // of an older look
		}
		headline, err := headlineOf(ctx, tx, m.ArticleID)
		if err != nil {
			return nil, err
		}
		views[last].Headlines = append(views[last].Headlines, headline)
	}
	return views, nil
}

// learnedView is a line of boilerplate and its part of the host's pages.
type learnedView struct {
	rights.Line
	Share float64
}

// learned are the lines of boilerplate on the hosts of pages, the commonest
// first.
func learned(ctx context.Context, tx *store.Tx, pages []rights.Page) ([]learnedView, error) {
	var views []learnedView
	for _, h := range hostsOf(pages) {
		n, err := tx.OwnPages(ctx, h)
		if err != nil {
			return nil, err
		}
		lines, err := tx.Lines(ctx, h, rights.LearnedPages)
		if err != nil {
			return nil, err
		}
		for _, l := range lines {
			if l.Learned(n) {
				views = append(views, learnedView{l, float64(l.Pages) / float64(max(n, 1))})
			}
		}
	}
	slices.SortStableFunc(views, func(a, b learnedView) int { return cmp.Compare(b.Pages, a.Pages) })
	return views[:min(len(views), linesShown)], nil
}

// release lets a page out of quarantine.
func (d *desk) release(c echo.Context, v *visit) error {
	form := c.Request().PostForm
	k, err := d.Cases.Release(c.Request().Context(), v.actor, c.Param("id"), form.Get("url"), strings.TrimSpace(form.Get("reason")))
	if err != nil {
		p, err := refused(c, v, err)
		if err != nil {
			return err
		}
		return d.showSource(c, v, p)
	}
	return done(c, "released", "/desk/cases/"+k.ID)
}
