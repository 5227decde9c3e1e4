// Package notary seals what is kept and has it stamped.
//
// [Notary.Round], every hour:
//
//  1. ends the evidence file being written and seals it;
//  2. enters what was sealed into the store and the record of events;
//  3. signs the root over the record of events, which holds the seals, and seals it;
//  4. queues every stamp that is not there and not being tried;
//  5. lays the stamps that were had beside the files they are of;
//  6. puts what was sealed into the storage, where one is configured.
//
// [Notary.Stamp] works one of those jobs. [Verify] checks seals and stamps.
package notary

import (
	"context"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"rightsdesk/internal/audit"
	"rightsdesk/internal/evidence"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/stamp"
	"rightsdesk/internal/store"
	"rightsdesk/internal/vault"
)

// Options are what a Notary works with.
type Options struct {
	DB          *store.DB
	Evidence    *evidence.Store
	Key         *audit.Key // signs the roots of the record
	Authorities []*stamp.Authority
	Vault       *vault.Vault // nil keeps the evidence in its folder alone
}

// Notary seals and stamps. It is safe for concurrent use.
type Notary struct {
	opt    Options
	laying sync.Mutex
}

// New returns a notary.
func New(opt Options) *Notary { return &Notary{opt: opt} }

// The subjects of events.
const (
	evidenceSubject = "evidence/"
	bundleSubject   = "bundle/"
	digestSubject   = "sha256-"
)

// Round seals what there is and sees to its stamps.
func (n *Notary) Round(ctx context.Context) error {
	if _, err := n.opt.Evidence.Seal(); err != nil {
		return err
	}
	if err := n.enter(ctx); err != nil {
		return err
	}
	if err := n.opt.DB.Update(ctx, func(tx *store.Tx) error { return n.sign(ctx, tx) }); err != nil {
		return err
	}
	for _, a := range n.opt.Authorities {
		if err := n.ask(ctx, a.ID); err != nil {
			return err
		}
	}
	if err := n.layOut(ctx); err != nil || n.opt.Vault == nil {
		return err
	}
	return n.store(ctx)
}

// store puts the sealed files of this folder into the storage. Where a stamp is still
// lacking the file is gone through again the next time.
func (n *Notary) store(ctx context.Context) error {
	var seals []rights.Seal
	err := n.opt.DB.View(ctx, func(tx *store.Tx) (err error) {
		seals, err = tx.Seals(ctx)
		return err
	})
	if err != nil {
		return err
	}
	put := func(name, digest string, r io.Reader, size int64) error {
		return n.opt.Vault.Keep(ctx, name, digest, r, size)
	}
	for _, s := range seals {
		file, ok := strings.CutPrefix(s.Subject, evidenceSubject)
		if !ok || s.KeptAt != nil || !n.opt.Evidence.Has(file) {
			continue
		}
		if err := n.opt.Evidence.Export(file, put); err != nil {
			return err
		}
		if !n.complete(file) {
			continue
		}
		err := n.opt.DB.Update(ctx, func(tx *store.Tx) error {
			if err := tx.PutSealKept(ctx, s.Subject); err != nil {
				return err
			}
			return tx.AddEvent(ctx, event(s.Subject, "evidence.stored", n.opt.Vault.String()))
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// ask queues what an authority has not stamped.
func (n *Notary) ask(ctx context.Context, authority string) error {
	return n.opt.DB.Update(ctx, func(tx *store.Tx) error {
		seals, err := tx.Unstamped(ctx, authority)
		for _, s := range seals {
			if err := tx.EnqueueStamp(ctx, s.SHA256, authority); err != nil {
				return err
			}
		}
		return err
	})
}

// enter keeps the seals of the folder that the store does not know: those of this
// round, and of one that was cut off after the files were sealed.
func (n *Notary) enter(ctx context.Context) error {
	seals, err := n.opt.Evidence.Seals()
	if err != nil {
		return err
	}
	known, err := n.known(ctx)
	if err != nil {
		return err
	}
	for _, s := range seals {
		seal := rights.Seal{Subject: evidenceSubject + s.File, SHA256: s.SHA256}
		if known[seal.Subject] == seal.SHA256 {
			continue
		}
		err := n.opt.DB.Update(ctx, func(tx *store.Tx) error { return addSeal(ctx, tx, seal, "evidence.sealed") })
		if err != nil {
			return err
		}
	}
	return nil
}

// sign makes the next root of the record and seals it.
func (n *Notary) sign(ctx context.Context, tx *store.Tx) error {
	root, err := n.opt.Key.Sign(ctx, tx)
	if err != nil || root == nil {
		return err
	}
	return addSeal(ctx, tx, rights.Seal{Subject: root.Subject(), SHA256: root.Digest()}, "audit.signed")
}

// addSeal keeps a seal and, where it is new, says so in the record of events.
func addSeal(ctx context.Context, tx *store.Tx, seal rights.Seal, action string) error {
	added, err := tx.AddSeal(ctx, &seal)
	if err != nil || !added {
		return err
	}
	return tx.AddEvent(ctx, event(seal.Subject, action, seal.SHA256))
}

func event(subject, action, reason string) *rights.Event {
	system := rights.SystemActor()
	return &rights.Event{Subject: subject, Action: action, Actor: system.Login, Name: system.Name, Reason: reason}
}

// known are the digests in the store by their subjects.
func (n *Notary) known(ctx context.Context) (map[string]string, error) {
	known := map[string]string{}
	err := n.opt.DB.View(ctx, func(tx *store.Tx) error {
		seals, err := tx.Seals(ctx)
		for _, s := range seals {
			known[s.Subject] = s.SHA256
		}
		return err
	})
	return known, err
}

// layOut writes stamps beside their files, those also that another machine had.
func (n *Notary) layOut(ctx context.Context) error {
	n.laying.Lock() // two stamps may come at once, and a file is written once
	defer n.laying.Unlock()
	return n.opt.DB.View(ctx, func(tx *store.Tx) error {
		seals, err := tx.Seals(ctx)
		if err != nil {
			return err
		}
		for _, s := range seals {
			file, ok := strings.CutPrefix(s.Subject, evidenceSubject)
			if !ok || !n.opt.Evidence.Has(file) || n.complete(file) {
				continue
			}
			stamps, err := tx.Stamps(ctx, s.SHA256)
			if err != nil {
				return err
			}
			for _, st := range stamps {
				if err := n.opt.Evidence.PutToken(file, st.Authority, st.Response); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// complete reports whether the stamps of all authorities lie beside a file.
func (n *Notary) complete(file string) bool {
	for _, a := range n.opt.Authorities {
		if !n.opt.Evidence.Has(evidence.TokenName(file, a.ID)) {
			return false
		}
	}
	return true
}

// EnterBundle keeps the digest of a bundle of a case, and says so in the record of
// events. The same bundle is entered once.
func (n *Notary) EnterBundle(ctx context.Context, caseID, digest string) error {
	seal := rights.Seal{Subject: bundleSubject + caseID + "/" + digest, SHA256: digest}
	return n.opt.DB.Update(ctx, func(tx *store.Tx) error { return addSeal(ctx, tx, seal, "bundle.sealed") })
}

// StampNow has a digest stamped by each authority that has not stamped it, without
// the queue. It returns the stamps that there are then, and says of the others why
// they were not had.
func (n *Notary) StampNow(ctx context.Context, digest string) (had []rights.Stamp, lacking []error, err error) {
	read := func() error {
		return n.opt.DB.View(ctx, func(tx *store.Tx) (err error) {
			had, err = tx.Stamps(ctx, digest)
			return err
		})
	}
	if err := read(); err != nil {
		return nil, nil, err
	}
	if len(n.opt.Authorities) == 0 {
		lacking = append(lacking, rights.Errorf(rights.Unavailable, "没有配置时间戳机构"))
	}
	for _, a := range n.opt.Authorities {
		if slices.ContainsFunc(had, func(s rights.Stamp) bool { return s.Authority == a.ID }) {
			continue
		}
		if err := n.Stamp(ctx, digest, a.ID); err != nil {
			lacking = append(lacking, err)
		}
	}
	return had, lacking, read()
}

// Stamp has a digest stamped by an authority, unless it was before. An authority
// that is no longer configured is [rights.NotFound]; one that does not answer as
// it should is [rights.Unavailable].
func (n *Notary) Stamp(ctx context.Context, digest, authority string) error {
	a := n.authority(authority)
	if a == nil {
		return rights.Errorf(rights.NotFound, "配置中没有时间戳机构 %s", authority)
	}
	asked := time.Now().UTC()
	response, token, err := a.Ask(ctx, digest)
	if err != nil {
		return err
	}
	st := &rights.Stamp{
		SHA256: digest, Authority: a.ID, At: token.At, Serial: token.Serial, Response: response, AskedAt: asked, HadAt: time.Now().UTC(),
	}
	err = n.opt.DB.Update(ctx, func(tx *store.Tx) error {
		added, err := tx.AddStamp(ctx, st)
		if err != nil || !added {
			return err
		}
		return tx.AddEvent(ctx, event(digestSubject+digest, "stamped", a.ID+" "+token.Serial))
	})
	if err != nil {
		return err
	}
	return n.layOut(ctx)
}

func (n *Notary) authority(id string) *stamp.Authority {
	for _, a := range n.opt.Authorities {
		if a.ID == id {
			return a
		}
	}
	return nil
}
