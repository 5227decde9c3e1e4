package world_test

import (
	"log/slog"
	"testing"
	"time"

	"rightsdesk/internal/world"
)

// TestSmallWorld goes through a world with every kind of source and most of the
// misdeeds.
func TestSmallWorld(t *testing.T) {
	r, err := world.Run(t.Context(), world.Options{
		Dir: t.TempDir(), Hosts: 6, Pages: 40, Reprints: 20, Articles: 40, Seed: 7,
		Rest: 20 * time.Millisecond, Timeout: 500 * time.Millisecond, MaxBytes: 1 << 20, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	if list := r.Shortfalls(); len(list) > 0 {
		t.Errorf("%q\n%s", list, r.Text())
	}
	if r.Found != 20 || r.Misbehaving != 12 || r.Traps == 0 || len(r.Failures) == 0 || r.Manners.Requests < 240 {
		t.Errorf("\n%s", r.Text())
	}
}
