package catalog

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

// Segment is a part as a person sets it.
type Segment struct {
	Start    int          `json:"start"` // code points of Article.Text
	End      int          `json:"end"`
	Owner    rights.Owner `json:"owner"`
	Holder   string       `json:"holder"`
	Basis    rights.Basis `json:"basis"`
	Document string       `json:"document"`
	Verified bool         `json:"verified"`
}

// SetSegments replaces who owns which part of an article; where Verified the
// actor stands for it by name. What is as it was keeps the name of who stands for
// it. The segments divide the whole text. The reason, which must not be empty,
// goes into the record. Reviewers and counsel may.
func (c *Catalog) SetSegments(ctx context.Context, by rights.Actor, id string, segments []Segment, reason string) (*rights.Article, error) {
	if !by.Role.Valid() {
		return nil, rights.Errorf(rights.Forbidden, "权属只能由审核员或法务核定")
	}
	reason = strings.TrimSpace(reason)
	if err := checkSegments(segments, reason); err != nil {
		return nil, err
	}
	var a *rights.Article
	err := c.db.Update(ctx, func(tx *store.Tx) error {
		digest, err := tx.ArticleDigest(ctx, id) // locks the article
		if err != nil {
			return err
		}
		if a, err = tx.Article(ctx, id); err != nil {
			return err
		}
		event := rights.Event{
			Subject: id, Action: actionSegments, Actor: by.Login, Name: by.Name, Reason: reason, From: describe(a.Segments),
		}
		a.Segments = setting{by, tx.Now, reason}.apply(a.Segments, segments)
		if err := check(a); err != nil {
			return err
		}
		event.To = describe(a.Segments)
		if err := tx.PutArticle(ctx, a, digest); err != nil {
			return err
		}
		return tx.AddEvent(ctx, &event)
	})
	if err != nil {
		return nil, err
	}
	c.index.Add(a)
	return a, nil
}

func checkSegments(segments []Segment, reason string) error {
	var fields []rights.Field
	fault := func(name, detail string) { fields = append(fields, rights.Field{Name: name, Detail: detail}) }
	if reason == "" {
		fault("reason", "缺少此项")
	}
	if len(segments) == 0 {
		fault("segments", "缺少此项")
	}
	for i, s := range segments {
		name := fmt.Sprintf("segments[%d]", i)
		if s.Basis == rights.BasisStaff && s.Owner != rights.OwnerStaff {
			fault(name+".basis", "职务作品的权利人应为本报人员")
		}
		if !s.Verified {
			continue
		}
		if s.Owner == rights.OwnerUnknown || s.Basis == rights.BasisUnknown {
			fault(name+".verified", "权利人或权利依据不明，不能核实")
		} else if s.Owner != rights.OwnerStaff && strings.TrimSpace(s.Holder) == "" {
			fault(name+".holder", "核实权属须写明权利人")
		}
	}
	if fields != nil {
		return &rights.Error{Kind: rights.Invalid, Detail: "权属信息有误", Fields: fields}
	}
	return nil
}

// setting is one call of SetSegments.
type setting struct {
	by     rights.Actor
	at     time.Time
	reason string
}

// apply makes segments of what a person set, where held is what there was.
func (c setting) apply(held []rights.Segment, set []Segment) []rights.Segment {
	list := make([]rights.Segment, len(set))
	for i, s := range set {
		s.Holder, s.Document = strings.TrimSpace(s.Holder), strings.TrimSpace(s.Document)
		if at := slices.IndexFunc(held, s.within); at >= 0 {
			list[i] = held[at]
			list[i].Start, list[i].End = s.Start, s.End
			continue
		}
		list[i] = rights.Segment{
			Start: s.Start, End: s.End, Owner: s.Owner, Holder: s.Holder, Basis: s.Basis, Document: s.Document,
			Why: c.by.Name + "核定：" + c.reason, CorrectedBy: c.by.Name,
		}
		if s.Verified {
			list[i].VerifiedBy, list[i].VerifiedAt = c.by.Name, &c.at
		}
	}
	return list
}

// within reports whether a segment says the same of more or as much text.
func (s Segment) within(held rights.Segment) bool {
	return held.Start <= s.Start && s.End <= held.End && s.Owner == held.Owner && s.Holder == held.Holder && s.Basis == held.Basis &&
		s.Document == held.Document && s.Verified == (held.VerifiedBy != "")
}

// check names every fault of a completed article. Its segments leave no text
// out, white space aside.
func check(a *rights.Article) error {
	if err := a.Validate(); err != nil {
		return err
	}
	text, at := []rune(a.Text()), 0
	for i, s := range a.Segments {
		if !blank(text[at:s.Start]) {
			return unowned(i, "此前的正文没有写明权属")
		}
		at = s.End
	}
	if !blank(text[at:]) {
		return unowned(len(a.Segments)-1, "此后的正文没有写明权属")
	}
	return nil
}

func blank(text []rune) bool { return strings.TrimSpace(string(text)) == "" }

func unowned(segment int, detail string) error {
	return &rights.Error{
		Kind: rights.Invalid, Detail: "权属信息有误", Fields: []rights.Field{{Name: fmt.Sprintf("segments[%d]", segment), Detail: detail}},
	}
}

// describe is the segments in one line of the record.
func describe(segments []rights.Segment) string {
	var b strings.Builder
	for i, s := range segments {
		if i > 0 {
			b.WriteString("; ")
		}
		fmt.Fprintf(&b, "[%d,%d) %s/%s", s.Start, s.End, s.Owner, s.Basis)
		for _, more := range []string{s.Holder, s.Document} {
			if more != "" {
				b.WriteString(" " + more)
			}
		}
		if s.VerifiedBy != "" {
			b.WriteString(" ✓" + s.VerifiedBy)
		}
	}
	return b.String()
}
