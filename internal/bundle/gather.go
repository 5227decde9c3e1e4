package bundle

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"rightsdesk/fingerprints"
	"rightsdesk/internal/audit"
	"rightsdesk/internal/evidence"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

// content is what goes into a bundle.
type content struct {
	manifest Manifest
	matches  []rights.Match // oldest first, as those of the manifest
	articles []*rights.Article
	reports  []rights.Report
	pictures []string // files of evidence that hold pictures of the pages
	parts    []evidence.Part
	proof    *audit.Proof
	events   []rights.Event
	root     *rights.Root
	stamps   []rights.Stamp // as those of the manifest
}

// gather reads what belongs to a case: first what is known of it, then the exchanges,
// which may have to be fetched, and last what proves both.
func (m *Maker) gather(ctx context.Context, caseID string) (*content, error) {
	c := &content{}
	err := m.DB.View(ctx, func(tx *store.Tx) error { return m.read(ctx, tx, c, caseID) })
	if err != nil {
		return nil, err
	}
	var refs []evidence.Ref
	for _, match := range c.matches {
		for _, e := range match.Evidence {
			refs = append(refs, evidence.Ref(e))
		}
	}
	if c.parts, err = m.Shelf.Evidence().Parts(ctx, refs, c.pictures); err != nil {
		return nil, err
	}
	return c, m.DB.View(ctx, func(tx *store.Tx) error { return c.prove(ctx, tx) })
}

func (m *Maker) read(ctx context.Context, tx *store.Tx, c *content, caseID string) error {
	k, err := tx.Case(ctx, caseID)
	if err != nil {
		return err
	}
	c.manifest = Manifest{
		V: version, Case: *k, Paper: m.Paper, MadeAt: tx.Now, Software: evidence.Software(), Archive: "archive/" + k.ID + contentTypeWARC,
	}
	if c.matches, err = tx.Matches(ctx, store.MatchFilter{CaseID: caseID}); err != nil {
		return err
	}
	slices.SortFunc(c.matches, func(a, b rights.Match) int { return cmp.Compare(a.ID, b.ID) })
	for _, match := range c.matches {
		a, err := tx.ArticleAt(ctx, match.ArticleID, match.SeenAt)
		if err != nil {
			return err
		}
		c.articles = append(c.articles, a)
	}
	if c.reports, err = tx.Reports(ctx, caseID); err != nil {
		return err
	}
	events, err := tx.Events(ctx, caseID)
	for _, e := range events {
		if said := strings.Fields(e.Reason); e.Action == actionPictured && len(said) == 3 { // see evidence.Pictured
			c.pictures = append(c.pictures, said[2])
		}
	}
	return err
}

// prove lists the exchanges with the seals of their files, and takes the entries of
// the record.
func (c *content) prove(ctx context.Context, tx *store.Tx) error {
	if err := c.records(ctx, tx); err != nil {
		return err
	}
	events, err := c.entries(ctx, tx)
	if err != nil {
		return err
	}
	if c.proof, err = audit.Prove(ctx, tx, events); err != nil {
		return err
	}
	c.root = &rights.Root{Note: c.proof.Note}
	c.events, err = c.proof.Check()
	return err
}

func (c *content) records(ctx context.Context, tx *store.Tx) error {
	var at int64
	seen := map[string]bool{}
	for _, p := range c.parts {
		c.manifest.Records = append(c.manifest.Records, Record{
			ID: p.Record.ID, Type: p.Record.Type, URL: p.Record.URL, Time: p.Record.Time,
			Offset: at, Length: int64(len(p.Bytes)), SHA256: p.SHA256, File: p.File,
		})
		at += int64(len(p.Bytes))
		if seen[p.File] {
			continue
		}
		seen[p.File] = true
		s, err := tx.Seal(ctx, "evidence/"+p.File)
		if err != nil {
			return err
		}
		c.manifest.Files = append(c.manifest.Files, Sealed{File: p.File, SHA256: s.SHA256, At: s.At})
	}
	return nil
}

// entries are those of the record that belong to the case: of itself, its matches
// and articles, the files of evidence, and the sweeps in which the page was seen.
func (c *content) entries(ctx context.Context, tx *store.Tx) (list []rights.Event, err error) {
	subjects := []string{c.manifest.Case.ID}
	for _, m := range c.matches {
		subjects = append(subjects, m.Subject(), m.ArticleID)
	}
	for _, f := range c.manifest.Files {
		subjects = append(subjects, "evidence/"+f.File, "sha256-"+f.SHA256)
	}
	for _, s := range subjects {
		events, err := tx.Events(ctx, s)
		if err != nil {
			return nil, err
		}
		list = append(list, events...)
	}
	sweeps, err := tx.Events(ctx, c.manifest.Case.SourceID)
	for _, m := range c.matches {
		list = append(list, around(sweeps, m.SeenAt)...)
	}
	return list, err
}

// around is the begin of the sweep before an instant, and the end of one after it.
func around(sweeps []rights.Event, at time.Time) (list []rights.Event) {
	for _, e := range slices.Backward(sweeps) {
		if e.Action == "sweep.begun" && !e.At.After(at) {
			list = append(list, e)
			break
		}
	}
	for _, e := range sweeps {
		if e.Action == "sweep.ended" && !e.At.Before(at) {
			return append(list, e)
		}
	}
	return list
}

// pack writes all that does not depend on what was packed.
func (c *content) pack(p *packer) error {
	if err := c.packArchive(p); err != nil {
		return err
	}
	for i := range c.matches {
		if err := c.packMatch(p, i); err != nil {
			return err
		}
	}
	for i, s := range c.manifest.Stamps {
		if err := p.add(s.Path, c.stamps[i].Response); err != nil {
			return err
		}
	}
	for _, f := range c.manifest.Files {
		if err := p.add("evidence/"+f.File+".sha256", []byte(f.SHA256+"  "+f.File+"\n")); err != nil {
			return err
		}
	}
	if err := p.add(rootPath, []byte(c.root.Note)); err != nil {
		return err
	}
	if err := p.addJSON(proofPath, c.proof); err != nil {
		return err
	}
	if err := p.add("environment.txt", c.environment()); err != nil {
		return err
	}
	page, err := c.readme()
	if err != nil {
		return err
	}
	if err := p.add("README.html", page); err != nil {
		return err
	}
	return p.addJSON(manifestPath, c.manifest)
}

// packArchive writes the exchanges, their index and the list of pages.
func (c *content) packArchive(p *packer) error {
	var warc, index bytes.Buffer
	var lines []cdxLine
	for i, part := range c.parts {
		warc.Write(part.Bytes)
		r := c.manifest.Records[i]
		if part.Record.Response == nil {
			continue
		}
		mime, _, _ := strings.Cut(part.Record.Response.Header.Get("Content-Type"), ";")
		lines = append(lines, cdxLine{
			URL: r.URL, MIME: cmp.Or(strings.TrimSpace(mime), "unk"), Status: strconv.Itoa(part.Record.Response.Status),
			Digest: hashOf(part.Record.Response.Raw), Length: strconv.FormatInt(r.Length, 10), Offset: strconv.FormatInt(r.Offset, 10),
			Filename: filepath.Base(c.manifest.Archive), at: r.Time,
		})
	}
	if err := writeCDX(&index, lines); err != nil {
		return err
	}
	var pages bytes.Buffer
	pages.WriteString(`{"format":"json-pages-1.0","id":"pages","title":"All Pages"}` + "\n")
	for _, m := range c.matches {
		line, err := json.Marshal(struct {
			ID    string `json:"id"`
			URL   string `json:"url"`
			TS    string `json:"ts"`
			Title string `json:"title"`
		}{m.Subject(), m.Evidence[0].URL, m.Evidence[0].FetchedAt.UTC().Format("2006-01-02T15:04:05Z"), m.Capture.Title})
		if err != nil {
			return err
		}
		pages.Write(append(line, '\n'))
	}
	pictures := 0
	for _, part := range c.parts {
		if !strings.HasPrefix(part.Record.URL, pictureURN) {
			continue
		}
		pictures++
		if err := p.add(fmt.Sprintf("pictures/%d.png", pictures), part.Record.Block); err != nil {
			return err
		}
	}
	for _, f := range []struct {
		name string
		b    []byte
	}{{c.manifest.Archive, warc.Bytes()}, {"indexes/index.cdx", index.Bytes()}, {"pages/pages.jsonl", pages.Bytes()}} {
		if err := p.add(f.name, f.b); err != nil {
			return err
		}
	}
	return nil
}

// packMatch writes a match, the texts that were compared, and the comparison.
func (c *content) packMatch(p *packer, i int) error {
	m, a := &c.matches[i], c.articles[i]
	seen, err := m.Seen()
	if err != nil {
		return err
	}
	name := m.Subject()
	entry := Match{
		ID: m.ID, File: "matches/" + name + ".json", SHA256: hexOf(seen), Ours: "texts/" + name + "-ours.txt", Theirs: "texts/" + name + "-theirs.txt",
		Article: a.ID, Scheme: fingerprints.Scheme, Rules: m.Verdict.PolicyVersion,
	}
	c.manifest.Matches = append(c.manifest.Matches, entry)
	side, err := compared(m, a)
	if err != nil {
		return err
	}
	for _, f := range []struct {
		name string
		b    []byte
	}{
		{entry.File, seen}, {entry.Ours, []byte(a.Text())}, {entry.Theirs, []byte(m.Capture.Text)}, {fmt.Sprintf("comparison/%s.html", name), side},
	} {
		if err := p.add(f.name, f.b); err != nil {
			return err
		}
	}
	return nil
}

// environment is how each exchange was had, and how our clock stood to those of
// the authorities.
func (c *content) environment() []byte {
	var b bytes.Buffer
	for _, p := range c.parts {
		if p.Record.Type == "metadata" || p.Record.Type == "warcinfo" {
			fmt.Fprintf(&b, "# %s %s %s %s\n%s\n", p.Record.Time.Format("2006-01-02T15:04:05.000000Z"), p.Record.Type, p.Record.ID, p.Record.URL,
				strings.ReplaceAll(string(p.Record.Block), "\r\n", "\n"))
		}
	}
	for i, s := range c.stamps {
		fmt.Fprintf(&b, "# clock\nauthority: %s, of %s\nauthority-time: %s\nour-clock-before: %s\nour-clock-after: %s\n\n", s.Authority, c.manifest.Stamps[i].Of,
			s.At.Format("2006-01-02T15:04:05.000Z"), s.AskedAt.Format("2006-01-02T15:04:05.000Z"), s.HadAt.Format("2006-01-02T15:04:05.000Z"))
	}
	return b.Bytes()
}
