package casework_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"rightsdesk/internal/audit"
	"rightsdesk/internal/casework"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/shelf"
	"rightsdesk/internal/store"
	"rightsdesk/internal/testenv"
	"rightsdesk/internal/vault"
)

// TestTwoAtOnce has two machines take the same step of the same case at the same
// instant: both have found that it may be taken before either takes it. One does; the
// other is told what happened, and leaves nothing.
func TestTwoAtOnce(t *testing.T) {
	for _, tt := range []struct {
		name string
		from rights.CaseState
		by   rights.Actor
	}{
		{"confirm", rights.CaseOpen, reviewer()},
		{"clear", rights.CaseOpen, reviewer()},
		{"approve", rights.CaseConfirmed, counsel()},
		{"send", rights.CaseApproved, reviewer()},
		{"close", rights.CaseSent, reviewer()},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := openPair(t)
			k := p.one.file(p.one.copied(p.one.pier()))
			p.one.bring(k.ID, tt.from)
			if tt.from == rights.CaseConfirmed {
				p.one.answerAll(k.ID)
			}
			before := p.left(k.ID)
			move := casework.Move{Name: tt.name, Reason: "经核对", Version: p.one.read(k.ID).Case.Version}
			if tt.name == "send" {
				move.Sending = toEmail()
			}
			p.race(k.ID, func(h *house) error {
				_, err := h.cases.Move(h.Context(), tt.by, k.ID, move)
				return err
			})
			after := p.left(k.ID)
			want := before
			want.events++
			switch tt.name {
			case "approve":
				want.reports, want.files = before.reports+1, before.files+2
			case "send":
				want.rechecks = 4
			}
			if after != want {
				t.Errorf("left %+v, want %+v", after, want)
			}
		})
	}
}

// TestTwoAnswersAtOnce: answers to different questions are both kept.
func TestTwoAnswersAtOnce(t *testing.T) {
	p := openPair(t)
	k := p.one.file(p.one.copied(p.one.pier()))
	questions := p.one.read(k.ID).Questions
	errs := p.both(k.ID, func(h *house) error {
		q := questions[0]
		if h == p.two {
			q = questions[1]
		}
		_, err := h.cases.Answer(h.Context(), reviewer(), k.ID, rights.Answer{Question: q.ID, Reason: "通篇为记者采写的特写"})
		return err
	})
	if got := p.one.read(k.ID).Case.Answers; errs[0] != nil || errs[1] != nil || len(got) != 2 {
		t.Errorf("%v; kept %+v", errs, got)
	}
}

// TestLetterOfAnotherMachine: one machine approves a case, the other shows its letter and
// sends it; without a storage it says who keeps the letter.
func TestLetterOfAnotherMachine(t *testing.T) {
	database := testenv.Schema(t)
	one, two := openOn(t, t.TempDir(), database), openOn(t, t.TempDir(), database)
	one.shelf = &shelf.Shelf{DB: one.db, Dir: one.cfg.Data, Machine: "one"}
	two.shelf = &shelf.Shelf{DB: two.db, Dir: two.cfg.Data, Machine: "two"}
	one.rewire()
	two.rewire()
	k := one.file(one.copied(one.pier()))
	one.bring(k.ID, rights.CaseApproved)
	send := casework.Move{Name: "send", Sending: toEmail()}
	if _, err := two.cases.Move(t.Context(), reviewer(), k.ID, send); refusal(t, err) != "conflict report" || !strings.Contains(fmt.Sprint(fieldsOf(err)), "由机器 one 保管") {
		t.Errorf("without a storage: %v: %v", err, fieldsOf(err))
	}
	address, _ := testenv.S3(t)
	storage, err := vault.Open(address)
	if err != nil {
		t.Fatal(err)
	}
	one.shelf.Vault, two.shelf.Vault = storage, storage
	two.shelf.Cache = vault.NewCache(storage, t.TempDir(), 1<<30)
	_, err = two.cases.Move(t.Context(), reviewer(), k.ID, send)
	if refusal(t, err) != "conflict report" || !strings.Contains(fmt.Sprint(fieldsOf(err)), "由机器 one 保管") {
		t.Errorf("a letter that was written before there was a storage: %v: %v", err, fieldsOf(err))
	}
	one.move(counsel(), k.ID, casework.Move{Name: "return", Reason: "重新批准"})
	one.bring(k.ID, rights.CaseApproved)
	r := two.read(k.ID).Reports[0]
	for _, format := range []string{"html", "pdf"} {
		if _, err := two.cases.ReportFile(t.Context(), k.ID, r.ID, format); err != nil {
			t.Errorf("%s: %v", format, err)
		}
	}
	if sent := two.move(reviewer(), k.ID, send); sent.Sent.Report != r.PDFSHA {
		t.Errorf("sent %+v", sent.Sent)
	}
}

// pair is two machines on one PostgreSQL.
type pair struct {
	*testing.T
	database string
	one, two *house
}

func openPair(t *testing.T) *pair {
	t.Helper()
	database, data := testenv.Schema(t), t.TempDir()
	return &pair{t, database, openOn(t, data, database), openOn(t, data, database)}
}

// both has both machines do something, held up where they are about to change the
// case until both are.
func (p *pair) both(caseID string, do func(h *house) error) [2]error {
	p.Helper()
	held := testenv.Hold(p, p.database, `SELECT doc FROM cases WHERE id = $1 FOR UPDATE`, caseID)
	var errs [2]error
	var wg sync.WaitGroup
	for i, h := range []*house{p.one, p.two} {
		wg.Go(func() { errs[i] = do(h) })
	}
	held.Release(2)
	wg.Wait()
	return errs
}

// race is both of which one alone can succeed.
func (p *pair) race(caseID string, do func(h *house) error) {
	p.Helper()
	errs := p.both(caseID, do)
	if errs[0] == nil {
		errs[0], errs[1] = errs[1], errs[0]
	}
	if rights.KindOf(errs[0]) != rights.Conflict || !strings.Contains(fmt.Sprint(errs[0]), "请刷新") || errs[1] != nil {
		p.Errorf("one is told %v, the other %v", errs[0], errs[1])
	}
}

// left is what there is of a case.
type left struct{ events, reports, files, rechecks int }

func (p *pair) left(caseID string) (l left) {
	p.Helper()
	f := p.one.read(caseID)
	l.events, l.reports = len(f.Events), len(f.Reports)
	entries, err := os.ReadDir(filepath.Join(p.one.cfg.Data, "reports", caseID))
	if err != nil && !os.IsNotExist(err) {
		p.Fatal(err)
	}
	l.files = len(entries)
	err = p.one.db.View(p.Context(), func(tx *store.Tx) error {
		_, err := audit.Verify(p.Context(), tx, func(seq int64, detail string) { p.Errorf("event %d: %s", seq, detail) })
		return err
	})
	if err != nil {
		p.Fatal(err)
	}
	l.rechecks = p.rechecks()
	return l
}

// rechecks are how many looks are asked for.
func (p *pair) rechecks() (n int) {
	p.Helper()
	conn, err := pgx.Connect(p.Context(), p.database)
	if err != nil {
		p.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(p.Context()))
	if err := conn.QueryRow(p.Context(), `SELECT count(*) FROM river_job WHERE kind = 'recheck'`).Scan(&n); err != nil {
		p.Fatal(err)
	}
	return n
}
