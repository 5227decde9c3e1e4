package rights_test

import (
	"testing"
	"time"

	"rightsdesk/internal/rights"
)

// looks counts how often a page is looked at in the month that begins on a day
// of its life, by sweeps every half hour.
func looks(changes func(look int) bool, matches int) (perMonth [7]int) {
	first := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	p := rights.Page{FirstSeen: first, Matches: matches}
	n := 0
	for at := first; at.Before(first.AddDate(0, 0, 210)); at = at.Add(30 * time.Minute) {
		if !p.Due(at, 180) {
			continue
		}
		if n++; changes(n) {
			p.Differs(at)
		} else {
			p.Same(at)
		}
		perMonth[int(at.Sub(first).Hours()/24/30)]++
	}
	return perMonth
}

func TestPagesAreFollowedEverMoreRarely(t *testing.T) {
	same := looks(func(int) bool { return false }, 0)
	always := looks(func(int) bool { return true }, 0)
	ours := looks(func(int) bool { return false }, 1)
	t.Log(same, always, ours)
	if same[0] < 144 || same[0] > 200 {
		t.Errorf("%d looks in the first month; its first three days have 144 sweeps", same[0])
	}
	for i := 1; i < len(same)-1; i++ {
		if same[i] > same[i-1] || same[i] > 8 {
			t.Errorf("a page that stays as it is: %v", same)
		}
	}
	if always[2] <= same[2] || always[3] <= same[3] {
		t.Errorf("a page that always changes is not looked at more often: %v, %v", always, same)
	}
	if same[6] != 0 || always[6] != 0 {
		t.Errorf("looked at after the window: %v, %v", same, always)
	}
	if ours[5] < 4 || ours[6] < 4 {
		t.Errorf("a page with text of ours is looked at once a week: %v", ours)
	}
}
