package evidence

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"rightsdesk/internal/rights"
)

const decisionSuffix = ".discarded"

// Decision says who had a sealed file removed, and why.
type Decision struct {
	File   string    `json:"file"`
	SHA256 string    `json:"sha256"` // as it was sealed, hex
	By     string    `json:"by"`     // login
	Name   string    `json:"name"`
	At     time.Time `json:"at"` // UTC
	Reason string    `json:"reason"`
}

// Discard removes a sealed file. The decision is written beside its seal before; both
// stay, with the lines of the manifest and the time stamps. A file that is not sealed, or
// not here, is [rights.NotFound]; one with another digest or decision a
// [rights.Conflict]. Nothing else removes a file: one that a crash left behind its
// decision stays until Discard is called again.
func (s *Store) Discard(d Decision) error {
	if !safeName(d.File) {
		return rights.Errorf(rights.Invalid, "证据位置有误")
	}
	seal, err := readSeal(filepath.Join(s.dir, d.File+sealSuffix))
	if errors.Is(err, os.ErrNotExist) {
		return rights.Errorf(rights.NotFound, "本机没有已封存的证据文件 %s", d.File).Because(err)
	}
	if err != nil {
		return err
	}
	if seal.SHA256 != d.SHA256 {
		return rights.Errorf(rights.Conflict, "证据文件 %s 的封存摘要与决定不符", d.File)
	}
	b, err := json.Marshal(d)
	if err != nil {
		return fmt.Errorf("evidence: %w", err)
	}
	s.sealing.Lock()
	defer s.sealing.Unlock()
	if err := s.writeOnce(d.File+decisionSuffix, append(b, '\n')); err != nil {
		if errors.Is(err, os.ErrExist) {
			return rights.Errorf(rights.Conflict, "证据文件 %s 已有另一个销毁决定", d.File).Because(err)
		}
		return err
	}
	err = os.Remove(filepath.Join(s.dir, d.File))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err := errors.Join(err, syncDir(s.dir)); err != nil {
		return fmt.Errorf("evidence: %w", err)
	}
	return nil
}

// URLs are those of the records of a file, as the manifest has them; of what a browser
// made of a page, the page's.
func (s *Store) URLs(file string) (map[string]bool, error) {
	data, err := os.ReadFile(filepath.Join(s.dir, manifestName))
	if err != nil {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	urls := map[string]bool{}
	entries, _, faults := parseManifest(data)
	if len(faults) > 0 {
		return nil, damaged(manifestName, faults[0].err)
	}
	for _, e := range entries {
		if e.File == file {
			url := e.URL
			for _, of := range []string{pictureURN, textURN, pageURN} {
				url = strings.TrimPrefix(url, of)
			}
			urls[url] = true
		}
	}
	return urls, nil
}

// Decisions are those of a data folder, in the order of the files.
func Decisions(dir string) ([]Decision, error) {
	names, err := filepath.Glob(filepath.Join(dir, folder, warcPrefix+"*"+decisionSuffix))
	if err != nil {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	list := make([]Decision, 0, len(names))
	for _, path := range names {
		d, err := readDecision(path)
		if err != nil {
			return nil, err
		}
		list = append(list, d)
	}
	return list, nil
}

// DecisionName is the name of the file with the decision on a file.
func DecisionName(file string) string { return file + decisionSuffix }

// readDecision reads a decision, which is of the file beside which it stands.
func readDecision(path string) (Decision, error) {
	var d Decision
	b, err := os.ReadFile(path)
	if err != nil {
		return d, err
	}
	name := filepath.Base(path)
	if err := json.Unmarshal(b, &d); err != nil || d.File+decisionSuffix != name || d.By == "" {
		return d, damaged(name, errors.Join(err, errors.New("it is no decision on the file beside it")))
	}
	return d, nil
}

// discarded is the decision on a file of the folder, if it is on what was sealed; nil
// where there is none.
func discarded(dir, file string) (*Decision, error) {
	d, err := readDecision(filepath.Join(dir, file+decisionSuffix))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil //nolint:nilnil // none is no fault
	}
	if err != nil {
		return nil, err
	}
	seal, err := readSeal(filepath.Join(dir, file+sealSuffix))
	if err != nil {
		return nil, err
	}
	if seal.SHA256 != d.SHA256 {
		return nil, damaged(file+decisionSuffix, errors.New("the decision is not on what was sealed"))
	}
	return &d, nil
}

// Gone is the error of who asks for the file: a [rights.NotFound] that says who had it
// removed, and why.
func (d *Decision) Gone() error {
	return rights.Errorf(rights.NotFound, "证据文件 %s 已由 %s 于 %s 决定销毁：%s", d.File, d.Name, d.At.In(rights.China).Format(time.DateOnly), strings.TrimSpace(d.Reason))
}
