package policies

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

type disclaimerFile struct {
	Title   string       `yaml:"title"`
	Clauses []clauseFile `yaml:"clauses"`
}

type clauseFile struct {
	ID       string        `yaml:"id"`
	Name     string        `yaml:"name"`
	Versions []versionFile `yaml:"versions"`
}

type versionFile struct {
	From string `yaml:"from"`
	Text string `yaml:"text"`
}

// Disclaimer is the disclaimer as it holds on a day.
type Disclaimer struct {
	Title   string
	Clauses []Clause
}

// Clause is one clause in one wording.
type Clause struct {
	ID, Name string
	From     string // the day from which this wording holds, 2006-01-02, China
	Text     string
}

func (d *disclaimerFile) has(id string) bool {
	for _, c := range d.Clauses {
		if c.ID == id {
			return true
		}
	}
	return false
}

func (d *disclaimerFile) check() error {
	var faults []error
	if d.Title == "" || len(d.Clauses) == 0 {
		faults = append(faults, errors.New("disclaimer.yaml: wants a title and clauses"))
	}
	seen := map[string]bool{}
	for i, c := range d.Clauses {
		if c.ID == "" || c.Name == "" || seen[c.ID] || len(c.Versions) == 0 {
			faults = append(faults, fmt.Errorf("disclaimer.yaml: clause %d wants an id of its own, a name and versions", i+1))
		}
		seen[c.ID] = true
		last := ""
		for _, v := range c.Versions {
			if _, err := time.Parse(time.DateOnly, v.From); err != nil || v.From <= last || strings.TrimSpace(v.Text) == "" {
				faults = append(faults, fmt.Errorf("disclaimer.yaml: clause %s: versions want a text and ascending days as 2006-01-02, here is %q", c.ID, v.From))
			}
			last = v.From
		}
	}
	return errors.Join(faults...)
}

// InForce is the disclaimer of a day, 2006-01-02 in China: of every clause the
// newest wording that holds by then. {{paper}} is replaced by the paper's name.
func (s *Set) InForce(day, paper string) Disclaimer {
	d := Disclaimer{Title: strings.ReplaceAll(s.disclaimer.Title, "{{paper}}", paper)}
	for _, c := range s.disclaimer.Clauses {
		var now Clause
		for _, v := range c.Versions {
			if v.From <= day {
				now = Clause{c.ID, c.Name, v.From, strings.TrimSpace(strings.ReplaceAll(v.Text, "{{paper}}", paper))}
			}
		}
		if now.ID != "" {
			d.Clauses = append(d.Clauses, now)
		}
	}
	return d
}
