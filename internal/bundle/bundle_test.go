package bundle_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rightsdesk/internal/bundle"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/stamp"
	"rightsdesk/internal/testenv"
)

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// file is a member of a ZIP.
type file struct {
	name string
	b    []byte
}

func unpack(t *testing.T, b []byte) (list []file) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	check(t, err)
	for _, f := range z.File {
		r, err := f.Open()
		check(t, err)
		content, err := io.ReadAll(r)
		check(t, err)
		list = append(list, file{f.Name, content})
	}
	return list
}

func pack(t *testing.T, list []file) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range list {
		w, err := z.CreateHeader(&zip.FileHeader{Name: f.name, Method: zip.Store})
		check(t, err)
		_, err = w.Write(f.b)
		check(t, err)
	}
	check(t, z.Close())
	return b.Bytes()
}

func TestMake(t *testing.T) {
	h := open(t)
	b, made := h.make()
	sum, found, err := verify(t, b, h.roots)
	check(t, err)
	if len(found) > 0 || len(made.Lacking) > 0 {
		t.Errorf("found %v, lacking %v", found, made.Lacking)
	}
	// warcinfo, three records each of the redirect and the page, these six again for the
	// picture, picture and text; two stamps each of the file, the root and the list.
	want := bundle.Summary{Case: h.caseID, Files: 21, Records: 15, Matches: 1, Events: 4, Stamps: 6, Earliest: sum.Earliest}
	if sum != want || sum.Earliest.IsZero() {
		t.Errorf("%+v", sum)
	}
	var names []string
	for _, f := range unpack(t, b) {
		names = append(names, f.name)
		if f.name == "README.html" {
			for _, want := range []string{"第九十三条", "article 93", "老码头的灯又亮了", "顾闻笙", "openssl ts -verify", "case.bundle", "（七）"} {
				if !bytes.Contains(f.b, []byte(want)) {
					t.Errorf("README.html lacks %q", want)
				}
			}
		}
	}
	for _, want := range []string{
		"datapackage.json", "datapackage-digest.json", "archive/" + h.caseID + ".warc.gz", "indexes/index.cdx", "pages/pages.jsonl", "letters/letter.pdf",
		"matches/match-1.json", "texts/match-1-ours.txt", "texts/match-1-theirs.txt", "comparison/match-1.html", "environment.txt", "stamps/datapackage.json.qingce.tsr",
	} {
		if !slices.Contains(names, want) {
			t.Errorf("%s is missing in %v", want, names)
		}
	}
	again, _ := h.make() // a later one holds the entry of the first, and stands alone
	if sum, found, err := verify(t, again, h.roots); err != nil || len(found) > 0 || sum.Events != 7 {
		t.Errorf("%+v, found %v, %v", sum, found, err)
	}
}

// TestWithoutUs checks a bundle with programs that are not ours.
func TestWithoutUs(t *testing.T) {
	h := open(t)
	b, made := h.make()
	dir := t.TempDir()
	for _, f := range unpack(t, b) {
		path := filepath.Join(dir, filepath.FromSlash(f.name))
		check(t, os.MkdirAll(filepath.Dir(path), 0o750))
		check(t, os.WriteFile(path, f.b, 0o600))
	}
	run := func(name string, args ...string) {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), testenv.Program(t, name), args...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s %v: %v\n%s", name, args, err, out)
		}
	}
	run("sha256sum", "-c", "SHA256SUMS")
	run("gzip", "-t", "archive/"+h.caseID+".warc.gz")
	for _, id := range []string{"yunzhang", "qingce"} {
		run("openssl", "ts", "-verify", "-data", "datapackage.json", "-in", "stamps/datapackage.json."+id+".tsr", "-CAfile", h.pem)
		run("openssl", "ts", "-verify", "-data", "audit/root.txt", "-in", "stamps/root.txt."+id+".tsr", "-CAfile", h.pem)
	}
	list, err := os.ReadFile(filepath.Join(dir, "datapackage.json"))
	check(t, err)
	if digest(list) != made.SHA256 {
		t.Errorf("the bundle was said to be %s", made.SHA256)
	}
}

func TestAuthorityDown(t *testing.T) {
	h := open(t)
	h.down.Store(true)
	b, made := h.make()
	if len(made.Lacking) != 3 || !strings.Contains(made.Lacking[0], "qingce") {
		t.Errorf("lacking %v", made.Lacking)
	}
	sum, found, err := verify(t, b, h.roots)
	if err != nil || len(found) > 0 || sum.Stamps != 3 {
		t.Errorf("%+v, found %v, %v", sum, found, err)
	}
	for _, f := range unpack(t, b) {
		if f.name == "README.html" && !bytes.Contains(f.b, []byte("未能取得")) {
			t.Error("README.html does not say that stamps are lacking")
		}
	}
}

func TestMakeRefuses(t *testing.T) {
	h := open(t)
	_, err := h.maker.Make(t.Context(), rights.SystemActor(), "RD2026-9999", io.Discard)
	if rights.KindOf(err) != rights.NotFound {
		t.Errorf("a case that is not there: %v", err)
	}
	check(t, os.WriteFile(filepath.Join(h.dir, "letter.pdf"), []byte("%PDF 另一封"), 0o600))
	_, err = h.maker.Make(t.Context(), rights.SystemActor(), h.caseID, io.Discard)
	if rights.KindOf(err) != rights.Conflict {
		t.Errorf("a letter that was changed: %v", err)
	}
}

func TestUntrusted(t *testing.T) {
	h := open(t)
	b, _ := h.make()
	none, err := stamp.Roots()
	check(t, err)
	if _, found, err := verify(t, b, none); err != nil || len(found) != 6 || !strings.Contains(found[0], "not trusted") {
		t.Errorf("found %v, %v", found, err)
	}
}

// relist makes datapackage.json, its digest and the sums fit what is there, as one
// would who changed something, and drops the stamps of the list.
func relist(t *testing.T, list []file) []file {
	t.Helper()
	sums := map[string]string{}
	for _, f := range list {
		sums[f.name] = digest(f.b)
	}
	for i, f := range list {
		switch f.name {
		case "datapackage.json":
			all := parse[map[string]any](t, f.b)
			for _, r := range all["resources"].([]any) {
				r := r.(map[string]any)
				name := r["path"].(string)
				if j := slices.IndexFunc(list, func(f file) bool { return f.name == name }); j >= 0 {
					r["hash"], r["bytes"] = "sha256:"+sums[name], len(list[j].b)
				}
			}
			var err error
			list[i].b, err = json.Marshal(all)
			check(t, err)
		case "datapackage-digest.json":
			for _, f := range list {
				if f.name == "datapackage.json" {
					list[i].b = []byte(`{"path":"datapackage.json","hash":"sha256:` + digest(f.b) + `"}`)
				}
			}
		}
	}
	return slices.DeleteFunc(list, func(f file) bool { return strings.HasPrefix(f.name, "stamps/datapackage.json.") })
}

// TestTampering changes every file, first alone and then with the list made to fit.
func TestTampering(t *testing.T) {
	h := open(t)
	b, _ := h.make()
	for i, f := range unpack(t, b) {
		list := unpack(t, b)
		list[i].b[len(f.b)-1] ^= 1 // of a time stamp that is its signature
		_, found, err := verify(t, pack(t, list), h.roots)
		if err == nil && !slices.ContainsFunc(found, func(s string) bool { return strings.HasPrefix(s, f.name) || strings.HasPrefix(s, "datapackage.json") }) {
			t.Errorf("%s changed: found %v", f.name, found)
		}
		list = append(unpack(t, b)[:i], unpack(t, b)[i+1:]...)
		_, found, err = verify(t, pack(t, list), h.roots)
		if lost := strings.HasPrefix(f.name, "stamps/datapackage.json."); err == nil && (len(found) == 0) != lost {
			t.Errorf("%s removed: found %v", f.name, found)
		}
	}
	for _, tt := range []struct {
		name, old, new string
		want           string
	}{
		{"texts/match-1-ours.txt", "三号码头", "五号码头", "is not the same in both texts"},
		{"texts/match-1-theirs.txt", "三号码头", "五号码头", "not the one that was compared"},
		{"matches/match-1.json", "三号码头", "五号码头", "the record of events does not hold it as it is here"},
		{"manifest.json", `"id": "RD`, `"id": "XX`, "has no such picture or text"},
		{"audit/proof.json", "顾闻笙", "沈知远", "does not stand in the record that was signed"},
		{"audit/root.txt", "rightsdesk", "rightsdesc", "is not the root that the entries are proven under"},
		{"manifest.json", `"type": "request"`, `"type": "response"`, "is not the one that the manifest names"},
		{"manifest.json", `"of": "audit/root.txt"`, `"of": "README.html"`, "is of a file that was not sealed so"},
	} {
		list := unpack(t, b)
		i := slices.IndexFunc(list, func(f file) bool { return f.name == tt.name })
		changed := bytes.ReplaceAll(list[i].b, []byte(tt.old), []byte(tt.new))
		if bytes.Equal(changed, list[i].b) {
			t.Fatalf("%s holds no %q", tt.name, tt.old)
		}
		list[i].b = changed
		_, found, err := verify(t, pack(t, relist(t, list)), h.roots)
		if !strings.Contains(strings.Join(found, "\n"), tt.want) {
			t.Errorf("%s: found %v, %v; want %q", tt.name, found, err, tt.want)
		}
	}
}

// TestHostile gives what looks like a bundle and is none.
func TestHostile(t *testing.T) {
	h := open(t)
	b, _ := h.make()
	deflated := func() []byte {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		w, err := z.Create("manifest.json")
		check(t, err)
		_, err = w.Write(make([]byte, 100<<20)) // 100 KB in the file
		check(t, err)
		check(t, z.Close())
		return b.Bytes()
	}
	large := bytes.Clone(b) // the first file says that it has 4 GB, in the directory too
	for at := range large {
		if bytes.HasPrefix(large[at:], []byte("PK\x01\x02")) {
			copy(large[at+20:], []byte{0xfe, 0xff, 0xff, 0xff, 0xfe, 0xff, 0xff, 0xff})
			break
		}
	}
	for name, hostile := range map[string][]byte{
		"nothing":            nil,
		"no ZIP":             []byte("证据包"),
		"no manifest":        pack(t, []file{{"README.html", nil}}),
		"a way out":          pack(t, append(unpack(t, b), file{"../outside.txt", nil})),
		"a way from the top": pack(t, append(unpack(t, b), file{"/etc/passwd", nil})),
		"a way of Windows":   pack(t, append(unpack(t, b), file{`..\outside.txt`, nil})),
		"a folder":           pack(t, append(unpack(t, b), file{"folder/", nil})),
		"a name twice":       pack(t, append(unpack(t, b), file{"README.html", nil})),
		"compressed":         deflated(),
		"larger than it is":  large,
		"another version":    pack(t, []file{{"manifest.json", []byte(`{"v":2}`)}}),
		"a manifest of null": pack(t, []file{{"manifest.json", []byte(`null`)}}),
	} {
		if _, found, err := verify(t, hostile, h.roots); err == nil {
			t.Errorf("%s: no error, found %v", name, found)
		}
	}
	for end := 0; end < len(b); end += 997 {
		if _, _, err := verify(t, b[:end], h.roots); err == nil {
			t.Errorf("cut at %d: no error", end)
		}
	}
	list := append(unpack(t, b), file{"extra.txt", []byte("多出的文件")})
	if _, found, err := verify(t, pack(t, list), h.roots); err != nil || len(found) != 1 || !strings.HasPrefix(found[0], "extra.txt: is not listed") {
		t.Errorf("an extra file: found %v, %v", found, err)
	}
}

func FuzzVerify(f *testing.F) {
	f.Add([]byte(`{"v":1,"archive":"a","matches":[{"file":"m","id":1}],"records":[{"length":1}],"stamps":[{"path":"s","of":"audit/root.txt"}]}`), []byte(`{"evidence":[{}]}`))
	f.Fuzz(func(t *testing.T, manifest, match []byte) {
		b := pack(t, []file{{"manifest.json", manifest}, {"m", match}, {"a", match}, {"s", match}, {"audit/proof.json", match}, {"datapackage.json", match}})
		none, err := stamp.Roots()
		check(t, err)
		if _, found, err := verify(t, b, none); err == nil && len(found) == 0 {
			t.Error("nothing was found in a bundle without stamps and entries")
		}
	})
}
