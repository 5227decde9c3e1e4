package fingerprints_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rightsdesk/fingerprints"
)

// TestScheme holds everything that stored figures and files depend on to what it
// was when the Scheme got its number. There is a file for each number; -update
// writes that of a new one and never changes another.
func TestScheme(t *testing.T) {
	file := filepath.Join("testdata", fmt.Sprintf("scheme%d.txt", fingerprints.Scheme))
	got := schemeResults(t)
	want, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) && *update {
		want, err = []byte(got), os.WriteFile(file, []byte(got), 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("what was stored under scheme %d would no longer fit: give Scheme the next number and run with -update, or undo the change\n-want +got:\n%s",
			fingerprints.Scheme, diff)
	}
}

func schemeResults(t *testing.T) string {
	t.Helper()
	articles := []fingerprints.Article{
		{ID: "empty"},
		{ID: "short", Title: "渡船改道", Text: "渡船改道。"},
		{ID: "headline", Title: "《白鹭洲》渡船：明起改道！", Text: "明起改道"},
		{ID: "mixed", Title: "Ａ１ 高速", Text: "Ａ１ 高速公路Ｋ１２８＋３００處，昨日ﬁnally通車；e\u0301tude №５ ㎏ 二〇二六 𠮷野家 \u200b가각 が\xff完。"},
		{ID: "dike", Title: "江堤加固工程昨日合龙", Text: dike, PublishedAt: time.Date(2026, 1, 8, 0, 0, 0, 0, time.UTC)},
		{ID: "retold", Title: "青石渡口合龙", Text: dikeRetold, PublishedAt: time.Date(2026, 1, 9, 0, 0, 0, 0, time.UTC)},
	}
	var b strings.Builder
	x, ledger := fingerprints.NewIndex(), fingerprints.NewLedger()
	for _, a := range articles {
		s := fingerprints.NewSketch(a)
		x.Add(a)
		ledger.Add(s.Text)
		fmt.Fprintf(&b, "%s %q\n", a.ID, a.Text)
		fmt.Fprintf(&b, "folded %q %v\n", string(s.Text.Folded), s.Text.Origin)
		fmt.Fprintf(&b, "simhash %016x, headline %016x\n", s.Simhash, s.Headline)
		fmt.Fprintf(&b, "hashes %016x\n", fingerprints.Hashes(nil, s.Text.Folded))
		fmt.Fprintf(&b, "winnowed %016x\n", s.Grams)
		fmt.Fprintf(&b, "skeleton %016x\n\n", s.Skeleton)
	}
	folded := fingerprints.Fold(dike).Folded
	fmt.Fprintf(&b, "bits %.2f\n", fingerprints.Bits(ledger, new(fingerprints.Reader), folded, 1))
	var snapshot bytes.Buffer
	if err := x.Snapshot(&snapshot); err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(&b, "snapshot %d bytes, SHA-256 %x\n", snapshot.Len(), sha256.Sum256(snapshot.Bytes()))
	return b.String()
}
