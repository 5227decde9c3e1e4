package index_test

import (
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"rightsdesk/fingerprints"
	"rightsdesk/internal/index"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

func open(t *testing.T, path string) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), path, slog.New(slog.DiscardHandler))
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

func load(t *testing.T, db *store.DB) *index.Index {
	t.Helper()
	x, err := index.Load(t.Context(), index.Options{DB: db, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func refresh(t *testing.T, x *index.Index) {
	t.Helper()
	if err := x.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// put writes articles in one transaction that began ago before now.
func put(t *testing.T, db *store.DB, ago time.Duration, articles ...*rights.Article) {
	t.Helper()
	err := db.Update(t.Context(), func(tx *store.Tx) error {
		tx.Now = tx.Now.Add(-ago)
		for _, a := range articles {
			if err := tx.PutArticle(t.Context(), a, ""); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// article makes one whose text is like no other's.
func article(n int) *rights.Article {
	var text strings.Builder
	for i := range 200 {
		text.WriteRune(rune(0x4E00 + (n*7919+i*i*31+i*17)%20000))
	}
	headline := fmt.Sprintf("临江要闻第%d号稿件", n)
	return &rights.Article{
		ID: rights.ArticleID("临江日报", "2026-03-09", "01", headline), Paper: "临江日报", IssueDate: "2026-03-09", PageNo: "01",
		Headline: headline, Paragraphs: []string{text.String()},
	}
}

func match(t *testing.T, x *index.Index, p fingerprints.Page) []fingerprints.Match {
	t.Helper()
	matches, err := x.Match(t.Context(), p)
	if err != nil {
		t.Error(err)
	}
	return matches
}

func finds(t *testing.T, x *index.Index, a *rights.Article) bool {
	t.Helper()
	for _, m := range match(t, x, fingerprints.Page{Text: "转载：" + a.Text()}) {
		if m.Article == a.ID && m.Coverage > 0.99 {
			return true
		}
	}
	return false
}

func TestLoadReadsAll(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "r.db"))
	var all []*rights.Article
	for n := range 1203 { // more than two batches, all of one instant
		all = append(all, article(n))
	}
	put(t, db, 0, all...)
	x := load(t, db)
	if x.Len() != len(all) {
		t.Fatalf("%d articles, want %d", x.Len(), len(all))
	}
	for _, n := range []int{0, 499, 500, 501, 1000, 1202} {
		if !finds(t, x, all[n]) {
			t.Errorf("article %d is not found", n)
		}
		if got, err := x.Candidates(t.Context(), fingerprints.Page{Text: all[n].Text()}); err != nil || len(got) == 0 || got[0] != all[n].ID {
			t.Errorf("candidates for article %d are %v", n, got)
		}
	}
	links := fingerprints.Page{Text: "今日要闻", Links: []fingerprints.Link{{Text: all[7].Headline, URL: "https://a.example/7"}}}
	if got := match(t, x, links); len(got) != 1 || !got[0].LinkOnly || got[0].Article != all[7].ID {
		t.Errorf("the headline as a link gives %+v", got)
	}
}

func TestEarlierArticleIsTheOrigin(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "r.db"))
	late, early := article(1), article(1)
	early.ID, early.IssueDate = "a-early", "2026-03-01"
	put(t, db, 0, late, early)
	if got := match(t, load(t, db), fingerprints.Page{Text: late.Text()}); len(got) != 1 || got[0].Article != "a-early" {
		t.Errorf("got %+v", got)
	}
}

func TestRefreshTakesInChanges(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.db")
	db, other := open(t, path), open(t, path) // other stands for another process
	x := load(t, db)
	refresh(t, x)
	if x.Len() != 0 {
		t.Fatalf("an empty register has %d articles", x.Len())
	}
	first := article(1)
	put(t, other, 0, first)
	refresh(t, x)
	if !finds(t, x, first) {
		t.Error("a new article of another process is not found")
	}
	late := article(2)
	put(t, other, 40*time.Second, late) // began before first was committed
	refresh(t, x)
	if !finds(t, x, late) {
		t.Error("an article of a transaction that committed late is not found")
	}
	changed := article(3)
	changed.ID = first.ID
	put(t, other, 0, changed)
	refresh(t, x)
	if finds(t, x, first) || !finds(t, x, changed) || x.Len() != 2 {
		t.Errorf("a changed text is not taken in: %d articles", x.Len())
	}
}

func TestAdd(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "r.db"))
	x := load(t, db)
	older, newer := article(1), article(2)
	newer.ID = older.ID
	put(t, db, time.Second, older)
	put(t, db, 0, newer)
	x.Add(newer)
	x.Add(older) // the slower of two writers
	if x.Len() != 1 || !finds(t, x, newer) || finds(t, x, older) {
		t.Error("an older version took the place of a newer one")
	}
	elsewhere := article(3)
	put(t, db, 30*time.Second, elsewhere) // older than what Add brought in
	refresh(t, x)
	if !finds(t, x, elsewhere) || x.Len() != 2 {
		t.Error("Add hid an older change from Refresh")
	}
}

func TestConcurrentUse(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "r.db"))
	x := load(t, db)
	const writers, each = 4, 10
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for n := range each {
				a := article(w*each + n)
				put(t, db, 0, a)
				if n%2 == 0 {
					x.Add(a)
				} else if err := x.Refresh(t.Context()); err != nil {
					t.Error(err)
				}
				if !finds(t, x, a) {
					t.Errorf("article %d of writer %d is not found", n, w)
				}
			}
		})
	}
	wg.Wait()
	if x.Len() != writers*each {
		t.Errorf("%d articles, want %d", x.Len(), writers*each)
	}
}
