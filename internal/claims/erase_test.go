package claims_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"rightsdesk/internal/claims"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/shelf"
	"rightsdesk/internal/store"
)

// TestErase: three years after the end of a claim its files and the ways to reach
// its claimant go, with an entry; an open claim and a younger one keep theirs.
func TestErase(t *testing.T) {
	b := open(t)
	over := filing()
	over.Claimant.Phone, over.Claimant.Address = "010-5550001", "临江市渡口路 3 号"
	_, token := b.file(t, over)
	other := filing()
	other.Key = claims.NewKey()
	stays, _ := b.file(t, other)
	closed, err := b.Withdraw(t.Context(), token, "已经谈妥")
	if err != nil {
		t.Fatal(err)
	}
	day := closed.ClosedAt.In(rights.China).AddDate(3, 0, 0)
	if want := day.AddDate(0, 0, 1).Format(time.DateOnly); closed.EraseFrom() != want || stays.EraseFrom() != "" {
		t.Errorf("to be erased from %q, want %q; an open one from %q", closed.EraseFrom(), want, stays.EraseFrom())
	}
	if n, err := b.Erase(t.Context(), day); n != 0 || err != nil {
		t.Fatalf("on the last day of three years %d were erased, %v", n, err)
	}
	for i, want := range []int{1, 0} { // the second finds nothing more to do
		if n, err := b.Erase(t.Context(), day.AddDate(0, 0, 1)); n != want || err != nil {
			t.Fatalf("time %d: %d were erased, %v", i+1, n, err)
		}
	}
	c, err := b.Find(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	if (c.Claimant != rights.Claimant{Name: "顾望舒", Kind: "person"}) || c.ErasedAt == nil || c.EraseFrom() != "" || c.State != rights.ClaimWithdrawn || len(c.Files) != 2 {
		t.Errorf("%+v", c)
	}
	for _, p := range c.Files {
		if _, err := os.Stat(filepath.Join(b.cfg.Data, filepath.FromSlash(p.File))); !os.IsNotExist(err) || p.Name != "" || p.ErasedAt == nil || p.SHA256 == "" {
			t.Errorf("%+v: %v", p, err)
		}
		counsel := rights.Actor{Login: "zhou", Name: "周明岚", Role: rights.RoleCounsel}
		if _, _, err := b.OpenProof(t.Context(), counsel, c.ID, p.ID); rights.KindOf(err) != rights.NotFound {
			t.Errorf("to open it: %v", err)
		}
	}
	record, err := b.Record(t.Context(), c.ID)
	if last := record[len(record)-1]; err != nil || last.Action != "claim.erased" || !strings.Contains(last.Reason, "2 份") {
		t.Errorf("%v, %v", record, err)
	}
	if problems := b.verify(t); len(problems) != 0 {
		t.Errorf("%v", problems)
	}
	if c, err := b.claim(t, stays.ID); err != nil || c.Claimant.Email == "" || c.Files[0].ErasedAt != nil {
		t.Errorf("the open one: %+v, %v", c, err)
	}
	// A crash between the entry and the removal is made good the next time.
	file := filepath.Join(b.cfg.Data, filepath.FromSlash(c.Files[0].File))
	if err := os.WriteFile(file, []byte("age"), 0o600); err != nil {
		t.Fatal(err)
	}
	if problems := b.verify(t); !slices.Equal(problems, []string{"应已删除的文件仍在：" + c.Files[0].File}) {
		t.Errorf("%v", problems)
	}
	if _, err := b.Erase(t.Context(), day.AddDate(0, 0, 2)); err != nil {
		t.Fatal(err)
	}
	if problems := b.verify(t); len(problems) != 0 {
		t.Errorf("%v", problems)
	}
}

func (b *bench) verify(t *testing.T) (problems []string) {
	t.Helper()
	err := claims.VerifyProofs(t.Context(), &shelf.Shelf{DB: b.db, Dir: b.cfg.Data}, func(_ rights.Proof, err error) { problems = append(problems, err.Error()) })
	if err != nil {
		t.Fatal(err)
	}
	return problems
}

func (b *bench) claim(t *testing.T, id string) (c *rights.Claim, err error) {
	t.Helper()
	err = b.db.View(t.Context(), func(tx *store.Tx) error {
		c, err = tx.Claim(t.Context(), id)
		return err
	})
	return c, err
}
