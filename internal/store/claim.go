package store

import (
	"context"

	"rightsdesk/internal/rights"
)

// AddClaim gives the claim its receipt number and inserts it.
func (t *Tx) AddClaim(ctx context.Context, c *rights.Claim) error {
	id, err := t.number(ctx, "RC")
	if err != nil {
		return err
	}
	c.ID, c.FiledAt, c.UpdatedAt, c.Version = id, t.Now, t.Now, 1
	doc, err := encode(c)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `INSERT INTO claims (id, token_hash, state, due_at, filed_at, version, doc) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		c.ID, c.TokenHash, string(c.State), c.DueAt, micros(c.FiledAt), c.Version, doc)
	return err
}

// PutClaim replaces a claim. Where it was changed since it was read, nothing
// happens and the error is of kind Conflict.
func (t *Tx) PutClaim(ctx context.Context, c *rights.Claim) error {
	was := c.Version
	c.Version, c.UpdatedAt = was+1, t.Now
	doc, err := encode(c)
	if err != nil {
		return err
	}
	n, err := t.exec(ctx, `UPDATE claims SET state = $3, due_at = $4, version = $5, doc = $6 WHERE id = $1 AND version = $2`,
		c.ID, was, string(c.State), c.DueAt, c.Version, doc)
	if err == nil && n == 0 {
		return rights.Errorf(rights.Conflict, "权利主张 %s 刚刚被他人改动，请刷新后再试", c.ID)
	}
	return err
}

// Claim returns the claim with this receipt number.
func (t *Tx) Claim(ctx context.Context, id string) (*rights.Claim, error) {
	c, err := one[rights.Claim](ctx, t, missing("没有受理编号为 %s 的权利主张", id), `SELECT doc FROM claims WHERE id = $1`+t.lock, id)
	return t.withProofs(ctx, c, err)
}

// ClaimByToken returns the claim whose private link hashes to this.
func (t *Tx) ClaimByToken(ctx context.Context, hash string) (*rights.Claim, error) {
	c, err := one[rights.Claim](ctx, t, missing("链接有误，没有对应的权利主张"), `SELECT doc FROM claims WHERE token_hash = $1`, hash)
	return t.withProofs(ctx, c, err)
}

func (t *Tx) withProofs(ctx context.Context, c *rights.Claim, err error) (*rights.Claim, error) {
	if err != nil {
		return nil, err
	}
	c.Files, err = many[rights.Proof](ctx, t, `SELECT doc FROM proofs WHERE claim_id = $1 ORDER BY id`, c.ID)
	return c, err
}

// Claims returns the claims in a state, or all where it is empty, the first due
// first, and how many there are without limit and offset.
func (t *Tx) Claims(ctx context.Context, state rights.ClaimState, limit, offset int) ([]rights.Claim, int, error) {
	n, err := t.count(ctx, `SELECT COUNT(*) FROM claims WHERE $1 = '' OR state = $1`, string(state))
	if err != nil {
		return nil, 0, err
	}
	list, err := many[rights.Claim](ctx, t, `SELECT doc FROM claims WHERE $1 = '' OR state = $1 ORDER BY CASE WHEN due_at = '' THEN 1 ELSE 0 END, due_at, id LIMIT $2 OFFSET $3`, string(state), limit, offset)
	return list, n, err
}

// ClosedClaims returns the claims that were decided or withdrawn, without their
// files.
func (t *Tx) ClosedClaims(ctx context.Context) ([]rights.Claim, error) {
	return many[rights.Claim](ctx, t, `SELECT doc FROM claims WHERE state IN ('upheld', 'part_upheld', 'rejected', 'withdrawn') ORDER BY id`)
}

// AddProof gives the file an ID and inserts it.
func (t *Tx) AddProof(ctx context.Context, p *rights.Proof) error {
	id, err := t.next(ctx, "proof")
	if err != nil {
		return err
	}
	p.ID, p.AddedAt = id, t.Now
	doc, err := encode(p)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `INSERT INTO proofs (id, claim_id, doc) VALUES ($1, $2, $3)`, p.ID, p.ClaimID, doc)
	return err
}

// PutProof replaces what is kept of a file.
func (t *Tx) PutProof(ctx context.Context, p *rights.Proof) error {
	doc, err := encode(p)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `UPDATE proofs SET doc = $2 WHERE id = $1`, p.ID, doc)
	return err
}

// Proof returns one file of a claim.
func (t *Tx) Proof(ctx context.Context, claimID string, id int64) (*rights.Proof, error) {
	return one[rights.Proof](ctx, t, missing("权利主张 %s 没有编号为 %d 的材料", claimID, id), `SELECT doc FROM proofs WHERE claim_id = $1 AND id = $2`, claimID, id)
}

// ProofStorage says whether a shared storage holds a file of a claim.
type ProofStorage string

// The states of a file: not copied yet, there, removed again or never to be copied.
const (
	ProofUnstored ProofStorage = ""
	ProofStored   ProofStorage = "stored"
	ProofRemoved  ProofStorage = "removed"
)

// PutProofStorage says where a file is.
func (t *Tx) PutProofStorage(ctx context.Context, id int64, s ProofStorage) error {
	_, err := t.exec(ctx, `UPDATE proofs SET storage = $2 WHERE id = $1`, id, string(s))
	return err
}

// ProofsByStorage returns the files of which a storage holds, or does not hold, a copy.
func (t *Tx) ProofsByStorage(ctx context.Context, s ProofStorage) ([]rights.Proof, error) {
	return many[rights.Proof](ctx, t, `SELECT doc FROM proofs WHERE storage = $1 ORDER BY id`, string(s))
}

// Proofs returns the files of every claim.
func (t *Tx) Proofs(ctx context.Context) ([]rights.Proof, error) {
	return many[rights.Proof](ctx, t, `SELECT doc FROM proofs ORDER BY id`)
}
