package evidence

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"rightsdesk/internal/fetch"
	"rightsdesk/internal/rights"
)

// Record is a response read back.
type Record struct {
	URL       string
	FetchedAt time.Time
	Status    int
	Header    http.Header
	Body      []byte // content encoding removed, or as a browser drew it: as it was judged
	Raw       []byte // as received
	Truncated string // the record's WARC-Truncated, or ""
}

// Folder reads the evidence of a data folder. It takes no lock.
type Folder struct {
	Dir string // the data folder
	// Elsewhere opens a sealed file that the folder does not hold, as it was sealed;
	// nil says that there is no other place.
	Elsewhere func(ctx context.Context, file string) (*os.File, error)
}

// open opens a file, wherever it is kept.
func (f Folder) open(ctx context.Context, file string) (*os.File, error) {
	if !safeName(file) {
		return nil, rights.Errorf(rights.Invalid, "证据位置有误")
	}
	w, err := f.own(file)
	if errors.Is(err, os.ErrNotExist) && f.Elsewhere != nil {
		return f.Elsewhere(ctx, file)
	}
	return w, err
}

// own opens a file of the folder. Of one that was removed, the error names the
// decision.
func (f Folder) own(file string) (*os.File, error) {
	w, err := os.Open(filepath.Join(f.Dir, folder, file))
	if !errors.Is(err, os.ErrNotExist) {
		if err != nil {
			err = fmt.Errorf("evidence: %w", err)
		}
		return w, err
	}
	d, broken := discarded(filepath.Join(f.Dir, folder), file)
	switch {
	case broken != nil:
		return nil, broken
	case d != nil:
		return nil, d.Gone()
	}
	return nil, rights.Errorf(rights.NotFound, "证据文件不存在：%s", file).Because(err)
}

// Get reads a record back; see [Folder.Read].
func (s *Store) Get(ctx context.Context, ref Ref) (*Record, error) {
	return Folder{Dir: filepath.Dir(s.dir)}.Read(ctx, ref)
}

// Read reads the record at ref and checks its digests. A record that is missing is
// [rights.NotFound]; one that was changed is [rights.Conflict], and is not returned.
func (f Folder) Read(ctx context.Context, ref Ref) (*Record, error) {
	if !safeName(ref.File) || ref.Offset < 0 || ref.Length <= 0 || ref.Length > maxBlock {
		return nil, rights.Errorf(rights.Invalid, "证据位置有误")
	}
	changed := func(err error) error {
		return rights.Errorf(rights.Conflict, "证据已被改动：%s 偏移 %d，记录 %s，%s", ref.File, ref.Offset, ref.RecordID, ref.URL).Because(err)
	}
	file, err := f.open(ctx, ref.File)
	if err != nil {
		return nil, err
	}
	defer file.Close() //nolint:errcheck // only read from
	r, err := recordAt(file, rights.Drawn{Offset: ref.Offset, Length: ref.Length, SHA256: ref.SHA256, RecordID: ref.RecordID})
	if err != nil {
		return nil, changed(err)
	}
	if r.fields["warc-target-uri"] != ref.URL {
		return nil, changed(errors.New("another record stands there"))
	}
	out, err := r.response(maxBlock)
	if err == nil && ref.Drawn != nil {
		err = out.draw(file, ref)
	}
	if err != nil {
		return nil, changed(err)
	}
	return out, nil
}

// draw puts the page as a browser drew it in the place of the one that was received.
func (out *Record) draw(f *os.File, ref Ref) error {
	r, err := recordAt(f, *ref.Drawn)
	if err != nil {
		return err
	}
	if r.fields["warc-type"] != typeResource || r.fields["warc-target-uri"] != pageURN+ref.URL || r.fields["warc-concurrent-to"] != "<"+ref.RecordID+">" {
		return errors.New("the page that was drawn is that of another response")
	}
	out.Header, out.Body = http.Header{"Content-Type": {r.fields["content-type"]}}, r.block
	if out.Truncated == "" {
		out.Truncated = r.fields["warc-truncated"]
	}
	return nil
}

// recordAt reads the record at a place of a file.
func recordAt(f *os.File, at rights.Drawn) (*readRecord, error) {
	if at.Offset < 0 || at.Length <= 0 || at.Length > maxBlock {
		return nil, errors.New("there is no such place")
	}
	member, err := readMember(f, at.Offset, at.Length)
	if err != nil {
		return nil, err
	}
	if sha256Hex(member) != at.SHA256 {
		return nil, errors.New("the member's SHA-256 does not agree")
	}
	r, err := parseMember(member, maxBlock)
	if err != nil {
		return nil, err
	}
	if r.id() != at.RecordID {
		return nil, errors.New("another record stands there")
	}
	return r, nil
}

func readMember(f *os.File, offset, length int64) ([]byte, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if offset > info.Size() || length > info.Size()-offset {
		return nil, errors.New("the file ends before the record does")
	}
	member := make([]byte, length)
	_, err = f.ReadAt(member, offset)
	return member, err
}

// response makes the page of a response record, under the digests it carries, of at
// most limit bytes.
func (r *readRecord) response(limit int64) (*Record, error) {
	if r.fields["warc-type"] != typeResponse {
		return nil, fmt.Errorf("a record of type %q", r.fields["warc-type"])
	}
	at, err := time.Parse(time.RFC3339Nano, r.fields["warc-date"])
	if err != nil {
		return nil, err
	}
	resp, err := fetch.ParseResponse(r.block)
	if err != nil {
		return nil, err
	}
	if r.fields["warc-payload-digest"] != "sha256:"+sha256Hex(resp.Entity) {
		return nil, errors.New("the payload digest does not agree")
	}
	length, err := strconv.ParseInt(r.fields["rightsdesk-body-length"], 10, 64)
	if err != nil || length < 0 || length > limit {
		return nil, errors.New("Rightsdesk-Body-Length is missing or wrong")
	}
	body, _, err := fetch.Decode(resp.Header, resp.Entity, length)
	if err != nil {
		return nil, err
	}
	if r.fields["rightsdesk-body-digest"] != "sha256:"+sha256Hex(body) {
		return nil, errors.New("the body digest does not agree")
	}
	return &Record{
		URL: r.fields["warc-target-uri"], FetchedAt: at.UTC(), Status: resp.Status, Header: resp.Header,
		Body: body, Raw: r.block, Truncated: r.fields["warc-truncated"],
	}, nil
}
