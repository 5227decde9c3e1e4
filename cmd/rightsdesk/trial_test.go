package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

// trialSites are hosts whose pages have articles of the paper here and there.
type trialSites struct {
	t        *testing.T
	hosts    int
	pages    int // of each host
	reprints map[string]bool
	texts    []string
	server   *httptest.Server

	mu      sync.Mutex
	asked   int
	log     map[string][]moment // by host
	atOnce  map[string]int
	doubled int // requests beside another to the same host
}

// moment is when a request came and when its answer was out.
type moment struct{ begun, ended time.Time }

func newTrialSites(t *testing.T, hosts, pages int) *trialSites {
	w := &trialSites{t: t, hosts: hosts, pages: pages, reprints: map[string]bool{}, log: map[string][]moment{}, atOnce: map[string]int{}}
	r := rand.New(rand.NewPCG(1e6, 1e6))
	for range 40 {
		w.texts = append(w.texts, trialText(r, 300))
	}
	for h := range hosts {
		for p := range pages {
			if (h+p)%10 == 0 {
				w.reprints[w.url(h, p)] = true
			}
		}
	}
	w.server = httptest.NewServer(http.HandlerFunc(w.serve))
	t.Cleanup(w.server.Close)
	return w
}

// trialText is text like no other.
func trialText(r *rand.Rand, n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteRune(rune(0x4E00 + r.IntN(6000)))
		if i%30 == 29 {
			b.WriteRune('。')
		}
	}
	return b.String()
}

func (w *trialSites) host(h int) string   { return fmt.Sprintf("www.site%02d.example", h) }
func (w *trialSites) url(h, p int) string { return fmt.Sprintf("http://%s/%d.html", w.host(h), p) }

func (w *trialSites) serve(rw http.ResponseWriter, r *http.Request) {
	begun := time.Now()
	w.mu.Lock()
	w.asked++
	w.atOnce[r.Host]++
	if w.atOnce[r.Host] > 1 {
		w.doubled++
	}
	w.mu.Unlock()
	var h, p int
	_, _ = fmt.Sscanf(r.Host, "www.site%d.example", &h)
	if n, _ := fmt.Sscanf(r.URL.Path, "/%d.html", &p); n != 1 {
		http.NotFound(rw, r)
	} else {
		text := trialText(rand.New(rand.NewPCG(uint64(h), uint64(p))), 400)
		if w.reprints[w.url(h, p)] {
			text = w.texts[(h*w.pages+p)%len(w.texts)]
		}
		rw.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(rw, `<title>%d_站点%d</title><h1>消息%d</h1><div class="content"><p>%s</p></div>`, p, h, p, text)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.atOnce[r.Host]--
	w.log[r.Host] = append(w.log[r.Host], moment{begun, time.Now()})
}

func (w *trialSites) requests() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.asked
}

// shortestRest is the least time between an answer of a host and the next
// request to it.
func (w *trialSites) shortestRest() time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	shortest := time.Hour
	for _, log := range w.log {
		for i := 1; i < len(log); i++ {
			shortest = min(shortest, log[i].begun.Sub(log[i-1].ended))
		}
	}
	return shortest
}

// configure writes the configuration and the articles of a machine.
func (w *trialSites) configure(dir, database string, delay time.Duration) (file string) {
	w.t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, "data: %q\nkey_file: %q\ndatabase: %q\nlisten: 127.0.0.1:0\n", filepath.Join(dir, "data"), filepath.Join(dir, "proofs.key"), database)
	fmt.Fprintf(&b, "paper: {name: 临江日报, owner: 临江日报社, website: \"http://epaper.linjiang.example/\"}\n")
	fmt.Fprintf(&b, "fetch:\n  delay: %s\n  allow: [127.0.0.0/8]\n  resolver:\n", delay)
	for h := range w.hosts {
		fmt.Fprintf(&b, "    %s: %q\n", w.host(h), w.server.Listener.Addr())
	}
	fmt.Fprintf(&b, "sources:\n")
	for h := range w.hosts {
		var urls []string
		for p := range w.pages {
			urls = append(urls, fmt.Sprintf("%q", w.url(h, p)))
		}
		fmt.Fprintf(&b, "  - {id: site%02d, name: 站点%d, kind: urls, urls: [%s], operator: {name: 站点公司, role: publisher}}\n", h, h, strings.Join(urls, ", "))
	}
	file = filepath.Join(dir, "rightsdesk.yaml")
	w.write(file, b.String())
	return file
}

// articles writes the register's articles as a file to import.
func (w *trialSites) articles(dir string) (file string) {
	var b strings.Builder
	for i, text := range w.texts {
		fmt.Fprintf(&b, `{"issue_date":"2026-01-07","page_no":"%02d","headline":"试验稿件第%d号","credit_line":"本报记者 何小满","bylines":["何小满"],"paragraphs":[%q]}`+"\n", i%8+1, i, text)
	}
	file = filepath.Join(dir, "articles.jsonl")
	w.write(file, b.String())
	return file
}

func (w *trialSites) write(file, text string) {
	w.t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// child is this program as a process of its own.
func child(ctx context.Context, args ...string) (*exec.Cmd, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, self)
	cmd.Args = append([]string{"rightsdesk"}, args...)
	return cmd, nil
}

// serveChild starts the service and returns when it says where it is.
func serveChild(t *testing.T, config string) *exec.Cmd {
	t.Helper()
	cmd, err := child(t.Context(), "--config", config, "serve")
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	log, err := os.Create(config + ".log")
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		t.Fatalf("%s: %q, %v", config, line, err)
	}
	go io.Copy(io.Discard, out) //nolint:errcheck // until it ends
	return cmd
}

func trialDB(t *testing.T, at string) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), at, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// casesOf are the URLs of the cases, each with how many matches and how many of its evidence
// records there are.
func casesOf(t *testing.T, db *store.DB) (cases map[string]string, matches []rights.Match) {
	t.Helper()
	cases = map[string]string{}
	err := db.View(t.Context(), func(tx *store.Tx) error {
		list, n, err := tx.Cases(t.Context(), store.CaseFilter{Limit: 100_000})
		if err != nil || n != len(list) {
			return fmt.Errorf("%d cases of %d: %w", len(list), n, err)
		}
		for _, c := range list {
			if before, ok := cases[c.URL]; ok {
				t.Errorf("%s has two cases: %s and %s", c.URL, before, c.ID)
			}
			cases[c.URL] = strings.Join(c.Articles, " ")
		}
		matches, err = tx.Matches(t.Context(), store.MatchFilter{Limit: 100_000})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return cases, matches
}
