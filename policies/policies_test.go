package policies_test

import (
	"bufio"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"rightsdesk/policies"
)

func load(tb testing.TB) *policies.Set {
	tb.Helper()
	s, err := policies.Default()
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// TestCases reads testdata/cases/*.txt: a line with the expected rule, the
// thresholds that the case stands beside, then the facts as JSON over those of
// the line "base".
func TestCases(t *testing.T) {
	s := load(t)
	type sides struct{ below, above bool }
	covered := map[string]*sides{}
	for name := range s.Thresholds {
		covered[name] = &sides{}
	}
	decided := map[string]bool{}
	files, err := filepath.Glob("testdata/cases/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	for _, file := range files {
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		base := "{}"
		for lines := bufio.NewScanner(f); lines.Scan(); {
			line := strings.TrimSpace(lines.Text())
			if line == "" || strings.HasPrefix(line, "#") {
				continue
			}
			head, facts, ok := strings.Cut(line, "{")
			if !ok {
				t.Fatalf("%s: no facts in %q", file, line)
			}
			facts = "{" + facts
			words := strings.Fields(head)
			if words[0] == "base" {
				base = facts
				continue
			}
			var in policies.Facts
			for _, text := range []string{base, facts} {
				d := json.NewDecoder(strings.NewReader(text))
				d.DisallowUnknownFields()
				if err := d.Decode(&in); err != nil {
					t.Fatalf("%s: %s: %v", file, text, err)
				}
			}
			got, err := s.Evaluate(in)
			if err != nil {
				t.Errorf("%s: %s: %v", file, line, err)
				continue
			}
			want, also, _ := strings.Cut(words[0], "+")
			if got.Rule != want {
				t.Errorf("%s: %s: rule %s, want %s", file, line, got.Rule, want)
			}
			if also != "" && !holds(got, also) {
				t.Errorf("%s: %s: %s did not hold", file, line, also)
			}
			decided[want], decided[also] = true, true
			for _, word := range words[1:] {
				name, side := word[:len(word)-1], word[len(word)-1]
				if covered[name] == nil {
					t.Fatalf("%s: %s: there is no threshold %s", file, line, name)
				}
				covered[name].below = covered[name].below || side == '-'
				covered[name].above = covered[name].above || side == '+'
			}
		}
	}
	for name, c := range covered {
		if !c.below || !c.above {
			t.Errorf("threshold %s wants a case on each side (%s- and %s+)", name, name, name)
		}
	}
	for _, r := range s.Rules {
		if !decided[r.ID] {
			t.Errorf("rule %s has no case", r.ID)
		}
	}
}

func holds(v policies.Verdict, rule string) bool {
	for _, f := range append(v.Findings, v.Against...) {
		if f.Rule == rule {
			return true
		}
	}
	return false
}

func TestBad(t *testing.T) {
	good, err := fs.ReadFile(os.DirFS("default"), "rules.yaml")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, old, new, want string }{
		{"an unknown fact", "when: own_mirror", "when: own_miror", "rules.yaml:20:11: rule G01: undeclared reference to 'own_miror'"},
		{"an unknown threshold", "limit.link_body", "limit.link_boddy", "rule G11: undeclared reference"},
		{"a threshold with a fact's name", "  title_alike: 0.60", "  title_similarity: 0.60", "thresholds: title_similarity is the name of a fact"},
		{"a number for a truth", "when: own_mirror", "when: matched", "rule G01: the condition is double, not bool"},
		{"syntax", "when: own_mirror", "when: own_mirror &&", "rules.yaml:20:24"},
		{"types", "when: own_mirror", "when: own_mirror > 1.0", "no matching overload"},
		{"an unknown key", "    stage: gate", "    stagge: gate", "field stagge not found"},
		{"an unknown outcome", "outcome: close", "outcome: closed", `outcome is not known: "closed"`},
		{"a clause that is not there", "clause: links", "clause: linkz", `the disclaimer has no clause "linkz"`},
		{"one id twice", "id: G02", "id: G01", "wants an id of its own"},
		{"no version", `version: "2026-11-25"`, `version: ""`, "version is missing"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text := strings.Replace(string(good), tt.old, tt.new, 1)
			if text == string(good) {
				t.Fatal("nothing was replaced")
			}
			_, err := policies.Load(with(t, "rules.yaml", text))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %q", err, tt.want)
			}
		})
	}
}

func with(tb testing.TB, name, text string) fs.FS {
	tb.Helper()
	m := fstest.MapFS{}
	for _, file := range []string{"rules.yaml", "disclaimer.yaml", "letters.yaml"} {
		b, err := os.ReadFile(filepath.Join("default", file))
		if err != nil {
			tb.Fatal(err)
		}
		m[file] = &fstest.MapFile{Data: b}
	}
	m[name] = &fstest.MapFile{Data: []byte(text)}
	return m
}

func FuzzLoad(f *testing.F) {
	good, err := os.ReadFile("default/rules.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(good))
	f.Add("rules: [{id: a, when: &x {<<: *x}}]")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := policies.Load(with(t, "rules.yaml", text))
		if err == nil {
			_, _ = s.Evaluate(policies.Facts{})
		}
	})
}

func TestOpensCase(t *testing.T) {
	s := load(t)
	for name, tt := range map[string]struct {
		facts policies.Facts
		opens bool
	}{
		"own mirror":      {policies.Facts{OwnMirror: true}, false},
		"licensed":        {policies.Facts{Licensed: true}, false},
		"bare link":       {policies.Facts{LinkOnly: true}, false},
		"wire copy":       {policies.Facts{Matched: 500, MatchedWire: 500}, true},
		"fair quotation":  {policies.Facts{Matched: 100, MatchedOwn: 100, Gross: 0.05, LongestRun: 90, PageShare: 0.1, SourceNamed: true}, true},
		"full copy":       {policies.Facts{Matched: 900, MatchedOwn: 900, Containment: 1, Gross: 1}, true},
		"no fact known":   {policies.Facts{}, true},
		"an earlier page": {policies.Facts{Matched: 900, MatchedOwn: 900, Containment: 1, TimesKnown: true, MinutesEarlier: 60}, true},
	} {
		v, err := s.Evaluate(tt.facts)
		if err != nil {
			t.Fatal(err)
		}
		if v.OpensCase != tt.opens || v.OpensCase != (len(v.Questions) > 0) {
			t.Errorf("%s: opens a case: %v with %d questions, want %v", name, v.OpensCase, len(v.Questions), tt.opens)
		}
	}
}

func TestTitleSimilarity(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want float64
	}{
		{"", "", 1},
		{"江堤合龙", "江堤，合龙！", 1},
		{"江堤合龙", "", 0},
		{"江堤合龙", "江堤决口", 0.5},
	} {
		if got := policies.TitleSimilarity(tt.a, tt.b); got != tt.want {
			t.Errorf("TitleSimilarity(%q, %q) = %v, want %v", tt.a, tt.b, got, tt.want)
		}
	}
}

func TestDisclaimer(t *testing.T) {
	s := load(t)
	if d := s.InForce("2025-12-31", "临江日报"); len(d.Clauses) != 0 {
		t.Errorf("%d clauses hold before the first day", len(d.Clauses))
	}
	d := s.InForce("2026-01-01", "临江日报")
	if len(d.Clauses) != 5 || d.Title != "临江日报版权与免责声明" {
		t.Errorf("%q with %d clauses", d.Title, len(d.Clauses))
	}
	for _, c := range d.Clauses {
		if strings.Contains(c.Text, "{{") {
			t.Errorf("clause %s: %s", c.ID, c.Text)
		}
	}
}

func TestLetter(t *testing.T) {
	s := load(t)
	for role, title := range map[string]string{"publisher": "侵权告知函", "host": "侵权通知书", "search": "侵权通知书"} {
		for _, demand := range []policies.Demand{policies.DemandOffer, policies.DemandRemoval} {
			l, err := s.Letter(role, demand, policies.LetterData{Paper: "临江日报", Owner: "临江日报社", AnswerBy: "2026年1月20日", URLs: 1})
			if err != nil {
				t.Fatal(err)
			}
			if l.Title != title || !strings.Contains(strings.Join(l.Demands, ""), "2026年1月20日") {
				t.Errorf("%s, %s: %+v", role, demand, l)
			}
		}
	}
	if _, err := s.Letter("publisher", policies.DemandNone, policies.LetterData{}); err == nil {
		t.Error("a letter without a demand")
	}
}
