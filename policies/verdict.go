package policies

import (
	"unicode"
)

func keep(r rune) rune {
	if unicode.IsLetter(r) || unicode.IsNumber(r) {
		return unicode.ToLower(r)
	}
	return -1
}

// Verdict is the machine's opinion of one match.
type Verdict struct {
	PolicyVersion string  `json:"policy_version"`
	Rule          string  `json:"rule"` // that decided
	Name          string  `json:"name"`
	Label         string  `json:"label"` // the rule's name for people, in Chinese
	LabelEN       string  `json:"label_en"`
	Outcome       Outcome `json:"outcome"`
	Severity      string  `json:"severity"`   // S0 to S4
	OpensCase     bool    `json:"opens_case"` // false: closed without a person
	Demand        Demand  `json:"demand"`
	// Findings are the rules that held, the deciding one first.
	Findings []Finding `json:"findings"`
	// Against is what speaks against a demand.
	Against []Finding `json:"against"`
	// Questions are to be answered by a person before a letter is approved.
	Questions []Question `json:"questions"`
}

// Finding is one rule that held.
type Finding struct {
	Rule    string   `json:"rule"`
	Name    string   `json:"name"`
	Label   string   `json:"label"`
	LabelEN string   `json:"label_en"`
	Clause  string   `json:"clause,omitempty"` // of the disclaimer
	Basis   []string `json:"basis"`            // statutes with articles
	Text    string   `json:"text"`
	TextEN  string   `json:"text_en"`
	// Values are the facts and thresholds that the rule saw.
	Values map[string]any `json:"values"`
}

// Question asks a person whether an exemption applies.
type Question struct {
	ID     string   `json:"id"     yaml:"id"`
	Text   string   `json:"text"   yaml:"text"`
	TextEN string   `json:"text_en" yaml:"text_en"`
	Basis  []string `json:"basis"  yaml:"basis"`
}

// Outcome is what a rule leads to.
type Outcome string

// The outcomes. Close ends without a person; the others are proposals.
const (
	OutcomeClose    Outcome = "close"
	OutcomeNoNotice Outcome = "no_notice" // not ours to claim
	OutcomeHold     Outcome = "hold"      // check the origin first
	OutcomeCleared  Outcome = "cleared"   // an exemption seems to apply
	OutcomeHint     Outcome = "hint"      // speaks against, decides nothing
	OutcomeCounsel  Outcome = "counsel"   // for counsel to weigh
	OutcomeOffer    Outcome = "offer"     // a licence first
	OutcomeNotice   Outcome = "notice"    // a takedown notice
)

func (o Outcome) valid() bool {
	switch o {
	case OutcomeClose, OutcomeNoNotice, OutcomeHold, OutcomeCleared, OutcomeHint, OutcomeCounsel, OutcomeOffer, OutcomeNotice:
		return true
	default:
		return false
	}
}

// Demand is what a letter asks for.
type Demand string

// The demands.
const (
	DemandNone    Demand = "none"
	DemandOffer   Demand = "offer"
	DemandRemoval Demand = "removal"
)
