package store_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

func article(headline string) *rights.Article {
	return &rights.Article{
		ID: rights.ArticleID("临江日报", "2026-01-08", "02", headline), Paper: "临江日报", IssueDate: "2026-01-08", PageNo: "02",
		Headline: headline, Bylines: []string{"沈砚秋"}, URL: "http://epaper.linjiang.example/" + headline,
		Paragraphs: []string{"临江两岸的灯，昨夜亮到了天明。"},
	}
}

func articles(t *testing.T, db *store.DB) {
	a, b := article("江堤加固工程昨日合龙"), article("100%_的一天")
	update(t, db, func(ctx context.Context, tx *store.Tx) error {
		if err := tx.PutArticle(ctx, a, "d1"); err != nil {
			return err
		}
		return tx.PutArticle(ctx, b, "d2")
	})
	view(t, db, func(ctx context.Context, tx *store.Tx) error {
		got, err := tx.Article(ctx, a.ID)
		if err != nil {
			return err
		}
		same(t, got, a)
		for query, want := range map[string]int{"": 2, "合龙": 1, "0%_": 1, "0_的": 0, "沈砚秋": 2, "LINJIANG": 2, "没有": 0} {
			_, n, err := tx.Articles(ctx, store.ArticleFilter{Query: query, Limit: 1})
			if err != nil {
				return err
			}
			if n != want {
				t.Errorf("%q finds %d articles, want %d", query, n, want)
			}
		}
		digest, err := tx.ArticleDigest(ctx, a.ID)
		same(t, digest, "d1")
		return err
	})
	first := a.UpdatedAt
	changed := article("江堤加固工程昨日合龙")
	changed.Paragraphs = []string{"更正后的正文。"}
	changed.CreatedAt = a.CreatedAt
	update(t, db, func(ctx context.Context, tx *store.Tx) error { return tx.PutArticle(ctx, changed, "d3") })
	view(t, db, func(ctx context.Context, tx *store.Tx) error {
		versions, err := tx.ArticleVersions(ctx, a.ID)
		if err != nil {
			return err
		}
		same(t, versions, []rights.Article{*a})
		since, err := tx.ArticlesSince(ctx, first.Add(time.Microsecond), "", 10)
		if err != nil {
			return err
		}
		same(t, since, []rights.Article{*changed})
		some, err := tx.ArticlesByID(ctx, []string{"none", changed.ID})
		if err != nil {
			return err
		}
		same(t, some, map[string]rights.Article{changed.ID: *changed})
		at, err := tx.ArticlesChangedAt(ctx)
		same(t, at, changed.UpdatedAt)
		return err
	})
}

func sources(t *testing.T, db *store.DB) {
	s := &rights.Source{ID: "yuncheng", Name: "云城网", Kind: rights.SourceList, URL: "http://www.yuncheng.example/", Origin: rights.OriginAPI}
	sweep := &rights.Sweep{SourceID: "yuncheng", StartedAt: time.UnixMicro(1_700_000_000_000_001).UTC()}
	page := &rights.Page{URL: "http://www.yuncheng.example/1", SourceID: "yuncheng", Looks: 1, FetchedAt: time.UnixMicro(5).UTC()}
	update(t, db, func(ctx context.Context, tx *store.Tx) error {
		return errors.Join(tx.PutSource(ctx, s), tx.PutSweep(ctx, sweep), tx.PutPage(ctx, page))
	})
	page.Looks, sweep.Pages = 2, 1
	update(t, db, func(ctx context.Context, tx *store.Tx) error {
		return errors.Join(tx.PutSource(ctx, s), tx.PutSweep(ctx, sweep), tx.PutPage(ctx, page))
	})
	view(t, db, func(ctx context.Context, tx *store.Tx) error {
		list, err := tx.Sources(ctx)
		same(t, list, []rights.Source{*s})
		sweeps, err2 := tx.Sweeps(ctx, "yuncheng", 10)
		same(t, sweeps, []rights.Sweep{*sweep})
		listed, n, err4 := tx.SweepList(ctx, "yuncheng", 10, 0)
		same(t, listed, sweeps)
		same(t, n, 1)
		pages, n, err5 := tx.PageList(ctx, "yuncheng", 1, 1)
		same(t, len(pages), 0)
		same(t, n, 1)
		got, err3 := tx.Page(ctx, page.URL)
		same(t, got, page)
		return errors.Join(err, err2, err3, err4, err5)
	})
	update(t, db, func(ctx context.Context, tx *store.Tx) error { return tx.DeleteSource(ctx, s.ID) })
	err := db.Update(t.Context(), func(tx *store.Tx) error { return tx.DeleteSource(t.Context(), s.ID) })
	wantKind(t, err, rights.NotFound)
}

func hosts(t *testing.T, db *store.DB) {
	first := rights.Impact{Host: "a.example", Day: "2026-03-10", Requests: 1, Bytes: 10, Forbidden: 1, Busy: 4, Slowest: 4}
	second := rights.Impact{Host: "a.example", Day: "2026-03-10", Requests: 2, Bytes: 5, Refused: 1, Failed: 1, Busy: 5, Slowest: 3, ShortestRest: 9}
	third := rights.Impact{Host: "a.example", Day: "2026-03-10", Requests: 1, ShortestRest: 8}
	next := rights.Impact{Host: "a.example", Day: "2026-03-11", Requests: 1}
	whole := first
	for _, i := range []rights.Impact{second, third} {
		whole.Add(i)
	}
	same(t, whole, rights.Impact{Host: "a.example", Day: "2026-03-10", Requests: 4, Bytes: 15, Forbidden: 1, Refused: 1, Failed: 1, Busy: 9, Slowest: 4, ShortestRest: 8})
	robots := &rights.Robots{URL: "http://a.example/robots.txt", Status: 404, SHA256: "s", Evidence: rights.Evidence{RecordID: "urn:1"}}
	again := *robots
	again.Evidence.RecordID = "urn:2"
	update(t, db, func(ctx context.Context, tx *store.Tx) error {
		return errors.Join(tx.AddImpact(ctx, &first), tx.AddImpact(ctx, &second), tx.AddImpact(ctx, &third), tx.AddImpact(ctx, &next), tx.PutRobots(ctx, robots), tx.PutRobots(ctx, &again))
	})
	view(t, db, func(ctx context.Context, tx *store.Tx) error {
		days, err := tx.Impacts(ctx, "a.example", 2)
		same(t, days, []rights.Impact{next, whole})
		got, err2 := tx.Robots(ctx, robots.URL, 404, "s")
		same(t, got, robots)
		_, err3 := tx.Robots(ctx, robots.URL, 200, "s")
		wantKind(t, err3, rights.NotFound)
		return errors.Join(err, err2)
	})
}

func cases(t *testing.T, db *store.DB) {
	one := &rights.Case{URL: "https://a.example/1", State: rights.CaseOpen, Severity: "S2", Title: "一"}
	two := &rights.Case{URL: "https://a.example/2", State: rights.CaseHeld, Severity: "S4", Title: "二"}
	update(t, db, func(ctx context.Context, tx *store.Tx) error {
		return errors.Join(tx.AddCase(ctx, one), tx.AddCase(ctx, two))
	})
	if year := one.OpenedAt.In(rights.China).Format("2006"); one.ID != "RD"+year+"-0001" || two.ID != "RD"+year+"-0002" {
		t.Errorf("numbers %s and %s", one.ID, two.ID)
	}
	three := &rights.Case{URL: "https://a.example/3", State: rights.CaseClosed}
	update(t, db, func(ctx context.Context, tx *store.Tx) error {
		err := tx.AddCase(ctx, &rights.Case{URL: one.URL, State: rights.CaseOpen})
		if rights.KindOf(err) != rights.Conflict {
			t.Errorf("two cases on one URL: %v", err)
		}
		return tx.AddCase(ctx, three) // the transaction goes on, and no number is lost
	})
	if !strings.HasSuffix(three.ID, "-0003") {
		t.Errorf("the next number is %s", three.ID)
	}
	view(t, db, func(ctx context.Context, tx *store.Tx) error {
		all, n, err := tx.Cases(ctx, store.CaseFilter{Limit: 10})
		same(t, all, []rights.Case{*two, *one, *three})
		same(t, n, 3)
		held, _, err2 := tx.Cases(ctx, store.CaseFilter{State: rights.CaseHeld, Limit: 10})
		same(t, held, []rights.Case{*two})
		counts, err3 := tx.CaseCounts(ctx)
		same(t, counts, map[rights.CaseState]int{rights.CaseOpen: 1, rights.CaseHeld: 1, rights.CaseClosed: 1})
		return errors.Join(err, err2, err3)
	})
	err := db.Update(t.Context(), func(tx *store.Tx) error {
		return tx.AddCase(t.Context(), &rights.Case{URL: "https://a.example/4", State: "nowhere"})
	})
	if err == nil {
		t.Error("a case in a state that does not exist")
	}
}

func matches(t *testing.T, db *store.DB) {
	a := article("江堤加固工程昨日合龙")
	m := &rights.Match{URL: "https://a.example/1", ArticleID: a.ID, SeenAt: time.UnixMicro(7).UTC(), Capture: rights.Capture{Digest: "d1", Text: "转载"}}
	again := *m
	later := *m
	later.Capture.Digest, later.SeenAt = "d2", time.UnixMicro(8).UTC()
	var added []bool
	update(t, db, func(ctx context.Context, tx *store.Tx) error {
		if err := tx.PutArticle(ctx, a, "d"); err != nil {
			return err
		}
		for _, m := range []*rights.Match{m, &again, &later} {
			ok, err := tx.AddMatch(ctx, m)
			if err != nil {
				return err
			}
			added = append(added, ok)
		}
		return nil
	})
	same(t, added, []bool{true, false, true})
	m.CaseID, m.Sampled = "RD2026-0001", true
	update(t, db, func(ctx context.Context, tx *store.Tx) error { return tx.PutMatch(ctx, m) })
	view(t, db, func(ctx context.Context, tx *store.Tx) error {
		got, err := tx.Match(ctx, m.ID)
		same(t, got, m)
		all, err2 := tx.Matches(ctx, store.MatchFilter{URL: m.URL})
		mine, err3 := tx.Matches(ctx, store.MatchFilter{CaseID: m.CaseID})
		samples, err4 := tx.Samples(ctx, 10)
		n, err5 := tx.CountMatches(ctx, store.MatchFilter{URL: m.URL, Limit: 1})
		same(t, []int{len(all), len(mine), len(samples), n}, []int{2, 1, 1, 2})
		return errors.Join(err, err2, err3, err4, err5)
	})
}

func staleCase(t *testing.T, db *store.DB) {
	c := &rights.Case{URL: "https://a.example/1", State: rights.CaseOpen}
	update(t, db, func(ctx context.Context, tx *store.Tx) error { return tx.AddCase(ctx, c) })
	stale := *c
	c.State = rights.CaseHeld
	update(t, db, func(ctx context.Context, tx *store.Tx) error { return tx.PutCase(ctx, c) })
	stale.State = rights.CaseCleared
	err := db.Update(t.Context(), func(tx *store.Tx) error { return tx.PutCase(t.Context(), &stale) })
	wantKind(t, err, rights.Conflict)
	view(t, db, func(ctx context.Context, tx *store.Tx) error {
		got, err := tx.Case(ctx, c.ID)
		same(t, got, c)
		return err
	})
}

func reports(t *testing.T, db *store.DB) {
	c := &rights.Case{URL: "https://a.example/1", State: rights.CaseOpen}
	r := &rights.Report{PDFFile: "reports/1.pdf"}
	update(t, db, func(ctx context.Context, tx *store.Tx) error {
		if err := tx.AddCase(ctx, c); err != nil {
			return err
		}
		r.CaseID = c.ID
		return tx.AddReport(ctx, r)
	})
	view(t, db, func(ctx context.Context, tx *store.Tx) error {
		mine, err := tx.Reports(ctx, c.ID)
		all, err2 := tx.Reports(ctx, "")
		same(t, mine, []rights.Report{*r})
		same(t, all, mine)
		return errors.Join(err, err2)
	})
}

func claims(t *testing.T, db *store.DB) {
	c := &rights.Claim{TokenHash: "h", State: rights.ClaimSubmitted, DueAt: "2026-01-15", Claimant: rights.Claimant{Name: "顾望舒"}}
	p := &rights.Proof{Kind: rights.ProofIdentity, Name: "证件.png"}
	update(t, db, func(ctx context.Context, tx *store.Tx) error {
		if err := tx.AddClaim(ctx, c); err != nil {
			return err
		}
		p.ClaimID = c.ID
		return tx.AddProof(ctx, p)
	})
	if !strings.HasPrefix(c.ID, "RC") {
		t.Errorf("receipt number %s", c.ID)
	}
	for _, now := range []store.ProofStorage{store.ProofUnstored, store.ProofStored, store.ProofRemoved} {
		update(t, db, func(ctx context.Context, tx *store.Tx) error {
			if now == store.ProofUnstored { // as it is added
				return nil
			}
			return tx.PutProofStorage(ctx, p.ID, now)
		})
		view(t, db, func(ctx context.Context, tx *store.Tx) error {
			for _, s := range []store.ProofStorage{store.ProofUnstored, store.ProofStored, store.ProofRemoved} {
				list, err := tx.ProofsByStorage(ctx, s)
				if want := s == now; err != nil || (len(list) == 1) != want {
					t.Errorf("of a file %q %d are %q, %v", now, len(list), s, err)
				}
			}
			return nil
		})
	}
	view(t, db, func(ctx context.Context, tx *store.Tx) error {
		got, err := tx.ClaimByToken(ctx, "h")
		if err != nil {
			return err
		}
		same(t, got.Files, []rights.Proof{*p})
		_, err = tx.Proof(ctx, "RC1999-0001", p.ID)
		wantKind(t, err, rights.NotFound)
		list, n, err := tx.Claims(ctx, rights.ClaimSubmitted, 10, 0)
		same(t, []int{len(list), n}, []int{1, 1})
		return err
	})
	stale := *c
	c.State = rights.ClaimAssessing
	update(t, db, func(ctx context.Context, tx *store.Tx) error { return tx.PutClaim(ctx, c) })
	err := db.Update(t.Context(), func(tx *store.Tx) error { return tx.PutClaim(t.Context(), &stale) })
	wantKind(t, err, rights.Conflict)
}
