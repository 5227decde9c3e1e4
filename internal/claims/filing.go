package claims

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"

	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

// Filing is what a claimant hands in.
type Filing struct {
	// Key names the attempt: a filing that comes twice with the same key and the
	// same content is one claim. It is secret and random ([NewKey]); without one,
	// every filing is a claim of its own.
	Key      string
	Claimant rights.Claimant
	Page     string // a URL of ours or a title
	Article  string // the ID of the article that was chosen, or empty
	AsGiven  bool   // the claimant insists on Page though no article was chosen
	Work     rights.ClaimWork
	Wrongs   []rights.Wrong
	Details  string
	Asked    []rights.Remedy
	Truth    bool // declares that what is said is true
	Consent  bool // accepts the privacy notice
	// ConsentID agrees to the handling of identity papers, which PIPL art. 29
	// wants apart from Consent.
	ConsentID bool
	Files     []Upload
}

// NewKey returns a key for a filing: 130 random bits.
func NewKey() string { return rand.Text() }

const minKey = 26

// token makes the token of the private link, 256 bits: out of key and content
// where there is a key, so that the same filing again finds its claim.
func (f *Filing) token() (string, error) {
	if len(f.Key) < minKey {
		return rand.Text() + rand.Text(), nil
	}
	type file struct {
		Kind, Name string
		SHA256     [sha256.Size]byte
	}
	said := *f
	said.Files = nil
	files := make([]file, len(f.Files))
	for i, u := range f.Files {
		files[i] = file{string(u.Kind), u.Name, sha256.Sum256(u.Content)}
	}
	b, err := json.Marshal([]any{"rightsdesk claim", said, files})
	if err != nil {
		return "", fmt.Errorf("token of a claim: %w", err)
	}
	sum := sha256.Sum256(b)
	return base64.RawURLEncoding.EncodeToString(sum[:]), nil
}

// File takes a claim in. What is missing or wrong is one Invalid error with a
// Field for each, and nothing is kept then. Where only proofs are missing, the
// claim is taken in as deficient: Missing says what is to come by CureBy. token
// opens the claimant's private page and is shown this once.
func (o *Office) File(ctx context.Context, f Filing) (c *rights.Claim, token string, err error) {
	f.tidy()
	if token, err = f.token(); err != nil {
		return nil, "", err
	}
	if c, err := o.Find(ctx, token); rights.KindOf(err) != rights.NotFound {
		return c, token, err
	}
	if c, err = o.draft(ctx, &f); err != nil {
		return nil, "", err
	}
	c.TokenHash = hashToken(token)
	files, err := o.seal(f.Files)
	if err != nil {
		return nil, "", err
	}
	if err := o.add(ctx, c, files); err != nil {
		// The same filing may have come in at the same time.
		if c, found := o.Find(ctx, token); found == nil {
			return c, token, nil
		}
		return nil, "", err
	}
	c, err = o.Find(ctx, token)
	return c, token, err
}

// draft checks a filing and makes a claim of it.
func (o *Office) draft(ctx context.Context, f *Filing) (*rights.Claim, error) {
	fields := f.faults()
	c := &rights.Claim{
		State: rights.ClaimSubmitted, Claimant: f.Claimant, Page: f.Page, Work: f.Work,
		Wrongs: f.Wrongs, Details: f.Details, Asked: f.Asked, Notice: NoticeVersion, Files: []rights.Proof{},
	}
	err := o.db.View(ctx, func(tx *store.Tx) error {
		id, field, err := page(ctx, tx, f)
		if field != nil {
			fields = append(fields, *field)
		}
		c.ArticleID, c.Consent = id, tx.Now
		return err
	})
	if err != nil {
		return nil, err
	}
	missing := missingProofs(f.Claimant, f.Files, nil)
	if len(fields) > 0 {
		for _, k := range missing {
			fields = append(fields, missingField(k))
		}
		sortAsForm(fields)
		return nil, &rights.Error{Kind: rights.Invalid, Detail: "主张还不能提交，请补充或者更正以下各项", Fields: fields}
	}
	c.DueAt = workdays(c.Consent, decisionDays)
	if len(missing) > 0 {
		c.State, c.DueAt, c.CureBy = rights.ClaimDeficient, "", workdays(c.Consent, cureDays)
		for _, k := range missing {
			c.Missing = append(c.Missing, missingText(k))
		}
	}
	return c, nil
}

// add writes a new claim with its files and its first event.
func (o *Office) add(ctx context.Context, c *rights.Claim, files []sealed) error {
	return o.db.Update(ctx, func(tx *store.Tx) error {
		if err := tx.AddClaim(ctx, c); err != nil {
			return err
		}
		err := tx.AddEvent(ctx, &rights.Event{
			Subject: c.ID, Action: "claim.filed", Actor: claimant, Name: c.Claimant.Name, To: string(c.State),
			Reason: rights.Note("已声明所述属实；已同意隐私说明（%s 版），并单独同意处理身份证明", c.Notice),
		})
		if err != nil {
			return err
		}
		return o.keep(ctx, tx, c.ID, files)
	})
}

// missingProofs returns the kinds of proof that are neither among the uploads
// nor among the files of the claim.
func missingProofs(who rights.Claimant, files []Upload, have []rights.Proof) []rights.ProofKind {
	there := map[rights.ProofKind]bool{}
	for _, u := range files {
		there[u.Kind] = true
	}
	for _, p := range have {
		there[p.Kind] = true
	}
	kinds := []rights.ProofKind{rights.ProofIdentity, rights.ProofOwnership}
	if who.Agent != "" {
		kinds = append(kinds, rights.ProofAuthority)
	}
	var missing []rights.ProofKind
	for _, k := range kinds {
		if !there[k] {
			missing = append(missing, k)
		}
	}
	return missing
}

func missingField(k rights.ProofKind) rights.Field {
	f := rights.Field{Name: "proofs." + string(k)}
	switch k {
	case rights.ProofIdentity:
		f.Detail = "请上传权利人的身份证明"
	case rights.ProofOwnership:
		f.Detail = "请上传作品的权属证明"
	case rights.ProofAuthority:
		f.Detail = "请上传权利人签署的授权书"
	}
	return f
}

// missingText is one line of Claim.Missing.
func missingText(k rights.ProofKind) string {
	switch k {
	case rights.ProofIdentity:
		return "权利人的身份证明（身份证、护照或者营业执照）"
	case rights.ProofOwnership:
		return "作品的权属证明（原稿、出版物、登记证书或者合同）"
	case rights.ProofAuthority:
		return "权利人签署的授权书（代理人提交时）"
	}
	return string(k)
}
