package catalog_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rightsdesk/internal/catalog"
	"rightsdesk/internal/extract"
	"rightsdesk/internal/rights"
)

func (h house) load(t *testing.T, opt catalog.Options, paths ...string) catalog.Imported {
	t.Helper()
	got, err := h.catalog.Import(t.Context(), importer(), paths, opt)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// faults checks that each fault holds all its words, and that there is no other.
func faults(t *testing.T, got []error, want ...[]string) {
	t.Helper()
	for i, err := range got {
		if i >= len(want) {
			t.Errorf("fault %v", err)
			continue
		}
		for _, word := range want[i] {
			if !strings.Contains(err.Error(), word) {
				t.Errorf("fault %q does not name %s", err, word)
			}
		}
	}
	if len(got) < len(want) {
		t.Errorf("%d faults, want %d", len(got), len(want))
	}
}

func TestImportPlainText(t *testing.T) {
	h := open(t)
	opt := catalog.Options{Options: extract.Options{IssueDate: "2026-03-09"}}
	got := h.load(t, opt, "../extract/testdata/linjiang.txt")
	faults(t, got.Faults)
	list := h.all(t)
	if got.Created != 1 || len(list) != 1 {
		t.Fatalf("got %+v", got)
	}
	a := list[0]
	if a.Paper != "临江日报" || a.Headline != "江畔新桥通车 两岸居民出行省时" || a.PageNo != "03" || a.PageName != "民生·城事" ||
		a.IssueDate != "2026-03-09" || a.Reservation().Strength != rights.StrengthStrong || a.Segments[0].Owner != rights.OwnerStaff {
		t.Errorf("registered %+v", a)
	}
}

func TestImportFolderTwice(t *testing.T) {
	h := open(t)
	opt := catalog.Options{Options: extract.Options{BaseURL: "https://epaper.linjiang.example/html"}}
	for _, want := range []catalog.Imported{
		{Files: 5, Layouts: 1, Skipped: 1, Created: 5},
		{Files: 5, Layouts: 1, Skipped: 1, Unchanged: 5},
	} {
		got := h.load(t, opt, "testdata")
		faults(t, got.Faults, []string{"testdata/records.jsonl:2", "paragraphs"}, []string{"testdata/records.jsonl:3", "genre"})
		got.Faults = nil
		if got.Files != want.Files || got.Layouts != want.Layouts || got.Skipped != want.Skipped ||
			got.Created != want.Created || got.Updated != 0 || got.Unchanged != want.Unchanged {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
	urls := map[string]string{}
	owners := map[string]rights.Owner{}
	for _, a := range h.all(t) {
		urls[a.Headline], owners[a.Headline] = a.URL, a.Segments[0].Owner
		if n := len(h.events(t, a.ID)); n != 1 {
			t.Errorf("%s has %d events", a.Headline, n)
		}
	}
	for headline, url := range map[string]string{
		"老码头改作河滨书房 夜读灯亮到十点":    "https://epaper.linjiang.example/html/epaper/2026-03/09/content_301.htm",
		"三月下旬两江沿线有中到大雨":        "https://epaper.linjiang.example/html/epaper/2026-03/09/content_302.htm",
		"古镇织锦进了职校课堂":           "https://news.linjiang.example/2026/0311/zj.html",
		"春灌提前一周开闸 三十万亩麦田喝上头道水": "",
	} {
		if got, ok := urls[headline]; !ok || got != url {
			t.Errorf("%s has the address %q, want %q", headline, got, url)
		}
	}
	if owners["三月下旬两江沿线有中到大雨"] != rights.OwnerWire || owners["老码头改作河滨书房 夜读灯亮到十点"] != rights.OwnerStaff {
		t.Errorf("owners %v", owners)
	}
	if h.index.Len() != 5 {
		t.Errorf("%d articles in the index", h.index.Len())
	}
}

func TestImportLayoutWithoutItsArticles(t *testing.T) {
	page := "testdata/epaper/2026-03/09/"
	h := open(t)
	got := h.load(t, catalog.Options{}, page+"node_3.htm")
	faults(t, got.Faults, []string{"node_3.htm", "版面页", "2"})
	got = h.load(t, catalog.Options{}, page+"node_3.htm", page+"content_301.htm")
	faults(t, got.Faults, []string{"node_3.htm", "其中 1 篇"})
	if got.Created != 1 || got.Layouts != 0 {
		t.Errorf("got %+v", got)
	}
}

func TestImportAddressOfOneFile(t *testing.T) {
	h := open(t)
	address := "https://epaper.linjiang.example/2026/301.htm"
	h.load(t, catalog.Options{Options: extract.Options{BaseURL: address}}, "testdata/epaper/2026-03/09/content_301.htm")
	h.load(t, catalog.Options{Options: extract.Options{BaseURL: "https://epaper.linjiang.example/2026/"}}, "testdata/epaper/2026-03/09/content_302.htm")
	for _, a := range h.all(t) {
		if a.URL != address && a.URL != "https://epaper.linjiang.example/2026/content_302.htm" {
			t.Errorf("%s has the address %s", a.Headline, a.URL)
		}
	}
}

func TestImportGoesOnAfterFaults(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"a/empty.txt":   "",
		"a/form.html":   "<html><body><form>没有稿件</form></body></html>",
		"a/.hidden.txt": "x",
		"a/b/good.json": `{"issue_date":"2026-03-09","page_no":"01","headline":"题目","paragraphs":["正文一段。"]}`,
		"none/x.css":    "a{}",
	} {
		at := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(at), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	h := open(t)
	var done, total int
	opt := catalog.Options{Progress: func(d, n int, _ string) {
		if d < done || d > n {
			t.Errorf("progress goes from %d to %d of %d", done, d, n)
		}
		done, total = d, n
	}}
	good := filepath.Join(dir, "a", "b", "good.json")
	got := h.load(t, opt, filepath.Join(dir, "missing.txt"), filepath.Join(dir, "a"), filepath.Join(dir, "none"), good)
	faults(t, got.Faults, []string{"missing.txt", "无法读取"}, []string{"none"}, []string{"empty.txt", "空"}, []string{"form.html"})
	if got.Created != 1 || got.Files != 3 || got.Unchanged != 0 {
		t.Errorf("got %+v", got)
	}
	if done != total || total == 0 {
		t.Errorf("progress ends at %d of %d", done, total)
	}
	if !errors.Is(got.Faults[0], os.ErrNotExist) {
		t.Errorf("the cause is lost: %v", got.Faults[0])
	}
}

func TestImportEnds(t *testing.T) {
	h := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	opt := catalog.Options{Progress: func(done, _ int, _ string) {
		if done > 0 {
			cancel() // after the first record
		}
	}}
	got, err := h.catalog.Import(ctx, importer(), []string{"testdata/records.jsonl"}, opt)
	if !errors.Is(err, context.Canceled) || got.Created != 1 || len(h.all(t)) != 1 {
		t.Errorf("got %+v, %v", got, err)
	}
	for _, opt := range []extract.Options{{IssueDate: "2026-3-9"}, {BaseURL: "epaper.example"}, {BaseURL: "file:///x"}} {
		if _, err := h.catalog.Import(t.Context(), importer(), []string{"testdata"}, catalog.Options{Options: opt}); rights.KindOf(err) != rights.Invalid {
			t.Errorf("%+v: got %v", opt, err)
		}
	}
}
