package world_test

import (
	"testing"
	"time"

	"rightsdesk/internal/world"
)

// TestTheLogTellsBadManners: a log that is kept right has no fault, each other
// one.
func TestTheLogTellsBadManners(t *testing.T) {
	const ms, s = time.Millisecond, time.Second
	for _, c := range []struct {
		name   string
		hits   []world.Hit
		faults int
	}{
		{"well", []world.Hit{{Path: "/a", Status: 200, Length: 10 * ms}, {Path: "/b", Status: 200, Start: 110 * ms}}, 0},
		{"too early", []world.Hit{{Path: "/a", Status: 200, Length: 10 * ms}, {Path: "/b", Status: 200, Start: 109 * ms}}, 1},
		{"two at once", []world.Hit{{Path: "/a", Status: 200, Length: 200 * ms}, {Path: "/b", Status: 200, Start: 150 * ms}}, 1},
		{"five times a slow answer", []world.Hit{{Path: "/a", Status: 200, Length: s}, {Path: "/b", Status: 200, Start: 6 * s}}, 0},
		{"four times a slow answer", []world.Hit{{Path: "/a", Status: 200, Length: s}, {Path: "/b", Status: 200, Start: 5 * s}}, 1},
		{"no back-off", []world.Hit{{Path: "/a", Status: 500}, {Path: "/b", Status: 200, Start: 150 * ms}}, 1},
		{"back-off", []world.Hit{{Path: "/a", Status: 500}, {Path: "/b", Status: 200, Start: 200 * ms}}, 0},
		{"back too early", []world.Hit{{Path: "/a", Status: 429, Retry: s}, {Path: "/b", Status: 200, Start: 900 * ms}}, 1},
		{"an endless answer", []world.Hit{{Path: "/a", Endless: true, Length: 9 * s}, {Path: "/b", Status: 200, Start: 100 * ms}}, 0},
		{"an answer that we gave up", []world.Hit{{Path: "/a", Status: 200, Length: 9 * s}, {Path: "/b", Status: 200, Start: 9 * s}}, 0},
		{"forbidden", []world.Hit{{Path: "/secret/1.html", Status: 200}}, 1},
	} {
		if m := world.MannersOf(100*ms, c.hits...); len(m.Faults) != c.faults {
			t.Errorf("%s: %q", c.name, m.Faults)
		}
	}
}
