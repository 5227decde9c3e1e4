package rights_test

import (
	"testing"

	"rightsdesk/internal/rights"
)

func TestLineRule(t *testing.T) {
	for _, tt := range []struct {
		name           string
		line           rights.Line
		pages          int // of the host
		learned, aside bool
	}{
		{"on four pages of four", rights.Line{Pages: 4, Beside: 4}, 4, false, false},
		{"on five of five", rights.Line{Pages: 5, Beside: 5}, 5, true, true},
		{"on five of ten", rights.Line{Pages: 5, Beside: 5}, 10, true, true},
		{"on five of eleven: rarer than every other page", rights.Line{Pages: 5, Beside: 5}, 11, true, false},
		{"on five of fifty", rights.Line{Pages: 5, Beside: 5}, 50, true, false},
		{"on five of fifty-one: rarer than every tenth", rights.Line{Pages: 5, Beside: 5}, 51, false, false},
		{"on five of the last six of a thousand", rights.Line{Pages: 5, Beside: 5, Since: 994}, 1000, true, true},
		{"inside the body", rights.Line{Pages: 5, Inside: 5}, 5, true, false},
		{"seldom inside the body", rights.Line{Pages: 10, Beside: 8, Inside: 2}, 10, true, true},
		{"too often inside the body", rights.Line{Pages: 10, Beside: 7, Inside: 3}, 10, true, false},
		{"nobody knows where", rights.Line{Pages: 9}, 9, true, false},
	} {
		if learned, aside := tt.line.Learned(tt.pages), tt.line.Aside(tt.pages); learned != tt.learned || aside != tt.aside {
			t.Errorf("%s: learned %v, aside %v", tt.name, learned, aside)
		}
	}
}

func TestReleaseLeavesTheSeal(t *testing.T) {
	m := rights.Match{URL: "http://a.example/1", Quarantine: "多个网址同一正文"}
	before, err := m.Seal()
	if err != nil || !m.Quarantined() {
		t.Fatal(m, err)
	}
	at := m.SeenAt
	m.ReleasedBy, m.ReleasedAt, m.CaseID = "顾闻笙", &at, "RD2026-0001"
	if after, err := m.Seal(); err != nil || after != before || m.Quarantined() {
		t.Errorf("seal %s, then %s, %v", before, after, err)
	}
	m.Quarantine = ""
	if after, _ := m.Seal(); after == before {
		t.Error("the seal does not cover why it waited")
	}
}
