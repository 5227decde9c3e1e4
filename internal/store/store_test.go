package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

// TestStore runs the one behaviour suite over SQLite, and over PostgreSQL where
// RIGHTSDESK_TEST_POSTGRES holds the DSN of a database in which schemas may be
// created.
func TestStore(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		exercise(t, func(t *testing.T) string { return filepath.Join(t.TempDir(), "a b?.db") })
	})
	t.Run("postgres", func(t *testing.T) {
		dsn := os.Getenv("RIGHTSDESK_TEST_POSTGRES")
		if dsn == "" {
			t.Skip("RIGHTSDESK_TEST_POSTGRES is not set")
		}
		exercise(t, func(t *testing.T) string { return schema(t, dsn) })
	})
}

// schema makes a schema of its own in the database, so that tests do not meet.
func schema(t *testing.T, dsn string) string {
	t.Helper()
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("s%d", time.Now().UnixNano())
	if _, err := db.ExecContext(t.Context(), "CREATE SCHEMA "+name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := db.ExecContext(context.Background(), "DROP SCHEMA "+name+" CASCADE"); err != nil {
			t.Error(err)
		}
		db.Close()
	})
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("search_path", name)
	u.RawQuery = q.Encode()
	return u.String()
}

func exercise(t *testing.T, place func(*testing.T) string) {
	for _, tt := range []struct {
		name string
		f    func(*testing.T, *store.DB)
	}{
		{"a failed update leaves nothing", rollback},
		{"a view cannot write", readOnly},
		{"articles", articles},
		{"sources, sweeps and pages", sources},
		{"cases", cases},
		{"two writers of one case", staleCase},
		{"matches", matches},
		{"reports", reports},
		{"claims", claims},
		{"users, sessions and tokens", users},
		{"the record is a chain", events},
		{"many writers at once", concurrent},
		{"a sweep is enqueued once a tick", jobs},
	} {
		t.Run(tt.name, func(t *testing.T) { tt.f(t, open(t, place(t))) })
	}
	t.Run("opening twice", func(t *testing.T) {
		at := place(t)
		update(t, open(t, at), func(ctx context.Context, tx *store.Tx) error {
			return tx.AddCase(ctx, &rights.Case{URL: "https://a.example/1", State: rights.CaseOpen})
		})
		view(t, open(t, at), func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.CaseByURL(ctx, "https://a.example/1")
			return err
		})
	})
}

func open(t *testing.T, at string) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), at, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func update(t *testing.T, db *store.DB, f func(context.Context, *store.Tx) error) {
	t.Helper()
	if err := db.Update(t.Context(), func(tx *store.Tx) error { return f(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}

func view(t *testing.T, db *store.DB, f func(context.Context, *store.Tx) error) {
	t.Helper()
	if err := db.View(t.Context(), func(tx *store.Tx) error { return f(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}

func wantKind(t *testing.T, err error, kind rights.Kind) {
	t.Helper()
	if err == nil || rights.KindOf(err) != kind {
		t.Errorf("error %v of kind %d, want kind %d", err, rights.KindOf(err), kind)
	}
}

func same(t *testing.T, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func rollback(t *testing.T, db *store.DB) {
	stop := errors.New("stop")
	err := db.Update(t.Context(), func(tx *store.Tx) error {
		if err := tx.AddCase(t.Context(), &rights.Case{URL: "https://a.example/1", State: rights.CaseOpen}); err != nil {
			return err
		}
		return stop
	})
	if !errors.Is(err, stop) {
		t.Fatalf("error %v, want stop", err)
	}
	view(t, db, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.CaseByURL(ctx, "https://a.example/1")
		wantKind(t, err, rights.NotFound)
		return nil
	})
}

func readOnly(t *testing.T, db *store.DB) {
	err := db.View(t.Context(), func(tx *store.Tx) error {
		return tx.PutSource(t.Context(), &rights.Source{ID: "a", Origin: rights.OriginAPI})
	})
	if err == nil {
		t.Error("a view wrote a source")
	}
}

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
		got, err3 := tx.Page(ctx, page.URL)
		same(t, got, page)
		return errors.Join(err, err2, err3)
	})
	update(t, db, func(ctx context.Context, tx *store.Tx) error { return tx.DeleteSource(ctx, s.ID) })
	err := db.Update(t.Context(), func(tx *store.Tx) error { return tx.DeleteSource(t.Context(), s.ID) })
	wantKind(t, err, rights.NotFound)
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
	err := db.Update(t.Context(), func(tx *store.Tx) error {
		return tx.AddCase(t.Context(), &rights.Case{URL: one.URL, State: rights.CaseOpen})
	})
	if err == nil {
		t.Error("two cases on one URL")
	}
	view(t, db, func(ctx context.Context, tx *store.Tx) error {
		all, n, err := tx.Cases(ctx, store.CaseFilter{Limit: 10})
		same(t, all, []rights.Case{*two, *one})
		same(t, n, 2)
		held, _, err2 := tx.Cases(ctx, store.CaseFilter{State: rights.CaseHeld, Limit: 10})
		same(t, held, []rights.Case{*two})
		counts, err3 := tx.CaseCounts(ctx)
		same(t, counts, map[rights.CaseState]int{rights.CaseOpen: 1, rights.CaseHeld: 1})
		return errors.Join(err, err2, err3)
	})
	err = db.Update(t.Context(), func(tx *store.Tx) error {
		return tx.AddCase(t.Context(), &rights.Case{URL: "https://a.example/3", State: "nowhere"})
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
		same(t, []int{len(all), len(mine), len(samples)}, []int{2, 1, 1})
		return errors.Join(err, err2, err3, err4)
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

func users(t *testing.T, db *store.DB) {
	u := &rights.User{Login: "lin", Name: "林知远", Role: rights.RoleCounsel, PasswordHash: "secret hash"}
	soon := time.Now().Add(time.Hour).UTC().Truncate(time.Microsecond)
	past := time.Now().Add(-time.Hour)
	update(t, db, func(ctx context.Context, tx *store.Tx) error {
		if err := tx.AddUser(ctx, u); err != nil {
			return err
		}
		return errors.Join(
			tx.AddSession(ctx, rights.Session{TokenHash: "s1", UserID: u.ID, CSRF: "c", ExpiresAt: soon}),
			tx.AddSession(ctx, rights.Session{TokenHash: "s2", UserID: u.ID, ExpiresAt: past}),
			tx.AddToken(ctx, &rights.Token{Hash: "k1", UserID: u.ID, Kind: rights.TokenAPI}),
			tx.AddToken(ctx, &rights.Token{Hash: "k2", UserID: u.ID, Kind: rights.TokenAPI, ExpiresAt: &past}))
	})
	err := db.Update(t.Context(), func(tx *store.Tx) error { return tx.AddUser(t.Context(), &rights.User{Login: "lin"}) })
	wantKind(t, err, rights.Conflict)
	view(t, db, func(ctx context.Context, tx *store.Tx) error {
		got, err := tx.UserByLogin(ctx, "lin")
		same(t, got, u)
		s, err2 := tx.Session(ctx, "s1")
		same(t, s.ExpiresAt, soon)
		_, over := tx.Session(ctx, "s2")
		wantKind(t, over, rights.Unauthorised)
		_, err3 := tx.Token(ctx, rights.TokenAPI, "k1")
		_, over = tx.Token(ctx, rights.TokenAPI, "k2")
		wantKind(t, over, rights.Unauthorised)
		_, other := tx.Token(ctx, rights.TokenLogin, "k1")
		wantKind(t, other, rights.Unauthorised)
		list, err4 := tx.Users(ctx)
		if len(list) != 1 || list[0].PasswordHash != "" {
			t.Errorf("the list of users shows %+v", list)
		}
		return errors.Join(err, err2, err3, err4)
	})
}

func events(t *testing.T, db *store.DB) {
	for i := range 3 {
		update(t, db, func(ctx context.Context, tx *store.Tx) error {
			return tx.AddEvent(ctx, &rights.Event{Subject: "RD2026-0001", Action: fmt.Sprint("step ", i), Actor: "lin", Name: "林知远"})
		})
	}
	view(t, db, func(ctx context.Context, tx *store.Tx) error {
		list, err := tx.Events(ctx, "RD2026-0001")
		if len(list) != 3 || list[2].Action != "step 2" || list[2].Hash == list[1].Hash {
			t.Errorf("events %+v", list)
		}
		n, err2 := tx.VerifyEvents(ctx, func(seq int64, detail string) { t.Errorf("event %d %s", seq, detail) })
		same(t, n, 3)
		return errors.Join(err, err2)
	})
}

func concurrent(t *testing.T, db *store.DB) {
	const writers, each = 8, 5
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			for range each {
				err := db.Update(t.Context(), func(tx *store.Tx) error {
					return tx.AddEvent(t.Context(), &rights.Event{Subject: "x", Action: "write"})
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	view(t, db, func(ctx context.Context, tx *store.Tx) error {
		n, err := tx.VerifyEvents(ctx, func(seq int64, detail string) { t.Errorf("event %d %s", seq, detail) })
		same(t, n, writers*each)
		return err
	})
}

func jobs(t *testing.T, db *store.DB) {
	tick := time.Date(2026, 1, 8, 3, 0, 0, 0, time.UTC)
	var first, second, other bool
	update(t, db, func(ctx context.Context, tx *store.Tx) (err error) {
		first, err = tx.EnqueueSweep(ctx, "a", tick)
		return err
	})
	update(t, db, func(ctx context.Context, tx *store.Tx) (err error) {
		second, err = tx.EnqueueSweep(ctx, "a", tick)
		return err
	})
	update(t, db, func(ctx context.Context, tx *store.Tx) (err error) {
		other, err = tx.EnqueueSweep(ctx, "b", tick)
		return err
	})
	same(t, []bool{first, second, other}, []bool{true, false, true})
	view(t, db, func(ctx context.Context, tx *store.Tx) error {
		n, err := tx.JobsPending(ctx)
		same(t, n, 2)
		return err
	})
}
