package main

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"time"
)

// table is what is printed.
type table struct {
	Date      string   `json:"date"`
	Machine   string   `json:"machine"`
	Command   string   `json:"command"`
	Articles  int      `json:"articles"`
	Unrelated int      `json:"unrelated_pages"`
	Copies    int      `json:"copies"`
	Variants  []string `json:"variants"`
	Rows      []row    `json:"rows"`
}

// describe says what was measured, where and when.
func (t *table) describe(got *outcome) {
	t.Date, t.Machine = time.Now().UTC().Format(time.DateOnly), machine()
	t.Articles, t.Unrelated, t.Copies = got.Articles, got.Unrelated, len(got.Copies)
	for i, f := range got.Copies {
		if i == 0 || f.Variant != got.Copies[i-1].Variant {
			t.Variants = append(t.Variants, f.Variant)
		}
	}
}

func machine() string {
	raw, _ := os.ReadFile("/proc/cpuinfo")
	model := runtime.GOARCH
	for line := range strings.Lines(string(raw)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			model = strings.TrimSpace(value)
			break
		}
	}
	return fmt.Sprintf("%s, one core of %d, %s, %s", model, runtime.NumCPU(), runtime.GOOS, runtime.Version())
}

// print writes the table for reading: a column for each peer at each setting.
func (t *table) print(out io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, %s\n%s\n%d articles, %d unrelated pages, %d copies.\n\n", t.Date, t.Machine, t.Command, t.Articles, t.Unrelated, t.Copies)
	for i, r := range t.Rows {
		if i == 0 || r.Peer != t.Rows[i-1].Peer {
			fmt.Fprintf(&b, "     %s: %s\n", r.Peer, r.How)
		}
		fmt.Fprintf(&b, "%4s %s, from %.3g\n", letter(i), r.Setting, r.From)
	}
	const label = 40
	fmt.Fprintf(&b, "\n%-*s", label, "recall, %")
	for i := range t.Rows {
		fmt.Fprintf(&b, "%8s", letter(i))
	}
	line := func(name, format string, value func(r row) float64) {
		fmt.Fprintf(&b, "\n%-*s", label, name)
		for _, r := range t.Rows {
			fmt.Fprintf(&b, format, value(r))
		}
	}
	for _, v := range t.Variants {
		line(v, "%8.1f", func(r row) float64 { return r.Recall[v] })
	}
	line("mean", "%8.1f", func(r row) float64 { return r.Mean })
	b.WriteString("\n\nof unrelated pages")
	line("pairs reported per million", "%8.1f", func(r row) float64 { return r.Million })
	line("without pairs known to share text", "%8.1f", func(r row) float64 { return r.MillionOther })
	line("pages with a report, %", "%8.2f", func(r row) float64 { return r.Percent })
	b.WriteByte('\n')
	line("unrelated pages a second", "%8.0f", func(r row) float64 { return r.Unrelated })
	line("copies a second", "%8.0f", func(r row) float64 { return r.Copies })
	line("memory, MB", "%8.1f", func(r row) float64 { return r.Megabytes })
	b.WriteByte('\n')
	_, err := io.WriteString(out, b.String())
	return err
}

func letter(i int) string { return string(rune('A' + i)) }
