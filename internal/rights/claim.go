package rights

import (
	"strings"
	"time"
)

// Claim is a rights holder's demand of the paper.
type Claim struct {
	ID        string     `json:"id"` // RC2026-0001, the receipt number
	TokenHash string     `json:"-"`
	State     ClaimState `json:"state"`
	Claimant  Claimant   `json:"claimant"`
	// ArticleID is the page of ours, where it was found; Page is what the
	// claimant gave, a URL or a title.
	ArticleID string     `json:"article_id,omitempty"`
	Page      string     `json:"page"`
	Work      ClaimWork  `json:"work"`
	Wrongs    []Wrong    `json:"wrongs"`
	Details   string     `json:"details"`
	Asked     []Remedy   `json:"asked"`
	Consent   time.Time  `json:"consent"` // when the privacy notice was accepted
	Notice    string     `json:"notice"`  // version of the privacy notice
	Missing   []string   `json:"missing,omitempty"`
	Files     []Proof    `json:"files"`
	Decision  *Act       `json:"decision,omitempty"`
	Remedies  string     `json:"remedies,omitempty"` // what the paper does, after the decision
	FiledAt   time.Time  `json:"filed_at"`
	DueAt     string     `json:"due_at"` // day of the decision, in China
	CureBy    string     `json:"cure_by,omitempty"`
	UpdatedAt time.Time  `json:"updated_at"`
	ClosedAt  *time.Time `json:"closed_at,omitempty"`
	ErasedAt  *time.Time `json:"erased_at,omitempty"` // when files and ways to reach the claimant were
	Version   int        `json:"version"`
}

// Claimant is who claims and how to reach them.
type Claimant struct {
	Name    string `json:"name"`
	Kind    string `json:"kind"` // person or organisation
	Email   string `json:"email,omitempty"`
	Phone   string `json:"phone,omitempty"`
	Address string `json:"address,omitempty"`
	// Agent is set where somebody acts for the rights holder.
	Agent     string `json:"agent,omitempty"`
	Authority string `json:"authority,omitempty"` // what the agent is authorised to do
}

// ClaimWork is the claimant's own work.
type ClaimWork struct {
	Title     string `json:"title"`
	URL       string `json:"url,omitempty"`
	Published string `json:"published,omitempty"`
	Details   string `json:"details,omitempty"`
}

// Wrong is what a claimant complains of.
type Wrong string

// The wrongs.
const (
	WrongCopied  Wrong = "copied"
	WrongCredit  Wrong = "credit"
	WrongAltered Wrong = "altered"
	WrongUnpaid  Wrong = "unpaid" // 稿酬
	WrongLink    Wrong = "link"
)

// Remedy is what a claimant asks for.
type Remedy string

// The remedies.
const (
	RemedyRemove  Remedy = "remove"
	RemedyCredit  Remedy = "credit"
	RemedyCorrect Remedy = "correct"
	RemedyPay     Remedy = "pay"
	RemedyApology Remedy = "apology"
	RemedyUnlink  Remedy = "unlink"
)

// Proof is a file of a claim. Its bytes lie encrypted outside anything served.
type Proof struct {
	ID        int64     `json:"id"`
	ClaimID   string    `json:"claim_id"`
	Kind      ProofKind `json:"kind"`
	Name      string    `json:"name"` // as the claimant named it
	MediaType string    `json:"media_type"`
	Size      int64     `json:"size"`   // bytes before encryption
	SHA256    string    `json:"sha256"` // of the encrypted file
	File      string    `json:"file"`   // relative to the data folder
	AddedAt   time.Time `json:"added_at"`
	// ErasedAt is when the file was erased; what is said of it here stays.
	ErasedAt *time.Time `json:"erased_at,omitempty"`
}

// ProofKind says what a file proves.
type ProofKind string

// The proofs.
const (
	ProofIdentity  ProofKind = "identity"
	ProofOwnership ProofKind = "ownership"
	ProofAuthority ProofKind = "authority"
)

// ClaimState is where a claim stands.
type ClaimState string

// The states of a claim.
const (
	ClaimSubmitted  ClaimState = "submitted"
	ClaimDeficient  ClaimState = "deficient"
	ClaimAssessing  ClaimState = "assessing"
	ClaimUpheld     ClaimState = "upheld"
	ClaimPartUpheld ClaimState = "part_upheld"
	ClaimRejected   ClaimState = "rejected"
	ClaimWithdrawn  ClaimState = "withdrawn"
)

// ClaimStates lists the states in the order of a claim's life.
func ClaimStates() []ClaimState {
	return []ClaimState{ClaimSubmitted, ClaimDeficient, ClaimAssessing, ClaimUpheld, ClaimPartUpheld, ClaimRejected, ClaimWithdrawn}
}

// Label is the state's name for people, in Chinese.
func (s ClaimState) Label() string {
	switch s {
	case ClaimSubmitted:
		return "已提交"
	case ClaimDeficient:
		return "待补正"
	case ClaimAssessing:
		return "审核中"
	case ClaimUpheld:
		return "主张成立"
	case ClaimPartUpheld:
		return "部分成立"
	case ClaimRejected:
		return "不予支持"
	case ClaimWithdrawn:
		return "已撤回"
	default:
		return string(s)
	}
}

// Final reports whether the claim is decided or withdrawn.
func (s ClaimState) Final() bool {
	switch s {
	case ClaimUpheld, ClaimPartUpheld, ClaimRejected, ClaimWithdrawn:
		return true
	case ClaimSubmitted, ClaimDeficient, ClaimAssessing:
		return false
	default:
		return false
	}
}

// KeepClaimYears is for how long after the end of a claim its files and the ways to
// reach its claimant are kept: the limitation of actions (Civil Code, article 188),
// and no longer (Personal Information Protection Law, articles 19 and 47).
const KeepClaimYears = 3

// EraseFrom is the first day, in China, on which a claim is to be erased, as
// 2006-01-02; of one that is open or was erased, empty.
func (c *Claim) EraseFrom() string {
	if c.ClosedAt == nil || c.ErasedAt != nil {
		return ""
	}
	return c.ClosedAt.In(China).AddDate(KeepClaimYears, 0, 1).Format(time.DateOnly)
}

// ClaimMove is one row of the transition table of claims. A move without roles
// is the claimant's.
type ClaimMove struct {
	Name   string     `json:"name"`
	From   ClaimState `json:"from"`
	To     ClaimState `json:"to"`
	Roles  []Role     `json:"roles"`
	Reason bool       `json:"reason"`
	Guards []Guard    `json:"-"` // a move whose guard does not hold is not offered
}

// GuardCureOver says that the day has passed by which the claimant was to hand in
// what is missing.
const GuardCureOver Guard = "cure_over"

// ClaimMoves is the transition table of claims.
func ClaimMoves() []ClaimMove {
	both, counsel := []Role{RoleReviewer, RoleCounsel}, []Role{RoleCounsel}
	return []ClaimMove{
		{Name: "ask", From: ClaimSubmitted, To: ClaimDeficient, Roles: both, Reason: true},
		{Name: "ask", From: ClaimAssessing, To: ClaimDeficient, Roles: both, Reason: true},
		{Name: "complete", From: ClaimDeficient, To: ClaimSubmitted},
		{Name: "lapse", From: ClaimDeficient, To: ClaimRejected, Roles: counsel, Reason: true, Guards: []Guard{GuardCureOver}},
		{Name: "assess", From: ClaimSubmitted, To: ClaimAssessing, Roles: both},
		{Name: "uphold", From: ClaimAssessing, To: ClaimUpheld, Roles: counsel, Reason: true},
		{Name: "uphold_part", From: ClaimAssessing, To: ClaimPartUpheld, Roles: counsel, Reason: true},
		{Name: "reject", From: ClaimAssessing, To: ClaimRejected, Roles: counsel, Reason: true},
		{Name: "withdraw", From: ClaimSubmitted, To: ClaimWithdrawn},
		{Name: "withdraw", From: ClaimDeficient, To: ClaimWithdrawn},
		{Name: "withdraw", From: ClaimAssessing, To: ClaimWithdrawn},
	}
}

// FindClaimMove returns the row for a move, with the errors of [FindCaseMove].
// The claimant has the empty role.
func FindClaimMove(from ClaimState, name string, role Role, reason string) (ClaimMove, error) {
	for _, m := range ClaimMoves() {
		if m.Name != name || m.From != from {
			continue
		}
		if err := mayMove(m.Roles, role); err != nil {
			return ClaimMove{}, err
		}
		if m.Reason && strings.TrimSpace(reason) == "" {
			return ClaimMove{}, reasonMissing()
		}
		return m, nil
	}
	return ClaimMove{}, Errorf(Conflict, "该权利主张当前为“%s”，不能进行这一步", from.Label())
}
