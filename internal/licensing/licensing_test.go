package licensing_test

import (
	"testing"
	"time"

	"rightsdesk/config"
	"rightsdesk/internal/licensing"
	"rightsdesk/internal/rights"
)

func TestCovers(t *testing.T) {
	list := []config.Licence{{ID: "L1", Hosts: []string{"qingshi.example"}, From: "2026-01-01", To: "2026-01-31"}}
	for _, tt := range []struct {
		host, at string
		want     bool
	}{
		{"qingshi.example", "2026-01-15T12:00", true},
		{"News.Qingshi.example", "2026-01-15T12:00", true},
		{"notqingshi.example", "2026-01-15T12:00", false},
		{"qingshi.example", "2025-12-31T23:59", false},
		{"qingshi.example", "2026-01-01T00:00", true},
		{"qingshi.example", "2026-01-31T23:59", true},
		{"qingshi.example", "2026-02-01T00:00", false},
	} {
		at, err := time.ParseInLocation("2006-01-02T15:04", tt.at, rights.China)
		if err != nil {
			t.Fatal(err)
		}
		if _, got := licensing.Covers(list, tt.host, at); got != tt.want {
			t.Errorf("%s at %s: %v, want %v", tt.host, tt.at, got, tt.want)
		}
	}
}
