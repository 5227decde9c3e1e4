package portal

import (
	"slices"
	"strings"

	"rightsdesk/internal/claims"
	"rightsdesk/internal/rights"
)

// formView is the claim form with what was typed into it.
type formView struct {
	form

	Problem  *problem
	Key      string
	Looked   bool // Articles is the answer to a search
	Articles []rights.Article
}

// Wrongs and Remedies are the choices of the form.
func (v *formView) Wrongs() []rights.Wrong    { return claims.Wrongs() }
func (v *formView) Remedies() []rights.Remedy { return claims.Remedies() }

// Checked reports whether a choice was made.
func (v *formView) Checked(name, value string) bool {
	if name == "article" {
		chosen := v.article()
		if chosen == "" && len(v.Articles) == 1 {
			chosen = v.Articles[0].ID
		}
		return chosen == value
	}
	return slices.Contains(v.Values[name], value)
}

// Agent reports whether the part for agents is to stand open.
func (v *formView) Agent() bool {
	return v.Get("claimant.agent") != "" || v.Get("claimant.authority") != "" ||
		len(v.Problem.Of("claimant.agent"))+len(v.Problem.Of("claimant.authority"))+len(v.Problem.Of("proofs.authority")) > 0
}

// FilesSent are the files that came with a form that was refused.
func (v *formView) FilesSent() []string {
	var names []string
	for _, u := range v.files {
		names = append(names, u.Name)
	}
	return names
}

// input is one element of a form.
type input struct {
	ID, Value string
	Label     string // in Chinese
	Hint      string // in the language of the reader
	Need      bool
	Faults    []fault
}

// Input is the input of a field, with a hint in the language of the reader.
func (v *formView) Input(id, hint string) input {
	return input{ID: id, Value: v.Get(id), Label: fieldLabel(id), Hint: hint, Need: needed(id), Faults: v.Problem.Of(id)}
}

// needed says which fields are not marked as optional: those of an agent are
// needed where there is one.
func needed(id string) bool {
	switch id {
	case "page", "claimant.kind", "claimant.name", "claimant.agent", "claimant.authority", "proofs.authority", "work.title", "wrongs", "details", "asked", "proofs.identity", "proofs.ownership":
		return true
	}
	return false
}

// Type is the type of the element.
func (i input) Type() string {
	switch i.ID {
	case "claimant.email":
		return "email"
	case "claimant.phone":
		return "tel"
	case "work.url":
		return "url"
	}
	return "text"
}

// Autocomplete lets a phone fill the element in.
func (i input) Autocomplete() string {
	switch i.ID {
	case "claimant.name":
		return "name"
	case "claimant.email":
		return "email"
	case "claimant.phone":
		return "tel"
	case "claimant.address":
		return "street-address"
	}
	return "off"
}

// statusView is the private page of a claim.
type statusView struct {
	Claim   *rights.Claim
	Article *rights.Article
	Record  []rights.Event
	Link    string // the private link, in full
	Path    string
	Message string // typed into a form that was refused
	Reason  string
	Problem *problem
}

// Input is the input of a field; files of a kind are needed where there are none.
func (v statusView) Input(id, hint string) input {
	in := input{ID: id, Label: fieldLabel(id), Hint: hint, Faults: v.Problem.Of(id)}
	if kind, ok := strings.CutPrefix(id, "proofs."); ok {
		in.Need = len(v.Have(rights.ProofKind(kind))) == 0
	}
	switch id {
	case "message":
		in.Value = v.Message
	case "reason":
		in.Value = v.Reason
	}
	return in
}

// Kinds are the kinds of proof that may be handed in.
func (v statusView) Kinds() []rights.ProofKind {
	kinds := []rights.ProofKind{rights.ProofIdentity, rights.ProofOwnership}
	if v.Claim.Claimant.Agent != "" {
		kinds = append(kinds, rights.ProofAuthority)
	}
	return kinds
}

// Have returns the files of a kind that are there.
func (v statusView) Have(k rights.ProofKind) []rights.Proof {
	var list []rights.Proof
	for _, p := range v.Claim.Files {
		if p.Kind == k {
			list = append(list, p)
		}
	}
	return list
}
