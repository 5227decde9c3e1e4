package evidence

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

const (
	manifestName    = "manifest.jsonl"
	manifestVersion = 1
)

// entry is a line of the manifest; doc.go specifies it.
type entry struct {
	V        int    `json:"v"`
	N        int    `json:"n"`
	Prev     string `json:"prev"`
	File     string `json:"file"`
	Offset   int64  `json:"offset"`
	Length   int64  `json:"length"`
	SHA256   string `json:"sha256"`
	RecordID string `json:"record_id"`
	Type     string `json:"type"`
	URL      string `json:"url"`
	Time     string `json:"time"`
	Hash     string `json:"hash,omitempty"`
}

func firstPrev() string { return strings.Repeat("0", 64) }

// seal puts the entry after the one with hash prev and gives its line.
func (e *entry) seal(prev string, n int) ([]byte, error) {
	e.V, e.N, e.Prev, e.Hash = manifestVersion, n, prev, ""
	return e.line()
}

// line computes the hash and gives the bytes of the line.
func (e *entry) line() ([]byte, error) {
	bare := *e
	bare.Hash = ""
	b, err := json.Marshal(bare)
	if err != nil {
		return nil, err
	}
	e.Hash = sha256Hex(b)
	if b, err = json.Marshal(e); err != nil {
		return nil, err
	}
	return append(b, '\n'), nil
}

// parseLine reads one line with its LF. Where the line is not what a writer
// gives, the entry holds what could still be made out.
func parseLine(line []byte) (entry, error) {
	var e entry
	if err := json.Unmarshal(line, &e); err != nil {
		return e, fmt.Errorf("not a line of this manifest: %w", err)
	}
	same := e
	again, err := same.line()
	switch {
	case err != nil:
		return e, err
	case e.V != manifestVersion:
		return e, fmt.Errorf("version %d is not known", e.V)
	case same.Hash != e.Hash || !bytes.Equal(again, line):
		return e, errors.New("the line was changed: its hash does not agree")
	case !safeName(e.File) || e.Offset < 0 || e.Length <= 0:
		return e, errors.New("the line names no place in a file")
	}
	return e, nil
}

// safeName says that a name is a WARC file of this folder, and no path.
func safeName(name string) bool {
	return strings.HasSuffix(name, warcSuffix) && !strings.ContainsAny(name, `/\:`) && name[0] != '.'
}

// fault is what is wrong with one line.
type fault struct {
	offset int64
	entry  entry
	err    error
}

// parseManifest gives the sound lines in order, where the last complete line
// ends, and what is wrong. Bytes after the last LF are not looked at.
func parseManifest(data []byte) (entries []entry, end int64, faults []fault) {
	prev, n := firstPrev(), 1
	for line := range bytes.Lines(data) {
		if line[len(line)-1] != '\n' {
			break
		}
		e, err := parseLine(line)
		switch {
		case err != nil:
			faults = append(faults, fault{end, e, err})
			// The chain goes on from what the damaged line claims to be, so that
			// one fault is told once, unless its hash is what was damaged.
			prev, n = "", n+1
		case prev != "" && e.Prev != prev || e.N != n && prev != "":
			faults = append(faults, fault{end, e, errors.New("the chain is broken: lines before this one were removed, added or moved")})
			prev, n = e.Hash, e.N+1
			entries = append(entries, e)
		default:
			prev, n = e.Hash, e.N+1
			entries = append(entries, e)
		}
		end += int64(len(line))
	}
	return entries, end, faults
}
