package claims

import (
	"context"
	"errors"
	"fmt"
	"time"

	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

// Erase erases what was kept of claims long enough by an instant: the files, and who
// the agent is and how to reach both. The claim itself and its record stay, with an
// entry of what was erased. It returns how many claims it erased.
func (o *Office) Erase(ctx context.Context, at time.Time) (n int, err error) {
	var closed []rights.Claim
	err = o.db.View(ctx, func(tx *store.Tx) error {
		closed, err = tx.ClosedClaims(ctx)
		return err
	})
	if err != nil {
		return 0, err
	}
	day := at.In(rights.China).Format(time.DateOnly)
	for _, c := range closed {
		if from := c.EraseFrom(); from == "" || from > day {
			continue
		}
		if err := o.erase(ctx, c.ID); err != nil {
			return n, err
		}
		n++
	}
	return n, o.removeErased(ctx)
}

func (o *Office) erase(ctx context.Context, id string) error {
	return o.db.Update(ctx, func(tx *store.Tx) error {
		c, err := tx.Claim(ctx, id)
		if err != nil || c.ErasedAt != nil {
			return err
		}
		for i := range c.Files {
			c.Files[i].Name, c.Files[i].ErasedAt = "", &tx.Now
			if err := tx.PutProof(ctx, &c.Files[i]); err != nil {
				return err
			}
		}
		c.Claimant = rights.Claimant{Name: c.Claimant.Name, Kind: c.Claimant.Kind}
		c.ErasedAt = &tx.Now
		if err := tx.PutClaim(ctx, c); err != nil {
			return err
		}
		system := rights.SystemActor()
		return tx.AddEvent(ctx, &rights.Event{
			Subject: id, Action: "claim.erased", Actor: system.Login, Name: system.Name,
			Reason: rights.Note("办结满 %d 年：删除证明文件 %d 份，以及联系方式", rights.KeepClaimYears, len(c.Files)),
		})
	})
}

// removeErased removes the files whose rows say that they were erased, so those
// too that a crash left.
func (o *Office) removeErased(ctx context.Context) error {
	var list []rights.Proof
	err := o.db.View(ctx, func(tx *store.Tx) (err error) {
		list, err = tx.Proofs(ctx)
		return err
	})
	if err != nil {
		return err
	}
	var failed error
	for _, p := range list {
		if p.ErasedAt == nil {
			continue
		}
		if err := o.shelf.Forget(p.File, p.SHA256); err != nil {
			failed = errors.Join(failed, fmt.Errorf("erase a proof: %w", err))
		}
	}
	return errors.Join(failed, o.removeStored(ctx))
}

// removeStored removes from the storage what was erased.
func (o *Office) removeStored(ctx context.Context) error {
	if o.shelf.Vault == nil {
		return nil
	}
	list, err := o.proofs(ctx, store.ProofStored)
	for _, p := range list {
		if p.ErasedAt == nil {
			continue
		}
		failed := o.shelf.Vault.Remove(ctx, p.File)
		if failed == nil {
			failed = o.stored(ctx, p, store.ProofRemoved)
		}
		if failed != nil {
			err = errors.Join(err, fmt.Errorf("erase %s: %w", p.File, failed))
		}
	}
	return err
}
