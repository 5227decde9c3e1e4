package picture

import (
	"context"

	"rightsdesk/internal/evidence"
	"rightsdesk/internal/fetch"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

// Keeper draws the pages of cases.
type Keeper struct {
	DB       *store.DB
	Evidence *evidence.Store
	Fetcher  *fetch.Fetcher
	Program  string // path of Chromium
}

// Keep draws the page of a recorded response of a case, puts picture and text beside
// it, and says so in the record of events, with the SHA-256 of both records.
func (k *Keeper) Keep(ctx context.Context, caseID string, of rights.Evidence) error {
	r, err := k.Evidence.Get(evidence.Ref(of))
	if err != nil {
		return err
	}
	p, err := Draw(ctx, k.Program, k.Fetcher, Page{URL: r.URL, Status: r.Status, Header: r.Header, Body: r.Body})
	if err != nil {
		return rights.Errorf(rights.Unavailable, "网页截图没有画成：%s", r.URL).Because(err)
	}
	picture, text, err := k.Evidence.PutView(ctx, evidence.Ref(of), evidence.View{PNG: p.PNG, Text: p.Text, Browser: p.Browser, At: p.At, Exchanges: p.Exchanges})
	if err != nil {
		return err
	}
	return k.DB.Update(ctx, func(tx *store.Tx) error {
		system := rights.SystemActor()
		return tx.AddEvent(ctx, &rights.Event{
			Subject: caseID, Action: "case.pictured", Actor: system.Login, Name: system.Name, To: of.RecordID, Reason: picture + " " + text,
		})
	})
}
