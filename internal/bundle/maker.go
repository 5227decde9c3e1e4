package bundle

import (
	"archive/zip"
	"context"
	"encoding/json"
	"io"
	"path"
	"path/filepath"

	"rightsdesk/internal/notary"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/shelf"
	"rightsdesk/internal/store"
)

// Maker makes bundles.
type Maker struct {
	DB     *store.DB
	Notary *notary.Notary
	Shelf  *shelf.Shelf
	Paper  string // whose cases they are
}

// Made is what became of a bundle.
type Made struct {
	SHA256  string   // hex, of its datapackage.json
	Lacking []string // time stamps that could not be had, in Chinese
}

// Make writes the bundle of a case. What was recorded so far is sealed, signed and
// stamped first; where an authority does not answer, the bundle says so.
func (m *Maker) Make(ctx context.Context, by rights.Actor, caseID string, w io.Writer) (*Made, error) {
	err := m.DB.Update(ctx, func(tx *store.Tx) error {
		if _, err := tx.Case(ctx, caseID); err != nil {
			return err
		}
		return tx.AddEvent(ctx, &rights.Event{Subject: caseID, Action: actionPacked, Actor: by.Login, Name: by.Name})
	})
	if err != nil {
		return nil, err
	}
	if err := m.Notary.Round(ctx); err != nil {
		return nil, err
	}
	c, err := m.gather(ctx, caseID)
	if err != nil {
		return nil, err
	}
	c.manifest.MadeBy = by.Name
	if err := m.stamps(ctx, c); err != nil {
		return nil, err
	}
	p := &packer{zip: zip.NewWriter(w), at: c.manifest.MadeAt}
	if err := c.pack(p); err != nil {
		return nil, err
	}
	if err := m.letters(ctx, p, c.reports); err != nil {
		return nil, err
	}
	made, err := m.finish(ctx, p, c)
	if err != nil {
		return nil, err
	}
	return made, p.zip.Close()
}

// stamps has everything stamped on which the bundle stands.
func (m *Maker) stamps(ctx context.Context, c *content) error {
	of := []Sealed{{File: rootPath, SHA256: c.root.Digest()}}
	for _, s := range append(of, c.manifest.Files...) {
		had, lacking, err := m.Notary.StampNow(ctx, s.SHA256)
		if err != nil {
			return err
		}
		for _, st := range had {
			c.manifest.Stamps = append(c.manifest.Stamps, Stamp{
				Path: "stamps/" + filepath.Base(s.File) + "." + st.Authority + stampSuffix, Of: s.File, SHA256: s.SHA256, Authority: st.Authority, At: st.At,
			})
			c.stamps = append(c.stamps, st)
		}
		for _, err := range lacking {
			c.manifest.Lacking = append(c.manifest.Lacking, s.File+"："+err.Error())
		}
	}
	return nil
}

// letters packs the files of the letters; one that was changed is refused.
func (m *Maker) letters(ctx context.Context, p *packer, reports []rights.Report) error {
	for _, r := range reports {
		for name, want := range map[string]string{r.HTMLFile: r.HTMLSHA, r.PDFFile: r.PDFSHA} {
			b, err := m.Shelf.Read(ctx, name, want)
			if err != nil {
				return err
			}
			if err := p.add("letters/"+path.Base(name), b); err != nil {
				return err
			}
		}
	}
	return nil
}

// finish lists what was packed, and has the list sealed and stamped.
func (m *Maker) finish(ctx context.Context, p *packer, c *content) (*Made, error) {
	if err := p.add(sumsPath, p.sums()); err != nil {
		return nil, err
	}
	list, err := json.MarshalIndent(dataPackage{
		Profile: profile, WACZVersion: waczVersion, Title: c.manifest.Case.ID, Software: c.manifest.Software,
		Created: c.manifest.MadeAt, MainPageURL: c.manifest.Case.URL, Resources: p.list,
	}, "", "  ")
	if err != nil {
		return nil, err
	}
	digest, err := json.Marshal(packageDigest{Path: packagePath, Hash: hashOf(list)})
	if err != nil {
		return nil, err
	}
	made := &Made{SHA256: hexOf(list), Lacking: c.manifest.Lacking}
	if err := m.Notary.EnterBundle(ctx, c.manifest.Case.ID, made.SHA256); err != nil {
		return nil, err
	}
	had, lacking, err := m.Notary.StampNow(ctx, made.SHA256)
	if err != nil {
		return nil, err
	}
	for _, err := range lacking {
		made.Lacking = append(made.Lacking, packagePath+"："+err.Error())
	}
	if err := p.raw(packagePath, list); err != nil {
		return nil, err
	}
	if err := p.raw(digestPath, digest); err != nil {
		return nil, err
	}
	for _, st := range had {
		if err := p.raw(packageStamps+st.Authority+stampSuffix, st.Response); err != nil {
			return nil, err
		}
	}
	return made, nil
}
