package fingerprints_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"rightsdesk/fingerprints"
)

// register is a random register: of ten articles, some share a formula, some
// are another's text with a few words of their own, some have a headline that
// others have too.
type register struct {
	*rand.Rand
	articles map[string]fingerprints.Article
}

func newRegister(seed uint64) *register {
	return &register{rand.New(rand.NewPCG(seed, 1)), map[string]fingerprints.Article{}}
}

func (r *register) words(n int) string {
	var b strings.Builder
	for range n {
		b.WriteRune(rune('一' + r.IntN(3000)))
	}
	return b.String()
}

func (r *register) article(n int) fingerprints.Article {
	a := fingerprints.Article{ID: fmt.Sprint("a/", n), Title: fmt.Sprintf("第%d期专刊导读", n/3), Text: r.words(100 + r.IntN(300))}
	a.PublishedAt = time.Date(2026, 1, 1+n%40, 0, 0, 0, 0, time.UTC)
	switch r.IntN(4) {
	case 0:
		a.Text += dike[:60*3] + r.words(50)
	case 1:
		if before := r.articles[fmt.Sprint("a/", n/2)]; before.Text != "" {
			a.Text = before.Text + r.words(40)
		}
	}
	r.articles[a.ID] = a
	return a
}

// source is the register as a [fingerprints.Source].
func (r *register) source(_ context.Context, ids []string) ([]fingerprints.Article, error) {
	list := make([]fingerprints.Article, len(ids))
	for i, id := range ids {
		list[i] = r.articles[id]
	}
	return list, nil
}

// answers is all that an index says of every article as a page.
func (r *register) answers(t *testing.T, x *fingerprints.Index) []string {
	t.Helper()
	list := []string{strconv.Itoa(x.Len())}
	for n := range len(r.articles) {
		a := r.articles[fmt.Sprint("a/", n)]
		page := fingerprints.Page{Title: a.Title, Text: a.Text, Links: []fingerprints.Link{{Text: a.Title}}}
		matches, sources := find(t, x, page)
		line, err := json.Marshal([]any{n, x.Has(a.ID), candidates(t, x, page), matches, sources})
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, string(line))
	}
	return list
}

func snapshot(tb testing.TB, x *fingerprints.Index) []byte {
	tb.Helper()
	var b bytes.Buffer
	if err := x.Snapshot(&b); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func memory(write func(io.Writer) error) ([]byte, error) {
	var b bytes.Buffer
	err := write(&b)
	return b.Bytes(), err
}

// TestSnapshotAnswersAlike has an index that is never written and one that is
// compacted and opened again and again go through the same changes.
func TestSnapshotAnswersAlike(t *testing.T) {
	r := newRegister(7)
	plain, kept := fingerprints.NewIndex(), fingerprints.NewIndex()
	plain.TextsFrom(r.source)
	kept.TextsFrom(r.source)
	for n := range 400 {
		a := r.article(n)
		if n%29 == 28 { // another text in its place
			a = r.article(n - r.IntN(28))
		}
		gone := fmt.Sprint("a/", r.IntN(n+1))
		for _, x := range []*fingerprints.Index{plain, kept} {
			x.Add(a)
			if n%7 == 6 {
				x.Remove(gone)
			}
		}
		switch {
		case n%90 == 89:
			if err := kept.Compact(memory); err != nil {
				t.Fatal(err)
			}
			if kept.Pending() != 0 {
				t.Fatalf("%d changes are pending after all are written", kept.Pending())
			}
		case n%150 == 149:
			x, err := fingerprints.OpenIndex(snapshot(t, kept), r.source)
			if err != nil {
				t.Fatal(err)
			}
			kept = x
		default:
			continue
		}
		want, got := r.answers(t, plain), r.answers(t, kept)
		for i := range want {
			if got[i] != want[i] {
				t.Fatalf("after %d articles, got\n%s\nwant\n%s", n, got[i], want[i])
			}
		}
	}
}

// TestCommonGramsStayCommon: what stands in more articles than prove anything is
// not looked for, in the base or outside.
func TestCommonGramsStayCommon(t *testing.T) {
	r := newRegister(3)
	x := fingerprints.NewIndex()
	for n := range 40 {
		x.Add(fingerprints.Article{ID: fmt.Sprint("a/", n), Text: r.words(100) + dike})
		if n == 20 {
			if err := x.Compact(memory); err != nil {
				t.Fatal(err)
			}
		}
	}
	if got := candidates(t, x, fingerprints.Page{Text: dike}); len(got) > 0 {
		t.Errorf("candidates %v", got)
	}
	if err := x.Compact(memory); err != nil {
		t.Fatal(err)
	}
	if got := candidates(t, x, fingerprints.Page{Text: dike}); len(got) > 0 {
		t.Errorf("candidates %v of the base", got)
	}
}

// TestCompactionByItself goes beyond what an index holds before it is written
// anew, with one article of one ID that changes all the time.
func TestCompactionByItself(t *testing.T) {
	x := fingerprints.NewIndex()
	x.Add(fingerprints.Article{ID: "dike", Text: dike})
	s := fingerprints.NewSketch(fingerprints.Article{ID: "market", Text: market})
	s.Text = fingerprints.Text{} // the ledger is not what this is about
	for range 20_000 {
		x.AddSketch(s)
	}
	if x.Pending() > 17_000 || x.Len() != 2 || !x.Has("market") {
		t.Errorf("%d changes are pending of %d articles", x.Pending(), x.Len())
	}
	if got := match(t, x, fingerprints.Page{Text: dike}); len(got) != 1 {
		t.Errorf("got %+v", got)
	}
}

// TestLookUpsDuringCompaction has pages looked up and articles added while the
// index is written again and again.
func TestLookUpsDuringCompaction(t *testing.T) {
	x := index(fingerprints.Article{ID: "dike", Text: dike})
	var wg sync.WaitGroup
	wg.Go(func() {
		for range 5 {
			if err := x.Compact(memory); err != nil {
				t.Error(err)
			}
		}
	})
	wg.Go(func() {
		for n := range 200 {
			id := strconv.Itoa(n)
			x.Add(fingerprints.Article{ID: id, Text: newRegister(uint64(n)).words(100)})
			if !x.Has(id) {
				t.Errorf("%s is not there", id)
			}
			x.Remove(id)
		}
	})
	for range 200 {
		if got := match(t, x, fingerprints.Page{Text: dike}); len(got) != 1 {
			t.Fatalf("got %+v", got)
		}
	}
	wg.Wait()
	if x.Len() != 1 {
		t.Errorf("%d articles", x.Len())
	}
}

func TestFailures(t *testing.T) {
	fault := errors.New("the disk is full")
	x := index(fingerprints.Article{ID: "dike", Text: dike})
	if err := x.Compact(func(func(io.Writer) error) ([]byte, error) { return nil, fault }); !errors.Is(err, fault) {
		t.Errorf("got %v", err)
	}
	if err := x.Compact(func(func(io.Writer) error) ([]byte, error) { return []byte("nonsense"), nil }); err == nil {
		t.Error("nonsense became the index")
	}
	if err := x.Snapshot(brokenWriter{fault}); !errors.Is(err, fault) {
		t.Errorf("got %v", err)
	}
	if got := match(t, x, fingerprints.Page{Text: dike}); len(got) != 1 {
		t.Errorf("after failures, got %+v", got)
	}
	y, err := fingerprints.OpenIndex(snapshot(t, x), func(context.Context, []string) ([]fingerprints.Article, error) { return nil, fault })
	if err != nil {
		t.Fatal(err)
	}
	if _, err := y.Match(t.Context(), fingerprints.Page{Text: dike}); !errors.Is(err, fault) {
		t.Errorf("a source that fails gives %v", err)
	}
	if _, err := y.Match(t.Context(), fingerprints.Page{Text: market}); err != nil {
		t.Errorf("a page that needs no text gives %v", err)
	}
}

type brokenWriter struct{ err error }

func (w brokenWriter) Write([]byte) (int, error) { return 0, w.err }

// TestDamagedSnapshot: no byte can change and none be missing unnoticed.
func TestDamagedSnapshot(t *testing.T) {
	x := index(fingerprints.Article{ID: "dike", Text: dike}, fingerprints.Article{ID: "market", Text: market})
	good := snapshot(t, x)
	r := rand.New(rand.NewPCG(5, 5))
	for i := range 60 {
		bad := bytes.Clone(good)
		at := r.IntN(len(bad))
		if i%2 == 0 {
			at = len(bad) - 1 - r.IntN(200)
		}
		bad[at] ^= 1 << r.IntN(8)
		if _, err := fingerprints.OpenIndex(bad, nil); err == nil {
			t.Fatalf("byte %d of %d was changed unnoticed", at, len(bad))
		}
		if _, err := fingerprints.OpenIndex(good[:at], nil); err == nil {
			t.Fatalf("cut at byte %d of %d unnoticed", at, len(bad))
		}
	}
	if _, err := fingerprints.OpenIndex(nil, nil); err == nil {
		t.Error("nothing is a snapshot")
	}
	other := bytes.Clone(good)
	fingerprints.SetScheme(other, fingerprints.Scheme+1)
	if _, err := fingerprints.OpenIndex(other, nil); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("of scheme %d", fingerprints.Scheme+1)) {
		t.Errorf("a snapshot of another scheme gives %v", err)
	}
}

// FuzzOpenIndex changes a section of a good snapshot and gives it a right
// checksum: opening may fail, what opens must not panic.
func FuzzOpenIndex(f *testing.F) {
	x := index(fingerprints.Article{ID: "dike", Title: "江堤加固工程昨日合龙", Text: dike}, fingerprints.Article{ID: "market", Text: market})
	good := snapshot(f, x)
	f.Add(0, 3, []byte{255, 255})
	f.Add(1, 8, []byte{1, 2, 3, 4})
	f.Add(2, 16, []byte{0, 0, 0, 1})
	f.Add(4, 0, []byte{9, 0, 0, 0})
	f.Add(5, 0, []byte{9, 0, 0, 0})
	f.Add(6, 4, []byte{41, 0, 0, 0})
	f.Fuzz(func(t *testing.T, section, at int, change []byte) {
		bad := fingerprints.Reseal(good, section, at, change)
		x, err := fingerprints.OpenIndex(bad, func(_ context.Context, ids []string) ([]fingerprints.Article, error) {
			list := make([]fingerprints.Article, len(ids))
			for i := range ids {
				list[i] = fingerprints.Article{ID: ids[i], Title: "江堤加固工程昨日合龙", Text: dike}
			}
			return list, nil
		})
		if err != nil {
			return
		}
		match(t, x, fingerprints.Page{Text: dike, Links: []fingerprints.Link{{Text: "江堤加固工程昨日合龙"}}})
		x.Has("dike")
		x.Remove("market")
		x.Add(fingerprints.Article{ID: "dike", Text: market})
		if err := x.Compact(memory); err != nil {
			t.Fatal(err)
		}
	})
}
