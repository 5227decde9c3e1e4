package main

import (
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
	"rightsdesk/internal/testenv"
)

// TestDiscard: evidence goes by a counsel's decision, years after its case; what is
// left says so.
func TestDiscard(t *testing.T) {
	t.Parallel()
	file, data := watched(t)
	run := func(want int, args ...string) string {
		t.Helper()
		code, out, errs := command(t.Context(), t, append([]string{"--config", file}, args...)...)
		if code != want {
			t.Fatalf("%v: status %d\n%s%s", args, code, out, errs)
		}
		return out + errs
	}
	id := "RD" + time.Now().In(rights.China).Format("2006") + "-0001"
	run(0, "sweep")
	run(1, "bundle", id, "--out", filepath.Join(t.TempDir(), "case.wacz")) // seals; without stamps
	run(0, "user", "add", "gu", "--name", "顾闻笙", "--role", "counsel")
	names, err := filepath.Glob(filepath.Join(data, "evidence", "*.warc.gz"))
	if err != nil || len(names) != 1 {
		t.Fatalf("files %v, %v", names, err)
	}
	discard := []string{"discard", names[0], "--by", "gu", "--reason", "保存期满"}
	if got := run(1, discard...); !strings.Contains(got, id) {
		t.Errorf("with an open case it says %q", got)
	}
	if got := run(1, "discard", names[0], "--by", "nobody", "--reason", "保存期满"); !strings.Contains(got, "nobody") {
		t.Errorf("by nobody it says %q", got)
	}
	db, err := store.Open(t.Context(), filepath.Join(data, "rightsdesk.db"), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	endLongAgo(t, db, id)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if got := run(0, discard...); !strings.Contains(got, "Removed  "+filepath.Base(names[0])) || !strings.Contains(got, "顾闻笙") {
		t.Errorf("it says %q", got)
	}
	got := run(0, "verify")
	if !strings.Contains(got, "removed: evidence/"+filepath.Base(names[0])+": by 顾闻笙 (gu) on ") || !strings.HasSuffix(got, "all is as it was written\n") {
		t.Errorf("verify says %q", got)
	}
	if got := run(1, "bundle", id, "--out", filepath.Join(t.TempDir(), "again.wacz")); !strings.Contains(got, "顾闻笙") {
		t.Errorf("its bundle: %q", got)
	}
	run(0, "sweep") // goes on in a new file
}

// endLongAgo closes a case, four years ago.
func endLongAgo(t *testing.T, db *store.DB, id string) {
	t.Helper()
	err := db.Update(t.Context(), func(tx *store.Tx) error {
		c, err := tx.Case(t.Context(), id)
		if err != nil {
			return err
		}
		c.State, c.Closed = rights.CaseClosed, &rights.Act{By: "gu", Name: "顾闻笙", At: tx.Now.AddDate(-4, 0, 0)}
		return tx.PutCase(t.Context(), c)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestDiscardElsewhere: what one machine had removed, another one neither reads, from
// the storage or from its cache, nor misses.
func TestDiscardElsewhere(t *testing.T) {
	w, database := newTrialSites(t, 1, 2), testenv.Schema(t)
	storage, _ := testenv.S3(t)
	machines := make([]*machine, 2)
	for i := range machines {
		dir := t.TempDir()
		machines[i] = &machine{t, dir, w.configure(dir, database, 0)}
		machines[i].store(storage)
	}
	one, two := machines[0], machines[1]
	one.want(0, "", "import", w.articles(one.dir))
	one.want(0, "", "sweep")
	one.want(0, "", "user", "add", "gu", "--name", "顾闻笙", "--role", "counsel")
	id := firstCase(t, database)
	one.want(1, "Bundle ", "bundle", id, "--out", filepath.Join(one.dir, "case.wacz")) // seals, and stores; without stamps
	two.want(1, "Bundle ", "bundle", id, "--out", filepath.Join(two.dir, "case.wacz")) // reads it into the cache
	file := filepath.Base(paths(t, filepath.Join(one.dir, "data", "evidence", "*.warc.gz"))[0])
	two.want(1, file, "discard", file, "--by", "gu", "--reason", "保存期满")
	var ids []string
	err := trialDB(t, database).View(t.Context(), func(tx *store.Tx) error {
		list, _, err := tx.Cases(t.Context(), store.CaseFilter{Limit: 100})
		for _, c := range list {
			ids = append(ids, c.ID)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		endLongAgo(t, trialDB(t, database), id)
	}
	one.want(0, "Removed  "+file, "discard", file, "--by", "gu", "--reason", "保存期满")
	for _, m := range machines {
		out := m.want(0, "removed: evidence/"+file+": by 顾闻笙", "verify", "--storage")
		if !strings.HasSuffix(out, "all is as it was written\n") {
			t.Errorf("verify says %q", out)
		}
		m.want(1, "顾闻笙", "bundle", id, "--out", filepath.Join(m.dir, "again.wacz"))
	}
}
