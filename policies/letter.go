package policies

import (
	"errors"
	"fmt"
	"strings"
	"text/template"
)

type lettersFile struct {
	Letters []letterTemplate `yaml:"letters"`
}

type letterTemplate struct {
	Role       string   `yaml:"role"` // publisher, host or search
	Demand     Demand   `yaml:"demand"`
	Title      string   `yaml:"title"`
	Paragraphs []string `yaml:"paragraphs"`
	Demands    []string `yaml:"demands"`
	Statement  string   `yaml:"statement"`
}

// LetterData fills the placeholders of a letter.
type LetterData struct {
	Paper, Owner, Recipient, Headline, IssueDate, AnswerBy string
	URLs                                                   int
}

// Letter is the wording of a letter to one recipient.
type Letter struct {
	Title      string
	Paragraphs []string
	Demands    []string
	Statement  string
}

// Letter returns the wording for a recipient's role, publisher, host or search,
// and a demand.
func (s *Set) Letter(role string, demand Demand, data LetterData) (Letter, error) {
	for _, l := range s.letters {
		if l.Role == role && l.Demand == demand {
			return l.fill(data)
		}
	}
	return Letter{}, fmt.Errorf("letters.yaml: there is no letter to a %s with the demand %s", role, demand)
}

func (l letterTemplate) fill(data LetterData) (Letter, error) {
	var faults []error
	fill := func(text string) string {
		t, err := template.New("").Option("missingkey=error").Parse(text)
		if err != nil {
			faults = append(faults, err)
			return ""
		}
		var b strings.Builder
		if err := t.Execute(&b, data); err != nil {
			faults = append(faults, err)
		}
		return strings.TrimSpace(b.String())
	}
	filled := Letter{Title: fill(l.Title), Statement: fill(l.Statement)}
	for _, p := range l.Paragraphs {
		filled.Paragraphs = append(filled.Paragraphs, fill(p))
	}
	for _, d := range l.Demands {
		filled.Demands = append(filled.Demands, fill(d))
	}
	return filled, errors.Join(faults...)
}

// checkLetters fills every letter once and asks for one of each kind.
func (s *Set) checkLetters() error {
	var faults []error
	for _, role := range []string{"publisher", "host", "search"} {
		for _, demand := range []Demand{DemandOffer, DemandRemoval} {
			if _, err := s.Letter(role, demand, LetterData{}); err != nil {
				faults = append(faults, fmt.Errorf("letters.yaml: %s, %s: %w", role, demand, err))
			}
		}
	}
	return errors.Join(faults...)
}
