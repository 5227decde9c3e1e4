package rights

import "time"

// How often a page is looked at again. In its first days every sweep looks; after
// that the older it is the rarer, more rarely while it stays as it is and more
// often when it changes.
const (
	denseDays   = 3
	ageParts    = 8 // a page is looked at about so many times while its age doubles
	leastPause  = 6 * time.Hour
	mostPause   = 60 * 24 * time.Hour
	matchPause  = 7 * 24 * time.Hour // at most, for a page with text of ours
	slowerBy    = 1.4
	fasterBy    = 0.8
	widestDrift = 4 // by how much the pause may stray from that of the age
)

// Same sets when to look again after a look at which the page was as before.
func (p *Page) Same(at time.Time) { p.rest(at, slowerBy) }

// Differs sets when to look again after a look at which the page had changed.
func (p *Page) Differs(at time.Time) {
	p.ChangedAt = &at
	p.rest(at, fasterBy)
}

func (p *Page) rest(at time.Time, drift float64) {
	age := at.Sub(p.FirstSeen)
	if age < denseDays*24*time.Hour {
		p.Pause, p.NextLook = 0, nil
		return
	}
	base := age / ageParts
	pause := time.Duration(p.Pause) * time.Second
	if pause == 0 {
		pause = base
	}
	pause = time.Duration(float64(pause) * drift)
	pause = min(max(pause, base/widestDrift, leastPause), base*widestDrift, mostPause)
	if p.Matches > 0 {
		pause = min(pause, matchPause)
	}
	next := at.Add(pause).Truncate(time.Second)
	p.Pause, p.NextLook = int64(pause/time.Second), &next
}

// Due reports whether a sweep is to look at the page, within a window of days in
// which pages without text of ours are followed.
func (p *Page) Due(now time.Time, days int) bool {
	if p.FirstSeen.IsZero() {
		return true
	}
	if p.Matches == 0 && now.Sub(p.FirstSeen) > time.Duration(days)*24*time.Hour {
		return false
	}
	return p.NextLook == nil || !now.Before(*p.NextLook)
}
