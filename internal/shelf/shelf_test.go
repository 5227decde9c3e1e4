package shelf_test

import (
	"log/slog"
	"path/filepath"
	"strings"
	"testing"

	"rightsdesk/internal/evidence"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/shelf"
	"rightsdesk/internal/store"
)

// TestRemovedElsewhere: of a file that another machine had removed, this one names the
// decision.
func TestRemovedElsewhere(t *testing.T) {
	dir := t.TempDir()
	db, err := store.Open(t.Context(), filepath.Join(dir, "rightsdesk.db"), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	const file = "rightsdesk-20261124-00001-b.warc.gz"
	err = db.Update(t.Context(), func(tx *store.Tx) error {
		seal := rights.Seal{Subject: "evidence/" + file, SHA256: strings.Repeat("a", 64)}
		if _, err := tx.AddSeal(t.Context(), &seal); err != nil {
			return err
		}
		return tx.AddEvent(t.Context(), &rights.Event{
			Subject: seal.Subject, Action: rights.ActionDiscarded, Actor: "gu", Name: "顾闻笙", To: seal.SHA256, Reason: "保存期满",
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	s := shelf.Shelf{DB: db, Dir: dir, Machine: "a"}
	ref := evidence.Ref{File: file, Length: 1, RecordID: "urn:uuid:1"}
	if _, err := s.Evidence().Read(t.Context(), ref); rights.KindOf(err) != rights.NotFound || !strings.Contains(err.Error(), "顾闻笙") {
		t.Errorf("%v", err)
	}
	ref.File = "rightsdesk-20261125-00001-b.warc.gz"
	if _, err := s.Evidence().Read(t.Context(), ref); rights.KindOf(err) != rights.Unavailable {
		t.Errorf("a file that is only away: %v", err)
	}
}
