package main

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"rightsdesk/internal/testenv"
)

// TestTrace: what the log says of one page, from the request to the picture, stands
// under one ID, and nothing of another page does. A page that its source's cron has
// looked at a second time meanwhile is not drawn again.
func TestTrace(t *testing.T) {
	t.Parallel()
	testenv.Program(t, "chromium")
	code, out, errs := command(t.Context(), t, "--debug", "demo", "--once", "--pictures", "--dir", filepath.Join(t.TempDir(), "data"))
	if code != 0 {
		t.Fatalf("status %d, %s\n%s", code, errs, out)
	}
	field := regexp.MustCompile(`(\w+)=("(?:[^"\\]|\\.)*"|\S*)`)
	pages := map[string][]map[string]string{}
	for line := range strings.Lines(errs) {
		said := map[string]string{}
		for _, f := range field.FindAllStringSubmatch(line, -1) {
			said[f[1]] = strings.Trim(f[2], `"`)
		}
		if id := said["trace"]; id != "" {
			pages[id] = append(pages[id], said)
		}
	}
	cases := map[string]bool{} // whether its page was drawn
	for id, lines := range pages {
		steps, records := map[string]int{}, map[string]bool{}
		for _, l := range lines {
			steps[l["msg"]]++
			if l["record"] != "" {
				records[l["record"]] = true
			}
		}
		if steps["match"] == 0 {
			continue
		}
		if steps["fetched"] == 0 || steps["kept as evidence"] != len(records) {
			t.Errorf("under %s: %v", id, lines)
		}
		for _, l := range lines {
			if l["msg"] == "match" && l["case"] != "" {
				cases[l["case"]] = cases[l["case"]] || steps["drawn"] > 0
			}
		}
	}
	for id, drawn := range cases {
		if !drawn {
			t.Errorf("under no ID of case %s a picture:\n%s", id, errs)
		}
	}
	if len(cases) != 20 {
		t.Errorf("lines of %d cases, want the demo's 20", len(cases))
	}
}
