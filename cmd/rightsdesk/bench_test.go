package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rightsdesk/internal/benchmark"
	"rightsdesk/internal/demo"
)

// TestBench measures at a tiny size: every figure is there, in its unit, and its
// ratio says which way it points.
func TestBench(t *testing.T) {
	want := []struct {
		name, unit string
		target     float64
		atMost     bool
	}{
		{"simhash, times as fast as mfonda/simhash", "x", 15, false},
		{"search among 5,000 hashes, within 3 bits, median", "µs", 5, true},
		{"time of a page without match among 20 articles", "µs", 125, true},
		{"time of a page without match among 2,000 articles", "µs", 125, true},
		{"time of a page among 2,000 articles, times that among 20", "x", 2, true},
		{"pages without match among 2,000 articles", "pages/s", 8000, false},
		{"pages without match among 2,000 articles, the screen alone", "pages/s", 8000, false},
		{"memory of an article among 2,000", "B", 1200, true},
		{"pages with a match, aligned, among 2,000 articles", "pages/s", 2000, false},
		{"snapshot of 2,000 articles ready", "s", 3, true},
		{"screen of saved pages among 2,000 articles", "pages/s", 1000, false},
		{"screen of saved pages, times as fast as extraction first", "x", 8, false},
		{"copies that extraction first finds, kept by the screen", "%", 100, false},
	}
	args := []string{"bench", "--data", benchData(t), "--articles", "2000,20", "--hashes", "5000", "--pages", "10"}
	var out, faults bytes.Buffer
	if code := run(t.Context(), append(args, "--json"), &shell{out: &out, err: &faults}); code != 0 {
		t.Fatalf("%d: %s", code, &faults)
	}
	var got []map[string]any
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if len(got) != len(want) {
		t.Fatalf("%d figures, want %d:\n%s", len(got), len(want), &out)
	}
	for i, w := range want {
		value, _ := got[i]["value"].(float64)
		ratio, _ := got[i]["ratio"].(float64)
		if diff := cmp.Diff(map[string]any{"name": w.name, "unit": w.unit, "target": w.target, "value": value, "ratio": ratio}, got[i]); diff != "" {
			t.Error(diff)
		}
		met := value / w.target
		if w.atMost {
			met = w.target / value
		}
		if value <= 0 || math.Abs(ratio-met) > 1e-9*met {
			t.Errorf("%s: %v of %v is a ratio of %v, want %v", w.name, value, w.target, ratio, met)
		}
	}
}

func TestBenchWritesATable(t *testing.T) {
	var out, faults bytes.Buffer
	if code := run(t.Context(), []string{"bench", "--articles", "10", "--hashes", "10", "--pages", "1"}, &shell{out: &out, err: &faults}); code != 0 {
		t.Fatalf("%d: %s", code, &faults)
	}
	for _, part := range []string{"ratio", "mfonda/simhash", "snapshot of 10 articles ready"} {
		if !strings.Contains(out.String(), part) {
			t.Errorf("no %q in\n%s", part, &out)
		}
	}
	if code := run(t.Context(), []string{"bench", "--articles", "0"}, &shell{out: &out, err: &faults}); code != 1 {
		t.Errorf("no articles: %d", code)
	}
}

// TestBenchOfAScan: all copies are found, whatever the speed is.
func TestBenchOfAScan(t *testing.T) {
	var out, faults bytes.Buffer
	code := run(t.Context(), []string{"bench", "--scan", "50", "--articles", "40", "--json"}, &shell{out: &out, err: &faults})
	var got []benchmark.Figure
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatalf("%d: %s%v", code, &faults, err)
	}
	if len(got) != 2 || got[1].Value != 100 || got[0].Value <= 0 || got[0].Target != 0.5 {
		t.Fatalf("got %+v", got)
	}
	if (got[0].Ratio < 1) != (code == 1) {
		t.Errorf("status %d at a ratio of %v", code, got[0].Ratio)
	}
	if code := run(t.Context(), []string{"bench", "--scan", "1", "--articles", "0"}, &shell{out: &out, err: &faults}); code != 1 {
		t.Errorf("no articles: %d", code)
	}
}

// benchData writes the sample paper as a folder for eval and bench, with two
// saved pages.
func benchData(t *testing.T) string {
	t.Helper()
	sample, err := demo.Load()
	if err != nil {
		t.Fatal(err)
	}
	var articles bytes.Buffer
	z := gzip.NewWriter(&articles)
	in := json.NewEncoder(z)
	for _, a := range sample.Articles {
		if err := in.Encode(map[string]string{"id": a.Name, "title": a.Headline, "text": strings.Join(a.Paragraphs, "\n")}); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	page := func(a *demo.Article) []byte {
		return fmt.Appendf(nil, "<!doctype html><meta charset=utf-8><title>%s</title><ul><li>临江新闻网首页</li><li>联系我们的编辑</li></ul><article><h1>%[1]s</h1><p>%s</p></article>",
			a.Headline, strings.Join(a.Paragraphs, "</p><p>"))
	}
	dir := t.TempDir()
	for name, content := range map[string][]byte{
		"articles/linjiang.jsonl.gz":  articles.Bytes(),
		"reuse/mined-pairs.tsv":       nil,
		"reuse/reworded.jsonl":        nil,
		"pages/various/bridge.html":   page(sample.Articles[0]),
		"pages/various/business.html": page(sample.Articles[1]),
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}
