package evidence

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"rightsdesk/internal/rights"
)

// Part is a record as it lies on disk.
type Part struct {
	File   string // in which it was recorded
	Offset int64
	SHA256 string // of Member
	Record Member
	Bytes  []byte // the compressed member
}

// Member is a record read from its compressed member, its digests checked.
type Member struct {
	ID           string
	Type         string // warcinfo, response, request, metadata, resource
	URL          string
	Time         time.Time
	ConcurrentTo string // ID of the response
	DrawnFor     string // ID of the response whose page asked for this one
	Block        []byte
	Response     *Record // of a response
}

// ReadMember reads one compressed member, which decodes to at most limit bytes
// each of block and body.
func ReadMember(member []byte, limit int64) (Member, error) {
	r, err := parseMember(member, limit)
	if err != nil {
		return Member{}, err
	}
	at, err := time.Parse(time.RFC3339Nano, r.fields["warc-date"])
	if err != nil {
		return Member{}, err
	}
	m := Member{
		ID: r.id(), Type: r.fields["warc-type"], URL: r.fields["warc-target-uri"], Time: at.UTC(), Block: r.block,
		ConcurrentTo: strings.Trim(r.fields["warc-concurrent-to"], "<>"), DrawnFor: strings.Trim(r.fields[drawnForKey], "<>"),
	}
	if m.Type == typeResponse {
		m.Response, err = r.response(limit)
	}
	return m, err
}

// Parts gives what was recorded with the responses at refs, in the order of recording
// and each once: the warcinfo of the file, the redirects that led to the response, the
// response, its request and its environment, what a browser made of it, its picture and
// text, and what the page asked for while it was drawn. Of a response that another
// machine recorded, a picture is looked for in the response's own file and in those of
// pictures.
func (f Folder) Parts(ctx context.Context, refs []Ref, pictures []string) ([]Part, error) {
	p := parts{folder: f, read: map[int]Part{}, files: map[string]*os.File{}}
	defer p.close()
	for _, ref := range refs {
		pictures = append(pictures, ref.File)
	}
	if err := p.list(ctx, pictures); err != nil {
		return nil, err
	}
	for _, ref := range refs {
		i := slices.IndexFunc(p.entries, func(e entry) bool { return e.RecordID == ref.RecordID })
		if i < 0 || p.entries[i].SHA256 != ref.SHA256 {
			return nil, rights.Errorf(rights.NotFound, "证据清单中没有记录 %s", ref.RecordID)
		}
		if err := errors.Join(p.capture(i), p.views(i)); err != nil {
			return nil, err
		}
	}
	list := make([]Part, 0, len(p.read))
	for i := range p.entries {
		if part, ok := p.read[i]; ok {
			list = append(list, part)
		}
	}
	return list, nil
}

type parts struct {
	folder  Folder
	files   map[string]*os.File // that are open
	entries []entry
	read    map[int]Part // by place in entries
}

// list reads the manifest, and behind it what one would say of those of the files that
// another machine keeps: no word of another's manifest is believed.
func (p *parts) list(ctx context.Context, files []string) error {
	data, err := os.ReadFile(filepath.Join(p.folder.Dir, folder, manifestName))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("evidence: %w", err)
	}
	entries, _, faults := parseManifest(data)
	if len(faults) > 0 {
		return damaged(manifestName, faults[0].err)
	}
	p.entries = entries
	slices.Sort(files)
	for _, name := range slices.Compact(files) {
		f, err := p.folder.open(ctx, name)
		if err != nil {
			return err
		}
		p.files[name] = f
		if slices.ContainsFunc(entries, func(e entry) bool { return e.File == name }) {
			continue
		}
		others, err := scan(f, name)
		if err != nil {
			return damaged(name, err)
		}
		p.entries = append(p.entries, others...)
	}
	return nil
}

func (p *parts) close() {
	for _, f := range p.files {
		_ = f.Close() // only read from
	}
}

// capture reads what belongs to the response at i.
func (p *parts) capture(i int) error {
	response, err := p.take(i)
	if err != nil {
		return err
	}
	for next := i + 1; next < len(p.entries) && p.entries[next].File == p.entries[i].File; next++ {
		if t := p.entries[next].Type; t != typeRequest && t != typeMetadata {
			break
		}
		if _, err := p.take(next); err != nil {
			return err
		}
	}
	previous := -1
	for before := i - 1; before >= 0 && p.entries[before].File == p.entries[i].File; before-- {
		switch p.entries[before].Type {
		case typeResponse:
			if previous < 0 {
				previous = before
			}
		case typeInfo:
			if _, err := p.take(before); err != nil {
				return err
			}
			before = 0
		}
	}
	if previous < 0 {
		return nil
	}
	part, err := p.member(previous)
	if err != nil || !leadsTo(part.Record, response.Record.URL) {
		return err
	}
	return p.capture(previous)
}

// views reads the drawn pages, pictures and texts of the response at i, and what was
// asked for while they were drawn, which lies before them.
func (p *parts) views(i int) error {
	e := p.entries[i]
	for at := i + 1; at < len(p.entries); at++ {
		if u := p.entries[at].URL; p.entries[at].Type != typeResource || u != pageURN+e.URL && u != pictureURN+e.URL && u != textURN+e.URL {
			continue
		}
		part, err := p.member(at)
		if err != nil {
			return err
		}
		if part.Record.ConcurrentTo != e.RecordID {
			continue
		}
		p.read[at] = part
		for before := at - 1; before > i && p.entries[before].File == p.entries[at].File; before-- {
			asked, err := p.member(before)
			if err != nil {
				return err
			}
			if asked.Record.DrawnFor != e.RecordID {
				break
			}
			p.read[before] = asked
		}
	}
	return nil
}

// leadsTo reports whether a response is a redirect to a URL.
func leadsTo(m Member, target string) bool {
	from, err := url.Parse(m.URL)
	if err != nil || m.Response == nil || m.Response.Status < 300 || m.Response.Status > 399 {
		return false
	}
	to, err := from.Parse(m.Response.Header.Get("Location"))
	return err == nil && to.String() == target
}

// take reads a record and keeps it.
func (p *parts) take(i int) (Part, error) {
	part, err := p.member(i)
	if err == nil {
		p.read[i] = part
	}
	return part, err
}

func (p *parts) member(i int) (Part, error) {
	if part, ok := p.read[i]; ok {
		return part, nil
	}
	e := p.entries[i]
	f := p.files[e.File]
	if f == nil { // of this machine, with a picture of a page
		var err error
		if f, err = p.folder.own(e.File); err != nil {
			return Part{}, err
		}
		p.files[e.File] = f
	}
	b, err := readMember(f, e.Offset, e.Length)
	if err == nil && sha256Hex(b) != e.SHA256 {
		err = errors.New("the bytes were changed: SHA-256 does not agree")
	}
	if err != nil {
		return Part{}, damaged(e.File, err)
	}
	m, err := ReadMember(b, maxBlock)
	if err != nil {
		return Part{}, damaged(e.File, err)
	}
	return Part{File: e.File, Offset: e.Offset, SHA256: e.SHA256, Record: m, Bytes: b}, nil
}
