package store_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

func lines(t *testing.T, db *store.DB) {
	at := func(n int64) time.Time { return time.UnixMicro(n).UTC() }
	footer := rights.Line{Host: "a.example", Hash: -7, Text: "版权所有", URLs: []string{"http://a.example/1"}, Pages: 1, Beside: 1, Since: 3, FirstSeen: at(1), LastSeen: at(1)}
	again := rights.Line{Host: "a.example", Hash: -7, Text: "另一文", URLs: []string{"http://a.example/2", "http://a.example/3"}, Pages: 5, Inside: 2, Since: 9, FirstSeen: at(2), LastSeen: at(4)}
	update(t, db, func(ctx context.Context, tx *store.Tx) error {
		var errs []error
		for _, l := range []*rights.Line{&footer, &again, {Host: "b.example", Hash: -7, Text: "乙", URLs: []string{"u"}, Pages: 1}} {
			errs = append(errs, tx.CountLine(ctx, l))
		}
		for i := range int64(4) {
			errs = append(errs, tx.CountLine(ctx, &rights.Line{Host: "a.example", Hash: i, Text: "一行", URLs: []string{"u"}, Pages: 1 + int(i/3), LastSeen: at(10 - i)}))
		}
		return errors.Join(errs...)
	})
	view(t, db, func(ctx context.Context, tx *store.Tx) error {
		list, err := tx.Lines(ctx, "a.example", 5)
		same(t, list, []rights.Line{{
			Host: "a.example", Hash: -7, Text: "版权所有", URLs: []string{"http://a.example/1", "http://a.example/2"},
			Pages: 6, Beside: 1, Inside: 2, Since: 3, FirstSeen: at(1), LastSeen: at(4),
		}})
		return err
	})
	// The rarest go, of these the ones not seen for longest: hashes 2 and 1.
	update(t, db, func(ctx context.Context, tx *store.Tx) error { return tx.TrimLines(ctx, "a.example", 5, 3) })
	left := func(most int) (hashes []int64) {
		update(t, db, func(ctx context.Context, tx *store.Tx) error { return tx.TrimLines(ctx, "a.example", 5, most) })
		view(t, db, func(ctx context.Context, tx *store.Tx) error {
			list, err := tx.Lines(ctx, "a.example", 1)
			for _, l := range list {
				hashes = append(hashes, l.Hash)
			}
			return err
		})
		return hashes
	}
	same(t, left(3), []int64{-7, 3, 0})
	same(t, left(0), []int64{-7})
	view(t, db, func(ctx context.Context, tx *store.Tx) error {
		other, err := tx.Lines(ctx, "b.example", 1)
		same(t, len(other), 1)
		return err
	})
}

func pageTexts(t *testing.T, db *store.DB) {
	one := &rights.PageText{URL: "http://a.example/1", Host: "a.example", Own: true, Read: true, Body: "b", Screen: "s"}
	two := &rights.PageText{URL: "http://a.example/2", Host: "a.example", Body: "b", Screen: "t"}
	other := &rights.PageText{URL: "http://b.example/1", Host: "b.example", Own: true, Body: "b", Screen: "s"}
	update(t, db, func(ctx context.Context, tx *store.Tx) error {
		return errors.Join(tx.PutPageText(ctx, two), tx.PutPageText(ctx, one), tx.PutPageText(ctx, other))
	})
	view(t, db, func(ctx context.Context, tx *store.Tx) error {
		got, err := tx.PageText(ctx, one.URL)
		same(t, got, one)
		n, err2 := tx.OwnPages(ctx, "a.example")
		same(t, n, 1)
		body, err3 := tx.SameBody(ctx, "a.example", "b")
		same(t, body, []string{one.URL, two.URL})
		screen, err4 := tx.SameScreen(ctx, "a.example", "s")
		same(t, screen, []string{one.URL})
		_, missing := tx.PageText(ctx, "http://a.example/3")
		wantKind(t, missing, rights.NotFound)
		return errors.Join(err, err2, err3, err4)
	})
	one.Body = ""
	update(t, db, func(ctx context.Context, tx *store.Tx) error { return tx.PutPageText(ctx, one) })
	view(t, db, func(ctx context.Context, tx *store.Tx) error {
		body, err := tx.SameBody(ctx, "a.example", "b")
		same(t, body, []string{two.URL})
		return err
	})
}

func quarantine(t *testing.T, db *store.DB) {
	a := article("江堤加固工程昨日合龙")
	m := &rights.Match{URL: "https://a.example/1", ArticleID: a.ID, SourceID: "a", SeenAt: time.UnixMicro(7).UTC(), Capture: rights.Capture{Digest: "d1"}, Quarantine: "多个网址同一正文"}
	later := *m
	later.Capture.Digest, later.SeenAt = "d2", time.UnixMicro(8).UTC()
	free := *m
	free.URL, free.Quarantine = "https://a.example/2", ""
	update(t, db, func(ctx context.Context, tx *store.Tx) error {
		if err := tx.PutArticle(ctx, a, "d"); err != nil {
			return err
		}
		for _, m := range []*rights.Match{m, &later, &free} {
			if _, err := tx.AddMatch(ctx, m); err != nil {
				return err
			}
		}
		return nil
	})
	waiting := func(source, url string, want ...int64) {
		t.Helper()
		update(t, db, func(ctx context.Context, tx *store.Tx) error {
			list, err := tx.Quarantined(ctx, source, url, 10)
			ids := []int64{}
			for _, m := range list {
				ids = append(ids, m.ID)
			}
			same(t, ids, append([]int64{}, want...))
			return err
		})
	}
	waiting("a", "", later.ID, m.ID)
	waiting("a", m.URL, later.ID, m.ID)
	waiting("a", free.URL)
	waiting("b", "")
	m.ReleasedBy, m.ReleasedAt = "顾闻笙", &m.SeenAt
	update(t, db, func(ctx context.Context, tx *store.Tx) error { return tx.PutMatch(ctx, m) })
	waiting("a", "", later.ID)
	view(t, db, func(ctx context.Context, tx *store.Tx) error {
		n, err := tx.CountQuarantined(ctx, "a")
		same(t, n, 1)
		return err
	})
}
