package casework

import (
	"context"
	"slices"
	"strings"

	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

// Closure is what a person says of an automatic closure.
type Closure string

// The closures.
const (
	ClosureRight Closure = "right"
	ClosureWrong Closure = "wrong"
)

// Review notes that a person looked at a sampled automatic closure. Where the
// closure was wrong, which wants a reason, the case on the page is joined or
// opened, and returned; else the case is nil.
func (c *Cases) Review(ctx context.Context, by rights.Actor, match int64, closure Closure, reason string) (*rights.Case, error) {
	if err := staff(by); err != nil {
		return nil, err
	}
	reason = strings.TrimSpace(reason)
	wrong := closure == ClosureWrong
	if wrong && reason == "" {
		return nil, &rights.Error{Kind: rights.Invalid, Detail: "认为自动排除有误，须说明理由", Fields: []rights.Field{{Name: "reason", Detail: "缺少此项"}}}
	}
	var opened *rights.Case
	err := c.opt.DB.Update(ctx, func(tx *store.Tx) error {
		m, err := tx.Match(ctx, match)
		if err != nil {
			return err
		}
		if !m.Sampled {
			return rights.Errorf(rights.Conflict, "编号为 %d 的比对结果不在待抽查之列，或者已经有人看过", match)
		}
		now := tx.Now
		m.Sampled, m.ReviewedBy, m.ReviewedAt = false, by.Name, &now
		seen, err := sighting(ctx, tx, m)
		if err != nil {
			return err
		}
		said := rights.Note("自动排除无误：%s", seen)
		if wrong {
			said = rights.Note("自动排除有误：%s。%s", seen, reason)
			if opened, err = c.reopened(ctx, tx, m, filing{actor: by, reason: said}); err != nil {
				return err
			}
		} else if reason != "" {
			said = rights.Note("自动排除无误：%s。%s", seen, reason)
		}
		if err := tx.PutMatch(ctx, m); err != nil {
			return err
		}
		return tx.AddEvent(ctx, &rights.Event{Subject: m.ArticleID, Action: "match.reviewed", Actor: by.Login, Name: by.Name, Reason: said})
	})
	return opened, err
}

// reopened files a match against the machine's closure.
func (c *Cases) reopened(ctx context.Context, tx *store.Tx, m *rights.Match, f filing) (*rights.Case, error) {
	k, err := tx.CaseByURL(ctx, m.URL)
	if rights.KindOf(err) == rights.NotFound {
		source, err := tx.Source(ctx, m.SourceID)
		if err != nil && rights.KindOf(err) != rights.NotFound {
			return nil, err
		}
		if err == nil {
			f.operator = source.Operator
		}
		if err := c.add(ctx, tx, m, f); err != nil {
			return nil, err
		}
		return tx.Case(ctx, m.CaseID)
	}
	if err == nil {
		k, err = tx.Case(ctx, k.ID)
	}
	if err != nil {
		return nil, err
	}
	m.CaseID = k.ID
	if !slices.Contains(k.Articles, m.ArticleID) {
		k.Articles = append(slices.Clip(k.Articles), m.ArticleID)
		if err := tx.PutCase(ctx, k); err != nil {
			return nil, err
		}
	}
	return k, tx.AddEvent(ctx, &rights.Event{Subject: k.ID, Action: "case.joined", Actor: f.actor.Login, Name: f.actor.Name, Reason: f.reason})
}
