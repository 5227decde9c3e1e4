package policies

import (
	"fmt"
	"maps"
	"slices"
)

// Evaluate applies the rules to the facts of one match.
func (s *Set) Evaluate(f Facts) (Verdict, error) {
	values, err := f.values()
	if err != nil {
		return Verdict{}, err
	}
	input := maps.Clone(values)
	for name, v := range s.Thresholds {
		input["limit."+name] = v
		values[name] = v
	}
	v := Verdict{PolicyVersion: s.Version, Findings: []Finding{}, Against: []Finding{}, Questions: []Question{}}
	var decided *Rule
	for i := range s.Rules {
		r := &s.Rules[i]
		if decided != nil && (decided.Stage != "infringe" || r.Stage != "infringe") {
			continue
		}
		out, _, err := r.program.Eval(input)
		if err != nil {
			return Verdict{}, fmt.Errorf("rule %s: %w", r.ID, err)
		}
		if held, ok := out.Value().(bool); !ok || !held {
			continue
		}
		finding := r.finding(values)
		switch {
		case r.Outcome == OutcomeHint:
			v.Against = append(v.Against, finding)
		case r.Continue:
			v.Findings = append(v.Findings, finding)
		case decided == nil || r.Severity > decided.Severity:
			decided = r
			v.Findings = slices.Insert(v.Findings, 0, finding)
		default:
			v.Findings = append(v.Findings, finding)
		}
	}
	if decided == nil {
		return Verdict{}, fmt.Errorf("no rule decides on the facts %+v", f)
	}
	v.Rule, v.Name, v.Label, v.LabelEN = decided.ID, decided.Name, decided.Label, decided.LabelEN
	v.Outcome, v.Severity, v.Demand = decided.Outcome, decided.Severity, decided.Demand
	v.OpensCase = decided.Outcome != OutcomeClose
	if decided.Stage != "infringe" && v.OpensCase {
		v.Against = append(v.Against, decided.finding(values))
	}
	if v.OpensCase {
		v.Questions = append(v.Questions, s.Questions...)
	}
	return v, nil
}

func (r *Rule) finding(values map[string]any) Finding {
	f := Finding{Rule: r.ID, Name: r.Name, Label: r.Label, LabelEN: r.LabelEN, Clause: r.Clause, Basis: r.Basis, Text: r.Text, TextEN: r.TextEN, Values: map[string]any{}}
	if f.Basis == nil {
		f.Basis = []string{}
	}
	for _, name := range r.Facts {
		f.Values[name] = values[name]
	}
	return f
}
