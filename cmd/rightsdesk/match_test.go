package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"rightsdesk/fingerprints"
)

const bridge = "滨江大桥昨日建成通车，首日有一万两千余辆车驶过桥面。大桥全长一千二百六十米，两侧留有步行道和自行车道，沿线四个公交站点同时启用。"

// write makes a file of lines and returns its path.
func write(t *testing.T, name string, lines ...string) string {
	t.Helper()
	at := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(at, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	return at
}

func object(t *testing.T, fields map[string]string) string {
	t.Helper()
	b, err := json.Marshal(fields)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestMatchKeepsTheOrder has pages whose answers take very different times.
func TestMatchKeepsTheOrder(t *testing.T) {
	articles := write(t, "a.jsonl", object(t, map[string]string{"id": "bridge", "text": bridge}))
	var pages []string
	for i := range 300 {
		text := "无关的短讯。"
		if i%7 == 0 {
			text = strings.Repeat("临江市昨日晴间多云。", 4000) + bridge
		}
		pages = append(pages, object(t, map[string]string{"id": strconv.Itoa(i), "text": text}))
		if i%50 == 0 {
			pages = append(pages, "{}")
		}
	}
	var out, faults bytes.Buffer
	code := run(t.Context(), []string{"match", "--articles", articles, "--pages", write(t, "p.jsonl", pages...)}, &shell{out: &out, err: &faults})
	if code != 1 || strings.Count(faults.String(), "id: is missing\n") != 6 {
		t.Errorf("status %d: %s", code, faults.String())
	}
	n := 0
	for line := range strings.Lines(out.String()) {
		var got found
		if err := json.Unmarshal([]byte(line), &got); err != nil {
			t.Fatal(err)
		}
		if got.Page != strconv.Itoa(n) || (len(got.Matches) == 1) != (n%7 == 0) || got.Text != nil {
			t.Errorf("line %d is %s", n, line)
		}
		n++
	}
	if n != 300 {
		t.Errorf("%d lines", n)
	}
}

// TestMatchReadsBytes has a page in GB18030 whose meta lies.
func TestMatchReadsBytes(t *testing.T) {
	markup := `<html><head><meta charset="utf-8"><title>新桥</title></head><body><h1>新桥通车</h1><div><p>` + bridge + `</p></div></body></html>`
	raw, err := simplifiedchinese.GB18030.NewEncoder().String(markup)
	if err != nil {
		t.Fatal(err)
	}
	file := write(t, "page.html", raw)
	articles := write(t, "a.jsonl", object(t, map[string]string{"id": "bridge", "text": bridge}))
	pages := write(t, "p.jsonl", "\ufeff"+object(t, map[string]string{"id": "gb", "file": file})+"\r")
	var out, faults bytes.Buffer
	if code := run(t.Context(), []string{"match", "--articles", articles, "--pages", pages}, &shell{out: &out, err: &faults}); code != 0 {
		t.Fatalf("status %d: %s", code, faults.String())
	}
	var got found
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Matches) != 1 || got.Matches[0].Coverage != 1 || got.Text == nil {
		t.Fatalf("got %s", out.String())
	}
	p := got.Matches[0].Passages[0]
	if text := []rune(*got.Text); string(text[p.Page[0]:p.Page[1]]) != strings.TrimSuffix(bridge, "。") || p.Article != [2]int{0, utf8.RuneCountInString(bridge) - 1} {
		t.Errorf("passage %v of %q", p, *got.Text)
	}
}

// TestMatchStopsWhenNobodyReads has an output that is closed.
func TestMatchStopsWhenNobodyReads(t *testing.T) {
	articles := write(t, "a.jsonl", object(t, map[string]string{"id": "bridge", "text": bridge}))
	pages := make([]string, 500)
	for i := range pages {
		pages[i] = object(t, map[string]string{"id": strconv.Itoa(i), "text": bridge})
	}
	r, w := io.Pipe()
	go func() {
		_, _ = r.Read(make([]byte, 10))
		r.Close()
	}()
	var faults bytes.Buffer
	code := run(t.Context(), []string{"match", "--articles", articles, "--pages", write(t, "p.jsonl", pages...)}, &shell{out: w, err: &faults})
	if code != 1 || !strings.Contains(faults.String(), io.ErrClosedPipe.Error()) {
		t.Errorf("status %d: %s", code, faults.String())
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	m := matcher{index: fingerprints.NewIndex(), shell: &shell{out: io.Discard, err: io.Discard}}
	if err := m.pages(ctx, "p", strings.NewReader(strings.Join(pages, "\n"))); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// TestLongLine has a line past the limit between two good ones.
func TestLongLine(t *testing.T) {
	good := object(t, map[string]string{"id": "good", "text": "x"})
	long := `{"id":"long","text":"` + strings.Repeat("长", maxLine/3) + `"}`
	var got []string
	err := readPages("p", strings.NewReader(good+"\n"+long+"\n"+good), func(p page, fault error) error {
		if fault != nil {
			got = append(got, fault.Error())
		} else {
			got = append(got, p.id)
		}
		return nil
	})
	if want := "good|p:2: json: the line is longer than 32 MiB|good"; err != nil || strings.Join(got, "|") != want {
		t.Errorf("got %.300q, %v", got, err)
	}
}

// FuzzReadMatch holds the readers to what they promise: every line that is not
// blank gives one record or one fault that names its line, in order.
func FuzzReadMatch(f *testing.F) {
	for _, seed := range []string{
		`{"id":"a","text":"x","published_at":"2026-03-09"}` + "\n" + `{"id":"a","html":"<p>"}`,
		"\ufeff{}\r\n\r\n null\n[1]\n\"x\"\n7", `{"id":"a","text":null,"file":"../x"}`, "\xff\n{\"id\":\"\xff\"}", `{"id":"a","text":"\ud800"}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		want := 0
		for i, line := range bytes.Split(raw, []byte("\n")) {
			if i == 0 {
				line = bytes.TrimPrefix(line, []byte("\ufeff"))
			}
			if len(bytes.TrimSpace(line)) > 0 {
				want++
			}
		}
		n, last := 0, 0
		check := func(id, text string, fault error) {
			n++
			var known *lineError
			switch {
			case fault == nil && (id == "" || !utf8.ValidString(id+text)):
				t.Errorf("record %q %q", id, text)
			case fault != nil && (!errors.As(fault, &known) || known.line <= last || known.field == "" || known.detail == ""):
				t.Errorf("fault %v after line %d", fault, last)
			case fault != nil:
				last = known.line
			}
		}
		seen := map[string]bool{}
		err := readArticles("f", bytes.NewReader(raw), func(a fingerprints.Article, fault error) error {
			check(a.ID, a.Text, fault)
			if fault == nil && seen[a.ID] {
				t.Errorf("%q came twice", a.ID)
			}
			seen[a.ID] = true
			return nil
		})
		if err != nil || n != want {
			t.Errorf("%d records and faults of %d articles, %v", n, want, err)
		}
		n, last = 0, 0
		err = readPages("f", bytes.NewReader(raw), func(p page, fault error) error {
			bodies := 0
			for _, body := range []*string{p.text, p.html, p.file} {
				if body != nil {
					bodies++
				}
			}
			if fault == nil && bodies != 1 {
				t.Errorf("a page with %d bodies", bodies)
			}
			check(p.id, p.url, fault)
			return nil
		})
		if err != nil || n != want {
			t.Errorf("%d records and faults of %d pages, %v", n, want, err)
		}
	})
}
