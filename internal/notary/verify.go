package notary

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"rightsdesk/internal/evidence"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/stamp"
	"rightsdesk/internal/store"
)

// Summary counts what Verify looked at.
type Summary struct {
	Seals  int
	Stamps int
}

// Place is what is to be verified, and by what.
type Place struct {
	Dir     string         // the data folder
	Machine string         // whose folder it is, where several share a database; see [evidence.Machine]
	Roots   *x509.CertPool // of the authorities
	// Elsewhere is told, by subject, what another machine keeps, if it is set.
	Elsewhere func(subject string)
}

// Verify holds the seals of the evidence in a data folder, and those of the
// roots of the record, to the ones in the store and in its record of events; and
// each stamp to its digest, to the roots of its authority and to the file beside the
// evidence. It reports what does not fit, by subject. The file that another machine
// recorded is left to that machine.
func Verify(ctx context.Context, tx *store.Tx, at Place, report func(subject, detail string)) (Summary, error) {
	v := &verifier{Place: at, report: report}
	onDisk, err := evidence.Seals(at.Dir)
	if err != nil {
		return v.sum, err
	}
	seals, err := tx.Seals(ctx)
	if err != nil {
		return v.sum, err
	}
	roots, err := tx.Roots(ctx)
	if err != nil {
		return v.sum, err
	}
	digests := map[string]string{}
	for _, s := range onDisk {
		digests[evidenceSubject+s.File] = s.SHA256
	}
	for _, r := range roots {
		digests[r.Subject()] = r.Digest()
	}
	for _, s := range seals {
		v.sum.Seals++
		from := evidence.Machine(strings.TrimPrefix(s.Subject, evidenceSubject))
		switch have, ok := digests[s.Subject]; {
		case strings.HasPrefix(s.Subject, bundleSubject): // went out of the house
		case !ok && from != "" && from != at.Machine:
			if at.Elsewhere != nil {
				at.Elsewhere(s.Subject)
			}
		case !ok:
			report(s.Subject, "what was sealed is missing")
		case have != s.SHA256:
			report(s.Subject, "its seal is not the one in the store")
		}
		delete(digests, s.Subject)
		if err := v.seal(ctx, tx, s); err != nil {
			return v.sum, err
		}
	}
	for subject := range digests {
		report(subject, "its seal is not in the store")
	}
	return v.sum, v.verifyDecisions(ctx, tx)
}

type verifier struct {
	Place

	report func(subject, detail string)
	sum    Summary
}

// seal checks one seal and its stamps against the record of events, in which
// both were entered when they were made.
func (v *verifier) seal(ctx context.Context, tx *store.Tx, s rights.Seal) error {
	sealed, err := tx.Events(ctx, s.Subject)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(sealed, func(e rights.Event) bool { return e.Reason == s.SHA256 }) {
		v.report(s.Subject, "its seal is not the one in the record of events")
	}
	stamps, err := tx.Stamps(ctx, s.SHA256)
	if err != nil {
		return err
	}
	stamped, err := tx.Events(ctx, digestSubject+s.SHA256)
	if err != nil {
		return err
	}
	for _, e := range stamped {
		if !slices.ContainsFunc(stamps, func(st rights.Stamp) bool { return st.Authority+" "+st.Serial == e.Reason }) {
			v.report(s.Subject, "the time stamp "+e.Reason+" is missing")
		}
	}
	for _, st := range stamps {
		v.sum.Stamps++
		if err := v.stamp(ctx, s, st); err != nil {
			v.report(s.Subject, st.Authority+": "+err.Error())
		}
	}
	return nil
}

func (v *verifier) stamp(ctx context.Context, s rights.Seal, st rights.Stamp) error {
	token, err := stamp.Parse(st.Response)
	if err != nil {
		return err
	}
	if err := token.Check(s.SHA256); err != nil {
		return err
	}
	if _, err := token.Trust(ctx, v.Roots); err != nil {
		return err
	}
	if !token.At.Equal(st.At) || token.Serial != st.Serial {
		return errors.New("the time stamp is not the one that was entered")
	}
	file, ok := strings.CutPrefix(s.Subject, evidenceSubject)
	if !ok {
		return nil
	}
	beside, err := os.ReadFile(filepath.Join(v.Dir, "evidence", evidence.TokenName(filepath.Base(file), filepath.Base(st.Authority))))
	if errors.Is(err, os.ErrNotExist) { // it is laid there in the next round
		return nil
	}
	if err == nil && !bytes.Equal(beside, st.Response) {
		err = errors.New("the file beside the evidence is not the time stamp that was had")
	}
	return err
}
