// Package picture draws the pages of cases from what was recorded, and keeps the
// pictures beside it.
package picture

import (
	"context"

	"rightsdesk/internal/browser"
	"rightsdesk/internal/evidence"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

// Keeper draws the pages of cases.
type Keeper struct {
	DB       *store.DB
	Evidence *evidence.Store
	Browser  *browser.Browser
}

// Keep draws the page of a recorded response of a case, puts picture and text beside
// it, and says so in the record of events, with the SHA-256 of both records.
func (k *Keeper) Keep(ctx context.Context, caseID string, of rights.Evidence) error {
	r, err := k.Evidence.Get(ctx, evidence.Ref(of))
	if err != nil {
		return err
	}
	v, err := k.Browser.Draw(ctx, browser.Page{URL: r.URL, Status: r.Status, Header: r.Header, Body: r.Body})
	if err != nil {
		return err
	}
	kept, err := k.Evidence.PutView(ctx, evidence.Ref(of), v)
	if err != nil {
		return err
	}
	return k.DB.Update(ctx, func(tx *store.Tx) error {
		system := rights.SystemActor()
		return tx.AddEvent(ctx, &rights.Event{
			Subject: caseID, Action: "case.pictured", Actor: system.Login, Name: system.Name, To: of.RecordID, Reason: kept.String(),
		})
	})
}
