package notary

import (
	"context"
	"strings"

	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
	"rightsdesk/internal/vault"
)

// VerifyVault re-reads every sealed file that the storage holds and reports those
// that are missing or changed, but for those that somebody decided to remove. It returns
// the subjects of what it read.
func VerifyVault(ctx context.Context, db *store.DB, v *vault.Vault, report func(subject, detail string)) (read []string, err error) {
	var seals []rights.Seal
	var removed map[string]rights.Event
	err = db.View(ctx, func(tx *store.Tx) error { // and no longer: the storage may be slow
		if seals, err = tx.Seals(ctx); err == nil {
			removed, err = tx.DiscardedFiles(ctx)
		}
		return err
	})
	for _, s := range seals {
		file, ok := strings.CutPrefix(s.Subject, evidenceSubject)
		if _, gone := removed[file]; gone || !ok || s.KeptAt == nil {
			continue
		}
		read = append(read, s.Subject)
		switch digest, err := v.Sum(ctx, file); {
		case ctx.Err() != nil:
			return read, ctx.Err()
		case err != nil:
			report(s.Subject, err.Error())
		case digest != s.SHA256:
			report(s.Subject, "what the storage holds is not what was sealed: SHA-256 does not agree")
		}
	}
	return read, err
}
