package evaluation_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rightsdesk/internal/evaluation"
)

// TestRun holds a small run to the targets, and to giving the same again.
func TestRun(t *testing.T) {
	d := load(t)
	r, err := d.Run(t.Context(), 3, 100)
	if err != nil {
		t.Fatal(err)
	}
	t.Log("\n" + r.Text())
	for _, v := range r.Variants {
		if got := float64(v.Found+v.Common) / float64(v.Pages); got < 0.95 || v.Precision < 0.98 || v.Recall < 0.9 {
			t.Errorf("%s: found %.3f, precision %.3f, recall %.3f", v.Name, got, v.Precision, v.Recall)
		}
	}
	for _, p := range r.Curve {
		if p.Rule == "ours" && p.From == 1 && (p.Million > 8 || p.Percent > 1.5) {
			t.Errorf("%.1f false alarms per million pairs, on %.2f %% of the pages", p.Million, p.Percent)
		}
	}
}

// TestKnown: no pair that shares text is missed, and what was taken of a text is
// told in one piece.
func TestKnown(t *testing.T) {
	d := load(t)
	known, err := d.Known(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Log("\n" + known.Text())
	if p := known.Pairs; p.Of == 0 || len(p.Missed) > 0 || p.Matched+p.Common+p.Quoted != p.Of {
		t.Errorf("of %d pairs %v are missed", p.Of, p.Missed)
	}
	want := map[string]float64{"all": 0.70, "artificial none": 0.90}
	for _, a := range known.Alignments {
		if a.Plagdet < want[a.Kind] || a.Granularity > 1.05 {
			t.Errorf("%s: plagdet %.3f, granularity %.2f", a.Kind, a.Plagdet, a.Granularity)
		}
		delete(want, a.Kind)
	}
	if len(want) > 0 {
		t.Errorf("no cases for %v", want)
	}
}

func load(t *testing.T) *evaluation.Data {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "shared", "data")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("no real articles here: ", err)
	}
	d, err := evaluation.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestLoadNamesWhatIsMissing(t *testing.T) {
	if _, err := evaluation.Load(t.TempDir()); err == nil || !strings.Contains(err.Error(), "articles/*.jsonl.gz") {
		t.Errorf("got %v", err)
	}
}
