package api_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"rightsdesk/internal/api"
	"rightsdesk/internal/rights"
)

// FuzzBody reads bodies: what is wrong with one is always the sender's fault.
func FuzzBody(f *testing.F) {
	for _, s := range []string{pierJSON(nil), "", "null", "[]", `{"segments":[{"start":1e9}]}`, `{"headline":"\ud800"}`, `{"a/b":{"~":1}}`, `{"print_at":"x"}`, "{}{}", "\xff"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var a rights.Article
		if err := api.Unmarshal(b, &a); err != nil && rights.KindOf(err) != rights.Invalid {
			t.Errorf("%q: %v", b, err)
		}
	})
}

// FuzzSplit cuts batches: every record is a part of the body that begins on the
// line that it names, and one of an array is JSON.
func FuzzSplit(f *testing.F) {
	for _, s := range []string{"", "[]", "[1,\n2]", "{}\n\n{}", "[{}", "[{}]x", "\ufeff[\n{}]", "[\n[\n],\n3]", "{\r\n}", " [ ] "} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		records, err := api.Split(b)
		if err != nil {
			if rights.KindOf(err) != rights.Invalid || records != nil {
				t.Errorf("%q: %d records beside %v", b, len(records), err)
			}
			return
		}
		lines := bytes.Split(bytes.TrimPrefix(b, []byte("\ufeff")), []byte("\n"))
		array := bytes.HasPrefix(bytes.TrimLeft(bytes.TrimPrefix(b, []byte("\ufeff")), " \t\r\n"), []byte("["))
		last := 0
		for _, r := range records {
			if r.Line < last || r.Line < 1 || r.Line > len(lines) {
				t.Fatalf("%q: line %d after %d", b, r.Line, last)
			}
			first, _, _ := bytes.Cut(r.JSON, []byte("\n"))
			if !bytes.Contains(lines[r.Line-1], first) {
				t.Errorf("%q: %q is not on line %d", b, r.JSON, r.Line)
			}
			if array && !json.Valid(r.JSON) {
				t.Errorf("%q: %q is no JSON", b, r.JSON)
			}
			last = r.Line
		}
	})
}
