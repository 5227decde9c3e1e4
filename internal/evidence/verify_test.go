package evidence_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rightsdesk/internal/evidence"
)

// TestEveryFlippedByteOfAWARCIsNamed flips a byte of each record at a time, and each
// is named. The shorter records are gone through again while the longest lasts.
func TestEveryFlippedByteOfAWARCIsNamed(t *testing.T) {
	dir, warc, _ := small(t)
	data := readFile(t, warc)
	all := lines(t, dir)
	longest := int64(0)
	for _, l := range all {
		longest = max(longest, l.Length)
	}
	for k := range longest {
		for _, mask := range []byte{0x01, 0x20, 0xff} {
			changed := bytes.Clone(data)
			for _, l := range all {
				changed[l.Offset+k%l.Length] ^= mask
			}
			writeFile(t, warc, changed)
			_, problems := verify(t, dir)
			if len(problems) != len(all) {
				t.Fatalf("byte %d of each ^ %#x: %+v", k, mask, problems)
			}
			for i, l := range all {
				p := problems[i]
				if p.File != filepath.Base(warc) || p.Offset != l.Offset || p.RecordID != l.RecordID || p.URL != l.URL {
					t.Fatalf("byte %d of each ^ %#x: %+v in the place of %+v", k, mask, p, l)
				}
			}
		}
	}
	writeFile(t, warc, data)
	sound(t, dir, 7)
}

func TestEveryFlippedByteOfTheManifestIsFound(t *testing.T) {
	for _, flip := range []func(b byte) byte{
		func(b byte) byte { return b ^ 0x01 },
		func(b byte) byte { return b ^ 0x20 },
		func(b byte) byte { return b ^ 0xff },
		func(byte) byte { return '\n' },
	} {
		t.Run(fmt.Sprintf("a becomes %q", flip('a')), func(t *testing.T) {
			t.Parallel()
			dir, _, _ := small(t)
			path := filepath.Join(dir, "evidence", "manifest.jsonl")
			data := readFile(t, path)
			all := lines(t, dir)
			var start int64
			n := 0
			for at, was := range data {
				if changed := bytes.Clone(data); flip(was) != was {
					changed[at] = flip(was)
					writeFile(t, path, changed)
					_, problems := verify(t, dir)
					if !names(problems, start, all[n].RecordID) {
						t.Fatalf("byte %d of line %d as %q: %+v", at, n+1, flip(was), problems)
					}
				}
				if was == '\n' {
					start, n = int64(at)+1, n+1
				}
			}
		})
	}
}

func TestWhatIsTakenOutPutInOrCutOffIsFound(t *testing.T) {
	dir, warc, refs := small(t)
	path := filepath.Join(dir, "evidence", "manifest.jsonl")
	data, manifest := readFile(t, warc), readFile(t, path)
	text := bytes.SplitAfter(manifest, []byte("\n"))
	text = text[:len(text)-1]
	first := refs[0]
	member := data[first.Offset : first.Offset+first.Length]
	join := func(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
	for name, c := range map[string]struct {
		warc, manifest []byte
		id             string // a record that must be named
	}{
		"a member removed":      {join(data[:first.Offset], data[first.Offset+first.Length:]), manifest, first.RecordID},
		"a member added":        {join(data, member), manifest, first.RecordID},
		"a member truncated":    {data[:len(data)-1], manifest, lines(t, dir)[6].RecordID},
		"all truncated":         {nil, manifest, first.RecordID},
		"rubbish added":         {join(data, []byte("x")), manifest, ""},
		"two members swapped":   {join(data[:first.Offset], data[first.Offset+first.Length:], member), manifest, first.RecordID},
		"a line removed":        {data, join(append(append([][]byte{}, text[:1]...), text[2:]...)...), first.RecordID},
		"the last line removed": {data, join(text[:6]...), lines(t, dir)[6].RecordID},
		"a line twice":          {data, join(append(append([][]byte{}, text...), text[6])...), lines(t, dir)[6].RecordID},
		"two lines swapped":     {data, join(text[0], text[2], text[1], text[3], text[6]), ""},
		"no manifest":           {data, nil, ""},
		"a line removed with its member": {
			join(data[:first.Offset], data[first.Offset+first.Length:]), join(append(append([][]byte{}, text[:1]...), text[2:]...)...), "",
		},
	} {
		writeFile(t, warc, c.warc)
		writeFile(t, path, c.manifest)
		_, problems := verify(t, dir)
		found := c.id == "" && len(problems) > 0
		for _, p := range problems {
			found = found || c.id != "" && p.RecordID == c.id
		}
		if !found {
			t.Errorf("%s: %+v", name, problems)
		}
		if s, err := evidence.Open(dir); err == nil && strings.Contains("a member removed, a member truncated, all truncated, two lines swapped", name) {
			t.Errorf("%s: Open went on", name)
			_ = s.Close()
		}
		for _, torn := range glob(t, filepath.Join(dir, "evidence", "*.torn")) {
			_ = os.Remove(torn)
		}
	}
	writeFile(t, path, manifest)
	writeFile(t, warc, data)
	sound(t, dir, 7)
	if err := os.Rename(warc, warc+".away"); err != nil {
		t.Fatal(err)
	}
	if _, problems := verify(t, dir); len(problems) != 7 {
		t.Errorf("a missing file: %+v", problems)
	}
	writeFile(t, filepath.Join(dir, "evidence", "foreign.warc.gz"), member)
	if _, problems := verify(t, dir); len(problems) != 8 || problems[0].RecordID != first.RecordID {
		t.Errorf("a foreign file: %+v", problems)
	}
}
