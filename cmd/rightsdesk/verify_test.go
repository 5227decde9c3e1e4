package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"rightsdesk/config"
	"rightsdesk/internal/claims"
	"rightsdesk/internal/rights"
)

const quayText = "傍晚六点，旧港三号码头的第一盏灯亮了，守灯人老秦站在栈桥尽头，望着江面上最后一班轮渡缓缓靠岸。三十七年来，他每天都在这个时辰点灯，风雨无阻。去年码头停用，灯熄了整整一个冬天，江上的船家都说夜里少了个记号。今年开春，区里把栈桥修好，又把老秦请了回来。"

// watched is a configuration with one source, whose site answers on loopback.
func watched(t *testing.T) (file, data string) {
	t.Helper()
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/1.html":
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprintf(w, `<title>老码头的灯又亮了_云城网</title><h1>老码头的灯又亮了</h1><div class="content"><p>%s</p></div>`, quayText)
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(site.Close)
	dir := t.TempDir()
	file, data = filepath.Join(dir, "rightsdesk.yaml"), filepath.Join(dir, "data")
	setting := fmt.Sprintf(`data: %q
key_file: %q
listen: 127.0.0.1:0
paper: {name: 临江日报, owner: 临江日报社, website: "http://epaper.linjiang.example/"}
fetch: {delay: 0s, allow: [127.0.0.0/8], resolver: {www.yuncheng.example: %q}}
sources:
  - {id: yuncheng, name: 云城网, kind: urls, urls: ["http://www.yuncheng.example/1.html", "http://www.yuncheng.example/2.html"], operator: {name: 云城网络传媒有限公司, role: publisher}}
`, data, filepath.Join(dir, "proofs.key"), site.Listener.Addr())
	article := fmt.Sprintf(`{"issue_date":"2026-01-07","page_no":"02","headline":"老码头的灯又亮了","credit_line":"本报记者 何小满","bylines":["何小满"],"paragraphs":[%q]}`+"\n", quayText)
	for name, text := range map[string]string{file: setting, filepath.Join(dir, "articles.jsonl"): article} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if code, out, errs := command(t.Context(), t, "--config", file, "import", filepath.Join(dir, "articles.jsonl")); code != 0 {
		t.Fatalf("import: %s%s", out, errs)
	}
	return file, data
}

func TestSweep(t *testing.T) {
	t.Parallel()
	file, _ := watched(t)
	for i, want := range []string{"yuncheng  2      0          1           1        1          1", "yuncheng  2      1          0           0        0          1"} {
		code, out, errs := command(t.Context(), t, "--config", file, "sweep")
		if code != 0 || !strings.Contains(out, want) || !strings.Contains(out, "yuncheng: http://www.yuncheng.example/2.html: 对方服务器返回 404") {
			t.Errorf("sweep %d: status %d\n%s%s", i+1, code, out, errs)
		}
	}
}

// full is a data folder in which there is something of everything.
func full(t *testing.T) (file, data string) {
	t.Helper()
	file, data = watched(t)
	for _, args := range [][]string{{"sweep"}, {"report", "RD" + time.Now().In(rights.China).Format("2006") + "-0001"}} {
		if code, out, errs := command(t.Context(), t, append([]string{"--config", file}, args...)...); code != 0 {
			t.Fatalf("%v: %s%s", args, out, errs)
		}
	}
	cfg, err := config.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	a, err := open(t.Context(), cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer a.close() //nolint:errcheck // a test
	png := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), make([]byte, 200)...)
	_, _, err = a.claims.File(t.Context(), claims.Filing{
		Claimant: rights.Claimant{Name: "顾临川", Kind: "person", Email: "gu@mail.example", Phone: "13800000000", Address: "临江市滨河路9号"},
		Page:     "老码头的灯又亮了", AsGiven: true, Work: rights.ClaimWork{Title: "守灯人", Details: "2024年发表于个人博客"},
		Wrongs: []rights.Wrong{rights.WrongUnpaid}, Details: "刊用后未支付稿酬", Asked: []rights.Remedy{rights.RemedyPay}, Truth: true, Consent: true, ConsentID: true,
		Files: []claims.Upload{{Kind: rights.ProofIdentity, Name: "证件.png", Content: png}, {Kind: rights.ProofOwnership, Name: "底稿.png", Content: png}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return file, data
}

func TestVerify(t *testing.T) {
	t.Parallel()
	file, whole := full(t)
	before := listing(t, whole)
	for _, args := range [][]string{{"--config", file, "verify"}, {"verify", "--dir", whole}} {
		code, out, errs := command(t.Context(), t, args...)
		if code != 0 || !strings.HasSuffix(out, "all is as it was written\n") {
			t.Fatalf("%v: status %d\n%s%s", args, code, out, errs)
		}
		for _, want := range []string{"records in 1 files", "matches   1\n", "reports   1\n", "proofs    2\n"} {
			if !strings.Contains(out, want) {
				t.Errorf("the output lacks %q:\n%s", want, out)
			}
		}
	}
	if after := listing(t, whole); !slices.Equal(before, after) {
		t.Errorf("the folder was changed:\n%s\n%s", strings.Join(before, "\n"), strings.Join(after, "\n"))
	}
	for _, tt := range []struct {
		name   string
		damage func(dir string) error
		want   string // in the output
	}{
		{"a WARC", flipByte("evidence/*.warc.gz", ""), "changed: evidence/rightsdesk-"},
		{"the manifest", flipByte("evidence/manifest.jsonl", ""), "changed: evidence/manifest.jsonl"},
		{"a letter as PDF", flipByte("reports/*/*.pdf", ""), ".pdf: The file was changed: reports"},
		{"a letter as HTML", flipByte("reports/*/*.html", ""), ".html: The file was changed: reports"},
		{"a claimant's file", flipByte("proofs/*/*.age", ""), ".age: The file was changed: proofs/"},
		{"an event", flipByte("rightsdesk.db", `"action":"case.open`), "changed: event "},
		{"an event, so that it cannot be read", flipByte("rightsdesk.db", `"action":"case.opened"`), "changed: event "},
		{"the text of a match", flipByte("rightsdesk.db", `"capture":{"title":"`), "changed: match 1: "},
		{"a place in the evidence", flipByte("rightsdesk.db", `"evidence":[{"file":"rightsdesk-`), "changed: match 1: "},
		{"the structure of the database", flipByte("rightsdesk.db", "SQLite format 3"), "database"},
		{"a letter that is missing", remove("reports/*/*.pdf"), ".pdf: There is no file reports/"},
		{"a claimant's file that is missing", remove("proofs/*/*.age"), ".age: There is no file proofs/"},
		{"a WARC that is missing", remove("evidence/*.warc.gz"), "the file is missing"},
		{"no database", remove("rightsdesk.db"), "no such file or directory"},
		{"no manifest", remove("evidence/manifest.jsonl"), "changed: evidence/rightsdesk-"},
		{"no evidence", remove("evidence"), "changed: match 1: "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "data")
			if err := os.CopyFS(dir, os.DirFS(whole)); err != nil {
				t.Fatal(err)
			}
			if err := tt.damage(dir); err != nil {
				t.Fatal(err)
			}
			code, out, errs := command(t.Context(), t, "verify", "--dir", dir)
			if code != 1 || !strings.Contains(out+errs, tt.want) || strings.Contains(out, "all is as it was written") {
				t.Errorf("status %d, want 1 and %q:\n%s%s", code, tt.want, out, errs)
			}
		})
	}
	if code, out, errs := command(t.Context(), t, "verify", "--dir", t.TempDir()); code != 1 || !strings.Contains(errs, "is no data folder") {
		t.Errorf("an empty folder: status %d, %s%s", code, out, errs)
	}
}

// flipByte changes a byte of the first file of a pattern: in its middle, or the
// last one of a text in it.
func flipByte(pattern, text string) func(dir string) error {
	return func(dir string) error {
		names, err := filepath.Glob(filepath.Join(dir, filepath.FromSlash(pattern)))
		if err != nil || len(names) == 0 {
			return fmt.Errorf("%s: no file, %w", pattern, err)
		}
		b, err := os.ReadFile(names[0])
		if err != nil {
			return err
		}
		at := len(b) / 2
		if text != "" {
			if at = bytes.Index(b, []byte(text)); at < 0 {
				return fmt.Errorf("%s does not hold %q", pattern, text)
			}
			at += len(text)
			if text == "SQLite format 3" {
				at -= 5
			}
		}
		b[at] ^= 1
		return os.WriteFile(names[0], b, 0o600)
	}
}

func remove(pattern string) func(dir string) error {
	return func(dir string) error {
		names, err := filepath.Glob(filepath.Join(dir, filepath.FromSlash(pattern)))
		if err != nil || len(names) == 0 {
			return fmt.Errorf("%s: no file, %w", pattern, err)
		}
		return os.RemoveAll(names[0])
	}
}

// listing are the files below a folder with size and time.
func listing(t *testing.T, dir string) (list []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		list = append(list, fmt.Sprint(path, info.Size(), info.ModTime()))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestServe(t *testing.T) {
	t.Parallel()
	file, _ := watched(t)
	setting, err := os.OpenFile(file, os.O_APPEND|os.O_WRONLY, 0)
	if err == nil {
		_, err = setting.WriteString("\nmetrics: 127.0.0.1:0\n")
	}
	if err != nil {
		t.Fatal(err)
	}
	setting.Close()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var out, errs output
	done := make(chan int, 1)
	go func() {
		done <- run(ctx, []string{"--config", file, "serve", "--listen", "127.0.0.1:0"}, &shell{in: strings.NewReader(""), out: &out, err: &errs})
	}()
	for !strings.Contains(out.String(), "Nobody can log in yet") {
		select {
		case code := <-done:
			t.Fatalf("ended with status %d: %s", code, errs.String())
		case <-time.After(10 * time.Millisecond):
		}
	}
	get := func(address string) string {
		t.Helper()
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil || resp.StatusCode != http.StatusOK {
			t.Errorf("%s: status %d, %v", address, resp.StatusCode, err)
		}
		return string(body)
	}
	where := regexp.MustCompile(`Metrics are at (\S+)\nRightsdesk is at (\S+)\n`).FindStringSubmatch(out.String())
	if where == nil {
		t.Fatalf("it says %q", out.String())
	}
	get(where[2] + "healthz")
	get(where[2] + "readyz")
	figures := get(where[1])
	for _, want := range []string{
		`rightsdesk_http_request_seconds_count{method="GET",route="/readyz",status="200"} 1`,
		"rightsdesk_database_up 1", "rightsdesk_register_articles ", "rightsdesk_index_articles ", "rightsdesk_jobs_pending 0", "go_goroutines ",
	} {
		if !strings.Contains(figures, want) {
			t.Errorf("the figures have no %s:\n%s", want, figures)
		}
	}
	for _, args := range [][]string{{"sweep"}, {"serve"}} {
		if code, _, errs := command(t.Context(), t, append([]string{"--config", file}, args...)...); code != 1 || !strings.Contains(errs, "the service is running on this data folder") {
			t.Errorf("%v beside the service: status %d, %s", args, code, errs)
		}
	}
	stop()
	if code := <-done; code != 0 {
		t.Errorf("the service ended with status %d: %s", code, errs.String())
	}
	if code, _, errs := command(t.Context(), t, "--config", file, "sweep"); code != 0 {
		t.Errorf("after the service: status %d, %s", code, errs)
	}
}
