package notary_test

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"database/sql"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"rightsdesk/config"
	"rightsdesk/internal/audit"
	"rightsdesk/internal/evidence"
	"rightsdesk/internal/fetch"
	"rightsdesk/internal/notary"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/stamp"
	"rightsdesk/internal/store"
	"rightsdesk/internal/testenv"
	"rightsdesk/internal/tsa"
	"rightsdesk/internal/vault"
)

// office is a notary over a data folder, with two authorities.
type office struct {
	t     *testing.T
	dir   string
	db    *store.DB
	keep  *evidence.Store
	fetch *fetch.Fetcher
	roots []string // PEM files, in the order yunzhang, qingce
	*notary.Notary
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func open(t *testing.T) *office {
	t.Helper()
	return openWith(t, nil)
}

// openWith is an office that keeps what it seals in a storage too.
func openWith(t *testing.T, storage *vault.Vault) *office {
	t.Helper()
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "江水东流") }))
	t.Cleanup(site.Close)
	o := &office{t: t, dir: t.TempDir(), fetch: fetch.New(fetch.Options{
		UserAgent: "Rightsdesk/1.0 (+https://linjiang.example/bot)", Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
		Resolver: map[string]string{"www.yuncheng.example": site.Listener.Addr().String()},
	})}
	var err error
	o.db, err = store.Open(t.Context(), filepath.Join(o.dir, "rightsdesk.db"), slog.New(slog.DiscardHandler))
	check(t, err)
	t.Cleanup(func() { check(t, o.db.Close()) })
	o.keep, err = evidence.Open(o.dir)
	check(t, err)
	t.Cleanup(func() { check(t, o.keep.Close()) })
	var list []config.Authority
	for _, id := range []string{"yunzhang", "qingce"} {
		a, err := tsa.New(id)
		check(t, err)
		server := httptest.NewServer(a)
		t.Cleanup(server.Close)
		roots := filepath.Join(t.TempDir(), id+".pem")
		check(t, os.WriteFile(roots, a.RootPEM(), 0o600))
		o.roots = append(o.roots, roots)
		list = append(list, config.Authority{ID: id, URL: server.URL, Roots: roots})
	}
	authorities, err := stamp.New(list)
	check(t, err)
	key, err := audit.OpenKey(o.dir)
	check(t, err)
	o.Notary = notary.New(notary.Options{DB: o.db, Evidence: o.keep, Key: key, Authorities: authorities, Vault: storage})
	return o
}

// record puts an exchange into the evidence and returns its file.
func (o *office) record() string {
	o.t.Helper()
	ex, err := o.fetch.Get(o.t.Context(), fetch.Request{URL: "http://www.yuncheng.example/"})
	check(o.t, err)
	ref, err := o.keep.Put(o.t.Context(), ex)
	check(o.t, err)
	return ref.File
}

func (o *office) view(f func(context.Context, *store.Tx) error) {
	o.t.Helper()
	check(o.t, o.db.View(o.t.Context(), func(tx *store.Tx) error { return f(o.t.Context(), tx) }))
}

// stamped has everything stamped that waits for it.
func (o *office) stamped() {
	o.t.Helper()
	var seals []rights.Seal
	o.view(func(ctx context.Context, tx *store.Tx) (err error) {
		seals, err = tx.Seals(ctx)
		return err
	})
	for _, s := range seals {
		check(o.t, o.Stamp(o.t.Context(), s.SHA256, "yunzhang"))
		check(o.t, o.Stamp(o.t.Context(), s.SHA256, "qingce"))
	}
}

// verify returns what is found, a line each.
func (o *office) verify(roots *x509.CertPool) (sum notary.Summary, found []string) {
	o.t.Helper()
	o.view(func(ctx context.Context, tx *store.Tx) (err error) {
		sum, err = notary.Verify(ctx, tx, notary.Place{Dir: o.dir, Roots: roots}, func(subject, detail string) { found = append(found, subject+": "+detail) })
		return err
	})
	return sum, found
}

func (o *office) pool(files ...string) *x509.CertPool {
	o.t.Helper()
	pool, err := stamp.Roots(files...)
	check(o.t, err)
	return pool
}

func TestRound(t *testing.T) {
	o := open(t)
	check(t, o.Round(t.Context())) // nothing there yet
	file := o.record()
	check(t, o.Round(t.Context()))
	o.view(func(ctx context.Context, tx *store.Tx) error {
		jobs, err := tx.JobsPending(ctx)
		if jobs != 4 {
			t.Errorf("%d jobs, want one for each authority and each of the file and the root", jobs)
		}
		return err
	})
	check(t, o.Round(t.Context())) // asks again only for the root over what the last round entered
	o.stamped()
	o.stamped() // twice is once
	o.view(func(ctx context.Context, tx *store.Tx) error {
		jobs, err := tx.JobsPending(ctx)
		if jobs != 6 {
			t.Errorf("%d jobs after another round", jobs)
		}
		seal, err2 := tx.Seal(ctx, "evidence/"+file)
		check(t, err2)
		b, err3 := os.ReadFile(filepath.Join(o.dir, "evidence", file))
		check(t, err3)
		sum := sha256.Sum256(b)
		if seal.SHA256 != hex.EncodeToString(sum[:]) {
			t.Errorf("sealed as %s", seal.SHA256)
		}
		events, err4 := tx.Events(ctx, "sha256-"+seal.SHA256)
		check(t, err4)
		if len(events) != 2 {
			t.Errorf("events %+v", events)
		}
		return err
	})
	if sum, found := o.verify(o.pool(o.roots...)); len(found) > 0 || sum != (notary.Summary{Seals: 3, Stamps: 6}) {
		t.Errorf("%+v, found %v", sum, found)
	}
	if _, found := o.verify(o.pool(o.roots[0])); len(found) != 3 || !strings.Contains(found[0], "qingce: the time stamp is not trusted") {
		t.Errorf("with the roots of one authority: %v", found)
	}
	if err := o.Stamp(t.Context(), strings.Repeat("0", 64), "nobody"); rights.KindOf(err) != rights.NotFound {
		t.Errorf("an authority that is not configured: %v", err)
	}
	// What anybody can do, with the files alone.
	openssl := testenv.Program(t, "openssl")
	for i, id := range []string{"yunzhang", "qingce"} {
		cmd := exec.CommandContext(t.Context(), openssl, "ts", "-verify", "-data", file, "-in", evidence.TokenName(file, id), "-CAfile", o.roots[i])
		cmd.Dir = filepath.Join(o.dir, "evidence")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", id, err, out)
		}
	}
}

// TestCutOff: a round that was cut off after it sealed is completed by the next.
func TestCutOff(t *testing.T) {
	o := open(t)
	o.record()
	_, err := o.keep.Seal()
	check(t, err)
	check(t, o.Round(t.Context()))
	o.stamped()
	if sum, found := o.verify(o.pool(o.roots...)); len(found) > 0 || sum.Seals != 2 {
		t.Errorf("%+v, found %v", sum, found)
	}
}

// TestTwoMachines: two data folders on one database seal side by side, and each is
// sound for itself.
func TestTwoMachines(t *testing.T) {
	o := open(t)
	dir := t.TempDir()
	keep, err := evidence.Open(dir)
	check(t, err)
	defer keep.Close()
	o.keep.Name("one")
	keep.Name("two")
	key, err := audit.OpenKey(dir)
	check(t, err)
	other := notary.New(notary.Options{DB: o.db, Evidence: keep, Key: key})
	o.record()
	ex, err := o.fetch.Get(t.Context(), fetch.Request{URL: "http://www.yuncheng.example/"})
	check(t, err)
	_, err = keep.Put(t.Context(), ex)
	check(t, err)
	for range 2 {
		check(t, o.Round(t.Context()))
		check(t, other.Round(t.Context()))
	}
	for machine, at := range map[string]string{"one": o.dir, "two": dir} {
		o.view(func(ctx context.Context, tx *store.Tx) error {
			var elsewhere []string
			place := notary.Place{Dir: at, Machine: machine, Roots: o.pool(), Elsewhere: func(subject string) { elsewhere = append(elsewhere, subject) }}
			_, err := notary.Verify(ctx, tx, place, func(subject, detail string) { t.Errorf("%s: %s: %s", machine, subject, detail) })
			if len(elsewhere) != 1 || strings.HasSuffix(elsewhere[0], "-"+machine+".warc.gz") {
				t.Errorf("%s says that others keep %v", machine, elsewhere)
			}
			return err
		})
	}
	o.view(func(ctx context.Context, tx *store.Tx) error {
		sum, err := audit.Verify(ctx, tx, func(seq int64, detail string) { t.Errorf("event %d %s", seq, detail) })
		if sum.Roots != 4 {
			t.Errorf("%+v", sum)
		}
		return err
	})
}

func TestVerify(t *testing.T) {
	for _, tt := range []struct {
		name, statement, file, want string // the file is removed, or changed where a want speaks of it
	}{
		{"the seal in the store", `UPDATE seals SET doc = replace(doc, '"sha256":"', '"sha256":"0')`, "", "its seal is not the one in the store"},
		{"the seal taken out", `DELETE FROM seals`, "", "its seal is not in the store"},
		{"a stamp taken out", `DELETE FROM stamps WHERE authority = 'qingce'`, "", "the time stamp qingce"},
		{"a stamp of another's", `UPDATE stamps SET doc = (SELECT doc FROM stamps WHERE authority = 'yunzhang')`, "", "the time stamp qingce"},
		{"the time of a stamp", `UPDATE stamps SET doc = replace(doc, '"at":"20', '"at":"19')`, "", "not the one that was entered"},
		{"a stamp that cannot be read", `UPDATE stamps SET doc = replace(doc, '"response":"MII', '"response":"AII')`, "", "read a time stamp"},
		{"a root taken out", `DELETE FROM roots`, "", "audit/1: what was sealed is missing"},
		{"the note of a root", `UPDATE roots SET doc = replace(doc, '— rightsdesk ', '— rightsdesk A')`, "", "audit/1: its seal is not the one in the store"},
		{"the event of the seal", `UPDATE events SET doc = replace(doc, '"reason":"', '"reason":"0') WHERE subject LIKE 'evidence/%'`, "", "not the one in the record of events"},
		{"the file of a stamp", "", "*.qingce.tsr", "is not the time stamp that was had"},
		{"the file of the seal", "", "*.sha256", "what was sealed is missing"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o := open(t)
			o.record()
			check(t, o.Round(t.Context()))
			o.stamped()
			if tt.statement != "" {
				raw, err := sql.Open("sqlite", filepath.Join(o.dir, "rightsdesk.db"))
				check(t, err)
				defer raw.Close()
				_, err = raw.ExecContext(t.Context(), tt.statement)
				check(t, err)
			} else {
				names, err := filepath.Glob(filepath.Join(o.dir, "evidence", tt.file))
				check(t, err)
				check(t, os.Remove(names[0]))
				if strings.HasSuffix(tt.file, ".tsr") {
					check(t, os.WriteFile(names[0], []byte("不是时间戳"), 0o600))
				}
			}
			if _, found := o.verify(o.pool(o.roots...)); !strings.Contains(strings.Join(found, "\n"), tt.want) {
				t.Errorf("found %v, want %q", found, tt.want)
			}
		})
	}
}
