package casework_test

import (
	"bufio"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"rightsdesk/internal/casework"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
	"rightsdesk/policies"
)

// TestMoves reads testdata/moves.txt, which says what it means. Every row of the
// transition table has to be taken, every guard has to refuse.
func TestMoves(t *testing.T) {
	file, err := os.Open("testdata/moves.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	taken, refused := map[[3]string]bool{}, map[string]bool{}
	prepared := bases(t.TempDir())
	for lines := bufio.NewScanner(file); lines.Scan(); {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		left, want, ok := strings.Cut(line, "=>")
		words := strings.Fields(left)
		if !ok || len(words) < 3 {
			t.Fatalf("cannot read %q", line)
		}
		want = strings.TrimSpace(want)
		t.Run(line, func(t *testing.T) {
			if got := prepared.outcome(t, words); got != want {
				t.Errorf("%s", got)
			}
		})
		if !strings.Contains(want, " ") {
			taken[[3]string{words[0], words[2], want}] = true
		}
		for name := range strings.FieldsSeq(want) {
			refused[name] = true
		}
	}
	for _, m := range rights.CaseMoves() {
		if !taken[[3]string{string(m.From), m.Name, string(m.To)}] {
			t.Errorf("nobody makes the move %s from %s to %s", m.Name, m.From, m.To)
		}
		for _, g := range m.Guards {
			if !refused[string(g)] {
				t.Errorf("the guard %s never refuses", g)
			}
		}
	}
}

// bases is a folder with a data folder for each state that was asked for:
// writing a letter takes its time, a copy of the folder does not.
type bases string

// outcome makes the move of a line and says what became of it.
func (b bases) outcome(t *testing.T, words []string) string {
	given, when := clauses(words[3:])
	h := b.open(t, rights.CaseState(words[0]), when)
	k, by := h.read("RD"+time.Now().In(rights.China).Format("2006")+"-0001").Case, actor(words[1])
	if slices.Contains(when, "mine") {
		h.move(counsel(), k.ID, casework.Move{Name: "return", Reason: "重新确认"})
		h.move(by, k.ID, casework.Move{Name: "confirm"})
	}
	h.spoil(k, when)
	m := typed(t, words[2], given)
	if slices.Contains(when, "stale") {
		m.Version = h.read(k.ID).Case.Version
		h.update(func(ctx context.Context, tx *store.Tx) error {
			c, err := tx.Case(ctx, k.ID)
			if err != nil {
				return err
			}
			return tx.PutCase(ctx, c)
		})
	}
	before := h.read(k.ID)
	moved, err := h.cases.Move(t.Context(), by, k.ID, m)
	after := h.read(k.ID)
	if err == nil {
		if moved.State != after.Case.State || len(after.Events) != len(before.Events)+1 {
			t.Errorf("returned %s, stored %s with %d events after %d", moved.State, after.Case.State, len(after.Events), len(before.Events))
		}
		if last := after.Events[len(after.Events)-1]; last.Actor != by.Login || last.From != words[0] || last.To != string(moved.State) {
			t.Errorf("event: %+v", last)
		}
		return string(moved.State)
	}
	noted, unsent := 0, slices.Contains(when, "gone") || slices.Contains(when, "unreachable")
	if h.looked > 0 && unsent {
		noted = 1 // what was seen of the page, see TestSendRefused
	}
	if after.Case.Version != before.Case.Version || len(after.Events) != len(before.Events)+noted || len(after.Reports) != len(before.Reports) {
		t.Errorf("a refused move left something: %+v", after.Case)
	}
	if m.Name == "send" && h.looked > 0 && !unsent {
		t.Error("the page was fetched although the move could not be made")
	}
	return refusal(t, err)
}

// refusal says kind and fields of an error; every obstacle is said in Chinese.
func refusal(t *testing.T, err error) string {
	t.Helper()
	var e *rights.Error
	if !errors.As(err, &e) {
		return err.Error()
	}
	kind := map[rights.Kind]string{
		rights.Invalid: "invalid", rights.Forbidden: "forbidden", rights.Conflict: "conflict", rights.NotFound: "notfound", rights.Unavailable: "unavailable",
	}[e.Kind]
	var names []string
	for _, f := range e.Fields {
		if !slices.Contains(names, f.Name) {
			names = append(names, f.Name)
		}
		if len([]rune(f.Detail)) < 4 || strings.ContainsAny(f.Detail[:1], "abcdefghijklmnopqrstuvwxyz") {
			t.Errorf("%s is said as %q", f.Name, f.Detail)
		}
	}
	return strings.Join(append([]string{kind}, names...), " ")
}

func clauses(words []string) (given, when []string) {
	into := &given
	for _, w := range words {
		switch w {
		case "given":
			into = &given
		case "when":
			into = &when
		default:
			*into = append(*into, w)
		}
	}
	return given, when
}

func actor(role string) rights.Actor {
	switch role {
	case "reviewer":
		return reviewer()
	case "counsel":
		return counsel()
	}
	return rights.SystemActor()
}

// typed is the move with what a line says is given.
func typed(t *testing.T, name string, given []string) casework.Move {
	t.Helper()
	m := casework.Move{Name: name}
	for _, word := range given {
		name, value, _ := strings.Cut(word, "=")
		switch name {
		case "reason":
			m.Reason = "经核对"
		case "demand":
			m.Demand = policies.Demand(value)
		case "sending":
			m.Sending = toEmail()
		case "at":
			m.Sending.At = time.Now().AddDate(0, 0, map[string]int{"tomorrow": 1, "yesterday": -1}[value])
		case "report":
			m.Sending.Report = strings.Repeat("0", 64)
		default:
			t.Fatalf("given %q", word)
		}
	}
	return m
}

// open gives a desk with a case in a state, everything in order.
func (b bases) open(t *testing.T, state rights.CaseState, when []string) *house {
	t.Helper()
	kind := ""
	for _, word := range []string{"wire", "fair", "unanswered"} {
		if slices.Contains(when, word) {
			kind = word
		}
	}
	base := filepath.Join(string(b), string(state)+kind)
	if _, err := os.Stat(base); err != nil {
		if err := os.Mkdir(base, 0o750); err != nil {
			t.Fatal(err)
		}
		t.Run("prepare", func(t *testing.T) { openAt(t, base).prepare(state, kind) }) // closes the store at its end
	}
	data := t.TempDir()
	if err := os.CopyFS(data, os.DirFS(base)); err != nil {
		t.Fatal(err)
	}
	return openAt(t, data)
}

// prepare brings a case to a state.
func (h *house) prepare(state rights.CaseState, kind string) {
	h.Helper()
	a := h.pier()
	m := h.copied(a)
	switch kind {
	case "wire":
		a.Segments[0].Owner, a.Segments[0].Basis, a.Segments[0].Holder = rights.OwnerWire, rights.BasisWire, "新华社"
		h.register(a)
		m = h.match(a, page{text: a.Text(), title: "灯", facts: func(f *policies.Facts) { f.MatchedOwn, f.MatchedWire = 0, 400 }})
	case "fair":
		m = h.match(a, page{text: a.Text(), title: "灯", facts: func(f *policies.Facts) {
			f.Gross, f.LongestRun, f.PageShare, f.SourceNamed, f.AuthorNamed = 0.05, 60, 0.1, true, true
		}})
	}
	k := h.file(m)
	h.bring(k.ID, state)
	if state == rights.CaseConfirmed && kind != "unanswered" {
		h.answerAll(k.ID)
	}
}

// spoil makes what a guard asks for untrue.
func (h *house) spoil(k *rights.Case, when []string) {
	h.Helper()
	is := func(what string) bool { return slices.Contains(when, what) }
	a := h.read(k.ID).Articles[k.Articles[0]]
	switch {
	case is("unverified"):
		a.Segments[0].VerifiedBy, a.Segments[0].VerifiedAt = "", nil
		h.register(a)
	case is("nonexclusive"):
		a.Segments[0].Basis = rights.BasisNonExclusive
		h.register(a)
	}
	if is("applies") {
		if _, err := h.cases.Answer(h.Context(), reviewer(), k.ID, rights.Answer{Question: "speech", Applies: true, Reason: "系集会讲话"}); err != nil {
			h.Fatal(err)
		}
	}
	if is("nobody") || is("late") {
		h.update(func(ctx context.Context, tx *store.Tx) error {
			c, err := tx.Case(ctx, k.ID)
			if err != nil {
				return err
			}
			if is("late") {
				c.AnswerBy = time.Now().In(rights.China).Format(time.DateOnly)
			} else {
				c.Operator.Name = ""
			}
			return tx.PutCase(ctx, c)
		})
	}
	if is("speechless") {
		h.cfg.Paper.Phone = ""
	}
	if is("licensed") {
		h.cfg.Licences = append(h.cfg.Licences, licence())
	}
	h.looked = 0
	h.rewire()
	if is("gone") {
		h.sight = casework.Sight{Detail: "对方服务器返回 404"}
	}
	if is("unreachable") {
		h.cases = casework.New(casework.Options{DB: h.db, Policy: h.policy, Config: h.cfg, Look: func(context.Context, *rights.Case) (casework.Sight, error) {
			h.looked++
			return casework.Sight{}, errors.New("connection refused")
		}})
	}
	if is("tampered") {
		at := filepath.Join(h.cfg.Data, h.read(k.ID).Reports[0].PDFFile)
		b, err := os.ReadFile(at)
		if err != nil {
			h.Fatal(err)
		}
		b[len(b)/2] ^= 1
		if err := os.WriteFile(at, b, 0o600); err != nil {
			h.Fatal(err)
		}
	}
}
