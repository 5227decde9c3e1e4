package index

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/edsrzf/mmap-go"

	"rightsdesk/fingerprints"
)

// A snapshot file is that of the fingerprints, then the instant of the last
// change that it has, in microseconds, and the checksum of that.
const trailer = 8 + 4

// mapping is a file in memory. The file is never written to: another takes its
// place.
type mapping struct{ mmap.MMap }

func (m *mapping) close() error {
	if m.MMap == nil {
		return nil
	}
	return m.Unmap()
}

func mapFile(f *os.File) (mapping, error) {
	m, err := mmap.Map(f, mmap.RDONLY, 0)
	if err != nil {
		return mapping{}, fmt.Errorf("%s: map: %w", f.Name(), err)
	}
	return mapping{m}, nil
}

// open opens the snapshot, if there is one.
func (x *Index) open() error {
	if x.opt.File == "" {
		return nil
	}
	f, err := os.Open(x.opt.File)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // it was only read
	if s, err := f.Stat(); err != nil || s.Size() < trailer {
		return errors.Join(err, errors.New("the file is too short"))
	}
	m, err := mapFile(f)
	if err != nil {
		return err
	}
	end := len(m.MMap) - trailer
	found, err := fingerprints.OpenIndex(m.MMap[:end], x.texts)
	if err == nil && crc32.ChecksumIEEE(m.MMap[end:end+8]) != binary.LittleEndian.Uint32(m.MMap[end+8:]) {
		err = errors.New("the last change is damaged")
	}
	if err != nil {
		return errors.Join(err, m.close())
	}
	x.found, x.mapped, x.seen = found, m, map[string]time.Time{}
	x.newest = time.UnixMicro(int64(binary.LittleEndian.Uint64(m.MMap[end:]))).UTC()
	return nil
}

const (
	fewPending   = 4096 // changes that are quickly taken in again
	pendingShare = 16   // and one in so many articles
	abandoned    = 24 * time.Hour
)

// settle writes a snapshot when much has come. The index does without, but starts
// more slowly.
func (x *Index) settle(ctx context.Context) {
	if x.opt.File == "" || x.found.Pending() < fewPending+x.found.Len()/pendingShare {
		return
	}
	start := time.Now()
	if err := x.save(); err != nil {
		x.opt.Log.ErrorContext(ctx, "the snapshot of the index is not written", "file", x.opt.File, "error", err)
		return
	}
	x.opt.Log.InfoContext(ctx, "snapshot of the index written", "file", x.opt.File, "articles", x.Len(), "took", time.Since(start))
}

// save writes a snapshot and reads from it from then on.
func (x *Index) save() error {
	before := x.mapped
	err := x.found.Compact(func(write func(io.Writer) error) ([]byte, error) {
		m, err := x.write(write)
		if err != nil {
			return nil, err
		}
		x.mapped = m
		return m.MMap[:len(m.MMap)-trailer], nil
	})
	if err != nil {
		return err
	}
	return before.close()
}

// write writes a file beside the old one, and puts it in its place when all is on
// the disk.
func (x *Index) write(write func(io.Writer) error) (m mapping, err error) {
	dir, name := filepath.Split(x.opt.File)
	x.sweep()
	f, err := os.CreateTemp(dir, name+".*.tmp")
	if err != nil {
		return m, err
	}
	end := binary.LittleEndian.AppendUint64(nil, uint64(x.newest.UnixMicro()))
	end = binary.LittleEndian.AppendUint32(end, crc32.ChecksumIEEE(end))
	if err = write(f); err == nil {
		_, err = f.Write(end)
	}
	if err == nil {
		err = f.Sync()
	}
	if err == nil {
		m, err = mapFile(f)
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), x.opt.File)
	}
	if err != nil {
		return mapping{}, errors.Join(err, m.close(), os.Remove(f.Name()))
	}
	return m, nil
}

// sweep removes what processes that died left behind.
func (x *Index) sweep() {
	left, _ := filepath.Glob(x.opt.File + ".*.tmp") // the pattern is good
	for _, name := range left {
		if s, err := os.Stat(name); err == nil && time.Since(s.ModTime()) > abandoned {
			_ = os.Remove(name) // it costs space only
		}
	}
}

// Close writes what came since the last snapshot, if it is worth it. The index is
// not to be used afterwards.
func (x *Index) Close() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	var err error
	if x.opt.File != "" && x.found.Pending() >= fewPending/16 {
		err = x.save()
	}
	return errors.Join(err, x.mapped.close())
}
