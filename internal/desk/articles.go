package desk

import (
	"strings"

	"github.com/labstack/echo/v4"

	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

// matchesShown is how many matches of an article are listed.
const matchesShown = 200

type articlesView struct {
	Query, Day string
	Rows       []articleRow
	Paging     paging
}

type articleRow struct {
	rights.Article
	Unverified int // segments that nobody verified
}

// articles lists the register, newest issue first.
func (d *desk) articles(c echo.Context, v *visit) error {
	r := c.Request()
	q := r.URL.Query()
	view := articlesView{Query: strings.TrimSpace(q.Get("q")), Day: strings.TrimSpace(q.Get("day"))}
	err := d.DB.View(r.Context(), func(tx *store.Tx) error {
		list, total, err := tx.Articles(r.Context(), store.ArticleFilter{Query: view.Query, IssueDate: view.Day, Limit: perPage, Offset: (pageOf(r) - 1) * perPage})
		view.Paging = pagingOf(r, total)
		for _, a := range list {
			row := articleRow{Article: a}
			for _, s := range a.Segments {
				if s.VerifiedBy == "" {
					row.Unverified++
				}
			}
			view.Rows = append(view.Rows, row)
		}
		return err
	})
	if err != nil {
		return err
	}
	return d.render(c, v, page{Name: "articles", Title: "作品", Nav: "articles", Data: view})
}

type articleView struct {
	*rights.Article
	Segments   []segmentView
	Paragraphs []ownedParagraph
	Matches    []matchRow
	Events     []rights.Event
	Version    string
	Standing   map[int]string
}

// ownedParagraph is a paragraph of an article, cut where the owner changes.
type ownedParagraph struct {
	Number  int // from 1
	Excerpt string
	Parts   []ownedPart
}

type ownedPart struct {
	Text    string
	Owner   rights.Owner // empty: nobody said
	Segment int          // from 1; 0 where there is none
}

type matchRow struct {
	rights.Match
	Label string
}

func (d *desk) article(c echo.Context, v *visit) error {
	return d.showArticle(c, v, page{})
}

func (d *desk) showArticle(c echo.Context, v *visit, p page) error {
	ctx, id := c.Request().Context(), c.Param("id")
	var view articleView
	err := d.DB.View(ctx, func(tx *store.Tx) error {
		a, err := tx.Article(ctx, id)
		if err != nil {
			return err
		}
		view = articleView{Article: a, Segments: segmentViews(a, nil), Paragraphs: ownedParagraphs(a), Version: articleVersion(a), Standing: map[int]string{}}
		for i, s := range a.Segments {
			if s.Asserted() {
				view.Standing[i] = v.loc.T(s.Standing(a.IssueDate))
			}
		}
		matches, err := tx.Matches(ctx, store.MatchFilter{ArticleID: id, Limit: matchesShown})
		if err != nil {
			return err
		}
		for _, m := range matches {
			view.Matches = append(view.Matches, matchRow{m, words{v.loc}.label(m.Verdict.Label, m.Verdict.LabelEN)})
		}
		view.Events, err = tx.Events(ctx, id)
		return err
	})
	if err != nil {
		return err
	}
	p.Name, p.Title, p.Nav, p.Data = "article", view.Headline, "articles", view
	return d.render(c, v, p)
}

func ownedParagraphs(a *rights.Article) []ownedParagraph {
	list := make([]ownedParagraph, 0, len(a.Paragraphs))
	start := 0
	for i, text := range a.Paragraphs {
		runes := []rune(text)
		p := ownedParagraph{Number: i + 1, Excerpt: cut(excerpt, text)}
		for at := 0; at < len(runes); {
			owner, segment, end := ownerAt(a.Segments, start+at, start+len(runes))
			p.Parts = append(p.Parts, ownedPart{Text: string(runes[at : end-start]), Owner: owner, Segment: segment})
			at = end - start
		}
		list = append(list, p)
		start += len(runes) + 1
	}
	return list
}

// ownerAt is who owns the text at a place, the number of the segment, and where
// that ends, at most at limit.
func ownerAt(segments []rights.Segment, at, limit int) (owner rights.Owner, segment, end int) {
	for i, s := range segments {
		switch {
		case s.Start <= at && at < s.End:
			return s.Owner, i + 1, min(s.End, limit)
		case s.Start > at:
			return "", 0, min(s.Start, limit)
		}
	}
	return "", 0, limit
}
