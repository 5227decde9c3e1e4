package audit_test

import (
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the tests change rows behind the store's back

	"rightsdesk/internal/audit"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
	"rightsdesk/internal/testenv"
)

// house is a store with a key, and the database beneath it.
type house struct {
	t   testing.TB
	db  *store.DB
	raw *sql.DB
	key *audit.Key
}

func check(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

// each runs a test over both databases.
func each(t *testing.T, f func(*testing.T, func(*testing.T) *house)) {
	t.Run("sqlite", func(t *testing.T) {
		f(t, func(t *testing.T) *house { return open(t, "sqlite", filepath.Join(t.TempDir(), "a.db")) })
	})
	t.Run("postgres", func(t *testing.T) {
		testenv.Postgres(t)
		f(t, func(t *testing.T) *house { return open(t, "pgx", testenv.Schema(t)) })
	})
}

func open(t testing.TB, driver, at string) *house { //nolint:thelper // a test or a benchmark
	t.Helper()
	h := &house{t: t}
	var err error
	h.db, err = store.Open(t.Context(), at, slog.New(slog.DiscardHandler))
	check(t, err)
	t.Cleanup(func() { check(t, h.db.Close()) })
	h.raw, err = sql.Open(driver, at)
	check(t, err)
	t.Cleanup(func() { check(t, h.raw.Close()) })
	h.key, err = audit.OpenKey(t.TempDir())
	check(t, err)
	return h
}

func (h *house) update(f func(context.Context, *store.Tx) error) {
	h.t.Helper()
	check(h.t, h.db.Update(h.t.Context(), func(tx *store.Tx) error { return f(h.t.Context(), tx) }))
}

// add writes entries of a case, each in its transaction.
func (h *house) add(n int, id string) {
	h.t.Helper()
	for i := range n {
		h.update(func(ctx context.Context, tx *store.Tx) error {
			return tx.AddEvent(ctx, &rights.Event{Subject: id, Action: fmt.Sprint("step ", i), Actor: "lin", Name: "林知远", Reason: "核对<原文>"})
		})
	}
}

func (h *house) sign() (root *rights.Root) {
	h.t.Helper()
	h.update(func(ctx context.Context, tx *store.Tx) (err error) {
		root, err = h.key.Sign(ctx, tx)
		return err
	})
	return root
}

// verify returns what is found, a line each.
func (h *house) verify() (sum audit.Summary, found []string) {
	h.t.Helper()
	check(h.t, h.db.View(h.t.Context(), func(tx *store.Tx) (err error) {
		sum, err = audit.Verify(h.t.Context(), tx, func(seq int64, detail string) { found = append(found, fmt.Sprintf("event %d %s", seq, detail)) })
		return err
	}))
	return sum, found
}

func TestSignAndVerify(t *testing.T) {
	each(t, func(t *testing.T, open func(*testing.T) *house) {
		h := open(t)
		if root := h.sign(); root != nil { // enters the key; there was nothing to sign
			t.Errorf("a root over nothing: %+v", root)
		}
		for size := range 5 {
			h.add(size, "RD2026-0001")
			if root := h.sign(); size > 0 && (root == nil || root.Subject() != fmt.Sprintf("audit/%d", root.Size)) {
				t.Errorf("root %+v", root)
			}
		}
		if root := h.sign(); root != nil {
			t.Errorf("signed again: %+v", root)
		}
		sum, found := h.verify()
		if len(found) > 0 || sum.Events != 11 || sum.Roots != 5 || len(sum.Head) != 64 {
			t.Errorf("%+v, found %v", sum, found)
		}
	})
}

// TestTampering changes ten entries under three roots, of 3, 6 and 9, behind the
// store's back.
func TestTampering(t *testing.T) {
	// From entry 5 on, the chain is computed anew, as one would who has the database.
	rehash := func(h *house) {
		prev := ""
		for seq := 1; seq <= 10; seq++ {
			var doc string
			check(h.t, h.raw.QueryRowContext(h.t.Context(), `SELECT doc FROM events WHERE seq = $1`, seq).Scan(&doc))
			var e rights.Event
			check(h.t, json.Unmarshal([]byte(doc), &e))
			var err error
			e.Hash, err = e.Follow(prev)
			check(h.t, err)
			prev = e.Hash
			b, err := json.Marshal(e)
			check(h.t, err)
			h.exec(`UPDATE events SET doc = $1 WHERE seq = $2`, string(b), seq)
		}
		h.exec(`UPDATE sequences SET text = $1 WHERE name = 'event'`, prev)
	}
	for _, tt := range []struct {
		name       string
		statements []string
		after      func(*house)
		want       []string // the start of each line that is found
	}{
		{name: "nothing"},
		{name: "an entry reworded", statements: []string{`UPDATE events SET doc = replace(doc, 'lin', 'xin') WHERE seq = 5`}, want: []string{"event 5 was changed"}},
		{name: "an entry and its hash", statements: []string{`UPDATE events SET doc = replace(doc, '"hash":"', '"hash":"0') WHERE seq = 5`}, want: []string{"event 5 was changed", "event 6 was changed, or the one before"}},
		{name: "white space", statements: []string{`UPDATE events SET doc = replace(doc, '"actor":', '"actor": ') WHERE seq = 5`}, want: []string{"event 5 was changed"}},
		{name: "no JSON", statements: []string{`UPDATE events SET doc = '{' WHERE seq = 5`}, want: []string{"event 5 cannot be read"}},
		{name: "an entry removed", statements: []string{`DELETE FROM events WHERE seq = 5`}, want: []string{"event 5 is missing, and all up to event 5"}},
		{name: "three removed", statements: []string{`DELETE FROM events WHERE seq BETWEEN 5 AND 7`}, want: []string{"event 5 is missing, and all up to event 7"}},
		{name: "two exchanged", statements: []string{
			`UPDATE events SET seq = -1 WHERE seq = 5`, `UPDATE events SET seq = 5 WHERE seq = 6`, `UPDATE events SET seq = 6 WHERE seq = -1`,
		}, want: []string{"event 5 was moved: it says that it is event 6", "event 6 was moved: it says that it is event 5"}},
		{name: "one filed elsewhere", statements: []string{`UPDATE events SET subject = 'RD2026-0009' WHERE seq = 5`}, want: []string{"event 5 is filed under another subject"}},
		{name: "the end cut off", statements: []string{`DELETE FROM events WHERE seq = 10`}, want: []string{"event 10 should be the last, and event 9 is"}},
		{name: "the end cut off, and the head", statements: []string{
			`DELETE FROM events WHERE seq >= 9`,
			`UPDATE sequences SET value = 8, text = (SELECT substr(doc, length(doc) - 65, 64) FROM events WHERE seq = 8) WHERE name = 'event'`,
		}, want: []string{"event 9 was signed for, and event 8 is the last"}},
		{name: "an entry rewritten with all hashes that follow", statements: []string{`UPDATE events SET doc = replace(doc, 'lin', 'xin') WHERE seq = 5`}, after: rehash, want: []string{
			"event 4 or one after it, up to event 6, was rewritten",
		}},
		{name: "a root of another size", statements: []string{`UPDATE roots SET doc = replace(doc, '"size":6', '"size":5') WHERE size = 6`}, want: []string{"event 5 ends a root that was signed for another size"}},
		{name: "a root without its signature", statements: []string{`UPDATE roots SET doc = replace(doc, '— rightsdesk ', '— rightsdesk A') WHERE size = 6`}, want: []string{"event 6 ends a root that does not stand"}},
	} {
		each(t, func(t *testing.T, open func(*testing.T) *house) {
			t.Run(tt.name, func(t *testing.T) {
				h := open(t)
				h.sign() // the key is entry 1
				for _, n := range []int{2, 3, 3} {
					h.add(n, "RD2026-0001")
					h.sign()
				}
				h.add(1, "RD2026-0001")
				for _, s := range tt.statements {
					h.exec(s)
				}
				if tt.after != nil {
					tt.after(h)
				}
				_, found := h.verify()
				if !slices.EqualFunc(found, tt.want, strings.HasPrefix) {
					t.Errorf("found:\n%s\nwant:\n%s", strings.Join(found, "\n"), strings.Join(tt.want, "\n"))
				}
			})
		})
	}
}

func (h *house) exec(statement string, args ...any) {
	h.t.Helper()
	_, err := h.raw.ExecContext(h.t.Context(), statement, args...)
	check(h.t, err)
}

// TestWriters: many writers make one chain, and roots that are signed meanwhile
// stand.
func TestWriters(t *testing.T) {
	each(t, func(t *testing.T, open func(*testing.T) *house) {
		h := open(t)
		const writers, times = 8, 10
		var wg sync.WaitGroup
		for w := range writers {
			wg.Go(func() { h.add(times, fmt.Sprint("RD2026-000", w)) })
		}
		for range 5 {
			h.sign()
		}
		wg.Wait()
		h.sign()
		if sum, found := h.verify(); len(found) > 0 || sum.Events != writers*times+1 {
			t.Errorf("%+v, found %v", sum, found)
		}
	})
}

// TestNobodyWaits: on PostgreSQL a transaction that has entered something and goes
// on holds up no other, and two that lock rows crosswise with it make no circle.
func TestNobodyWaits(t *testing.T) {
	testenv.Postgres(t)
	h := open(t, "pgx", testenv.Schema(t))
	c := &rights.Case{URL: "http://www.yuncheng.example/1", State: rights.CaseOpen}
	h.update(func(ctx context.Context, tx *store.Tx) error { return tx.AddCase(ctx, c) })
	h.update(func(ctx context.Context, tx *store.Tx) error {
		if err := tx.AddEvent(ctx, &rights.Event{Subject: "slow", Action: "begun"}); err != nil {
			return err
		}
		// The other locks the case, enters something and commits while this one is open.
		err := h.db.Update(ctx, func(other *store.Tx) error {
			if _, err := other.Case(ctx, c.ID); err != nil {
				return err
			}
			return other.AddEvent(ctx, &rights.Event{Subject: c.ID, Action: "quick"})
		})
		if err != nil {
			return err
		}
		_, err = tx.Case(ctx, c.ID)
		return err
	})
	check(t, h.db.View(t.Context(), func(tx *store.Tx) error {
		var order []string
		err := tx.EachEvent(t.Context(), 0, 9, func(r store.EventRow) error {
			order = append(order, r.Subject)
			return nil
		})
		if !slices.Equal(order, []string{c.ID, "slow"}) {
			t.Errorf("order %v", order)
		}
		return err
	}))
}

func TestRolledBack(t *testing.T) {
	h := open(t, "sqlite", filepath.Join(t.TempDir(), "a.db"))
	err := h.db.Update(t.Context(), func(tx *store.Tx) error {
		check(t, tx.AddEvent(t.Context(), &rights.Event{Subject: "x", Action: "undone"}))
		return os.ErrInvalid
	})
	if sum, found := h.verify(); err == nil || sum.Events != 0 || len(found) > 0 {
		t.Errorf("%v: %+v, %v", err, sum, found)
	}
	err = h.db.View(t.Context(), func(tx *store.Tx) error { return tx.AddEvent(t.Context(), &rights.Event{Subject: "x"}) })
	if err == nil {
		t.Error("an event of a transaction that reads")
	}
}

func TestKey(t *testing.T) {
	dir := t.TempDir()
	_, err := audit.OpenKey(dir)
	check(t, err)
	path := filepath.Join(dir, "audit.key")
	info, err := os.Stat(path)
	check(t, err)
	if info.Mode().Perm() != 0o600 {
		t.Errorf("the key's mode is %v", info.Mode())
	}
	before, err := os.ReadFile(path)
	check(t, err)
	_, err = audit.OpenKey(dir)
	check(t, err)
	if after, err := os.ReadFile(path); err != nil || string(after) != string(before) {
		t.Errorf("the key was made anew: %v", err)
	}
	check(t, os.WriteFile(path, []byte("钥匙\n"), 0o600))
	if _, err := audit.OpenKey(dir); err == nil {
		t.Error("a damaged key was opened")
	}
}

// proven is a record of 100 entries, 10 of them of the case, and their proof.
func proven(t *testing.T, h *house) *audit.Proof {
	t.Helper()
	h.sign()
	for range 10 {
		h.add(8, "RD2026-0002")
		h.add(1, "RD2026-0001")
	}
	h.add(7, "RD2026-0003")
	h.sign()
	h.add(5, "RD2026-0001") // not signed yet
	var p *audit.Proof
	check(t, h.db.View(t.Context(), func(tx *store.Tx) error {
		events, err := tx.Events(t.Context(), "RD2026-0001")
		check(t, err)
		p, err = audit.Prove(t.Context(), tx, append(events, events[0]))
		return err
	}))
	return p
}

func TestProof(t *testing.T) {
	each(t, func(t *testing.T, open func(*testing.T) *house) {
		p := proven(t, open(t))
		b, err := json.Marshal(p)
		check(t, err)
		var read audit.Proof
		check(t, json.Unmarshal(b, &read))
		events, err := read.Check()
		check(t, err)
		if len(events) != 10 || events[0].Seq != 10 || events[9].Subject != "RD2026-0001" {
			t.Errorf("%d events: %+v", len(events), events)
		}
		for name, damage := range map[string]func(*audit.Proof){
			"a word of an entry":    func(p *audit.Proof) { p.Entries[3].Leaf = strings.Replace(p.Entries[3].Leaf, "lin", "xin", 1) },
			"the place of an entry": func(p *audit.Proof) { p.Entries[3].Seq++ },
			"a place before all":    func(p *audit.Proof) { p.Entries[3].Seq = 0 },
			"a place after all":     func(p *audit.Proof) { p.Entries[3].Seq = 1 << 40 },
			"a hash beside the way": func(p *audit.Proof) { p.Entries[3].Path[1][0] ^= 1 },
			"the way":               func(p *audit.Proof) { p.Entries[3].Path = p.Entries[3].Path[1:] },
			"the note":              func(p *audit.Proof) { p.Note = strings.Replace(p.Note, "\n98\n", "\n97\n", 1) + "" },
			"no key":                func(p *audit.Proof) { p.Keys = nil },
			"a key that is none": func(p *audit.Proof) {
				p.Keys = []string{"rightsdesk+1+" + base64.StdEncoding.EncodeToString([]byte("x"))}
			},
		} {
			var p audit.Proof
			check(t, json.Unmarshal(b, &p))
			damage(&p)
			if _, err := p.Check(); err == nil {
				t.Errorf("%s: nothing was noticed", name)
			}
		}
	})
}

func TestNoProofWithoutRoot(t *testing.T) {
	h := open(t, "sqlite", filepath.Join(t.TempDir(), "a.db"))
	h.add(1, "RD2026-0001")
	err := h.db.View(t.Context(), func(tx *store.Tx) error {
		_, err := audit.Prove(t.Context(), tx, nil)
		return err
	})
	if rights.KindOf(err) != rights.NotFound {
		t.Errorf("%v", err)
	}
}

func FuzzProof(f *testing.F) {
	f.Add([]byte(`{"keys":["rightsdesk+00000000+AQ=="],"note":"rightsdesk\n1\nAA==\n2026-01-08T03:00:00Z\n\n— rightsdesk AAAA\n","entries":[{"seq":1,"leaf":"{}","path":["AA=="]}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		var p audit.Proof
		if json.Unmarshal(b, &p) != nil {
			return
		}
		if events, err := p.Check(); err == nil && len(p.Keys) == 0 {
			t.Errorf("%d events proven under no key", len(events))
		}
	})
}
