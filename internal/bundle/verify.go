package bundle

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"rightsdesk/fingerprints"
	"rightsdesk/internal/audit"
	"rightsdesk/internal/evidence"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/stamp"
)

// Summary says what was checked.
type Summary struct {
	Case     string
	Files    int
	Records  int
	Matches  int
	Events   int
	Stamps   int
	Earliest time.Time // by which all that stands under the root was there, as an authority says; zero without one
}

// Verify reads a bundle of size bytes and reports, by file, everything that does
// not hold. Time stamps are held to the roots. The error is for what is no bundle
// at all.
func Verify(ctx context.Context, r io.ReaderAt, size int64, roots *x509.CertPool, report func(file, detail string)) (Summary, error) {
	a, err := open(r, size)
	if err != nil {
		return Summary{}, err
	}
	v := &verifier{archive: a, roots: roots, report: report}
	if err := a.readJSON(manifestPath, &v.manifest); err != nil {
		return v.sum, fmt.Errorf("%s: %w", manifestPath, err)
	}
	if v.manifest.V != version {
		return v.sum, fmt.Errorf("version %d of the format is not known", v.manifest.V)
	}
	v.sum.Case = v.manifest.Case.ID
	v.listed()
	v.stamps(ctx)
	v.record()
	v.exchanges()
	for _, m := range v.manifest.Matches {
		v.sum.Matches++
		if err := v.match(m); err != nil {
			v.report(m.File, err.Error())
		}
	}
	v.views()
	return v.sum, nil
}

type verifier struct {
	*archive
	roots    *x509.CertPool
	report   func(file, detail string)
	manifest Manifest
	sum      Summary

	events  []rights.Event
	members map[string]evidence.Member // by ID
	digests map[string]string          // of their compressed members, by ID
	drawn   map[string]bool            // digests of what matches name beside their exchanges
}

// listed holds every file to datapackage.json.
func (v *verifier) listed() {
	var list dataPackage
	var digest packageDigest
	b, err := v.read(packagePath)
	if err := errors.Join(err, json.Unmarshal(b, &list), v.readJSON(digestPath, &digest)); err != nil {
		v.report(packagePath, err.Error())
		return
	}
	if digest.Path != packagePath || digest.Hash != hashOf(b) {
		v.report(packagePath, "its SHA-256 is not the one in "+digestPath)
	}
	known := map[string]bool{packagePath: true, digestPath: true}
	for _, r := range list.Resources {
		v.sum.Files++
		known[r.Path] = true
		b, err := v.read(r.Path)
		switch {
		case err != nil:
			v.report(r.Path, err.Error())
		case hashOf(b) != r.Hash || int64(len(b)) != r.Bytes:
			v.report(r.Path, "was changed: SHA-256 does not agree")
		}
	}
	for name := range v.files {
		if !known[name] && !strings.HasPrefix(name, packageStamps) {
			v.report(name, "is not listed in "+packagePath)
		}
	}
}

// stamps checks each time stamp, and what has the digest that it is of.
func (v *verifier) stamps(ctx context.Context) {
	list := slices.Clone(v.manifest.Stamps)
	for name := range v.files {
		if strings.HasPrefix(name, packageStamps) {
			list = append(list, Stamp{Path: name, Of: packagePath})
		}
	}
	for _, s := range list {
		v.sum.Stamps++
		at, err := v.stamp(ctx, s)
		if err != nil {
			v.report(s.Path, err.Error())
		} else if s.Of == rootPath && (v.sum.Earliest.IsZero() || at.Before(v.sum.Earliest)) {
			v.sum.Earliest = at
		}
	}
}

func (v *verifier) stamp(ctx context.Context, s Stamp) (time.Time, error) {
	response, err := v.read(s.Path)
	if err != nil {
		return time.Time{}, err
	}
	token, err := stamp.Parse(response)
	if err != nil {
		return time.Time{}, err
	}
	digest := s.SHA256
	if s.Of == packagePath || s.Of == rootPath {
		b, err := v.read(s.Of)
		if err != nil {
			return time.Time{}, fmt.Errorf("%s %w", s.Of, err)
		}
		digest = hexOf(b)
	} else if !slices.ContainsFunc(v.manifest.Files, func(f Sealed) bool { return f.File == s.Of && f.SHA256 == s.SHA256 }) {
		return time.Time{}, errors.New("is of a file that was not sealed so")
	}
	if err := token.Check(digest); err != nil {
		return time.Time{}, err
	}
	_, err = token.Trust(ctx, v.roots)
	return token.At, err
}

// record checks the entries of the record of events under their root.
func (v *verifier) record() {
	var p audit.Proof
	if err := v.readJSON(proofPath, &p); err != nil {
		v.report(proofPath, err.Error())
		return
	}
	if note, err := v.read(rootPath); err != nil || string(note) != p.Note {
		v.report(rootPath, "is not the root that the entries are proven under")
	}
	events, err := p.Check()
	if err != nil {
		v.report(proofPath, err.Error())
		return
	}
	v.events, v.sum.Events = events, len(events)
	for _, f := range v.manifest.Files {
		if !v.entered("evidence/"+f.File, "evidence.sealed", f.SHA256) {
			v.report("evidence/"+f.File+".sha256", "the record of events has no such seal")
		}
	}
}

// entered reports whether the record has an entry.
func (v *verifier) entered(subject, action, reason string) bool {
	return slices.ContainsFunc(v.events, func(e rights.Event) bool { return e.Subject == subject && e.Action == action && e.Reason == reason })
}

// pictured reports whether the record has the picture or the text of a response's
// page.
func (v *verifier) pictured(response, digest string) bool {
	return slices.ContainsFunc(v.events, func(e rights.Event) bool {
		return e.Subject == v.sum.Case && e.Action == actionPictured && e.To == response && strings.Contains(e.Reason, digest)
	})
}

// views holds pictures and texts, and pages as they were drawn, to the record of
// events and to the matches that were found on them.
func (v *verifier) views() {
	for id, m := range v.members {
		if digest := v.digests[id]; m.Type == "resource" && !v.drawn[digest] && !v.pictured(m.ConcurrentTo, digest) {
			v.report(v.manifest.Archive, fmt.Sprintf("record %s: the record of events has no such picture or text of a page", id))
		}
	}
}

// exchanges reads the archive record by record.
func (v *verifier) exchanges() {
	v.members, v.digests, v.drawn = map[string]evidence.Member{}, map[string]string{}, map[string]bool{}
	b, err := v.read(v.manifest.Archive)
	if err != nil {
		v.report(v.manifest.Archive, err.Error())
		return
	}
	var at int64
	for _, r := range v.manifest.Records {
		v.sum.Records++
		if r.Offset != at || r.Length <= 0 || r.Length > int64(len(b))-at {
			v.report(v.manifest.Archive, fmt.Sprintf("record %s does not lie where the manifest says", r.ID))
			return
		}
		member := b[at : at+r.Length]
		at += r.Length
		m, err := evidence.ReadMember(member, maxRecord)
		if err == nil && (hexOf(member) != r.SHA256 || m.ID != r.ID || m.Type != r.Type || m.URL != r.URL || !m.Time.Equal(r.Time)) {
			err = errors.New("it is not the one that the manifest names")
		}
		if err != nil {
			v.report(v.manifest.Archive, fmt.Sprintf("record %s: %v", r.ID, err))
			continue
		}
		v.members[m.ID], v.digests[m.ID] = m, r.SHA256
	}
	if at != int64(len(b)) {
		v.report(v.manifest.Archive, "holds more than the records that the manifest names")
	}
}

// match holds what was found to the record of events, to the exchanges and to the
// texts.
func (v *verifier) match(entry Match) error {
	seen, err := v.read(entry.File)
	if err != nil {
		return err
	}
	var m rights.Match
	if err := json.Unmarshal(seen, &m); err != nil {
		return err
	}
	if m.ID != entry.ID || !v.entered(m.Subject(), actionFound, hexOf(seen)) {
		return errors.New("the record of events does not hold it as it is here")
	}
	var bodies []string
	for _, e := range m.Evidence {
		r, ok := v.members[e.RecordID]
		if !ok || r.Response == nil || v.digests[e.RecordID] != e.SHA256 || r.URL != e.URL {
			return fmt.Errorf("the exchange %s on which it stands is not in the archive", e.RecordID)
		}
		body := r.Response.Body
		if e.Drawn != nil {
			page, ok := v.members[e.Drawn.RecordID]
			if !ok || page.Type != "resource" || page.ConcurrentTo != e.RecordID || v.digests[e.Drawn.RecordID] != e.Drawn.SHA256 {
				return fmt.Errorf("the page that a browser made of the exchange %s is not in the archive", e.RecordID)
			}
			body = page.Block
			v.drawn[e.Drawn.SHA256], v.drawn[e.Drawn.Picture], v.drawn[e.Drawn.Text] = true, true, true
		}
		bodies = append(bodies, hexOf(body))
	}
	if rights.PartsDigest(bodies) != m.Capture.Digest {
		return errors.New("its digest is not that of the exchanges on which it stands")
	}
	ours, err := v.read(entry.Ours)
	if err != nil {
		return fmt.Errorf("%s %w", entry.Ours, err)
	}
	theirs, err := v.read(entry.Theirs)
	if err != nil {
		return fmt.Errorf("%s %w", entry.Theirs, err)
	}
	if string(theirs) != m.Capture.Text {
		return errors.New("the text of the page is not the one that was compared")
	}
	return passages(m.Found.Passages, []rune(string(ours)), []rune(m.Capture.Text))
}

// passages compares anew what was found to be the same in both texts.
func passages(list []fingerprints.Passage, ours, theirs []rune) error {
	for _, p := range list {
		a, b := p.Article, p.Page
		if a[0] < 0 || a[0] > a[1] || a[1] > len(ours) || b[0] < 0 || b[0] > b[1] || b[1] > len(theirs) {
			return errors.New("a passage lies outside of the texts")
		}
		if !slices.Equal(fingerprints.Fold(string(ours[a[0]:a[1]])).Folded, fingerprints.Fold(string(theirs[b[0]:b[1]])).Folded) {
			return fmt.Errorf("the passage at %d of the page is not the same in both texts", b[0])
		}
	}
	return nil
}
