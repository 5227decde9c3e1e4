package monitor

import (
	"context"
	"unicode/utf8"

	"golang.org/x/net/publicsuffix"

	"rightsdesk/fingerprints"
	"rightsdesk/internal/fetch"
	"rightsdesk/internal/rights"
	"rightsdesk/policies"
)

// twin is the page in whose place this one stands, where it names one on another
// host of the same site, as mobile and AMP pages do. Both are then one page, that
// of the canonical address, as if this one had redirected there. A twin that
// cannot be had, is of another title or has nothing of ours is none: the page is
// judged itself.
func (v *visit) twin(ctx context.Context, s *sheet) (*sheet, error) {
	named, err := fetch.Canonical(s.doc.Canonical)
	if err != nil || hostOf(named) == hostOf(s.final) || !sameSite(hostOf(named), hostOf(s.final)) {
		return s, nil //nolint:nilerr // it names no page, and so no twin
	}
	ex, err := v.get(ctx, fetch.Request{URL: named})
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil && rights.KindOf(err) == rights.Internal:
		return nil, err
	case err != nil || ex.Status < 200 || ex.Status > 299 || ex.Truncated:
		return s, nil //nolint:nilerr // the page is judged itself
	}
	title, text, links := screen(ex)
	candidates, err := v.opt.Index.Candidates(ctx, fingerprints.Page{Title: title, Text: text, Links: anchors(links)})
	if err != nil || len(candidates) == 0 {
		return s, err
	}
	other, err := v.sheet(ctx, s.asked, ex)
	if err != nil {
		return nil, err
	}
	if policies.TitleSimilarity(folded(s.doc.Title), folded(other.doc.Title)) < sameTitle {
		return s, nil
	}
	other.chars, other.candidates, other.visible = utf8.RuneCountInString(text), len(candidates), text
	return other, nil
}

// sameSite reports whether two hosts lie below one name that is registered, as
// www.site.com.cn and m.site.com.cn do.
func sameSite(a, b string) bool {
	one, err := publicsuffix.EffectiveTLDPlusOne(a)
	other, err2 := publicsuffix.EffectiveTLDPlusOne(b)
	return err == nil && err2 == nil && one == other
}
