package evidence

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"rightsdesk/internal/fetch"
	"rightsdesk/internal/rights"
)

const (
	folder     = "evidence"
	lockName   = "lock"
	warcSuffix = ".warc.gz"
	warcPrefix = "rightsdesk-"
	maxFile    = 512 << 20
)

// Ref says where a record lies. SHA256 is of the compressed bytes
// [Offset, Offset+Length) of File, which is a name in the evidence folder.
type Ref struct {
	File      string    `json:"file"`
	Offset    int64     `json:"offset"`
	Length    int64     `json:"length"`
	SHA256    string    `json:"sha256"`
	RecordID  string    `json:"record_id"`
	URL       string    `json:"url"`
	FetchedAt time.Time `json:"fetched_at"`
	// Drawn is the page as a browser drew it from this response, where it was judged
	// so.
	Drawn *rights.Drawn `json:"drawn,omitempty"`
}

// Store appends to an evidence folder. One process writes at a time; a Store is
// safe for concurrent use.
type Store struct {
	dir     string
	lock    *os.File
	maxSize int64
	machine string // that the names of new files end with; may be empty

	mu       sync.Mutex
	manifest *os.File
	mEnd     int64
	prev     string
	n        int
	warc     *os.File // nil until the first Put
	file     string
	fEnd     int64
	infoID   string
	broken   error // set when a failed write could not be undone

	sealing sync.Mutex
}

// ErrLocked says that another process holds the evidence folder.
var ErrLocked = errors.New("the evidence folder is in use")

// Open prepares dir/evidence for writing, takes its lock and moves aside what a
// crash left. A folder that is damaged is refused ([rights.Conflict]), as is one
// in use.
func Open(dir string) (*Store, error) {
	s := &Store{dir: filepath.Join(dir, folder), maxSize: maxFile}
	if err := os.MkdirAll(s.dir, 0o750); err != nil {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	var err error
	if s.lock, err = takeLock(filepath.Join(s.dir, lockName)); err != nil {
		return nil, rights.Errorf(rights.Conflict, "证据目录正被另一进程使用：%s", s.dir).Because(errors.Join(ErrLocked, err))
	}
	if err := s.recover(); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Name has the names of new files end with that of a machine, so that those of
// several machines that share a database differ. It is called before the first
// [Store.Put].
func (s *Store) Name(machine string) { s.machine = "-" + machine }

// Machine is the machine whose name a file's ends with, if it does.
func Machine(file string) string {
	const parts = 4 // rightsdesk, the day, the number, the machine
	if p := strings.SplitN(strings.TrimSuffix(file, warcSuffix), "-", parts); len(p) == parts {
		return p[parts-1]
	}
	return ""
}

// Close releases the folder.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.broken = errors.New("the evidence store is closed")
	var errs []error
	for _, f := range []*os.File{s.warc, s.manifest, s.lock} {
		if f != nil {
			errs = append(errs, f.Close())
		}
	}
	s.warc, s.manifest, s.lock = nil, nil, nil
	return errors.Join(errs...)
}

// Put appends an exchange and its redirects, and, where a browser drew it, what it
// asked for meanwhile and how it looked. When it returns, they are on disk and in the
// manifest. The Ref is that of the last hop's response.
func (s *Store) Put(ctx context.Context, ex *fetch.Exchange) (Ref, error) {
	wire := ex
	if ex != nil && ex.View != nil {
		wire = ex.View.Of
	}
	if wire == nil || len(wire.ResponseRaw) == 0 || wire.FinalURL == "" {
		return Ref{}, rights.Errorf(rights.Invalid, "没有可保存的通信记录")
	}
	var response *record
	entries, err := s.put(ctx, func() ([]*record, error) {
		records, err := s.hops(wire)
		if err != nil {
			return nil, err
		}
		response = records[len(records)-3] // the request and the environment come after it
		if ex.View == nil {
			return records, nil
		}
		view, err := s.viewRecords(drawn{response.id, response.url}, ex.View)
		return append(records, view...), err
	})
	if err != nil {
		return Ref{}, err
	}
	i := slices.IndexFunc(entries, func(e entry) bool { return e.RecordID == response.id })
	e := entries[i]
	ref := Ref{
		File: e.File, Offset: e.Offset, Length: e.Length, SHA256: e.SHA256,
		RecordID: e.RecordID, URL: e.URL, FetchedAt: wire.FetchedAt.UTC().Truncate(time.Microsecond),
	}
	if ex.View != nil {
		last := entries[len(entries)-3:]
		ref.Drawn = &rights.Drawn{
			Offset: last[0].Offset, Length: last[0].Length, SHA256: last[0].SHA256, RecordID: last[0].RecordID, Picture: last[1].SHA256, Text: last[2].SHA256,
		}
	}
	return ref, nil
}

// put appends what records gives, which it is asked for once the file is there.
func (s *Store) put(ctx context.Context, records func() ([]*record, error)) ([]entry, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.broken != nil {
		return nil, s.broken
	}
	info, err := s.rotate(time.Now().UTC())
	if err != nil {
		return nil, err
	}
	list, err := records()
	if err != nil {
		return nil, err
	}
	if info != nil {
		list = append([]*record{info}, list...)
	}
	return s.append(list)
}

// hops are the records of an exchange and its redirects, in the order of the file.
func (s *Store) hops(ex *fetch.Exchange) ([]*record, error) {
	var records []*record
	for _, hop := range append(slices.Clone(ex.Redirects), ex) {
		list, err := hopRecords(hop, s.infoID)
		if err != nil {
			return nil, err
		}
		records = append(records, list...)
	}
	return records, nil
}

// rotate makes sure that the file of the day is open. A new file's first record
// is returned, to be written with the first exchange.
func (s *Store) rotate(now time.Time) (*record, error) {
	day := now.Format("20060102")
	if s.warc != nil && strings.HasPrefix(s.file, warcPrefix+day) && s.fEnd < s.maxSize {
		if s.fEnd > 0 {
			return nil, nil
		}
	} else if err := s.create(day); err != nil {
		return nil, err
	}
	info := infoRecord(s.file, now)
	s.infoID = info.id
	return info, nil
}

func (s *Store) create(day string) error {
	for i := 1; ; i++ {
		name := fmt.Sprintf("%s%s-%05d%s%s", warcPrefix, day, i, s.machine, warcSuffix)
		f, err := os.OpenFile(filepath.Join(s.dir, name), os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o640)
		if errors.Is(err, os.ErrExist) {
			continue
		}
		if err != nil {
			return fmt.Errorf("evidence: %w", err)
		}
		if s.warc != nil {
			err = s.warc.Close()
		}
		s.warc, s.file, s.fEnd = f, name, 0
		return errors.Join(err, syncDir(s.dir))
	}
}

// append writes records and then their lines. If anything fails both files are
// cut back to where they were.
func (s *Store) append(records []*record) ([]entry, error) {
	var data, lines []byte
	var entries []entry
	prev, n := s.prev, s.n
	for _, r := range records {
		member, err := r.member()
		if err != nil {
			return nil, fmt.Errorf("evidence: %w", err)
		}
		e := entry{
			File: s.file, Offset: s.fEnd + int64(len(data)), Length: int64(len(member)), SHA256: sha256Hex(member),
			RecordID: r.id, Type: r.kind, URL: r.url, Time: stamp(r.time),
		}
		n++
		line, err := e.seal(prev, n)
		if err != nil {
			return nil, fmt.Errorf("evidence: %w", err)
		}
		prev = e.Hash
		data, lines, entries = append(data, member...), append(lines, line...), append(entries, e)
	}
	if err := writeAt(s.warc, s.fEnd, data); err != nil {
		return nil, s.undo(err)
	}
	if err := writeAt(s.manifest, s.mEnd, lines); err != nil {
		return nil, s.undo(err)
	}
	s.fEnd, s.mEnd, s.prev, s.n = s.fEnd+int64(len(data)), s.mEnd+int64(len(lines)), prev, n
	return entries, nil
}

func writeAt(f *os.File, at int64, data []byte) error {
	if _, err := f.WriteAt(data, at); err != nil {
		return err
	}
	return f.Sync()
}

// undo takes the manifest back first: a line must never name what is not there.
func (s *Store) undo(cause error) error {
	err := errors.Join(s.manifest.Truncate(s.mEnd), s.manifest.Sync(), s.warc.Truncate(s.fEnd), s.warc.Sync())
	if err != nil {
		s.broken = fmt.Errorf("evidence: a failed write could not be undone: %w", errors.Join(cause, err))
		return s.broken
	}
	return fmt.Errorf("evidence: %w", cause)
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
