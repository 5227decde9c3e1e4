package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

type discardCmd struct {
	File   string `arg:"" help:"A sealed file of the data folder's evidence, as evidence/rightsdesk-20261124-00001.warc.gz."`
	By     string `required:"" help:"Login of the counsel who decided." placeholder:"LOGIN"`
	Reason string `required:"" help:"Why, for the record."`
}

// Help is the long help.
func (discardCmd) Help() string {
	return `Removes one file of recorded exchanges for good, here and from the storage, by the decision of a counsel. It is refused as
long as a case that needs the file did not end three years ago. The decision is entered into the record of events before
anything is removed; the seal, the time stamps and the lines of the manifest stay, and verify names who removed what. Where
it was cut off, run it again. While the service is running, nothing can be removed.`
}

// Run carries out a decision.
func (c discardCmd) Run(ctx context.Context, s *shell) (err error) {
	a, err := s.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.close()) }()
	if err := a.watch(); err != nil {
		return running(err, "stop it first")
	}
	var u *rights.User
	err = a.db.View(ctx, func(tx *store.Tx) (err error) {
		u, err = tx.UserByLogin(ctx, c.By)
		return err
	})
	if err != nil {
		return err
	}
	if u.Disabled {
		return fmt.Errorf("%s is shut out", u.Login)
	}
	d, err := a.notary.Discard(ctx, rights.Actor{Login: u.Login, Name: u.Name, Role: u.Role}, filepath.Base(c.File), c.Reason)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "Removed  %s\nSHA-256  %s\nBy       %s, %s\n", d.File, d.SHA256, d.Name, d.At.In(rights.China).Format("2006-01-02 15:04"))
	return nil
}
