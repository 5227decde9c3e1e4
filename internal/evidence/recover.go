package evidence

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"rightsdesk/internal/rights"
)

// recover reads the manifest, refuses damage, moves torn tails aside and goes
// to the end of the newest file.
func (s *Store) recover() error {
	path := filepath.Join(s.dir, manifestName)
	data, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("evidence: %w", err)
	}
	entries, end, faults := parseManifest(data)
	if len(faults) > 0 {
		return damaged(manifestName, faults[0].err)
	}
	ends := map[string]int64{}
	for _, e := range entries {
		if e.Offset != ends[e.File] {
			return damaged(manifestName, fmt.Errorf("line %d does not follow the record before it", e.N))
		}
		ends[e.File] = e.Offset + e.Length
	}
	names, err := filepath.Glob(filepath.Join(s.dir, warcPrefix+"*"+warcSuffix))
	if err != nil {
		return fmt.Errorf("evidence: %w", err)
	}
	for i, name := range names {
		names[i] = filepath.Base(name)
	}
	for name := range ends {
		if slices.Contains(names, name) {
			continue
		}
		d, err := discarded(s.dir, name)
		if err != nil {
			return err
		}
		if d == nil {
			return damaged(name, os.ErrNotExist)
		}
	}
	if err := s.setTornAside(names, ends); err != nil {
		return err
	}
	if s.manifest, err = os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o640); err != nil {
		return fmt.Errorf("evidence: %w", err)
	}
	if err := errors.Join(moveTail(path, end), syncDir(s.dir)); err != nil {
		return fmt.Errorf("evidence: %w", err)
	}
	s.mEnd, s.prev = end, firstPrev()
	if len(entries) == 0 {
		return nil
	}
	last := entries[len(entries)-1]
	s.prev, s.n = last.Hash, last.N
	return s.resume(entries, last.File)
}

func damaged(file string, err error) error {
	return rights.Errorf(rights.Conflict, "证据目录已损坏，请先运行 rightsdesk verify：%s", file).Because(err)
}

// resume goes on in the newest file, under its own warcinfo, unless it is sealed.
func (s *Store) resume(entries []entry, name string) error {
	for _, e := range entries {
		if e.File == name {
			s.fEnd = e.Offset + e.Length
			if e.Type == typeInfo {
				s.infoID = e.RecordID
			}
		}
	}
	s.file = name
	if _, err := os.Lstat(filepath.Join(s.dir, name+sealSuffix)); err == nil {
		return nil
	}
	var err error
	if s.warc, err = os.OpenFile(filepath.Join(s.dir, name), os.O_RDWR, 0o640); err != nil {
		return fmt.Errorf("evidence: %w", err)
	}
	return nil
}

// setTornAside checks each file's length against what the manifest names in it.
// A file of which no line speaks was begun by a Put that never returned only if it
// is the newest; an older one did not come from this store.
func (s *Store) setTornAside(names []string, ends map[string]int64) error {
	slices.Sort(names)
	for i, name := range names {
		path := filepath.Join(s.dir, name)
		info, err := os.Stat(path)
		if err != nil {
			return fmt.Errorf("evidence: %w", err)
		}
		end := ends[name]
		switch {
		case info.Size() < end:
			return damaged(name, errors.New("it is shorter than the manifest says"))
		case info.Size() == end && end > 0:
			continue
		case i != len(names)-1:
			return damaged(name, errors.New("bytes that no line names, in a file that is not the newest"))
		}
		if err := moveTail(path, end); err != nil {
			return fmt.Errorf("evidence: %w", err)
		}
		if end == 0 {
			if err := os.Remove(path); err != nil {
				return fmt.Errorf("evidence: %w", err)
			}
		}
	}
	return nil
}

// moveTail copies what lies behind end to a new .torn file, and only when that
// is on disk cuts the file.
func moveTail(path string, end int64) error {
	data, err := os.ReadFile(path)
	if err != nil || int64(len(data)) <= end {
		return err
	}
	for i := 1; ; i++ {
		torn, err := os.OpenFile(fmt.Sprintf("%s.%d.torn", path, i), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o640)
		if errors.Is(err, os.ErrExist) {
			continue
		}
		if err != nil {
			return err
		}
		_, err = torn.Write(data[end:])
		if err := errors.Join(err, torn.Sync(), torn.Close(), syncDir(filepath.Dir(path))); err != nil {
			return err
		}
		return os.Truncate(path, end)
	}
}
