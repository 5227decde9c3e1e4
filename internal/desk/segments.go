package desk

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"rightsdesk/internal/catalog"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

// segments sets who owns one part of an article: a segment as it stands, or a
// run of paragraphs. The form may stand on the page of a case.
func (d *desk) segments(c echo.Context, v *visit) error {
	ctx, id, form := c.Request().Context(), c.Param("id"), c.Request().PostForm
	a, err := d.freshArticle(ctx, id, form.Get("version"))
	if err != nil {
		return d.segmentsAgain(c, v, err)
	}
	part, err := partOf(c, a)
	if err != nil {
		return d.segmentsAgain(c, v, err)
	}
	if _, err := d.Catalog.SetSegments(ctx, v.actor, id, carve(a.Segments, part), strings.TrimSpace(form.Get("reason"))); err != nil {
		return d.segmentsAgain(c, v, err)
	}
	if k := form.Get("case"); k != "" {
		return done(c, "segments", "/desk/cases/"+k+"?article="+id+"#segments")
	}
	return done(c, "segments", "/desk/articles/"+id+"#segments")
}

func (d *desk) segmentsAgain(c echo.Context, v *visit, err error) error {
	p, err := refused(c, v, err)
	if err != nil {
		return err
	}
	if c.Request().PostForm.Get("case") != "" {
		return d.showCase(c, v, p)
	}
	return d.showArticle(c, v, p)
}

// partOf reads the part from the form: code points, or paragraphs from 1.
func partOf(c echo.Context, a *rights.Article) (catalog.Segment, error) {
	form := c.Request().PostForm
	s := catalog.Segment{
		Owner: rights.Owner(form.Get("owner")), Holder: strings.TrimSpace(form.Get("holder")), Basis: rights.Basis(form.Get("basis")),
		Document: strings.TrimSpace(form.Get("document")), Verified: form.Get("verified") != "",
	}
	number := func(name string) int {
		n, err := strconv.Atoi(form.Get(name))
		if err != nil {
			return -1
		}
		return n
	}
	if form.Get("from") == "" {
		s.Start, s.End = number("start"), number("end")
		if s.Start < 0 || s.End <= s.Start {
			return s, rights.Errorf(rights.Invalid, "没有指明是正文的哪一部分")
		}
		return s, nil
	}
	from, to := number("from"), number("to")
	if from < 1 || to < from || to > len(a.Paragraphs) {
		return s, &rights.Error{Kind: rights.Invalid, Detail: "段落范围有误", Fields: []rights.Field{{Name: "to", Detail: "末段不能在首段之前"}}}
	}
	for i, text := range a.Paragraphs[:to] {
		if i == from-1 {
			s.Start = s.End
		}
		s.End += len([]rune(text)) + 1
	}
	s.End = min(s.End, len([]rune(a.Text())))
	return s, nil
}

// carve puts a part among the segments: what it covers of others is cut away.
func carve(segments []rights.Segment, part catalog.Segment) []catalog.Segment {
	list := []catalog.Segment{part}
	for _, s := range segments {
		rest := catalog.Segment{Owner: s.Owner, Holder: s.Holder, Basis: s.Basis, Document: s.Document, Verified: s.VerifiedBy != ""}
		for _, r := range [][2]int{{s.Start, min(s.End, part.Start)}, {max(s.Start, part.End), s.End}} {
			if r[0] < r[1] {
				rest.Start, rest.End = r[0], r[1]
				list = append(list, rest)
			}
		}
	}
	slices.SortFunc(list, func(a, b catalog.Segment) int { return cmp.Compare(a.Start, b.Start) })
	return list
}

// articleVersion names the state of an article in forms.
func articleVersion(a *rights.Article) string { return strconv.FormatInt(a.UpdatedAt.UnixMicro(), 36) }

// freshArticle is the article, where nobody changed it since the form was shown.
func (d *desk) freshArticle(ctx context.Context, id, version string) (*rights.Article, error) {
	var a *rights.Article
	err := d.DB.View(ctx, func(tx *store.Tx) (err error) {
		a, err = tx.Article(ctx, id)
		return err
	})
	if err == nil && articleVersion(a) != version {
		return nil, rights.Errorf(rights.Conflict, "作品《%s》刚被他人更新，请核对后重新提交", a.Headline)
	}
	return a, err
}
