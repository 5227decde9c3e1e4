package bundle

import (
	"context"
	"errors"
	"os"

	"rightsdesk/internal/rights"
)

// Whole is a bundle that was made to its end, in a temporary file, and is read from
// its first byte. Close removes it.
type Whole struct {
	*os.File
	Made *Made
}

// Whole makes the bundle of a case for a download: a part of one would prove
// nothing, so all of it is there before the first byte leaves.
func (m *Maker) Whole(ctx context.Context, by rights.Actor, caseID string) (*Whole, error) {
	f, err := os.CreateTemp("", "rightsdesk-bundle-*")
	if err != nil {
		return nil, err
	}
	w := &Whole{File: f}
	if w.Made, err = m.Make(ctx, by, caseID, f); err == nil {
		_, err = f.Seek(0, 0)
	}
	if err != nil {
		return nil, errors.Join(err, w.Close())
	}
	return w, nil
}

// Close removes the file.
func (w *Whole) Close() error { return errors.Join(w.File.Close(), os.Remove(w.Name())) }
