package evidence

import (
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
	Body      []byte // content encoding removed, as it was judged
	Raw       []byte // as received
	Truncated string // the record's WARC-Truncated, or ""
}

// Get reads a record back; see [Read].
func (s *Store) Get(ref Ref) (*Record, error) { return read(s.dir, ref) }

// Read reads the record at ref in the data folder dir and checks its digests.
// It takes no lock. A record that is missing is [rights.NotFound]; one that was
// changed is [rights.Conflict], and is not returned.
func Read(dir string, ref Ref) (*Record, error) { return read(filepath.Join(dir, folder), ref) }

func read(dir string, ref Ref) (*Record, error) {
	if !safeName(ref.File) || ref.Offset < 0 || ref.Length <= 0 || ref.Length > maxBlock {
		return nil, rights.Errorf(rights.Invalid, "证据位置有误")
	}
	changed := func(err error) error {
		return rights.Errorf(rights.Conflict, "证据已被改动：%s 偏移 %d，记录 %s，%s", ref.File, ref.Offset, ref.RecordID, ref.URL).Because(err)
	}
	f, err := os.Open(filepath.Join(dir, ref.File))
	if errors.Is(err, os.ErrNotExist) {
		return nil, rights.Errorf(rights.NotFound, "证据文件不存在：%s", ref.File).Because(err)
	}
	if err != nil {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	defer f.Close() //nolint:errcheck // only read from
	member, err := readMember(f, ref.Offset, ref.Length)
	if err != nil {
		return nil, changed(err)
	}
	if sha256Hex(member) != ref.SHA256 {
		return nil, changed(errors.New("the member's SHA-256 does not agree"))
	}
	r, err := parseMember(member, maxBlock)
	if err != nil {
		return nil, changed(err)
	}
	if r.id() != ref.RecordID || r.fields["warc-target-uri"] != ref.URL {
		return nil, changed(errors.New("another record stands there"))
	}
	out, err := r.response(maxBlock)
	if err != nil {
		return nil, changed(err)
	}
	return out, nil
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
