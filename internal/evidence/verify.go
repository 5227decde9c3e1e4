package evidence

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Problem names one thing that is not as it was written. RecordID and URL are
// empty where they could not be made out.
type Problem struct {
	File     string `json:"file"`
	Offset   int64  `json:"offset"`
	RecordID string `json:"record_id,omitempty"`
	URL      string `json:"url,omitempty"`
	Detail   string `json:"detail"`
}

// Summary counts what Verify re-read. Head is the hash of the last manifest
// line, "" where there is none; kept elsewhere it proves that nothing was taken off
// the end.
type Summary struct {
	Files   int    `json:"files"`
	Sealed  int    `json:"sealed"`
	Records int    `json:"records"`
	Head    string `json:"head"`
	// Discarded are the decisions on files that are not there any more.
	Discarded []Decision `json:"discarded,omitempty"`
}

// Verify re-reads every byte of every WARC file and of the manifest in the data
// folder dir and reports what was changed, removed or added. It needs no lock and writes
// nothing; beside a running writer it may report the exchange being written. The
// error is for what could not be read; a folder without evidence is sound.
func Verify(dir string, report func(Problem)) (Summary, error) {
	v := &verifier{dir: filepath.Join(dir, folder), report: report}
	data, err := os.ReadFile(filepath.Join(v.dir, manifestName))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return Summary{}, fmt.Errorf("evidence: %w", err)
	}
	entries, end, faults := parseManifest(data)
	for _, f := range faults {
		report(Problem{File: manifestName, Offset: f.offset, RecordID: f.entry.RecordID, URL: f.entry.URL, Detail: f.err.Error()})
	}
	if end < int64(len(data)) {
		e, _ := parseLine(data[end:]) // for the name of the record only
		report(Problem{File: manifestName, Offset: end, RecordID: e.RecordID, URL: e.URL, Detail: "the last line has no end"})
	}
	byFile := map[string][]entry{}
	for _, e := range entries {
		byFile[e.File] = append(byFile[e.File], e)
		v.sum.Head = e.Hash
	}
	names, err := v.files(byFile)
	if err != nil {
		return v.sum, err
	}
	for _, name := range names {
		if err := v.file(name, byFile[name]); err != nil {
			return v.sum, err
		}
	}
	return v.sum, nil
}

type verifier struct {
	dir    string
	report func(Problem)
	sum    Summary
}

// files are those on disk and those the manifest speaks of.
func (v *verifier) files(byFile map[string][]entry) ([]string, error) {
	names := slices.Collect(maps.Keys(byFile))
	found, err := os.ReadDir(v.dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	for _, f := range found {
		if name := f.Name(); strings.HasSuffix(name, warcSuffix) && byFile[name] == nil {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, nil
}

func (v *verifier) file(name string, entries []entry) error {
	f, err := os.Open(filepath.Join(v.dir, name))
	if errors.Is(err, os.ErrNotExist) {
		v.missing(name, entries)
		return nil
	}
	if err != nil {
		return fmt.Errorf("evidence: %w", err)
	}
	defer f.Close() //nolint:errcheck // only read from
	v.sum.Files++
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("evidence: %w", err)
	}
	slices.SortStableFunc(entries, func(a, b entry) int { return cmp.Compare(a.Offset, b.Offset) })
	var at int64
	for _, e := range entries {
		if e.Offset < at {
			v.found(e, "the record overlaps the one before it")
		} else {
			v.unnamed(f, name, at, min(e.Offset, info.Size()))
		}
		v.sum.Records++
		if detail := checkEntry(f, e); detail != "" {
			v.found(e, detail)
		}
		at = max(at, e.Offset+e.Length)
	}
	v.unnamed(f, name, at, info.Size())
	return v.sealed(name)
}

// missing names the records of a file that is not there, unless it was removed by a
// decision on what was sealed.
func (v *verifier) missing(name string, entries []entry) {
	d, err := discarded(v.dir, name)
	if d != nil {
		v.sum.Discarded = append(v.sum.Discarded, *d)
		return
	}
	if err != nil {
		v.report(Problem{File: name + decisionSuffix, Detail: err.Error()})
	}
	for _, e := range entries {
		v.found(e, "the file is missing")
	}
}

// sealed holds a file to its seal, where it has one.
func (v *verifier) sealed(name string) error {
	path := filepath.Join(v.dir, name)
	seal, err := readSeal(path + sealSuffix)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	v.sum.Sealed++
	if err != nil { // the seal says nothing then, and the file is held to no digest
		v.report(Problem{File: name, Detail: err.Error()})
		seal.SHA256 = ""
	}
	sum, err := sumFile(path)
	if err != nil {
		return fmt.Errorf("evidence: %w", err)
	}
	if seal.SHA256 != "" && sum != seal.SHA256 {
		v.report(Problem{File: name, Detail: "the file is not as it was sealed: SHA-256 does not agree"})
	}
	return nil
}

func (v *verifier) found(e entry, detail string) {
	v.report(Problem{File: e.File, Offset: e.Offset, RecordID: e.RecordID, URL: e.URL, Detail: detail})
}

// unnamed reports the bytes [from, to) that no sound line names, and whose
// record they are where they still say so.
func (v *verifier) unnamed(f *os.File, name string, from, to int64) {
	if from >= to {
		return
	}
	p := Problem{File: name, Offset: from, Detail: fmt.Sprintf("%d bytes that no sound line of the manifest names", to-from)}
	if member, err := readMember(f, from, min(to-from, maxBlock)); err == nil {
		if r, _ := parseMember(member, maxBlock); r != nil { // damaged or not, its name is wanted
			p.RecordID, p.URL = r.id(), r.fields["warc-target-uri"]
		}
	}
	v.report(p)
}

// checkEntry says what is wrong with the record that a line names, or "".
func checkEntry(f *os.File, e entry) string {
	if e.Length > maxBlock {
		return "the record is larger than any that is written"
	}
	member, err := readMember(f, e.Offset, e.Length)
	if err != nil {
		return err.Error()
	}
	if sha256Hex(member) != e.SHA256 {
		return "the bytes were changed: SHA-256 does not agree"
	}
	r, err := parseMember(member, maxBlock)
	if err != nil {
		return err.Error()
	}
	if r.id() != e.RecordID || r.fields["warc-target-uri"] != e.URL || r.fields["warc-type"] != e.Type || r.fields["warc-date"] != e.Time {
		return "the record is not the one that the manifest names"
	}
	if e.Type == typeResponse {
		if _, err := r.response(maxBlock); err != nil {
			return err.Error()
		}
	}
	return ""
}
