package main

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"rightsdesk/fingerprints"
	"rightsdesk/internal/casework"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
	"rightsdesk/policies"
)

// TestReport writes the letter of a case from the command line.
func TestReport(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "rightsdesk.yaml")
	setting := fmt.Sprintf("data: %q\nkey_file: %q\npaper: {name: 临江日报, owner: 临江日报社, address: 临江市滨河路1号, contact: 版权管理部, website: http://epaper.linjiang.example/}\n", filepath.Join(dir, "data"), filepath.Join(dir, "proofs.key"))
	if err := os.WriteFile(file, []byte(setting), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	rightsdesk := func(args ...string) int {
		out.Reset()
		errs.Reset()
		return run(t.Context(), append([]string{"--config", file}, args...), &shell{out: &out, err: &errs})
	}
	if code := rightsdesk("report", "RD2026-0001"); code != 1 || !strings.Contains(errs.String(), "There is no case RD2026-0001") {
		t.Fatalf("%d: %s", code, &errs)
	}
	id := caseIn(t, filepath.Join(dir, "data", "rightsdesk.db"))
	if code := rightsdesk("report", id, "--out", filepath.Join(dir, "letters")); code != 0 {
		t.Fatalf("%d: %s", code, &errs)
	}
	want := regexp.MustCompile(`^Letter   侵权告知函, draft\nHTML     (\S+\.html)\nPDF      (\S+\.pdf)\nMissing  联系电话, 权属核验人\nUndrawn  \x{10FFFD} `)
	paths := want.FindStringSubmatch(out.String())
	if paths == nil {
		t.Fatal(out.String())
	}
	for i, begin := range []string{"<!doctype html>", "%PDF-"} {
		b, err := os.ReadFile(paths[i+1])
		if err != nil || !strings.HasPrefix(strings.ToLower(string(b[:min(len(b), 40)])), strings.ToLower(begin)) {
			t.Errorf("%s: %v", paths[i+1], err)
		}
	}
}

// caseIn puts an article and a case on it into the store.
func caseIn(t *testing.T, database string) string {
	t.Helper()
	db, err := store.Open(t.Context(), database, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	policy, err := policies.Default()
	if err != nil {
		t.Fatal(err)
	}
	text := "傍晚六点，旧港三号码头的第一盏灯亮了，守灯人老秦站在栈桥尽头，望着江面上最后一班轮渡缓缓靠岸。"
	size := utf8.RuneCountInString(text)
	a := &rights.Article{
		ID: "a-1", Paper: "临江日报", IssueDate: "2026-01-07", PageNo: "02", Headline: "老码头的灯又亮了", CreditLine: "本报记者 何小满", Paragraphs: []string{text},
		Segments: []rights.Segment{{End: size, Owner: rights.OwnerStaff, Basis: rights.BasisStaff}},
	}
	at := time.Date(2026, 1, 8, 1, 2, 3, 0, time.UTC)
	m := &rights.Match{
		URL: "http://www.yuncheng.example/1.html", ArticleID: a.ID, SeenAt: at,
		Found:    fingerprints.Match{Article: a.ID, Coverage: 1, PageCoverage: 1, LongestRun: size, Passages: []fingerprints.Passage{{Article: [2]int{0, size}, Page: [2]int{0, size}}}},
		Capture:  rights.Capture{Title: "灯亮了\U0010FFFD", Text: text, Digest: "aa"},
		Evidence: []rights.Evidence{{File: "x.warc.gz", Length: 1, SHA256: strings.Repeat("0", 64), URL: "http://www.yuncheng.example/1.html", FetchedAt: at}},
	}
	if m.Verdict, err = policy.Evaluate(policies.Facts{Matched: 40, MatchedOwn: 40, Containment: 1, Gross: 1}); err != nil {
		t.Fatal(err)
	}
	cases := casework.New(casework.Options{DB: db, Policy: policy})
	err = db.Update(t.Context(), func(tx *store.Tx) error {
		ctx := context.WithoutCancel(t.Context())
		if err := tx.PutArticle(ctx, a, ""); err != nil {
			return err
		}
		if _, err := cases.Open(ctx, tx, m, rights.Operator{Name: "云城网络传媒有限公司", Role: rights.RolePublisher}); err != nil {
			return err
		}
		_, err := tx.AddMatch(ctx, m)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return m.CaseID
}
