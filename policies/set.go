package policies

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"reflect"

	"cel.dev/cel-go/cel"
	"go.yaml.in/yaml/v3"
)

//go:embed default/*.yaml
var defaults embed.FS

// Set is a loaded policy. It is safe for concurrent use.
type Set struct {
	Version    string
	Thresholds map[string]float64
	Rules      []Rule
	Questions  []Question
	disclaimer disclaimerFile
	letters    []letterTemplate
}

// Rule is one rule of the policy.
type Rule struct {
	ID       string    `yaml:"id"`
	Stage    string    `yaml:"stage"` // gate, exempt or infringe
	Name     string    `yaml:"name"`
	Label    string    `yaml:"label"` // the name for people
	LabelEN  string    `yaml:"label_en"`
	When     yaml.Node `yaml:"when"`
	Continue bool      `yaml:"continue"` // a finding that does not end the stage
	Outcome  Outcome   `yaml:"outcome"`
	Severity string    `yaml:"severity"`
	Demand   Demand    `yaml:"demand"`
	Clause   string    `yaml:"clause"`
	Basis    []string  `yaml:"basis"`
	Text     string    `yaml:"text"`
	TextEN   string    `yaml:"text_en"`
	Facts    []string  `yaml:"facts"` // shown with the finding

	program cel.Program
}

type rulesFile struct {
	Version    string             `yaml:"version"`
	Thresholds map[string]float64 `yaml:"thresholds"`
	Rules      []Rule             `yaml:"rules"`
	Questions  []Question         `yaml:"questions"`
}

// Default is the policy that ships.
func Default() (*Set, error) {
	sub, err := fs.Sub(defaults, "default")
	if err != nil {
		return nil, err
	}
	return Load(sub)
}

// Load reads disclaimer.yaml, rules.yaml and letters.yaml. Every fault is
// reported, each with file, line and column where it has them.
func Load(fsys fs.FS) (*Set, error) {
	var rules rulesFile
	var letters lettersFile
	s := &Set{}
	if err := errors.Join(read(fsys, "disclaimer.yaml", &s.disclaimer), read(fsys, "rules.yaml", &rules), read(fsys, "letters.yaml", &letters)); err != nil {
		return nil, err
	}
	s.Version, s.Thresholds, s.Rules, s.Questions, s.letters = rules.Version, rules.Thresholds, rules.Rules, rules.Questions, letters.Letters
	if err := errors.Join(s.compile(), s.disclaimer.check(), s.checkLetters()); err != nil {
		return nil, err
	}
	return s, nil
}

func read(fsys fs.FS, name string, v any) error {
	b, err := fs.ReadFile(fsys, name)
	if err != nil {
		return err
	}
	d := yaml.NewDecoder(bytes.NewReader(b))
	d.KnownFields(true)
	if err := d.Decode(v); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if err := d.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return fmt.Errorf("%s: holds more than one document", name)
	}
	return nil
}

// compile type-checks every condition.
func (s *Set) compile() error {
	var options []cel.EnvOption
	known := map[string]bool{}
	for _, f := range kinds() {
		known[f.Name] = true
		options = append(options, cel.Variable(f.Name, celType(f.Type.Kind())))
	}
	var faults []error
	for name := range s.Thresholds {
		if known[name] {
			faults = append(faults, fmt.Errorf("rules.yaml: thresholds: %s is the name of a fact; findings would show one for the other", name))
		}
		options = append(options, cel.Variable("limit."+name, cel.DoubleType))
	}
	env, err := cel.NewEnv(options...)
	if err != nil {
		return fmt.Errorf("rules.yaml: thresholds: %w", err)
	}
	if s.Version == "" {
		faults = append(faults, errors.New("rules.yaml: version is missing"))
	}
	seen := map[string]bool{}
	for i := range s.Rules {
		r := &s.Rules[i]
		fault := func(format string, args ...any) {
			faults = append(faults, fmt.Errorf("rules.yaml:%d:%d: rule %s: %s", r.When.Line, r.When.Column, r.ID, fmt.Sprintf(format, args...)))
		}
		if r.ID == "" || seen[r.ID] {
			fault("wants an id of its own")
		}
		seen[r.ID] = true
		for _, err := range r.faults(s, known) {
			fault("%v", err)
		}
		ast, issues := env.Compile(r.When.Value)
		if issues != nil {
			for _, e := range issues.Errors() {
				faults = append(faults, fmt.Errorf("rules.yaml:%d:%d: rule %s: %s", r.When.Line+e.Location.Line()-1, r.When.Column+e.Location.Column(), r.ID, e.Message))
			}
			continue
		}
		if ast.OutputType() != cel.BoolType {
			fault("the condition is %s, not bool", ast.OutputType())
			continue
		}
		if r.program, err = env.Program(ast); err != nil {
			fault("%v", err)
		}
	}
	return errors.Join(faults...)
}

func (r *Rule) faults(s *Set, known map[string]bool) []error {
	var faults []error
	if r.Stage != "gate" && r.Stage != "exempt" && r.Stage != "infringe" {
		faults = append(faults, fmt.Errorf("stage is none of gate, exempt, infringe: %q", r.Stage))
	}
	if !r.Outcome.valid() {
		faults = append(faults, fmt.Errorf("outcome is not known: %q", r.Outcome))
	}
	if len(r.Severity) != 2 || r.Severity < "S0" || r.Severity > "S4" {
		faults = append(faults, fmt.Errorf("severity is not S0 to S4: %q", r.Severity))
	}
	if r.Demand != DemandNone && r.Demand != DemandOffer && r.Demand != DemandRemoval {
		faults = append(faults, fmt.Errorf("demand is none of none, offer, removal: %q", r.Demand))
	}
	if r.Text == "" || r.TextEN == "" || r.Label == "" || r.LabelEN == "" {
		faults = append(faults, errors.New("text, text_en, label and label_en are needed"))
	}
	if r.Clause != "" && !s.disclaimer.has(r.Clause) {
		faults = append(faults, fmt.Errorf("the disclaimer has no clause %q", r.Clause))
	}
	for _, name := range r.Facts {
		if _, limit := s.Thresholds[name]; !limit && !known[name] {
			faults = append(faults, fmt.Errorf("there is no fact and no threshold %q", name))
		}
	}
	return faults
}

func celType(k reflect.Kind) *cel.Type {
	switch k { //nolint:exhaustive // the kinds of Facts' fields
	case reflect.Bool:
		return cel.BoolType
	case reflect.Float64:
		return cel.DoubleType
	default:
		return cel.StringType
	}
}
