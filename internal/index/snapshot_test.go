package index_test

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rightsdesk/internal/index"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

// house is a register whose index is loaded again and again.
type house struct {
	*testing.T
	db   *store.DB
	file string
	all  []*rights.Article
}

func newHouse(t *testing.T, articles int) *house {
	dir := t.TempDir()
	h := &house{T: t, db: open(t, filepath.Join(dir, "r.db")), file: filepath.Join(dir, "index.snapshot")}
	for n := range articles {
		h.all = append(h.all, article(n))
	}
	put(t, h.db, 0, h.all...)
	return h
}

// load returns the index, what was logged, and what ends it.
func (h *house) load() (x *index.Index, log string, end func()) {
	h.Helper()
	var b bytes.Buffer
	x, err := index.Load(h.Context(), index.Options{DB: h.db, File: h.file, Log: slog.New(slog.NewTextHandler(&b, nil))})
	if err != nil {
		h.Fatal(err)
	}
	return x, b.String(), func() {
		h.Helper()
		if err := x.Close(); err != nil {
			h.Error(err)
		}
	}
}

// reload checks how the index was got and that it finds all.
func (h *house) reload(how string) {
	h.Helper()
	x, log, end := h.load()
	defer end()
	if !strings.Contains(log, how) {
		h.Errorf("no %q in the log:\n%s", how, log)
	}
	if x.Len() != len(h.all) {
		h.Errorf("%d articles, want %d", x.Len(), len(h.all))
	}
	for i := 0; i < len(h.all); i += 37 {
		if !finds(h.T, x, h.all[i]) {
			h.Errorf("article %d is not found", i)
		}
	}
}

const (
	built  = `msg="index built"`
	opened = `msg="index opened"`
)

func TestSnapshot(t *testing.T) {
	h := newHouse(t, 300)
	h.reload(built)
	h.reload(opened)
	late, changed := article(300), article(301)
	h.all = append(h.all, late)
	changed.ID, h.all[0] = h.all[0].ID, changed
	put(t, h.db, 0, late, changed)
	h.reload(opened)

	left := h.file + ".7.tmp" // of a process that died in the middle
	if err := os.WriteFile(left, []byte("half a snapshot"), 0o600); err != nil {
		t.Fatal(err)
	}
	old := time.Now().Add(-48 * time.Hour)
	if err := os.Chtimes(left, old, old); err != nil {
		t.Fatal(err)
	}
	h.reload(opened)
	for n := 302; n < 600; n++ {
		h.all = append(h.all, article(n))
		put(t, h.db, 0, h.all[len(h.all)-1])
	}
	h.reload(opened)
	if _, err := os.Stat(left); !os.IsNotExist(err) {
		t.Errorf("what a dead process left is there: %v", err)
	}
	h.reload(opened)
}

func TestSnapshotOfNoUse(t *testing.T) {
	h := newHouse(t, 300)
	h.reload(built)
	good, err := os.ReadFile(h.file)
	if err != nil {
		t.Fatal(err)
	}
	for name, raw := range map[string][]byte{
		"empty":          {},
		"cut":            good[:len(good)/2],
		"a byte changed": append(append(bytes.Clone(good[:1000]), good[1000]^1), good[1001:]...),
		"instant":        append(append(bytes.Clone(good[:len(good)-9]), good[len(good)-9]^1), good[len(good)-8:]...),
	} {
		t.Run(name, func(t *testing.T) {
			if err := os.WriteFile(h.file, raw, 0o600); err != nil {
				t.Fatal(err)
			}
			h.T = t
			h.reload(built)
		})
	}
	h.T = t
	h.reload(opened)
	// Another register in the place of the one that the snapshot is of.
	other := newHouse(t, 20)
	other.file = h.file
	other.reload(built)
}
