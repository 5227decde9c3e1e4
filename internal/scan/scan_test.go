package scan_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rightsdesk/internal/index"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/scan"
	"rightsdesk/internal/store"
)

const (
	bridge = "滨江大桥今晨六点开放通行，头一辆驶上桥面的是城北果园的送货车。守桥人老魏说，他在渡口摆了三十一年船，昨夜把橹擦干净，挂在了东墙上。两岸的人从此不必再看潮水的脸色。\n建桥的图纸改过十一稿，最难的是江心那座墩：水下是一层淤泥，一层卵石，再往下才是岩。施工队等了两个枯水期，把桩一根根送到岩上。"
	lamps  = "夜读间的灯是书屋管理员苏晚晴自己换的，灯罩用旧窗纱糊成，光落在纸上不晃眼。来得最勤的是豆腐坊的学徒，他每晚九点收工，洗净手，读到十点半。书架上的册子多是街坊送来的，扉页留着各人的名字。\n入冬后她添了一只煤炉，炉边放两条长凳，谁先到谁坐。灯亮着的晚上，巷口的猫也进来取暖。"
)

// register is an index of the two articles.
func register(tb testing.TB) *index.Index {
	tb.Helper()
	ctx := context.WithoutCancel(tb.Context()) // the index reads texts for as long as it lives
	db, err := store.Open(ctx, filepath.Join(tb.TempDir(), "r.db"), slog.New(slog.DiscardHandler))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { db.Close() })
	for id, text := range map[string]string{"bridge": bridge, "lamps": lamps} {
		a := &rights.Article{ID: id, Paper: "临江日报", IssueDate: "2026-03-10", PageNo: "01", Headline: id, Paragraphs: strings.Split(text, "\n")}
		if err := db.Update(ctx, func(tx *store.Tx) error { return tx.PutArticle(ctx, a, id) }); err != nil {
			tb.Fatal(err)
		}
	}
	x, err := index.Load(ctx, index.Options{DB: db, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		tb.Fatal(err)
	}
	return x
}

func html(title, text string) string {
	return "<html><head><title>" + title + "</title></head><body><div>首页 新闻</div><p>" + strings.ReplaceAll(text, "\n", "</p><p>") + "</p></body></html>"
}

func other(i int) string {
	return html("天气", fmt.Sprintf("云城第%d号观测点昨日有雨，江面水位平稳，气象部门说未来三天多云转晴，出门的人不必带伞。", i))
}

func record(kind, url, contentType, block string) string {
	return fmt.Sprintf("WARC/1.0\r\nWARC-Type: %s\r\nWARC-Target-URI: %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n", kind, url, contentType, len(block), block)
}

func response(url, head, body string) string {
	return record("response", url, "application/http; msgtype=response", "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"+head+"\r\n"+body)
}

func gzipped(parts ...string) string {
	var b bytes.Buffer
	for _, p := range parts { // a member each, as archives have
		z := gzip.NewWriter(&b)
		_, _ = z.Write([]byte(p))
		_ = z.Close()
	}
	return b.String()
}

// write puts files into a folder.
func write(tb testing.TB, files map[string]string) string {
	tb.Helper()
	dir := tb.TempDir()
	for name, body := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			tb.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
			tb.Fatal(err)
		}
	}
	return dir
}

// found are the lines of an output: "file#record url articles".
func found(t *testing.T, out string) (list []string) {
	t.Helper()
	b, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		var f scan.Finding
		if err := json.Unmarshal([]byte(line), &f); err != nil {
			t.Fatal(err)
		}
		var articles []string
		for _, m := range f.Matches {
			articles = append(articles, m.Article)
		}
		list = append(list, fmt.Sprintf("%s#%d %s %s", filepath.Base(f.File), f.Record, f.URL, strings.Join(articles, ",")))
	}
	return list
}

func TestScan(t *testing.T) {
	warc := []string{
		record("warcinfo", "", "application/warc-fields", "software: x\r\n"),
		response("http://a.example/1", "", html("通车", bridge)),
		record("request", "http://a.example/1", "application/http; msgtype=request", "GET / HTTP/1.1\r\n\r\n"),
		response("http://a.example/2", "", other(1)),
		response("http://a.example/3", "Content-Encoding: gzip\r\n", gzipped(html("灯", lamps))),
		record("response", "http://a.example/4", "application/http; msgtype=response", "HTTP/1.1 404 Not Found\r\n\r\n"+html("通车", bridge)),
		record("response", "http://a.example/5", "application/http; msgtype=response", "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n"+bridge),
		record("resource", "http://a.example/6", "text/html", html("通车和灯", bridge+"\n"+lamps)),
	}
	dir := write(t, map[string]string{
		"a.warc.gz":     gzipped(warc...),
		"b.warc":        strings.Join(warc, ""),
		"c.wet.gz":      gzipped(record("warcinfo", "", "application/warc-fields", ""), record("conversion", "http://b.example/1", "text/plain", "通车\n"+bridge), record("conversion", "http://b.example/2", "text/plain", "天气")),
		"d/page.html":   "<!-- saved from url=(0021)http://c.example/1 -->\n" + html("灯", lamps),
		"d/other.htm":   other(2),
		"d/notes.txt":   "抄录：\n" + bridge,
		"d/picture.jpg": html("灯", lamps),
		"e.warc.gz":     gzipped(warc...)[:200] + "torn",
	})
	out := filepath.Join(t.TempDir(), "out.jsonl")
	counts, err := scan.Run(t.Context(), scan.Options{Paths: []string{dir}, Out: out, Index: register(t)})
	if err == nil || !strings.Contains(err.Error(), "e.warc.gz") {
		t.Errorf("the torn file: %v", err)
	}
	same := func(name string, at ...string) (list []string) {
		for _, a := range at {
			list = append(list, name+a)
		}
		return list
	}
	want := same("a.warc.gz", "#1 http://a.example/1 bridge", "#4 http://a.example/3 lamps", "#7 http://a.example/6 bridge,lamps")
	want = append(want, same("b.warc", "#1 http://a.example/1 bridge", "#4 http://a.example/3 lamps", "#7 http://a.example/6 bridge,lamps")...)
	want = append(want, "c.wet.gz#1 http://b.example/1 bridge", "notes.txt#0 file:"+dir+"/d/notes.txt bridge", "page.html#0 http://c.example/1 lamps")
	if diff := cmp.Diff(want, found(t, out)); diff != "" {
		t.Error(diff)
	}
	if counts.Files != 7 || counts.Damaged != 1 || counts.Matched != len(want) {
		t.Errorf("%+v", counts)
	}
}

// TestABrokenScanGoesOn: broken off again and again, it leaves what one run does.
func TestABrokenScanGoesOn(t *testing.T) {
	files := map[string]string{}
	for f := range 4 {
		var parts []string
		for i := range 40 {
			body := other(f*100 + i)
			if i%7 == 3 {
				body = html("通车", bridge)
			}
			parts = append(parts, response(fmt.Sprintf("http://a.example/%d/%d", f, i), "", body))
		}
		files[fmt.Sprintf("%d.warc.gz", f)] = gzipped(parts...)
	}
	dir, x := write(t, files), register(t)
	whole, broken := filepath.Join(t.TempDir(), "whole.jsonl"), filepath.Join(t.TempDir(), "broken.jsonl")
	want, err := scan.Run(t.Context(), scan.Options{Paths: []string{dir}, Out: whole, Index: x})
	if err != nil {
		t.Fatal(err)
	}
	for runs := 0; ; runs++ {
		ctx, cancel := context.WithCancel(t.Context())
		after := int64(500 * (runs + 1)) // bytes
		counts, err := scan.Run(ctx, scan.Options{Paths: []string{dir}, Out: broken, Index: x, Progress: func(done, _ int64, _ string) {
			if done > after {
				cancel()
			}
		}})
		cancel()
		if err == nil {
			if counts != want || runs == 0 {
				t.Errorf("after %d breaks %+v, want %+v", runs, counts, want)
			}
			break
		}
		if !errors.Is(err, context.Canceled) || runs > 1000 {
			t.Fatal(err)
		}
		// A break tears the last line.
		f, err := os.OpenFile(broken, os.O_APPEND|os.O_WRONLY, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = f.WriteString(`{"file":"`)
		f.Close()
	}
	a, _ := os.ReadFile(whole)
	b, _ := os.ReadFile(broken)
	if len(a) == 0 || !bytes.Equal(a, b) {
		t.Errorf("the outputs differ: %d and %d bytes", len(a), len(b))
	}
	again, err := scan.Run(t.Context(), scan.Options{Paths: []string{dir}, Out: broken, Index: x})
	if err != nil || again != want {
		t.Errorf("a scan that is done: %+v, %v", again, err)
	}
	if err := scan.Forget(broken); err != nil {
		t.Fatal(err)
	}
	if anew, err := scan.Run(t.Context(), scan.Options{Paths: []string{dir}, Out: broken, Index: x}); err != nil || anew != want {
		t.Errorf("begun anew: %+v, %v", anew, err)
	}
}

func FuzzScan(f *testing.F) {
	f.Add([]byte(record("response", "http://a.example/", "application/http", "HTTP/1.1 200 OK\r\n\r\nx")))
	f.Add([]byte(gzipped(record("conversion", "http://a.example/", "text/plain", "x"))))
	f.Add([]byte("WARC/1.0\r\nContent-Length: 99999999999999\r\n\r\nx"))
	f.Add([]byte("<html>"))
	dir, out, x := f.TempDir(), filepath.Join(f.TempDir(), "out"), register(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		path := filepath.Join(dir, "a.warc")
		if err := os.WriteFile(path, body, 0o600); err != nil {
			t.Fatal(err)
		}
		if counts, err := scan.Run(t.Context(), scan.Options{Paths: []string{path}, Out: out, Index: x}); err != nil && counts.Damaged != 1 {
			t.Fatal(err)
		}
		if err := scan.Forget(out); err != nil {
			t.Fatal(err)
		}
	})
}
