package schedule_test

import (
	"testing"
	"time"
	_ "time/tzdata"

	"rightsdesk/internal/rights"
	"rightsdesk/internal/schedule"
)

func TestNext(t *testing.T) {
	now := time.Date(2026, 3, 10, 0, 0, 0, 0, time.UTC) // 08:00 in China, 06:00 in Ürümqi by the sun
	for _, c := range []struct {
		source rights.Source
		want   string
	}{
		{rights.Source{Cron: "30 6 * * *"}, "2026-03-10T22:30:00Z"},
		{rights.Source{Cron: "30 6 * * *", Zone: "Asia/Urumqi"}, "2026-03-10T00:30:00Z"},
		{rights.Source{Cron: "30 6 * * *", Zone: "Asia/Nowhere"}, ""},
		{rights.Source{Cron: "30 6 * * *", Paused: true}, ""},
		{rights.Source{Cron: "0 0 30 2 *"}, ""},
		{rights.Source{}, ""},
	} {
		got := ""
		if at := schedule.Next(&c.source, now); !at.IsZero() {
			got = at.UTC().Format(time.RFC3339)
		}
		if got != c.want {
			t.Errorf("%+v: %q, want %q", c.source, got, c.want)
		}
	}
	for zone, ok := range map[string]bool{"": true, "Asia/Shanghai": true, "UTC": true, "Local": false, "../etc/passwd": false} {
		if err := schedule.CheckZone(zone); (err == nil) != ok {
			t.Errorf("%q: %v", zone, err)
		}
	}
}
