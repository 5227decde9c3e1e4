package notary_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rightsdesk/internal/evidence"
	"rightsdesk/internal/notary"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
	"rightsdesk/internal/testenv"
	"rightsdesk/internal/vault"
)

// TestDiscard: a sealed file goes by a counsel's decision alone, from the folder and
// from the storage, when no case needs it any more; and everybody can see that it did.
func TestDiscard(t *testing.T) {
	address, dir := testenv.S3(t)
	storage, err := vault.Open(address)
	check(t, err)
	o := openWith(t, storage)
	file := o.record()
	check(t, o.Round(t.Context()))
	o.stamped()
	check(t, o.Round(t.Context()))
	here, there := filepath.Join(o.dir, "evidence", file), filepath.Join(dir, "2026", file)
	counsel := rights.Actor{Login: "gu", Name: "顾闻笙", Role: rights.RoleCounsel}
	reviewer := rights.Actor{Login: "shen", Name: "沈知远", Role: rights.RoleReviewer}
	refused := func(kind rights.Kind, by rights.Actor, file, reason, why string) {
		t.Helper()
		if _, err := o.Discard(t.Context(), by, file, reason); rights.KindOf(err) != kind {
			t.Errorf("%s: %v", why, err)
		}
		for _, path := range []string{here, there} {
			if _, err := os.Stat(path); err != nil {
				t.Fatalf("%s: %v", why, err)
			}
		}
	}
	refused(rights.Forbidden, reviewer, file, "保存期满", "by a reviewer")
	refused(rights.Invalid, counsel, file, "  ", "without a reason")
	refused(rights.NotFound, counsel, "rightsdesk-20200101-00001.warc.gz", "保存期满", "a file that is not there")
	refused(rights.NotFound, counsel, "../rightsdesk.db", "保存期满", "a path")

	c := rights.Case{URL: "http://www.yuncheng.example/", State: rights.CaseSent, OpenedAt: time.Now()}
	check(t, o.db.Update(t.Context(), func(tx *store.Tx) error { return tx.AddCase(t.Context(), &c) }))
	put := func() {
		t.Helper()
		check(t, o.db.Update(t.Context(), func(tx *store.Tx) error { return tx.PutCase(t.Context(), &c) }))
	}
	refused(rights.Conflict, counsel, file, "保存期满", "with a case that is open")
	c.State, c.Closed = rights.CaseClosed, &rights.Act{By: "gu", At: time.Now().AddDate(-3, 0, 1)}
	put()
	refused(rights.Conflict, counsel, file, "保存期满", "a day before the three years")
	o.view(func(ctx context.Context, tx *store.Tx) error {
		events, err := tx.Events(ctx, "evidence/"+file)
		if len(events) != 2 {
			t.Errorf("what was refused is in the record: %+v", events)
		}
		return err
	})

	c.Closed.At = time.Now().AddDate(-3, 0, -1)
	put()
	for range 2 { // as where the first was cut off
		d, err := o.Discard(t.Context(), counsel, file, " 保存期满 ")
		check(t, err)
		if d.Name != "顾闻笙" || d.Reason != "保存期满" {
			t.Errorf("decision %+v", d)
		}
	}
	for _, path := range []string{here, there} {
		if _, err := os.Stat(path); !os.IsNotExist(err) {
			t.Errorf("%s: %v", path, err)
		}
	}
	o.view(func(ctx context.Context, tx *store.Tx) error {
		events, err := tx.Events(ctx, "evidence/"+file)
		if e := events[len(events)-1]; len(events) != 3 || e.Action != "evidence.discarded" || e.Actor != "gu" || e.Reason != "保存期满" {
			t.Errorf("events %+v", events)
		}
		return err
	})
	if _, found := o.verify(o.pool(o.roots...)); len(found) > 0 {
		t.Errorf("verify found %v", found)
	}
	if read, err := notary.VerifyVault(t.Context(), o.db, storage, func(subject, detail string) { t.Error(subject, detail) }); err != nil || len(read) != 0 {
		t.Errorf("of the storage %v, %v", read, err)
	}
	check(t, o.Round(t.Context())) // does not put it back
	o.record()                     // and the folder takes more

	decision := filepath.Join(o.dir, "evidence", evidence.DecisionName(file))
	b, err := os.ReadFile(decision)
	check(t, err)
	check(t, os.Remove(decision))
	check(t, os.WriteFile(decision, []byte(strings.Replace(string(b), "保存期满", "法院命令", 1)), 0o600))
	if _, found := o.verify(o.pool(o.roots...)); len(found) != 1 || !strings.Contains(found[0], "no such decision is in the record of events") {
		t.Errorf("another reason: found %v", found)
	}
}
