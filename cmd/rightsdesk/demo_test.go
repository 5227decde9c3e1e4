package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/cookiejar"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// output is what a command writes, readable while it runs.
type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

// command runs a command line to its end.
func command(ctx context.Context, t *testing.T, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e output
	code = run(ctx, args, &shell{in: strings.NewReader(""), out: &o, err: &e})
	return code, o.String(), e.String()
}

func TestDemoOnce(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	code, out, errs := command(t.Context(), t, "demo", "--once", "--dir", dir)
	if code != 0 {
		t.Fatalf("status %d, %s\n%s", code, errs, out)
	}
	for _, want := range []string{
		"16 created", "本报自有传播", "已获授权", "已署名的未授权转载", "未注明来源或作者", "标题改动", "内容改动", "部分转载", "仅标题或链接",
		"可能为适当引用", "通讯社稿件", "第三方权利稿件", "对方发表在先", "时事性文章，弱声明", "疑似改写", "robots.txt", "侵权告知函", "侵权通知书", "RC20",
		"all 33 pages came out as the demo's texts say they must",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("the output lacks %q:\n%s", want, out)
		}
	}
	letters := regexp.MustCompile(`reports/\S+\.pdf`).FindAllString(out, -1)
	if len(letters) != 13 {
		t.Errorf("%d letters, want 13", len(letters))
	}
	for _, file := range letters {
		pdf, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(file)))
		if err != nil || !bytes.HasPrefix(pdf, []byte("%PDF-")) || len(pdf) < 10<<10 {
			t.Errorf("%s: %d bytes, %v", file, len(pdf), err)
		}
		page, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(strings.TrimSuffix(file, "pdf")+"html")))
		if err != nil || !bytes.Contains(page, []byte("临江日报社")) {
			t.Errorf("%s as HTML: %v", file, err)
		}
	}
	if code, out, errs := command(t.Context(), t, "verify", "--dir", dir, "--roots", dir+".roots.pem"); code != 0 {
		t.Fatalf("verify: status %d, %s%s", code, errs, out)
	}
	record := flip(t, dir)
	if code, out, errs := command(t.Context(), t, "verify", "--dir", dir, "--roots", dir+".roots.pem"); code == 0 || !strings.Contains(out+errs, record) {
		t.Errorf("a flipped byte in %s: status %d, %s%s", record, code, errs, out)
	}
	if code, _, errs := command(t.Context(), t, "demo", "--once", "--dir", dir); code != 1 || !strings.Contains(errs, "is not empty") {
		t.Errorf("a folder in use: status %d, %s", code, errs)
	}
}

// flip changes one byte in the middle of a record of the evidence and returns
// the record's ID.
func flip(t *testing.T, dir string) string {
	t.Helper()
	manifest, err := os.Open(filepath.Join(dir, "evidence", "manifest.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer manifest.Close()
	var line struct {
		File   string `json:"file"`
		Offset int64  `json:"offset"`
		Length int64  `json:"length"`
		ID     string `json:"record_id"`
		Type   string `json:"type"`
	}
	for lines := bufio.NewScanner(manifest); line.Type != "response" && lines.Scan(); {
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(dir, "evidence", line.File)
	if err := os.Chmod(path, 0o600); err != nil { // sealed
		t.Fatal(err)
	}
	warc, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer warc.Close()
	at, b := line.Offset+line.Length/2, make([]byte, 1)
	if _, err := warc.ReadAt(b, at); err != nil {
		t.Fatal(err)
	}
	b[0] ^= 1
	if _, err := warc.WriteAt(b, at); err != nil {
		t.Fatal(err)
	}
	return line.ID
}

// demoService is the demo as it serves.
type demoService struct {
	dir                                 string // the data folder
	reviewer, counsel, claimant, public string // the links that it prints
}

// serveDemo runs the demo until the test ends.
func serveDemo(t *testing.T) demoService {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var out, errs output
	done := make(chan int, 1)
	d := demoService{dir: filepath.Join(t.TempDir(), "data")}
	go func() {
		done <- run(ctx, []string{"demo", "--dir", d.dir}, &shell{in: strings.NewReader(""), out: &out, err: &errs})
	}()
	for !strings.Contains(out.String(), "Press Ctrl-C") {
		select {
		case code := <-done:
			t.Fatalf("ended with status %d: %s\n%s", code, errs.String(), out.String())
		case <-time.After(20 * time.Millisecond):
		}
	}
	t.Cleanup(func() {
		cancel()
		if code := <-done; code != 0 {
			t.Errorf("interrupted, it ended with status %d: %s", code, errs.String())
		}
	})
	links := regexp.MustCompile(`(?:Desk as (?:reviewer|counsel) |Claimant's page|Public pages) +(http://\S+)`).FindAllStringSubmatch(out.String(), -1)
	if len(links) != 4 {
		t.Fatalf("links %q in\n%s", links, out.String())
	}
	d.reviewer, d.counsel, d.claimant, d.public = links[0][1], links[1][1], links[2][1], links[3][1]
	return d
}

func TestDemoServes(t *testing.T) {
	t.Parallel()
	d := serveDemo(t)
	for link, want := range map[string]string{d.reviewer: "沈知远", d.counsel: "顾闻笙", d.claimant: "RC20", d.public: "免责声明"} {
		jar, err := cookiejar.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		client := http.Client{Jar: jar}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, link, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Accept-Language", "zh-CN")
		resp, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		var page bytes.Buffer
		_, err = page.ReadFrom(resp.Body)
		resp.Body.Close()
		if err != nil || resp.StatusCode != http.StatusOK || !strings.Contains(page.String(), want) {
			t.Errorf("%s: status %d, %v, wants %q in\n%s", link, resp.StatusCode, err, want, page.String())
		}
	}
}
