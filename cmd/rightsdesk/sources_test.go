package main

import (
	"log/slog"
	"path/filepath"
	"strings"
	"testing"

	"rightsdesk/config"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

// TestPutSources: a source of the API is not taken over by the configuration,
// and what left the configuration is no longer watched.
func TestPutSources(t *testing.T) {
	ctx := t.Context()
	db, err := store.Open(ctx, filepath.Join(t.TempDir(), "a.db"), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	named := func(ids ...string) (list []config.Source) {
		for _, id := range ids {
			list = append(list, config.Source{
				ID: id, Name: "云城网", Kind: "list", URL: "http://www.yuncheng.example/" + id, Cron: "*/30 * * * *",
				Operator: config.Operator{Name: "云城网络传媒有限公司", Role: "publisher"},
			})
		}
		return list
	}
	put := func(wanted []config.Source) error {
		return db.Update(ctx, func(tx *store.Tx) error { return putSources(ctx, tx, wanted) })
	}
	have := func() string {
		var ids []string
		err := db.View(ctx, func(tx *store.Tx) error {
			list, err := tx.Sources(ctx)
			for _, s := range list {
				ids = append(ids, s.ID)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return strings.Join(ids, " ")
	}
	if err := db.Update(ctx, func(tx *store.Tx) error {
		return tx.PutSource(ctx, &rights.Source{ID: "byhand", Name: "手工", Kind: rights.SourceList, URL: "http://a.example/", Origin: rights.OriginAPI})
	}); err != nil {
		t.Fatal(err)
	}
	if err := put(named("news", "local")); err != nil || have() != "byhand local news" {
		t.Fatalf("%v; %s", err, have())
	}
	if err := put(named("news", "byhand")); err == nil || !strings.Contains(err.Error(), `sources[1].id: "byhand"`) || have() != "byhand local news" {
		t.Errorf("%v; %s", err, have())
	}
	if err := put(named("news")); err != nil || have() != "byhand news" {
		t.Errorf("%v; %s", err, have())
	}
	bad := named("news")
	bad[0].Cron = "often"
	if err := put(bad); err == nil || !strings.Contains(err.Error(), "sources[0].cron") {
		t.Errorf("%v", err)
	}
}
