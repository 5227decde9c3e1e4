package casework

import (
	"context"
	"slices"
	"strings"

	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

// Open files a match whose verdict opens a case, within the transaction that
// keeps the match: the case on its URL is joined or, where there is none,
// opened. It sets m.CaseID and reports whether a case was opened; adding the
// match is the caller's. A verdict that opens no case joins one that there is on
// the same article and page: that the page is licensed by now is news to it.
//
// The matches of one look are filed one after the other. The case repeats the
// most severe of them. A look at a case that a person has decided on joins it,
// notes what changed, and does not move it.
func (c *Cases) Open(ctx context.Context, tx *store.Tx, m *rights.Match, operator rights.Operator) (opened bool, err error) {
	k, err := tx.CaseByURL(ctx, m.URL)
	switch {
	case rights.KindOf(err) == rights.NotFound && !m.Verdict.OpensCase:
		return false, nil
	case rights.KindOf(err) == rights.NotFound:
		seen, err := sighting(ctx, tx, m)
		if err != nil {
			return false, err
		}
		err = c.add(ctx, tx, m, filing{operator: operator, actor: rights.SystemActor(), reason: rights.Note("监测发现：%s", seen)})
		if rights.KindOf(err) != rights.Conflict {
			return err == nil, err
		}
		if k, err = tx.CaseByURL(ctx, m.URL); err != nil { // another machine was quicker
			return false, err
		}
	case err != nil:
		return false, err
	}
	if k, err = tx.Case(ctx, k.ID); err != nil {
		return false, err
	}
	if !m.Verdict.OpensCase && !slices.Contains(k.Articles, m.ArticleID) {
		return false, nil
	}
	return false, join(ctx, tx, k, m, operator)
}

// filing is who opens a case, and why.
type filing struct {
	operator rights.Operator
	actor    rights.Actor
	reason   string
}

func (c *Cases) add(ctx context.Context, tx *store.Tx, m *rights.Match, f filing) error {
	k := &rights.Case{URL: m.URL, SourceID: m.SourceID, Operator: f.operator, State: rights.CaseOpen, Digest: m.Capture.Digest, LastSeen: m.SeenAt}
	if err := lead(ctx, tx, k, m); err != nil {
		return err
	}
	if err := tx.AddCase(ctx, k); err != nil {
		return err
	}
	m.CaseID = k.ID
	return tx.AddEvent(ctx, &rights.Event{
		Subject: k.ID, Action: "case.opened", Actor: f.actor.Login, Name: f.actor.Name, To: string(k.State), Reason: f.reason,
	})
}

// join brings a case in step with one more match on its URL.
func join(ctx context.Context, tx *store.Tx, k *rights.Case, m *rights.Match, operator rights.Operator) error {
	was := *k
	m.CaseID = k.ID
	if k.GoneAt != nil && m.SeenAt.After(*k.GoneAt) {
		k.GoneAt = nil
		if err := recur(ctx, tx, &was, k); err != nil {
			return err
		}
	}
	if m.SeenAt.After(k.LastSeen) {
		k.LastSeen = m.SeenAt
	}
	if k.OperatorBy == "" && undecided(k.State) {
		k.Operator = operator
	}
	other := k.Digest != m.Capture.Digest
	known := slices.Contains(k.Articles, m.ArticleID)
	if other {
		k.Digest, k.Articles = m.Capture.Digest, nil
	}
	switch {
	case len(k.Articles) == 0 || k.Articles[0] == m.ArticleID || heavier(m, k):
		if err := lead(ctx, tx, k, m); err != nil {
			return err
		}
	case !known:
		k.Articles = append(slices.Clip(k.Articles), m.ArticleID)
	}
	seen, err := sighting(ctx, tx, m)
	if err != nil {
		return err
	}
	news := whatChanged(&was, k, seen)
	if news == "" && was.Operator == k.Operator {
		return tx.TouchCase(ctx, k)
	}
	if err := tx.PutCase(ctx, k); err != nil || news == "" {
		return err
	}
	if !undecided(k.State) {
		if k.State == rights.CaseCleared || k.State == rights.CaseClosed {
			news = rights.Note("%s。本案%s，不因监测而变动；如有新的理由，可由法务重启", news, k.State.Label())
		} else {
			news = rights.Note("%s。本案%s，不因监测而变动", news, k.State.Label())
		}
	}
	system := rights.SystemActor()
	return tx.AddEvent(ctx, &rights.Event{Subject: k.ID, Action: "case.seen", Actor: system.Login, Name: system.Name, Reason: news})
}

// lead makes the match the one that the case repeats.
func lead(ctx context.Context, tx *store.Tx, k *rights.Case, m *rights.Match) error {
	k.Rule, k.Severity, k.Coverage = m.Verdict.Rule, m.Verdict.Severity, m.Found.Coverage
	if undecided(k.State) {
		k.Demand = string(m.Verdict.Demand)
	}
	k.Articles = append([]string{m.ArticleID}, slices.DeleteFunc(slices.Clone(k.Articles), func(id string) bool { return id == m.ArticleID })...)
	k.Title = strings.TrimSpace(m.Capture.Title)
	if k.Title != "" {
		return nil
	}
	a, err := tx.Article(ctx, m.ArticleID)
	if err != nil {
		return err
	}
	k.Title = a.Headline
	return nil
}

// heavier reports whether the match weighs more than what the case repeats.
func heavier(m *rights.Match, k *rights.Case) bool {
	if m.Verdict.Severity != k.Severity {
		return m.Verdict.Severity > k.Severity
	}
	return m.Found.Coverage > k.Coverage
}

// undecided reports whether no person has decided on a case in the state.
func undecided(s rights.CaseState) bool { return s == rights.CaseOpen || s == rights.CaseHeld }

// whatChanged says what a look, which saw what seen says, shows that the one
// before did not, or nothing.
func whatChanged(was, now *rights.Case, seen string) string {
	var news string
	switch {
	case was.Digest != now.Digest:
		news = rights.Note("页面内容有变化，此次所见：%s", seen)
	case len(now.Articles) > len(was.Articles):
		news = rights.Note("同一页面另见：%s", seen)
	case was.Severity != now.Severity || was.Rule != now.Rule:
		news = rights.Note("认定有变化：原为规则 %s（%s），此次所见：%s", was.Rule, was.Severity, seen)
	}
	switch back := was.GoneAt != nil && now.GoneAt == nil; {
	case back && news != "":
		return rights.Note("页面重新出现涉案文字；%s", news)
	case back:
		return "页面重新出现涉案文字"
	}
	return news
}

// sighting says in one line what was seen.
func sighting(ctx context.Context, tx *store.Tx, m *rights.Match) (string, error) {
	a, err := tx.Article(ctx, m.ArticleID)
	if err != nil {
		return "", err
	}
	return rights.Note("《%s》，规则 %s %s（%s），占作品 %.1f%%", a.Headline, m.Verdict.Rule, m.Verdict.Label, m.Verdict.Severity, m.Found.Coverage*100), nil
}
