package rights

import (
	"strings"
	"time"
)

// Case is the desk's file on one canonical URL.
type Case struct {
	ID       string    `json:"id"` // RD2026-0001
	URL      string    `json:"url"`
	SourceID string    `json:"source_id"`
	Operator Operator  `json:"operator"` // as it was when the case was opened, or corrected at the desk
	State    CaseState `json:"state"`
	// Rule, Severity, Demand, Title and Articles repeat the newest verdict, for lists.
	Rule     string   `json:"rule"`
	Severity string   `json:"severity"`
	Demand   string   `json:"demand"`
	Title    string   `json:"title"`
	Articles []string `json:"articles"`
	Coverage float64  `json:"coverage"`
	// Answers to the exemption questions of the verdicts.
	Answers   []Answer   `json:"answers,omitempty"`
	Confirmed *Act       `json:"confirmed,omitempty"`
	Approved  *Act       `json:"approved,omitempty"`
	Sent      *Sending   `json:"sent,omitempty"`
	Closed    *Act       `json:"closed,omitempty"`
	Cleared   *Act       `json:"cleared,omitempty"`
	Held      *Act       `json:"held,omitempty"`
	AnswerBy  string     `json:"answer_by,omitempty"` // day in China
	OpenedAt  time.Time  `json:"opened_at"`
	UpdatedAt time.Time  `json:"updated_at"`
	LastSeen  time.Time  `json:"last_seen"`
	GoneAt    *time.Time `json:"gone_at,omitempty"` // the last look did not find the text any more
	Version   int        `json:"version"`           // counts changes; a stale writer is refused
}

// Act is who did something, when and why.
type Act struct {
	By     string    `json:"by"` // login
	Name   string    `json:"name"`
	At     time.Time `json:"at"`
	Reason string    `json:"reason,omitempty"`
}

// Answer is a person's answer to one exemption question.
type Answer struct {
	Question string    `json:"question"`
	Applies  bool      `json:"applies"` // the exemption applies
	Reason   string    `json:"reason"`
	By       string    `json:"by"`
	Name     string    `json:"name"`
	At       time.Time `json:"at"`
}

// Sending says how a letter left the house.
type Sending struct {
	By     string    `json:"by"`
	Name   string    `json:"name"`
	At     time.Time `json:"at"` // when it was sent
	To     string    `json:"to"`
	How    Channel   `json:"how"`
	Detail string    `json:"detail,omitempty"` // tracking number, message ID
	// Report is the SHA-256 of the PDF that was sent.
	Report string `json:"report,omitempty"`
}

// Channel is a way to deliver a letter.
type Channel string

// The channels.
const (
	ChannelEmail    Channel = "email"
	ChannelCourier  Channel = "courier"
	ChannelPlatform Channel = "platform" // the platform's own complaint form
	ChannelOther    Channel = "other"
)

// CaseState is where a case stands.
type CaseState string

// The states of a case.
const (
	CaseOpen      CaseState = "open"
	CaseHeld      CaseState = "held"
	CaseConfirmed CaseState = "confirmed"
	CaseApproved  CaseState = "approved"
	CaseSent      CaseState = "sent"
	CaseClosed    CaseState = "closed"
	CaseCleared   CaseState = "cleared"
)

// CaseStates lists the states in the order of a case's life.
func CaseStates() []CaseState {
	return []CaseState{CaseOpen, CaseHeld, CaseConfirmed, CaseApproved, CaseSent, CaseClosed, CaseCleared}
}

// CaseMove is one row of the transition table.
type CaseMove struct {
	Name   string // the verb, as in URLs and events
	From   CaseState
	To     CaseState
	Roles  []Role
	Reason bool // a reason in words is required
	Guards []Guard
}

// Guard names a condition that casework checks before a move.
type Guard string

// The guards.
const (
	// GuardStanding: a verified owner with a basis stands behind every asserted
	// segment that was matched.
	GuardStanding Guard = "standing"
	// GuardExemptions: every exemption question is answered by a person, and
	// none applies.
	GuardExemptions Guard = "exemptions"
	// GuardFourEyes: not the person who confirmed.
	GuardFourEyes Guard = "four_eyes"
	// GuardLicence: no licence covers the use at this moment.
	GuardLicence Guard = "licence"
	// GuardLive: the page, fetched at this moment, still shows the text.
	GuardLive Guard = "live"
)

// CaseMoves is the transition table of cases: every move there is.
func CaseMoves() []CaseMove {
	both, counsel := []Role{RoleReviewer, RoleCounsel}, []Role{RoleCounsel}
	return []CaseMove{
		{Name: "confirm", From: CaseOpen, To: CaseConfirmed, Roles: both},
		{Name: "hold", From: CaseOpen, To: CaseHeld, Roles: both, Reason: true},
		{Name: "resume", From: CaseHeld, To: CaseOpen, Roles: both},
		{Name: "clear", From: CaseOpen, To: CaseCleared, Roles: both, Reason: true},
		{Name: "clear", From: CaseHeld, To: CaseCleared, Roles: both, Reason: true},
		{Name: "approve", From: CaseConfirmed, To: CaseApproved, Roles: counsel, Guards: []Guard{GuardFourEyes, GuardStanding, GuardExemptions}},
		{Name: "return", From: CaseConfirmed, To: CaseOpen, Roles: counsel, Reason: true},
		{Name: "clear", From: CaseConfirmed, To: CaseCleared, Roles: counsel, Reason: true},
		{Name: "send", From: CaseApproved, To: CaseSent, Roles: both, Guards: []Guard{GuardLicence, GuardLive, GuardStanding}},
		{Name: "return", From: CaseApproved, To: CaseOpen, Roles: counsel, Reason: true},
		{Name: "close", From: CaseSent, To: CaseClosed, Roles: both, Reason: true},
		{Name: "reopen", From: CaseCleared, To: CaseOpen, Roles: counsel, Reason: true},
		{Name: "reopen", From: CaseClosed, To: CaseOpen, Roles: counsel, Reason: true},
	}
}

// FindCaseMove returns the row for a move by name out of a state, or an error
// of kind Conflict (no such move now) or Forbidden (not for this role) or
// Invalid (a reason is missing).
func FindCaseMove(from CaseState, name string, role Role, reason string) (CaseMove, error) {
	for _, m := range CaseMoves() {
		if m.Name != name || m.From != from {
			continue
		}
		for _, r := range m.Roles {
			if r != role {
				continue
			}
			if m.Reason && strings.TrimSpace(reason) == "" {
				return CaseMove{}, &Error{Kind: Invalid, Detail: "this step needs a reason", Fields: []Field{{Name: "reason", Detail: "is missing"}}}
			}
			return m, nil
		}
		return CaseMove{}, Errorf(Forbidden, "the role %s may not %s a case", role, name)
	}
	return CaseMove{}, Errorf(Conflict, "a case that is %s cannot be moved by %q", from, name)
}
