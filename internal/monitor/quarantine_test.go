package monitor_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

// TestQuarantine is which pages that show one text wait for a person.
func TestQuarantine(t *testing.T) {
	page := posting{"滨江大桥今起通车", text(t, "bridge"), ""}
	titled := func(n int) string {
		return posting{fmt.Sprintf("乡村见闻之%d", n), text(t, "bridge"), fmt.Sprintf("本页编号第%d号，编辑部值班记录", n)}.String()
	}
	for _, tt := range []struct {
		name  string
		pages map[string]string // path to body
		want  []string
	}{
		{
			name:  "one article for every address that is not known: an error page",
			pages: map[string]string{"/n/11.html": page.String(), "/n/12.html": page.String(), "/n/13.html": page.String(), "/n/14.html": page.String()},
			want:  []string{"bridge 11 quarantined", "bridge 12 quarantined", "bridge 13 quarantined", "bridge 14 quarantined"},
		},
		{
			name:  "under titles of their own: redirects that went stale",
			pages: map[string]string{"/n/11.html": titled(1), "/n/12.html": titled(2), "/n/13.html": titled(3), "/n/14.html": titled(4)},
			want:  []string{"bridge 11 quarantined", "bridge 12 quarantined", "bridge 13 quarantined", "bridge 14 quarantined"},
		},
		{
			name:  "by a script",
			pages: map[string]string{"/show.php?id=1": page.String(), "/show.php?id=2": page.String(), "/show.php?id=3": page.String(), "/show.php?id=4": page.String()},
			want:  []string{"bridge /show.php?id=1 quarantined", "bridge /show.php?id=2 quarantined", "bridge /show.php?id=3 quarantined", "bridge /show.php?id=4 quarantined"},
		},
		{
			name:  "two addresses, as a reprint that was published twice, each have a case",
			pages: map[string]string{"/n/11.html": page.String(), "/n/12.html": page.String()},
			want:  []string{"bridge 11 +case", "bridge 12 +case"},
		},
		{
			name:  "and three",
			pages: map[string]string{"/n/11.html": page.String(), "/n/12.html": page.String(), "/n/13.html": page.String()},
			want:  []string{"bridge 11 +case", "bridge 12 +case", "bridge 13 +case"},
		},
		{
			name:  "one article in five sections and its print view are one article",
			pages: map[string]string{"/n/11.html": page.String(), "/city/11.html": page.String(), "/life/11.html": page.String(), "/print/11.html": page.String(), "/top/11.shtml": page.String()},
			want:  []string{"bridge /city/11 +case", "bridge /life/11 +case", "bridge /print/11 +case", "bridge /top/11.shtml +case", "bridge 11 +case"},
		},
		{
			name: "excerpts of one article in four texts are four reprints",
			pages: map[string]string{
				"/n/11.html": posting{"一", text(t, "bridge") + "\n" + story(1), ""}.String(), "/n/12.html": posting{"二", text(t, "bridge") + "\n" + story(2), ""}.String(),
				"/n/13.html": posting{"三", text(t, "bridge") + "\n" + story(3), ""}.String(), "/n/14.html": posting{"四", text(t, "bridge") + "\n" + story(4), ""}.String(),
			},
			want: []string{"bridge 11 +case", "bridge 12 +case", "bridge 13 +case", "bridge 14 +case"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := newHouse(t)
			h.register("bridge")
			var urls []string
			for path, body := range tt.pages {
				urls = append(urls, host+path)
				h.web.put(host+path, body)
			}
			slices.Sort(urls)
			h.watch(urls...)
			for range 2 {
				h.sweep()
				same(t, "matches", h.found(), tt.want)
			}
			for _, m := range h.allMatches() {
				h.provable(m)
				if m.Quarantined() && !strings.Contains(m.Quarantine, "另外 3 个网址逐字相同") {
					t.Errorf("reason %q", m.Quarantine)
				}
			}
		})
	}
}

// answersAll makes a site give one article under four addresses.
func answersAll(t *testing.T) *house {
	t.Helper()
	h := newHouse(t)
	h.register("bridge")
	h.publish([]posting{{"滨江大桥今起通车", text(t, "bridge"), ""}, {"滨江大桥今起通车", text(t, "bridge"), ""}, {"滨江大桥今起通车", text(t, "bridge"), ""}, {"滨江大桥今起通车", text(t, "bridge"), ""}})
	h.sweep()
	same(t, "matches", h.found(), []string{"bridge 0 quarantined", "bridge 1 quarantined", "bridge 2 quarantined", "bridge 3 quarantined"})
	return h
}

func TestRelease(t *testing.T) {
	h := answersAll(t)
	gu := rights.Actor{Login: "gu", Name: "顾闻笙", Role: rights.RoleCounsel}
	for _, tt := range []struct {
		name        string
		by          rights.Actor
		source, url string
		kind        rights.Kind
	}{
		{"the machine", rights.SystemActor(), "site", base + "2.html", rights.Forbidden},
		{"a page of another source", gu, "other", base + "2.html", rights.Conflict},
		{"a page that is not there", gu, "site", base + "9.html", rights.Conflict},
		{"all at once", gu, "site", "", rights.Conflict},
	} {
		if _, err := h.office.Release(t.Context(), tt.by, tt.source, tt.url, ""); rights.KindOf(err) != tt.kind || err == nil {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	k, err := h.office.Release(t.Context(), gu, "site", base+"2.html", "已打开页面核对，确为转载")
	if err != nil {
		t.Fatal(err)
	}
	if k.URL != base+"2.html" || k.State != rights.CaseOpen || k.Rule == "" || k.Operator.Name != "云城网络传媒有限公司" || k.Severity != "S3" {
		t.Errorf("case %+v", k)
	}
	want := []string{"bridge 0 quarantined", "bridge 1 quarantined", "bridge 2 +case", "bridge 3 quarantined"}
	same(t, "matches", h.found(), want)
	h.view(func(tx *store.Tx) error {
		for _, subject := range []string{k.ID, "site"} {
			events, err := tx.Events(t.Context(), subject)
			if err != nil {
				return err
			}
			events = slices.DeleteFunc(events, func(e rights.Event) bool { return strings.HasPrefix(e.Action, "sweep.") })
			if len(events) != 1 || events[0].Name != "顾闻笙" || !strings.Contains(events[0].Reason, "确为转载") {
				t.Errorf("events of %s: %+v", subject, events)
			}
		}
		n, err := tx.CountQuarantined(t.Context(), "site")
		if n != 3 {
			t.Errorf("%d pages in quarantine", n)
		}
		return err
	})
	if _, err := h.office.Release(t.Context(), gu, "site", base+"2.html", ""); rights.KindOf(err) != rights.Conflict {
		t.Errorf("released twice: %v", err)
	}
	// The next sweeps leave it at that, also where the rest must be judged anew.
	h.register("library")
	h.sweep()
	same(t, "matches", h.found(), want)
	for _, m := range h.allMatches() {
		h.provable(m)
		if released := m.ReleasedBy == "顾闻笙" && m.ReleasedAt != nil; released != (m.URL == base+"2.html") {
			t.Errorf("match %+v", m)
		}
	}
	// The page changes: it joins its case.
	h.web.put(base+"2.html", site{title: "滨江大桥今起通车", info: credited, body: text(t, "bridge")}.String())
	h.sweep()
	same(t, "matches", h.found(), append([]string{"bridge 0 quarantined", "bridge 1 quarantined", "bridge 2 +case"}, want[2:]...))
}

// TestALookAfterTheOthersAreGone: what shows its text alone is judged as any
// page.
func TestALookAfterTheOthersAreGone(t *testing.T) {
	h := answersAll(t)
	for i := range 3 {
		h.web.put(fmt.Sprintf("%s%d.html", base, i), nil)
	}
	h.sweep()
	h.register("library") // the page that is left is judged anew
	h.sweep()
	same(t, "matches", h.found(), []string{"bridge 0 quarantined", "bridge 1 quarantined", "bridge 2 quarantined", "bridge 3 +case"})
	for _, m := range h.allMatches() {
		h.provable(m)
	}
}
