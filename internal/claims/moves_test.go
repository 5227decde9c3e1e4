package claims_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"rightsdesk/internal/claims"
	"rightsdesk/internal/rights"
)

func TestLifeOfAClaim(t *testing.T) {
	b := open(t)
	ctx := t.Context()
	f := filing()
	f.Files = f.Files[:1]
	c, token := b.file(t, f)
	if c.State != rights.ClaimDeficient || c.DueAt != "" || c.CureBy == "" || len(c.Missing) != 1 || !strings.HasPrefix(c.Missing[0], "作品的权属证明") {
		t.Fatalf("only a proof is missing: %+v", c)
	}
	if len(token) < 22 || strings.Contains(b.events(t, c.ID), token) {
		t.Errorf("token %q", token)
	}

	if _, err := b.Complete(ctx, token, "没有别的", nil); fields(err) != "proofs.ownership" {
		t.Errorf("still without it: %v", err)
	}
	if _, err := b.Complete(ctx, token, "", nil); fields(err) != "proofs.ownership message" {
		t.Errorf("nothing handed in: %v", err)
	}
	if _, err := b.Complete(ctx, "nobody's", "", f.Files); rights.KindOf(err) != rights.NotFound {
		t.Errorf("without the link: %v", err)
	}
	c, err := b.Complete(ctx, token, "", []claims.Upload{pdf(rights.ProofOwnership, "样刊.pdf")})
	if err != nil || c.State != rights.ClaimSubmitted || c.Missing != nil || c.CureBy != "" || c.DueAt == "" || len(c.Files) != 2 {
		t.Fatalf("completed: %+v %v", c, err)
	}
	if _, err := b.Complete(ctx, token, "再来一次", nil); rights.KindOf(err) != rights.Conflict {
		t.Errorf("completed twice: %v", err)
	}

	if _, err := b.Move(ctx, reviewer(), c.ID, claims.Move{Name: "ask", Missing: []string{" "}}); fields(err) != "reason missing" {
		t.Errorf("ask for nothing: %v", err)
	}
	c, err = b.Move(ctx, reviewer(), c.ID, claims.Move{Name: "ask", Reason: "看不清", Missing: []string{"样刊封面", "版权页"}, Version: c.Version})
	if err != nil || c.State != rights.ClaimDeficient || strings.Join(c.Missing, ",") != "样刊封面,版权页" || c.DueAt != "" {
		t.Fatalf("asked: %+v %v", c, err)
	}
	if _, err = b.Complete(ctx, token, "封面在这里。", nil); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Move(ctx, reviewer(), c.ID, claims.Move{Name: "assess", Version: c.Version}); rights.KindOf(err) != rights.Conflict {
		t.Errorf("with a stale version: %v", err)
	}
	if _, err = b.Move(ctx, reviewer(), c.ID, claims.Move{Name: "assess"}); err != nil {
		t.Fatal(err)
	}
	uphold := claims.Move{Name: "uphold", Reason: "确系您的作品。", Remedies: "补署姓名，支付稿酬。"}
	if _, err := b.Move(ctx, reviewer(), c.ID, uphold); rights.KindOf(err) != rights.Forbidden {
		t.Errorf("a reviewer decides: %v", err)
	}
	if _, err := b.Move(ctx, counsel(), c.ID, claims.Move{Name: "uphold"}); fields(err) != "reason remedies" {
		t.Errorf("a decision without reasons: %v", err)
	}
	if _, err := b.Move(ctx, counsel(), c.ID, uphold); err != nil {
		t.Fatal(err)
	}
	c, err = b.Find(ctx, token)
	if err != nil || c.State != rights.ClaimUpheld || c.Decision == nil || c.Decision.Reason != uphold.Reason || c.Remedies != uphold.Remedies || c.ClosedAt == nil {
		t.Errorf("what the claimant sees: %+v %v", c, err)
	}
	if _, err := b.Withdraw(ctx, token, ""); rights.KindOf(err) != rights.Conflict {
		t.Errorf("withdrawn after the decision: %v", err)
	}
	want := `claimant claim.filed >deficient
claimant claim.complete deficient>submitted
lin claim.ask submitted>deficient
claimant claim.complete deficient>submitted
lin claim.assess submitted>assessing
su claim.uphold assessing>upheld`
	if got := b.events(t, c.ID); got != want {
		t.Errorf("the record:\n%s\nwant:\n%s", got, want)
	}
}

func TestWithdraw(t *testing.T) {
	b := open(t)
	c, token := b.file(t, filing())
	if _, err := b.Move(t.Context(), counsel(), c.ID, claims.Move{Name: "withdraw"}); rights.KindOf(err) != rights.Forbidden {
		t.Errorf("the desk withdraws: %v", err)
	}
	c, err := b.Withdraw(t.Context(), token, "已经谈妥")
	if err != nil || c.State != rights.ClaimWithdrawn || c.ClosedAt == nil || c.Decision != nil {
		t.Errorf("%+v %v", c, err)
	}
	record, err := b.Record(t.Context(), c.ID)
	if err != nil || len(record) != 2 || record[1].Reason != "已经谈妥" {
		t.Errorf("%+v %v", record, err)
	}
}

// TestLapse: counsel ends a claim that was not completed, once its day is over.
func TestLapse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := open(t)
		f := filing()
		f.Files = nil
		c, token := b.file(t, f)
		lapse := claims.Move{Name: "lapse", Reason: "没有收到两项证明，可以重新提交。"}
		offered := func(by rights.Actor) string {
			t.Helper()
			d, err := b.Dossier(t.Context(), by, c.ID)
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, m := range d.Moves {
				names = append(names, m.Name)
			}
			return strings.Join(names, " ")
		}
		last, err := time.ParseInLocation(time.DateOnly, c.CureBy, rights.China)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Until(last.AddDate(0, 0, 1).Add(-time.Second)))
		if got := offered(counsel()); got != "" {
			t.Errorf("on the last day the desk may %q", got)
		}
		if _, err := b.Move(t.Context(), counsel(), c.ID, lapse); rights.KindOf(err) != rights.Conflict {
			t.Errorf("ended on the last day: %v", err)
		}
		time.Sleep(2 * time.Second)
		if got := offered(counsel()) + "," + offered(reviewer()); got != "lapse," {
			t.Errorf("on the day after, counsel and reviewer may %q", got)
		}
		if _, err := b.Move(t.Context(), reviewer(), c.ID, lapse); rights.KindOf(err) != rights.Forbidden {
			t.Errorf("ended by a reviewer: %v", err)
		}
		if _, err := b.Move(t.Context(), counsel(), c.ID, claims.Move{Name: "lapse"}); fields(err) != "reason" {
			t.Errorf("ended without a reason: %v", err)
		}
		if _, err := b.Move(t.Context(), counsel(), c.ID, lapse); err != nil {
			t.Fatal(err)
		}
		c, err = b.Find(t.Context(), token)
		if err != nil || c.State != rights.ClaimRejected || c.Decision.Reason != lapse.Reason || c.ClosedAt == nil || c.CureBy != "" {
			t.Errorf("%+v %v", c, err)
		}
	})
}

func TestDossier(t *testing.T) {
	b := open(t)
	c, _ := b.file(t, filing())
	if _, err := b.Move(t.Context(), reviewer(), c.ID, claims.Move{Name: "assess"}); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		by   rights.Actor
		want string
	}{{reviewer(), "ask"}, {counsel(), "ask uphold uphold_part reject"}} {
		d, err := b.Dossier(t.Context(), tt.by, c.ID)
		if err != nil {
			t.Fatal(err)
		}
		var moves []string
		for _, m := range d.Moves {
			moves = append(moves, m.Name)
		}
		if got := strings.Join(moves, " "); got != tt.want || d.Article == nil || d.Article.ID != "a-1" || len(d.Events) != 2 || len(d.Claim.Files) != 2 {
			t.Errorf("%s: moves %q, %+v", tt.by.Role, got, d)
		}
	}
	if _, err := b.Dossier(t.Context(), rights.SystemActor(), c.ID); rights.KindOf(err) != rights.Forbidden {
		t.Errorf("without a role: %v", err)
	}
	if _, err := b.Dossier(t.Context(), counsel(), "RC2026-9999"); rights.KindOf(err) != rights.NotFound {
		t.Errorf("a claim that is not there: %v", err)
	}
}

func TestDays(t *testing.T) {
	for _, tt := range []struct {
		at          string // the instant of filing, in China
		due, cureBy string
	}{
		{"2026-11-23 09:00", "2026-11-30", "2026-12-07"}, // a Monday
		{"2026-11-27 23:59", "2026-12-04", "2026-12-11"}, // a Friday
		{"2026-11-28 00:01", "2026-12-04", "2026-12-11"}, // a Saturday, still Friday in UTC
		{"2026-11-29 12:00", "2026-12-04", "2026-12-11"}, // a Sunday
	} {
		t.Run(tt.at, func(t *testing.T) {
			at, err := time.ParseInLocation("2006-01-02 15:04", tt.at, rights.China)
			if err != nil {
				t.Fatal(err)
			}
			synctest.Test(t, func(t *testing.T) {
				time.Sleep(time.Until(at))
				b := open(t)
				c, _ := b.file(t, filing())
				if c.DueAt != tt.due {
					t.Errorf("due at %s, want %s", c.DueAt, tt.due)
				}
				f := filing()
				f.Files = nil
				if c, _ = b.file(t, f); c.CureBy != tt.cureBy {
					t.Errorf("to be completed by %s, want %s", c.CureBy, tt.cureBy)
				}
			})
		})
	}
}
