package rights

import (
	"slices"
	"strings"
	"time"
)

// Case is the desk's file on one canonical URL.
type Case struct {
	ID       string   `json:"id"` // RD2026-0001
	URL      string   `json:"url"`
	SourceID string   `json:"source_id"`
	Operator Operator `json:"operator"` // the source's, or corrected at the desk
	// OperatorBy is the login of who corrected the operator; looks keep it then.
	OperatorBy string    `json:"operator_by,omitempty"`
	State      CaseState `json:"state"`
	// Rule, Severity, Demand, Title and Coverage repeat the most severe verdict of
	// the newest look, for lists. Articles holds its article first. From the
	// confirmation on, Demand is what a person decided.
	Rule     string   `json:"rule"`
	Severity string   `json:"severity"`
	Demand   string   `json:"demand"`
	Title    string   `json:"title"`
	Articles []string `json:"articles"`
	Coverage float64  `json:"coverage"`
	Digest   string   `json:"digest"` // Capture.Digest of the newest look
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

// KeepEvidenceYears is for how long after the end of a case its evidence stays, whoever
// decides: that is how long the paper may still sue (Civil Code of China, article 188).
const KeepEvidenceYears = 3

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

// Label is the state's name for people, in Chinese.
func (s CaseState) Label() string {
	switch s {
	case CaseOpen:
		return "待处理"
	case CaseHeld:
		return "已暂缓"
	case CaseConfirmed:
		return "已确认"
	case CaseApproved:
		return "已批准"
	case CaseSent:
		return "已发函"
	case CaseClosed:
		return "已结案"
	case CaseCleared:
		return "已排除"
	default:
		return string(s)
	}
}

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
		if err := mayMove(m.Roles, role); err != nil {
			return CaseMove{}, err
		}
		if m.Reason && strings.TrimSpace(reason) == "" {
			return CaseMove{}, reasonMissing()
		}
		return m, nil
	}
	return CaseMove{}, Errorf(Conflict, "案件当前为“%s”，不能进行这一步", from.Label())
}

// mayMove refuses a role that a row does not name. A row without roles is the
// claimant's, who has none.
func mayMove(allowed []Role, role Role) error {
	switch {
	case len(allowed) == 0 && role != "":
		return Errorf(Forbidden, "这一步只能由权利人本人办理")
	case len(allowed) > 0 && !slices.Contains(allowed, role):
		names := make([]string, len(allowed))
		for i, r := range allowed {
			names[i] = r.Label()
		}
		return Errorf(Forbidden, "这一步只能由%s办理", strings.Join(names, "或"))
	}
	return nil
}

func reasonMissing() error {
	return &Error{Kind: Invalid, Detail: "这一步须说明理由", Fields: []Field{{Name: "reason", Detail: "缺少此项"}}}
}

// AnswerTo returns the answer to an exemption question, where there is one.
func (c *Case) AnswerTo(question string) (Answer, bool) {
	for _, a := range c.Answers {
		if a.Question == question {
			return a, true
		}
	}
	return Answer{}, false
}
