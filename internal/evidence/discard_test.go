package evidence_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rightsdesk/internal/evidence"
	"rightsdesk/internal/rights"
)

// TestDiscard: a sealed file goes by a decision that stays beside its seal, and what
// else lies there is as it was.
func TestDiscard(t *testing.T) {
	dir := t.TempDir()
	s, f := open(t, dir), fetcher(t)
	first := put(t, s, get(t, f, "/plain"))
	sealed, err := s.Seal()
	if err != nil {
		t.Fatal(err)
	}
	second := put(t, s, get(t, f, "/gone"))
	d := evidence.Decision{File: first.File, SHA256: sealed[0].SHA256, By: "gu", Name: "顾闻笙", At: time.Date(2029, 11, 25, 2, 0, 0, 0, time.UTC), Reason: "保存期满"}
	for why, bad := range map[string]evidence.Decision{
		"not sealed":     {File: second.File, SHA256: d.SHA256, By: "gu"},
		"another digest": {File: d.File, SHA256: strings.Repeat("0", 64), By: "gu"},
		"a path":         {File: "../" + d.File, SHA256: d.SHA256, By: "gu"},
	} {
		if err := s.Discard(bad); err == nil {
			t.Errorf("%s: was removed", why)
		}
	}
	sound(t, dir, 8)
	path := filepath.Join(dir, "evidence", first.File)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Discard(d); err != nil {
		t.Fatal(err)
	}
	other := d
	other.Reason = "另一个理由"
	if err := s.Discard(other); rights.KindOf(err) != rights.Conflict {
		t.Errorf("a second decision: %v", err)
	}
	gone := func() {
		t.Helper()
		if _, err := s.Get(t.Context(), first); rights.KindOf(err) != rights.NotFound || !strings.Contains(err.Error(), "已由 顾闻笙 于 2029-11-25 决定销毁：保存期满") {
			t.Errorf("what was removed: %v", err)
		}
		if _, err := s.Get(t.Context(), second); err != nil {
			t.Error(err)
		}
		sum, err := evidence.Verify(dir, func(p evidence.Problem) { t.Errorf("%+v", p) })
		if err != nil || len(sum.Discarded) != 1 || sum.Discarded[0] != d || sum.Files != 1 {
			t.Errorf("%+v, %v", sum, err)
		}
	}
	gone()
	restart := func() {
		t.Helper()
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		s = open(t, dir)
	}
	restart()
	gone()

	// After a crash between the decision and the removal the file is what it was, until
	// it is removed again: a decision that lies there removes nothing.
	if err := os.WriteFile(path, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	restart()
	if _, err := s.Get(t.Context(), first); err != nil {
		t.Error(err)
	}
	if sum := sound(t, dir, 8); len(sum.Discarded) != 0 {
		t.Errorf("%+v", sum)
	}
	if err := s.Discard(d); err != nil {
		t.Fatal(err)
	}
	gone()

	// Without the decision the file is missing, and so it is with a changed one.
	decision := filepath.Join(dir, "evidence", evidence.DecisionName(first.File))
	b, err := os.ReadFile(decision)
	if err != nil {
		t.Fatal(err)
	}
	for _, change := range []string{"", strings.Replace(string(b), d.SHA256, strings.Repeat("0", 64), 1), strings.Replace(string(b), `"gu"`, `""`, 1)} {
		if err := os.Remove(decision); err != nil {
			t.Fatal(err)
		}
		if change != "" {
			if err := os.WriteFile(decision, []byte(change), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		found := 0
		if _, err := evidence.Verify(dir, func(evidence.Problem) { found++ }); err != nil || found < 3 {
			t.Errorf("%q: found %d, %v", change, found, err)
		}
		if change == "" {
			if err := os.WriteFile(decision, b, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}
