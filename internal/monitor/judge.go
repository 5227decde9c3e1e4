package monitor

import (
	"context"
	"slices"
	"strings"

	"rightsdesk/fingerprints"
	"rightsdesk/internal/extract"
	"rightsdesk/internal/fetch"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
	"rightsdesk/internal/trace"
)

// judge goes through the pages with candidates: first those on which an article
// begins, as no other of them goes on there, then what is left.
func (v *visit) judge(ctx context.Context) error {
	next := map[string]bool{}
	for _, s := range v.found {
		if key, err := fetch.Canonical(s.doc.Next); err == nil && key != s.url {
			next[key] = true
		}
	}
	order := slices.Clone(v.found)
	slices.SortStableFunc(order, func(a, b *sheet) int { return rank(next, a) - rank(next, b) })
	done := map[string]bool{}
	for _, s := range order {
		if done[s.asked] || done[s.final] {
			continue
		}
		if done[s.url] { // the same page under another address
			if err := v.alias(ctx, s); err != nil {
				return err
			}
			continue
		}
		chain, err := v.article(ctx, s, done)
		if err != nil {
			return err
		}
		for _, part := range chain {
			done[part.asked], done[part.final], done[part.url] = true, true, true
		}
	}
	return nil
}

func rank(next map[string]bool, s *sheet) int {
	if s.later || next[s.asked] || next[s.final] || next[s.url] {
		return 1
	}
	return 0
}

func (v *visit) alias(ctx context.Context, s *sheet) error {
	return v.opt.DB.Update(ctx, func(tx *store.Tx) error {
		page := &rights.Page{URL: s.asked}
		if p, err := tx.Page(ctx, s.asked); err == nil {
			page = p
		} else if rights.KindOf(err) != rights.NotFound {
			return err
		}
		v.fill(page, s, s.url)
		return tx.PutPage(ctx, page)
	})
}

// article judges the article that begins on a page, and returns its pages.
func (v *visit) article(ctx context.Context, first *sheet, done map[string]bool) ([]*sheet, error) {
	ctx = trace.With(ctx, first.trace)
	chain, fault, err := v.follow(ctx, first, parts{get: v.get, have: func(key string) (*sheet, bool) {
		i := slices.IndexFunc(v.found, func(s *sheet) bool { return s.asked == key || s.final == key || s.url == key })
		if i < 0 {
			return nil, done[key]
		}
		return v.found[i], done[key]
	}})
	if err != nil {
		return nil, err
	}
	look := newLook(chain)
	if fault == "" {
		fault = cutText(look.capture.Truncated)
	}
	matches, err := v.matches(ctx, look)
	if err != nil {
		return nil, err
	}
	var gone *absence
	if fault == "" && !slices.ContainsFunc(matches, shown) {
		if gone, err = v.absent(ctx, look); err != nil {
			return nil, err
		}
	}
	return chain, v.keep(ctx, look, matches, outcome{fault, gone})
}

// shown reports whether a match is of an article's text.
func shown(m rights.Match) bool { return !m.Found.LinkOnly }

type outcome struct {
	fault string
	gone  *absence
}

func (v *visit) keep(ctx context.Context, look *look, matches []rights.Match, out outcome) error {
	var added, opened int
	err := v.opt.DB.Update(ctx, func(tx *store.Tx) error {
		added, opened = 0, 0
		for i := range matches {
			isNew, isCase, err := v.file(ctx, tx, look, &matches[i])
			if err != nil {
				return err
			}
			if isNew {
				added++
			}
			if isCase {
				opened++
			}
		}
		if err := v.putPages(ctx, tx, look.chain, kept{out.fault, len(matches)}); err != nil {
			return err
		}
		return out.gone.note(ctx, tx)
	})
	if err != nil {
		return err
	}
	v.judgedLines(ctx, look, matches)
	v.count(func(row *rights.Sweep) {
		row.Matches += added
		row.Cases += opened
	})
	switch {
	case out.fault != "" && look.capture.Truncated == "":
		v.failed(rights.FailedParts)
	case out.fault != "":
		v.failed(rights.FailedCut)
	}
	return nil
}

// judgedLines logs what a page was judged to be.
func (v *visit) judgedLines(ctx context.Context, l *look, matches []rights.Match) {
	for _, m := range matches {
		v.opt.Log.InfoContext(ctx, "match", "source", v.source.ID, "url", l.url, "article", m.ArticleID, "match", m.ID,
			"rule", m.Verdict.Rule, "case", m.CaseID, "record", l.evidence[0].RecordID)
	}
	if len(matches) == 0 {
		v.opt.Log.DebugContext(ctx, "nothing of ours, compared", "source", v.source.ID, "url", l.url)
	}
}

// look is what one article of a page showed.
type look struct {
	url      string
	chain    []*sheet
	doc      extract.Document // of the first part, with the text of all
	visible  string           // all visible text
	links    []extract.Link
	capture  rights.Capture
	evidence []rights.Evidence
}

func newLook(chain []*sheet) *look {
	first := chain[0]
	l := &look{url: first.url, chain: chain, doc: *first.doc}
	var texts, visible, digests []string
	for _, s := range chain {
		texts, visible = append(texts, s.doc.Text), append(visible, s.visible)
		digests = append(digests, s.exchange.Digest)
		l.links = append(l.links, s.doc.Links...)
		l.evidence = append(l.evidence, s.evidence)
		if l.capture.Truncated == "" {
			l.capture.Truncated = s.exchange.Cut
		}
		if s != first {
			l.capture.Parts = append(l.capture.Parts, s.asked)
		}
		if l.doc.Byline == "" {
			l.doc.Byline = s.doc.Byline
		}
		if l.doc.Source == "" {
			l.doc.Source = s.doc.Source
		}
	}
	l.doc.Text, l.visible, l.doc.Links = strings.Join(texts, "\n"), strings.Join(visible, "\n"), l.links
	c := &l.capture
	c.Title, c.OriginalTitle, c.Byline, c.Source = l.doc.Title, l.doc.OriginalTitle, l.doc.Byline, l.doc.Source
	c.Robots, c.Mining = first.robots, first.exchange.Mining
	c.PublishedAt, c.Charset, c.Digest = l.doc.PublishedAt, l.doc.Charset, rights.PartsDigest(digests)
	return l
}

// visibleGain is by how much an article must be better covered by all visible
// text of a page than by its body, before the former counts: a roundup has no
// single body, and extraction may lose a part of one.
const visibleGain = 0.10

// findings are the articles on a page. learned is what is known of its host; nil
// leaves nothing out.
func (m *Monitor) findings(ctx context.Context, l *look, learned *learner) ([]finding, error) {
	page := fingerprints.Page{Title: l.doc.Title, Text: l.doc.Text, Links: anchors(l.links)}
	list, err := m.compare(ctx, page, learned)
	if err != nil {
		return nil, err
	}
	page.Text = l.visible
	visible, err := m.compare(ctx, page, learned)
	if err != nil {
		return nil, err
	}
	for _, f := range visible {
		i := slices.IndexFunc(list, func(have finding) bool { return have.Article == f.Article })
		switch {
		case i < 0:
			list = append(list, f)
		case list[i].LinkOnly && !f.LinkOnly, f.Coverage > list[i].Coverage+visibleGain:
			list[i] = f
		}
	}
	return list, nil
}

// matches judges every article on a page. Where there is a case on it, nothing
// is left out of the comparison: what persons deal with does not change because
// the machine learned something.
func (v *visit) matches(ctx context.Context, l *look) ([]rights.Match, error) {
	if err := v.opt.Index.Refresh(ctx); err != nil {
		return nil, err
	}
	learned := v.learned
	switch known, err := v.hasCase(ctx, l.url); {
	case err != nil:
		return nil, err
	case known:
		learned = nil
	}
	found, err := v.findings(ctx, l, learned)
	if err != nil {
		return nil, err
	}
	var list []rights.Match
	for _, f := range found {
		var a *rights.Article
		err := v.opt.DB.View(ctx, func(tx *store.Tx) (err error) {
			a, err = tx.Article(ctx, f.Article)
			return err
		})
		if err != nil {
			return nil, err
		}
		m := rights.Match{
			URL: l.url, ArticleID: a.ID, SourceID: v.source.ID, SeenAt: seenAt(l.chain),
			Found: f.Match, Capture: l.capture, Evidence: l.evidence,
		}
		m.Capture.Text, m.Capture.Boilerplate = f.text, f.boilerplate
		m.Facts, m.Capture.Attribution = v.facts(a, l, f)
		if m.Verdict, err = v.opt.Policy.Evaluate(m.Facts); err != nil {
			return nil, err
		}
		m.Sampled = !m.Verdict.OpensCase && sampled(m.URL, m.ArticleID)
		list = append(list, m)
	}
	// Numbers of cases are drawn before those of matches: machines that draw them in
	// different orders would wait for each other.
	slices.SortStableFunc(list, func(a, b rights.Match) int { return opensCase(b) - opensCase(a) })
	return list, nil
}

func opensCase(m rights.Match) int {
	if m.Verdict.OpensCase {
		return 1
	}
	return 0
}

// absent keeps for the case on a page, if there is one, that its text is gone.
// The exchanges are in the evidence already.
func (v *visit) absent(ctx context.Context, l *look) (*absence, error) {
	known, err := v.openCase(ctx, l.url)
	if err != nil || !known {
		return nil, err
	}
	ids := make([]string, len(l.evidence))
	for i, e := range l.evidence {
		ids[i] = e.RecordID
	}
	return &absence{l.url, seenAt(l.chain), onRecord("页面正文已不含涉案文字", ids...)}, nil
}
